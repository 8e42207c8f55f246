"""A worker takes her own part off a laptop, through the program's own windows, over real encrypted files and a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.exchange.journal import acknowledge, all_pending
from ewb_desktop.storage.file.aside_files import list_asides
from ewb_desktop.ui.destinations import ToLeaving, ToSettings
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from ewb_desktop.ui.leaving.page import LeavingPage
from ewb_desktop.ui.settings.page import SettingsPage
from ewb_desktop.ui.widgets.button import Button
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import AREA, TappedLine
from tests.support.departing_desk import Desk, begun, desk_of_two_areas
from tests.support.programs import PASSPHRASE, PATIENCE, Seat, shown
from tests.support.servers import ORGANISATION
from tests.syncing.test_opening import notes


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with desk_of_two_areas(qtbot, tmp_path) as found:
        yield found


def leaving(desk: Desk) -> LeavingPage:
    """Go to the page as a worker does."""
    desk.office.window.show_page(ToSettings())
    shown(desk.office.window, SettingsPage).leave_button.click()
    return shown(desk.office.window, LeavingPage)


def new_member(desk: Desk, name: str) -> None:
    add_person(desk.office.desk, {"preferred_name": name, "area": AREA})


def settled(desk: Desk, part: Button) -> None:
    """Wait until a button can be pressed."""
    desk.seat.qtbot.waitUntil(lambda: part.isVisible() and part.isEnabled(), timeout=PATIENCE)


def without_a_line(desk: Desk) -> None:
    """Pull the plug: whatever is asked from now on reaches nobody."""

    def nobody(*_asked: object, **_named: object) -> None:
        raise ConnectionError

    desk.seat.qtbot.waitUntil(lambda: not desk.office.heartbeat.is_working, timeout=PATIENCE)
    line = desk.office.heartbeat._engine._open_wire.__self__.line  # type: ignore[attr-defined]
    assert isinstance(line, TappedLine)
    line.send = nobody  # type: ignore[assignment]


def sealed(desk: Desk, page: LeavingPage, stick: Path) -> Path:
    """Have what could not be sent sealed on the stick."""
    stick.mkdir(exist_ok=True)
    desk.seat.chosen_file = str(stick / "mine.ewb-outbox")
    page.seal_button.click()
    settled(desk, page.leave_button)
    return stick / "mine.ewb-outbox"


def sent_and_sealed(desk: Desk, page: LeavingPage, stick: Path) -> Path:
    """Send what can be sent, and have the rest sealed on the stick."""
    page.send_button.click()
    settled(desk, page.seal_button)
    return sealed(desk, page, stick)


def go(desk: Desk, page: LeavingPage, secret: str = PASSPHRASE) -> None:
    """Type the secret once more and press the button; wait for the start after it."""
    restarts = len(desk.seat.restarts)
    QTest.keyClicks(page.secret.line, secret)
    page.leave_button.click()
    desk.seat.qtbot.waitUntil(lambda: len(desk.seat.restarts) > restarts, timeout=PATIENCE)


def told_at_the_gate(desk: Desk) -> str:
    gate = desk.seat.program.gate
    assert gate is not None
    return f"{gate.notice.title.text()}. {gate.notice.text.text()}" if gate.notice.isVisible() else ""


def refuse_all(desk: Desk) -> None:
    """Have the server not take what is unsent."""
    with desk.office.desk.store.write() as writing:
        ids = [entry.id for entry in all_pending(writing.connection)]
        acknowledge(writing, [Verdict(id=each, kind=VerdictKind.REFUSED, reason=Refusal.TOO_LARGE) for each in ids])


def take_in(desk: Desk, file: Path) -> None:
    desk.centre.server.do(lambda c: take_outbox(c, ORGANISATION, file.read_bytes(), desk.centre.server.at[0], 128 << 10))
    desk.grace.sync()


def test_everything_is_sent_then_keys_records_and_copies_are_gone_and_it_is_told(desk: Desk) -> None:
    vault = desk.office.vault
    vault.back_up(desk.office.unlocked.key)
    new_member(desk, "Zephyrine")
    page = leaving(desk)
    page.send_button.click()
    settled(desk, page.leave_button)
    go(desk, page)
    assert not vault.folder.exists()
    assert isinstance(desk.seat.page, WelcomePage)
    assert told_at_the_gate(desk).startswith("Your part has been taken off this laptop. ")
    assert "Everything had been sent." in told_at_the_gate(desk)
    desk.grace.sync()
    with desk.grace.store.read() as connection:
        names = connection.exec_driver_sql("SELECT preferred_name FROM person").scalars().all()
    assert "Zephyrine" in names


def test_the_recovery_key_does_as_well(desk: Desk) -> None:
    folder = desk.office.vault.folder
    page = leaving(desk)
    page.send_button.click()
    settled(desk, page.leave_button)
    go(desk, page, desk.seat.recovery_key)
    assert not folder.exists()


def test_with_a_wrong_passphrase_everything_stays(desk: Desk) -> None:
    page = leaving(desk)
    page.send_button.click()
    settled(desk, page.leave_button)
    QTest.keyClicks(page.secret.line, "not the one at all")
    page.leave_button.click()
    desk.seat.qtbot.waitUntil(lambda: bool(page.secret.error.text()), timeout=PATIENCE)
    assert desk.office.vault.has_keys()
    assert desk.seat.restarts == []


def test_without_a_line_nothing_goes_but_with_the_sealed_file_which_the_administrator_takes_in(
    desk: Desk, tmp_path: Path
) -> None:
    folder = desk.office.vault.folder
    new_member(desk, "Zephyrine")
    without_a_line(desk)
    page = leaving(desk)
    page.send_button.click()
    settled(desk, page.seal_button)
    assert not page.leave_button.isVisible()
    file = sealed(desk, page, tmp_path / "stick")
    go(desk, page)
    assert not folder.exists()
    assert f"in the sealed file mine.ewb-outbox, in {tmp_path / 'stick'}" in told_at_the_gate(desk)
    assert b"Zephyrine" not in file.read_bytes()
    take_in(desk, file)
    with desk.grace.store.read() as connection:
        assert "Zephyrine" in connection.exec_driver_sql("SELECT preferred_name FROM person").scalars().all()


def test_what_the_server_did_not_take_is_in_the_sealed_file(desk: Desk, tmp_path: Path) -> None:
    new_member(desk, "Zephyrine")
    refuse_all(desk)
    page = leaving(desk)
    assert "that the server did not take" in page.unsent.text()
    file = sent_and_sealed(desk, page, tmp_path / "stick")
    go(desk, page)
    take_in(desk, file)
    with desk.grace.store.read() as connection:
        assert "Zephyrine" in connection.exec_driver_sql("SELECT preferred_name FROM person").scalars().all()


def test_what_was_typed_and_not_saved_is_sent_as_a_note(desk: Desk) -> None:
    begun(desk)
    page = leaving(desk)
    assert "Words on 1 form that were not saved" in page.unsent.text()
    page.send_button.click()
    settled(desk, page.leave_button)
    go(desk, page)
    desk.grace.sync()
    assert "Telephone: 0161 496 01" in notes(desk.grace)[0]


def test_what_is_written_after_the_file_was_sealed_takes_the_way_out_back(desk: Desk, tmp_path: Path) -> None:
    without_a_line(desk)
    new_member(desk, "Zephyrine")
    page = leaving(desk)
    sent_and_sealed(desk, page, tmp_path / "stick")
    new_member(desk, "Amina")
    QTest.keyClicks(page.secret.line, PASSPHRASE)
    page.leave_button.click()
    desk.seat.qtbot.waitUntil(lambda: "Nothing was taken off" in page.notice.title.text(), timeout=PATIENCE)
    assert desk.office.vault.has_keys()


def test_a_stick_that_was_taken_out_takes_the_way_out_back(desk: Desk, tmp_path: Path) -> None:
    without_a_line(desk)
    new_member(desk, "Zephyrine")
    page = leaving(desk)
    sent_and_sealed(desk, page, tmp_path / "stick").unlink()
    QTest.keyClicks(page.secret.line, PASSPHRASE)
    page.leave_button.click()
    desk.seat.qtbot.waitUntil(lambda: "Nothing was taken off" in page.notice.title.text(), timeout=PATIENCE)
    assert "The sealed file cannot be read any more" in page.notice.text.text()
    assert desk.office.vault.has_keys()


def test_the_sealed_file_cannot_be_put_among_what_goes_nor_over_another(desk: Desk, tmp_path: Path) -> None:
    without_a_line(desk)
    new_member(desk, "Zephyrine")
    page = leaving(desk)
    other = tmp_path / "theirs.ewb-outbox"
    other.write_bytes(b"EWB outbox 2\nof a colleague")
    page.send_button.click()
    settled(desk, page.seal_button)
    for place, words in ((desk.office.vault.folder / "mine", "goes from this laptop too"), (other, "was not written over")):
        desk.seat.chosen_file = str(place)
        page.seal_button.click()
        settled(desk, page.seal_button)
        assert words in page.notice.text.text()
    assert not page.leave_button.isVisible()
    assert other.read_bytes() == b"EWB outbox 2\nof a colleague"


def test_a_file_that_was_set_aside_and_cannot_be_read_has_to_be_settled_first(desk: Desk) -> None:
    vault = desk.office.vault
    aside = vault.path.with_name("records-aside-20261101T120000000000.ewb")
    aside.write_bytes(b"\x07" * 4096)
    assert list_asides(vault.path)
    page = leaving(desk)
    assert "could not be read" in page.notice.text.text()
    assert not page.send_button.isVisible()


def test_a_colleague_s_part_of_the_laptop_stays_and_she_is_asked_who_she_is(desk: Desk) -> None:
    first = desk.office.vault.folder
    desk.office.window.lock()
    second = desk.seat.set_up("Mina Sale").vault.folder
    desk.office.window.lock()
    page = desk.seat.lock_page
    page.who.combo.setCurrentText("Rowan Oak")
    page.who.combo.activated.emit(page.who.combo.currentIndex())
    desk.seat.unlock()
    assert desk.office.vault.folder == first
    parting = leaving(desk)
    parting.send_button.click()
    settled(desk, parting.leave_button)
    go(desk, parting)
    assert (first.exists(), second.exists()) == (False, True)
    assert desk.seat.lock_page.isVisible()
    assert told_at_the_gate(desk).startswith("Your part has been taken off")
    assert desk.seat.unlock().desk.worker.name == "Mina Sale"
    desk.office.window.lock()
    assert told_at_the_gate(desk) == ""


def test_practice_has_nothing_to_leave(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> None:
    sitting = Seat(qtbot, tmp_path, practice=True)
    office = sitting.office
    try:
        assert not office.window.has(ToLeaving())
        office.window.show_page(ToSettings())
        assert office.window.findChild(Button, "settings-leave") is None
    finally:
        sitting.leave()


def test_a_laptop_that_is_joined_to_nobody_keeps_what_is_nowhere_else(seat: Seat) -> None:
    office = seat.set_up()
    office.window.show_page(ToLeaving())
    page = shown(office.window, LeavingPage)
    assert "nowhere else" in page.notice.text.text()
    assert not page.leave_button.isVisible()
