"""Codes and credentials: how they are made, and the hashes that alone are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from sync.one_time_code import GROUP, GROUPS, LETTERS, is_organisation_id, read_code, spelt

CODE_LASTS: Final = timedelta(hours=24)
"""From when a one-time code is made."""
LONGEST_CODE: Final = 2 * CODE_LASTS
"""A code that would hold longer was made while this server's clock was ahead; one that was set right by less is no matter."""


def new_code(organisation: str) -> str:
    """Return a one-time code to read out or print: the organisation, then 75 random bits."""
    return spelt(organisation, "".join(secrets.choice(LETTERS) for _ in range(GROUPS * GROUP)))


def hash_of_code(text: str) -> tuple[str, str] | None:
    """Return the organisation in a code as somebody typed it, and the code's hash; None when it is no code."""
    told = read_code(text)
    return (told[0], digest("-".join(told))) if told is not None else None


def new_credential(organisation: str) -> str:
    """Return a laptop's credential: the organisation, then 256 random bits."""
    return f"{organisation}.{secrets.token_urlsafe(32)}"


def organisation_of(credential: str) -> str | None:
    """Return the organisation that a credential names; None when it is no credential."""
    organisation, dot, secret = credential.partition(".")
    return organisation if dot and secret and is_organisation_id(organisation) else None


def digest(secret: str) -> str:
    """Return what is kept of a secret. All of them are long and random, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
