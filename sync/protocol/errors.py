"""Why something was not taken: codes that both ends know, each with its sentence for the worker.

* ``Refusal`` (one change): the change stays on the laptop in quarantine; the rest goes on.
* ``Trouble`` (the whole round): nothing was taken and nothing is lost; the laptop tries again or asks for help.
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why one change was not taken."""

    UNKNOWN_ENTITY = "unknown_entity"
    MALFORMED = "malformed"
    NOT_ALLOWED = "not_allowed"
    AUTHOR_MISMATCH = "author_mismatch"
    MISSING_RECORD = "missing_record"
    WAITING_FOR = "waiting_for"
    TOO_LARGE = "too_large"
    NOT_SIGNED = "not_signed"
    SIGNED_OFF = "signed_off"


class Trouble(StrEnum):
    """Why a whole round was not taken."""

    PROTOCOL_TOO_OLD = "protocol_too_old"
    PROTOCOL_TOO_NEW = "protocol_too_new"
    UNKNOWN_LAPTOP = "unknown_laptop"
    REVOKED = "revoked"
    BAD_CODE = "bad_code"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    SERVER_FAULT = "server_fault"


REFUSAL_WORDS: dict[Refusal, str] = {
    Refusal.UNKNOWN_ENTITY: "The server does not know this kind of record yet. It needs an update. The change is kept here.",
    Refusal.MALFORMED: "A value in this change is not of the kind that the server expects. Open it, check it and send it again.",
    Refusal.NOT_ALLOWED: "Your role or area does not allow this change. It is kept here; ask your administrator about it.",
    Refusal.AUTHOR_MISMATCH: "This change was made by another worker than the one this laptop is enrolled for.",
    Refusal.MISSING_RECORD: "The record that this change belongs to is not on the server yet. It is sent again next time.",
    Refusal.WAITING_FOR: "This change comes after another one that was not taken yet. It waits for that one.",
    Refusal.TOO_LARGE: "This change is larger than the server takes. Shorten it or split it, and send it again. "
    "If there is nothing to shorten, the server needs an update. The change is kept here.",
    Refusal.NOT_SIGNED: "The server could not see that it comes from its author's laptop. It still waits on that laptop.",
    Refusal.SIGNED_OFF: "The laptop that made it was signed off, so the server does not take it by itself. It is kept here. "
    "Save a copy for your administrator, who can take it in.",
}
"""What a worker reads beside a change in quarantine."""

TROUBLE_WORDS: dict[Trouble, str] = {
    Trouble.PROTOCOL_TOO_OLD: "This program is older than the server. Your work is safe here; update the program to send it.",
    Trouble.PROTOCOL_TOO_NEW: "The server is older than this program. Your work is safe here; tell your administrator.",
    Trouble.UNKNOWN_LAPTOP: "The server does not know this laptop. Your work is safe here; ask for a new code.",
    Trouble.REVOKED: "This laptop has been signed off by your administrator.",
    Trouble.BAD_CODE: "This code is wrong, used already or older than 24 hours. Ask your administrator for a new one.",
    Trouble.MALFORMED: "The server could not read what was sent. Your work is safe here; please tell us, this is our fault.",
    Trouble.TOO_LARGE: "The server takes less at a time than was sent. Your work is safe here and is sent in smaller parts.",
    Trouble.TOO_MANY: "The server asked this laptop to wait a little. Your work is safe here and is sent later.",
    Trouble.SERVER_FAULT: "The server had a fault of its own. Your work is safe here and is sent again later.",
}
"""What a worker reads when a whole round was not taken."""
