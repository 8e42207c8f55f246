"""What the doctor says of organisations, workers and laptops whose own row was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from sync.server.admission.losses import look_for_losses
from sync.server.doctor.finding import BACKUP, NAMED, Finding
from sync.server.records.legible import in_a_row

_NOBODY: Final = (
    "there is not one. A new server gets its first by `ewb-server organisation`; if there was one, EWB_DATABASE names another "
    "database now, or its disk is not there: stop the server until that is put right. No laptop loses anything by it"
)
_KEPT_OUT: Final = (
    "laptops hear that they are not known, and wait: what they have not sent stays on them, and nothing here is lost"
)
_TYPE_AGAIN: Final = (
    "`ewb-server worker ORGANISATION ID --active yes`, or `--active no` of one who has left, makes each again as was typed, and "
    "her laptops are known again"
)
_JOIN_AGAIN: Final = (
    "see that it is still its worker's, say `ewb-server invite ORGANISATION --worker ID` and type the code on that laptop, which "
    "keeps what it holds; one that is not is signed off by `ewb-server revoke ORGANISATION ID`"
)
_NOT_TOLD: Final = (
    "they were signed off, and hear only that they are not known: they do not destroy their keys. No code lets them in again; "
    "`ewb-server revoke ORGANISATION ID` makes each again as signed off, and tells it so where the list of sign-offs keeps how"
)
_NOBODY_DID: Final = (
    "each hears of a fault, and keeps what it holds. `ewb-server revoke ORGANISATION ID` signs one off; one that is still its "
    "worker's is let in again by `ewb-server invite ORGANISATION --worker ID` and that code"
)
_SIGN_OFF_AGAIN: Final = "they are let in: `ewb-server revoke ORGANISATION ID` signs each off again"


def organisations(houses: Sequence[str], lost: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """Tell of organisations that are known to other tables only, and where there is none at all."""
    for gone, named_by in lost.items():
        told = f"it is known to {', '.join(named_by)} and not to the table of organisations"
        yield Finding(f"{gone}: organisation", False, f"{told}: its row was lost or altered. {_KEPT_OUT}; {BACKUP}")
    if not houses and not lost:
        yield Finding("organisations", False, _NOBODY)


def workers_and_laptops(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of workers and laptops that are known and whose own row is lost."""
    found = look_for_losses(connection, organisation)
    for what, ids, to_do in (
        ("workers", found.workers, f"{_KEPT_OUT}; {_TYPE_AGAIN}; or {BACKUP}"),
        ("laptops", found.laptops, f"{_KEPT_OUT}; {_JOIN_AGAIN}; or {BACKUP}"),
        ("laptops", found.signed_off, f"{_NOT_TOLD}; {BACKUP}"),
    ):
        if ids:
            named = in_a_row(ids, NAMED)
            yield Finding(f"lost {what}", False, f"{len(ids)} that joined here are not in their table ({named}): {to_do}")
    for ids, words, to_do in (
        (found.kept_out, "are called signed off, and nobody signed them off", _NOBODY_DID),
        (found.let_in, "were signed off, and their own rows do not say so any more", _SIGN_OFF_AGAIN),
    ):
        if ids:
            altered = "somebody, or the disk, altered this outside this program"
            yield Finding("laptops", False, f"{len(ids)} {words} ({in_a_row(ids, NAMED)}): {altered}; {to_do}")
