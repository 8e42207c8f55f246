"""At the next start a worker whose part went can take the sealed file elsewhere, however her part went."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ewb_desktop.app.gone import NOT_SAVED, NOT_THERE, SAVED
from ewb_desktop.app.signed_off import note_signed_off
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from ewb_desktop.ui.gate import GateWindow
from tests.support.programs import PATIENCE, Seat

SEALED = b"EWB outbox 2\nof Rowan"


def gone(seat: Seat, sealed: bytes | None = SEALED, *, has_left: bool = False) -> tuple[GateWindow, Path]:
    """Start the program where a part went and something was not sent; return its window and the sealed file."""
    data = seat.program._around.paths.data
    data.mkdir(parents=True, exist_ok=True)
    file = data / "unsent-1.ewb-outbox"
    if sealed is not None:
        file.write_bytes(sealed)
    if has_left:
        (data / "left").write_text(f'{{"part": "01890000-0000-7000-8000-000000000000", "sealed": "{file}"}}', "utf-8")
    else:
        note_signed_off(data, file.name)
    seat.program._leave_gate(practice=False)
    gate = seat.program.gate
    assert gate is not None
    gate.activateWindow()
    seat.qtbot.waitUntil(gate.isActiveWindow, timeout=PATIENCE)
    return gate, file


def answer(seat: Seat, gate: GateWindow, place: Path) -> str:
    seat.chosen_file = str(place)
    gate.saved.setText("")
    gate.save_button.click()
    seat.qtbot.waitUntil(lambda: bool(gate.saved.text()), timeout=PATIENCE)
    return gate.saved.text()


@pytest.mark.parametrize("has_left", [False, True])
def test_the_sealed_file_is_saved_elsewhere_and_stays_where_it_was(seat: Seat, tmp_path: Path, has_left: bool) -> None:
    gate, file = gone(seat, has_left=has_left)
    assert answer(seat, gate, tmp_path / "copy") == SAVED
    assert ((tmp_path / "copy").read_bytes(), file.read_bytes()) == (SEALED, SEALED)


@pytest.mark.parametrize("has_left", [False, True])
def test_both_ways_of_going_begin_at_the_same_page(seat: Seat, has_left: bool) -> None:
    gate, _ = gone(seat, has_left=has_left)
    assert isinstance(gate.page, WelcomePage)


def test_the_button_is_reached_by_the_keyboard_and_has_it_again_when_nowhere_was_chosen(seat: Seat) -> None:
    gate, _ = gone(seat)
    stops = 0
    while not gate.save_button.hasFocus() and stops < 40:
        focused = gate.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        stops += 1
    assert gate.save_button.hasFocus()
    seat.chosen_file = ""
    QTest.keyClick(gate.save_button, Qt.Key.Key_Space)
    assert gate.save_button.hasFocus()
    assert not gate.saved.isVisible()


def test_another_sealed_file_is_not_written_over(seat: Seat, tmp_path: Path) -> None:
    gate, _ = gone(seat)
    other = tmp_path / "theirs"
    other.write_bytes(b"EWB outbox 2\nof a colleague")
    assert answer(seat, gate, other) == THERE_ALREADY
    assert other.read_bytes() == b"EWB outbox 2\nof a colleague"


def test_a_place_that_cannot_be_written_to_is_told_and_the_keyboard_is_back(seat: Seat, tmp_path: Path) -> None:
    gate, _ = gone(seat)
    assert answer(seat, gate, tmp_path / "no such folder" / "copy") == NOT_SAVED
    assert gate.save_button.hasFocus()


def test_a_sealed_file_on_a_stick_that_was_taken_out_is_told(seat: Seat, tmp_path: Path) -> None:
    gate, _ = gone(seat, None)
    assert answer(seat, gate, tmp_path / "copy") == NOT_THERE


def test_where_everything_was_sent_nothing_is_offered(seat: Seat) -> None:
    data = seat.program._around.paths.data
    data.mkdir(parents=True, exist_ok=True)
    note_signed_off(data, "")
    seat.program._leave_gate(practice=False)
    gate = seat.program.gate
    assert gate is not None
    assert (gate.notice.isVisible(), gate.save_button.isVisible()) == (True, False)
