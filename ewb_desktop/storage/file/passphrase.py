"""Which passphrases are strong enough, and a sentence for the worker when one is not."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ewb_desktop.storage.errors import WeakPassphrase

LEAST_LETTERS = 12
LEAST_WORDS = 4
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: 3 is "safely unguessable" for a file that somebody stole (10 billion guesses and slow hashing)."""


def check_passphrase(passphrase: str, known: Sequence[str] = ()) -> None:
    """Raise :class:`WeakPassphrase`, saying why and what would do, unless the passphrase is hard to guess.

    ``known`` are words that anybody would try first: the worker's name, the service's.
    """
    from zxcvbn import zxcvbn  # its word lists take a moment to load, which the lock screen does not have

    text = normal(passphrase)
    if len(text) < LEAST_LETTERS and len(text.split()) < LEAST_WORDS:
        raise WeakPassphrase(
            f"This is too short: {len(text)} letters. Use 12 or more, or four words that have nothing to do with each other, "
            "such as a thing, an animal, a colour and a place."
        )
    parts = [part for name in known for part in (name, *name.split()) if len(part) > 2]
    if zxcvbn(text[:72], user_inputs=parts)["score"] < LEAST_SCORE:
        raise WeakPassphrase(
            "This is too easy to guess: it is made of a common word, a name, a date or a row of keys. "
            "Add another word or two that have nothing to do with each other."
        )


def normal(passphrase: str) -> str:
    """Return the passphrase in one form, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def secret(passphrase: str) -> bytes:
    """Return the bytes from which a key is derived."""
    return normal(passphrase).encode()
