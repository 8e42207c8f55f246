"""A passphrase that is easy to guess is told why."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.errors import WeakPassphrase
from ewb_desktop.storage.file.passphrase import check_passphrase, secret


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("short", "too short: 5 letters"),
        ("", "too short"),
        ("password1234", "too easy to guess"),
        ("qwertyuiop12", "too easy to guess"),
        ("Amina Okafor1", "too easy to guess"),
        ("aaaaaaaaaaaaaaaa", "too easy to guess"),
    ],
)
def test_weak_ones_are_told_why(typed: str, why: str) -> None:
    with pytest.raises(WeakPassphrase, match=why):
        check_passphrase(typed, ("Amina Okafor",))


@pytest.mark.parametrize("typed", ["purple otter ladder Stockport", "xR7!qpz9-Lw2", "ox elm sky zip jar", "żółw " * 40])
def test_strong_ones_pass(typed: str) -> None:
    check_passphrase(typed, ("Amina Okafor",))


def test_one_letter_typed_two_ways_is_one_passphrase() -> None:
    assert secret("cafe\u0301 ") == secret("caf\u00e9")
