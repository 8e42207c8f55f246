"""Codes and credentials: how they are made, and the hashes that alone are kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Final

CODE_LASTS: Final = timedelta(hours=24)
LONGEST_CODE: Final = 2 * CODE_LASTS
"""A code that would hold longer was made while this server's clock was ahead; one that was set right by less is no matter."""
"""From when a one-time code is made."""
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O or U: they are misread on paper and misheard on the telephone."""

_GROUPS, _GROUP = 3, 5
_SLUG: Final = re.compile(r"[a-z0-9]{2,20}")


def is_organisation_id(text: str) -> bool:
    """Tell whether ``text`` can name an organisation: 2 to 20 small letters and digits."""
    return _SLUG.fullmatch(text) is not None


def new_code(organisation: str) -> str:
    """Return a one-time code to read out or print: the organisation, then 75 random bits in groups of five letters."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join([organisation, *groups])


def read_code(text: str) -> tuple[str, str] | None:
    """Return the organisation in a code as somebody typed it, and the code's hash; None when it is no code."""
    organisation, _, rest = "".join(text.split()).partition("-")
    organisation = organisation.lower()
    letters = rest.replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    if not is_organisation_id(organisation) or len(letters) != _GROUPS * _GROUP or set(letters) - set(_LETTERS):
        return None
    return organisation, digest(f"{organisation}-{letters}")


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
