"""The recovery key on paper: 160 random bits as eight groups of five letters and figures, a quarter of them a checksum."""

from __future__ import annotations

import base64
import hashlib
import secrets

from ewb_desktop.storage.errors import WrongRecoveryKey

_BYTES = 20
_CHECK = 5
_LOOKS_LIKE = str.maketrans("018", "OIB")


def new_recovery_key() -> str:
    """Return a fresh key as it is printed."""
    random = secrets.token_bytes(_BYTES)
    letters = base64.b32encode(random + _check(random)).decode()
    return "-".join(letters[i : i + 5] for i in range(0, len(letters), 5))


def read_recovery_key(typed: str) -> bytes:
    """Return the key's bytes; spaces, hyphens and small letters are fine, and 0, 1, 8 are read as O, I, B.

    Raises :class:`WrongRecoveryKey` when it was mistyped.
    """
    letters = "".join(mark for mark in typed.upper() if mark.isalnum()).translate(_LOOKS_LIKE)
    if len(letters) != (_BYTES + _CHECK) * 8 // 5:
        raise WrongRecoveryKey(
            f"A recovery key has 8 groups of 5 letters and figures, 40 in all; here are {len(letters)}. "
            "Nothing is lost. Look at the printed key and type it again."
        )
    try:
        whole = base64.b32decode(letters)
    except ValueError:
        whole = b""
    random = whole[:_BYTES]
    if whole[_BYTES:] != _check(random):
        raise WrongRecoveryKey(
            "One of these letters or figures is not as on the paper. Nothing is lost. Compare each group and type it again."
        )
    return random


def _check(random: bytes) -> bytes:
    return hashlib.blake2b(random, digest_size=_CHECK).digest()
