"""A one-time code as it is printed, read out and typed: who invites, then fifteen letters and digits, however they are parted."""

from __future__ import annotations

import re
from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No I, L, O or U: they are misread on paper and misheard on the telephone."""
GROUPS, GROUP = 3, 5
"""Groups of a code, and letters in each: 75 bits."""
_ORGANISATION: Final = re.compile(r"[a-z0-9]{2,20}")
_PARTED: Final = re.compile(r"[\s\u2010-\u2015\u2212-]+")
"""Blanks, and whatever a keyboard or a letter's printer makes of a hyphen."""
_MISREAD: Final = str.maketrans("OIL", "011")


def is_organisation_id(text: str) -> bool:
    """Tell whether ``text`` can name an organisation: 2 to 20 small letters and digits."""
    return _ORGANISATION.fullmatch(text) is not None


def spelt(organisation: str, letters: str) -> str:
    """Return the code as it is printed: ``stretford-7K2QD-M41XA-90HTB``."""
    return "-".join([organisation, *(letters[start : start + GROUP] for start in range(0, GROUPS * GROUP, GROUP))])


def read_code(text: str) -> tuple[str, str] | None:
    """Return the organisation and the letters of a code as somebody typed it; None when it is no whole code."""
    organisation, *rest = _PARTED.split(_PARTED.sub(" ", text).strip())
    if not rest:
        # typed in one go: who invites is all that stands before the letters
        organisation, rest = organisation[: -GROUPS * GROUP], [organisation[-GROUPS * GROUP :]]
    organisation, letters = organisation.lower(), "".join(rest).upper().translate(_MISREAD)
    if not is_organisation_id(organisation) or len(letters) != GROUPS * GROUP or set(letters) - set(LETTERS):
        return None
    return organisation, letters
