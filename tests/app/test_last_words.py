"""What is typed while the disk is full is not lost when the window locks or closes: room was set aside for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from ewb_desktop.actions.people import add_person
from ewb_desktop.app.office import Office
from ewb_desktop.logs import start_logs
from ewb_desktop.storage.file.reserve import ROOM, Reserve
from ewb_desktop.ui.destinations import ToEditPerson, ToToday
from ewb_desktop.ui.widgets.field import TextArea
from tests.support.full_disks import full_disk
from tests.support.programs import Seat

BEFORE, LONG = "Rings at nine", ("Rings at nine, and again at ten. " * 200).strip()


def form(office: Office) -> TextArea:
    field = office.window.findChild(TextArea, "editperson.communication_note")
    assert field is not None
    return field


def typed(office: Office) -> str:
    """Open a member's form, keep a few words of it as a draft, and return whom it is about."""
    person = add_person(office.desk, {"preferred_name": "Maud"})
    office.go(ToEditPerson(person))
    write(office, BEFORE)
    office.typing_end.finish()
    return person


def write(office: Office, words: str) -> None:
    field = form(office)
    field.value = words
    field.edited.emit()


def reserve(office: Office) -> Reserve:
    return Reserve(office.unlocked.store.path)


def kept(seat: Seat, person: str) -> str:
    """Return what the form says after the lock."""
    office = seat.unlock()
    office.go(ToEditPerson(person))
    return form(office).value


@pytest.fixture
def office(seat: Seat, tmp_path: Path) -> Iterator[Office]:
    """An open office, whose faults are told as in the program."""
    end_logs = start_logs(tmp_path / "logs" / "log", also_tell=seat.program.tell_fault)
    yield seat.set_up()
    end_logs()


def lock(office: Office) -> None:
    office.window.lock()


def lock_by_itself(office: Office) -> None:
    office.idle.locked.emit()


def test_room_is_kept_while_the_file_is_open_and_after(seat: Seat, office: Office) -> None:
    path = reserve(office).path
    assert path.stat().st_size == ROOM
    office.window.lock()
    assert path.stat().st_size == ROOM


@pytest.mark.parametrize("how", [lock, lock_by_itself])
def test_what_is_typed_on_a_full_disk_is_there_after_a_lock(seat: Seat, office: Office, how: Callable[[Office], None]) -> None:
    person = typed(office)
    room = reserve(office)
    with full_disk(office.unlocked.store, lambda: not room.path.exists()):
        write(office, LONG)
        how(office)
    assert seat.program.office is None
    assert kept(seat, person) == LONG


def test_closing_the_window_keeps_it_too(seat: Seat, office: Office) -> None:
    person = typed(office)
    room = reserve(office)
    with full_disk(office.unlocked.store, lambda: not room.path.exists()):
        write(office, LONG)
        office.window.close()
    assert seat.program.office is None
    seat.start_again()
    assert kept(seat, person) == LONG


@pytest.mark.parametrize("way", ["lock", "close"])
def test_where_there_was_no_room_to_keep_the_window_stays_and_says_so_once(seat: Seat, office: Office, way: str) -> None:
    typed(office)
    reserve(office).give_back()
    leave = {"lock": office.window.lock, "close": office.window.close}[way]
    with full_disk(office.unlocked.store):
        write(office, LONG)
        leave()
        assert seat.program.office is office
        seat.qtbot.waitUntil(lambda: "would be lost" in words_of(office.window.trouble))
        assert office.window.trouble.isVisible()
        assert form(office).value == LONG
        leave()
    assert seat.program.office is None


def test_once_there_is_room_again_the_window_goes_with_everything_kept(seat: Seat, office: Office) -> None:
    person = typed(office)
    reserve(office).give_back()
    with full_disk(office.unlocked.store):
        write(office, LONG)
        office.window.lock()
    office.window.lock()
    assert kept(seat, person) == LONG


def test_what_was_said_goes_once_there_is_room_and_the_words_are_kept(seat: Seat, office: Office) -> None:
    typed(office)
    reserve(office).give_back()
    with full_disk(office.unlocked.store):
        write(office, LONG)
        office.window.lock()
        seat.qtbot.waitUntil(lambda: "would be lost" in words_of(office.window.trouble))
    write(office, LONG + "And more.")
    office.typing_end.finish()
    seat.qtbot.waitUntil(lambda: not office.window.trouble.isVisible())


def test_words_that_came_since_are_told_of_too(seat: Seat, office: Office) -> None:
    typed(office)
    reserve(office).give_back()
    with full_disk(office.unlocked.store):
        write(office, LONG)
        office.window.lock()
        write(office, LONG + "And more.")
        office.window.lock()
        assert seat.program.office is office


def test_a_lock_of_its_own_waits_for_nobody_and_notes_it(seat: Seat, office: Office, caplog: pytest.LogCaptureFixture) -> None:
    typed(office)
    reserve(office).give_back()
    with full_disk(office.unlocked.store), caplog.at_level(logging.WARNING):
        write(office, LONG)
        office.idle.locked.emit()
    assert seat.program.office is None
    assert [record for record in caplog.records if "no room for what was typed" in record.getMessage()]
    assert LONG[:20] not in caplog.text


def test_after_unlocking_the_worker_is_told_once_of_what_could_not_be_kept(seat: Seat, office: Office) -> None:
    person = typed(office)
    reserve(office).give_back()
    with full_disk(office.unlocked.store):
        write(office, LONG)
        office.idle.locked.emit()
    again = seat.unlock()
    assert "What you typed last is lost" in words_of(again.window.trouble)
    assert again.window.trouble.isVisible()
    again.go(ToEditPerson(person))
    assert form(again).value == BEFORE
    again.window.lock()
    assert not seat.unlock().window.trouble.isVisible()


def test_what_was_saved_asks_nothing(seat: Seat, office: Office) -> None:
    typed(office)
    office.go(ToToday())
    reserve(office).give_back()
    with full_disk(office.unlocked.store):
        office.window.lock()
    assert seat.program.office is None


def words_of(widget: QWidget) -> str:
    return " ".join(str(child.property("text") or "") for child in widget.findChildren(QWidget))
