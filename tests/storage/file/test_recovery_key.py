"""The printed key can be typed in any way but a wrong one."""

from __future__ import annotations

import re

import pytest

from ewb_desktop.storage.errors import WrongRecoveryKey
from ewb_desktop.storage.file.recovery_key import new_recovery_key, read_recovery_key


def test_it_is_eight_groups_of_five() -> None:
    assert re.fullmatch(r"([A-Z2-7]{5}-){7}[A-Z2-7]{5}", new_recovery_key())
    assert new_recovery_key() != new_recovery_key()


def test_case_spaces_and_lookalikes_do_not_matter() -> None:
    key = new_recovery_key()
    typed = key.lower().replace("-", " ").replace("o", "0").replace("i", "1").replace("b", "8")
    assert read_recovery_key(typed) == read_recovery_key(key)
    assert len(read_recovery_key(key)) == 20


def test_every_single_slip_is_noticed() -> None:
    key = new_recovery_key()
    for index, mark in enumerate(key):
        if mark != "-":
            slipped = key[:index] + ("A" if mark != "A" else "C") + key[index + 1 :]
            with pytest.raises(WrongRecoveryKey, match="Compare each group"):
                read_recovery_key(slipped)


@pytest.mark.parametrize("typed", ["", "ABCDE", "é" * 40])
def test_what_is_no_key_is_told(typed: str) -> None:
    with pytest.raises(WrongRecoveryKey, match="Nothing is lost"):
        read_recovery_key(typed)
