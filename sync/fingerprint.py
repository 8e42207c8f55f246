"""The fingerprint of a certificate: what a person types to say which server is hers when no authority vouches for it."""

from __future__ import annotations

import hashlib
import re
from typing import Final

DIGITS: Final = 32
"""128 bits: nobody finds a second certificate with the same, and it can still be typed from paper."""

_HEX: Final = re.compile(r"[0-9a-f]+")


def fingerprint_of(certificate: bytes) -> str:
    """Return the fingerprint of a certificate (DER): the beginning of its SHA-256."""
    return hashlib.sha256(certificate).hexdigest()[:DIGITS]


def read_fingerprint(text: str) -> str | None:
    """Return the fingerprint that somebody typed, however grouped; a whole SHA-256 will do. None when it is none."""
    letters = re.sub(r"[\s:.-]", "", text).lower()
    return letters[:DIGITS] if len(letters) in (DIGITS, 64) and _HEX.fullmatch(letters) else None


def grouped(fingerprint: str) -> str:
    """Return a fingerprint as it is read out: in groups of four."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))
