"""Signs that nobody sees: pasted into a name, they turn words round on screens, or make one name look like another."""

from __future__ import annotations

import re
import unicodedata

_TURN = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Say in which direction words run; the program finds that out by itself."""
_BLANK = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
"""Have no width, or no ink, and mean nothing in a name."""
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_UNSEEN = re.compile(f"[{_TURN}{_BLANK}{_CONTROLS}]")
_JOINERS = re.compile("[\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}]+")
_NEVER_JOINED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW")


def without_unseen(text: str) -> str:
    """Return a line, such as a name, without the signs that nobody sees, and without blanks at its ends.

    Names in Persian, Urdu and the scripts of India are not written without joiners: one stays behind a letter of a script that
    has them.
    """
    seen = _UNSEEN.sub("", text)
    return _JOINERS.sub(lambda found: found[0][0] if _has_joiners(seen[: found.start()][-1:]) else "", seen).strip()


def _has_joiners(before: str) -> bool:
    if not before or unicodedata.category(before)[0] not in "LM":
        return False
    return not unicodedata.name(before, "LATIN").startswith((*_NEVER_JOINED, "COMBINING"))
