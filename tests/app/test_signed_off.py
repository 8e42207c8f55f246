"""A worker who was signed off is told so until somebody works on the laptop again."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.app.signed_off import forget_signed_off, note_signed_off, signed_off_words


def test_nothing_is_told_on_a_laptop_that_nobody_was_signed_off(tmp_path: Path) -> None:
    assert signed_off_words(tmp_path) == ""


def test_it_is_told_where_unsent_work_is_until_somebody_works_here_again(tmp_path: Path) -> None:
    note_signed_off(tmp_path, "unsent-1.ewb-outbox")
    assert f"the sealed file unsent-1.ewb-outbox in the folder {tmp_path}" in signed_off_words(tmp_path)
    forget_signed_off(tmp_path)
    assert signed_off_words(tmp_path) == ""


def test_it_is_told_that_nothing_was_waiting(tmp_path: Path) -> None:
    note_signed_off(tmp_path, "")
    assert "Nothing was waiting to be sent." in signed_off_words(tmp_path)
