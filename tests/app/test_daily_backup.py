"""The backup of every day: when it is made, that nobody waits for it, and what is said when it cannot be made."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.people import add_person
from ewb_desktop.app.office import Office
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.file.backups import KEPT, list_backups, verify
from ewb_desktop.ui.destinations import ToSettings
from ewb_desktop.ui.settings.page import SettingsPage
from tests.support.programs import PATIENCE, Seat


def settled(seat: Seat, office: Office) -> list[Path]:
    """Wait until nothing is being done beside the window, and return the backups."""
    seat.qtbot.waitUntil(lambda: not office.background.busy, timeout=PATIENCE)
    QApplication.processEvents()
    return list_backups(office.vault.backups)


def again(seat: Seat, office: Office, **later: int) -> Office:
    """Lock, let time go by, and unlock."""
    office.program.lock()
    seat.clock.move(**later)
    return seat.unlock()


def backup_words(office: Office) -> str:
    office.go(ToSettings())
    page = office.window.page
    assert isinstance(page, SettingsPage)
    return page.backups.text()


def test_a_backup_is_made_after_unlocking_and_opens_with_the_key(seat: Seat) -> None:
    office = seat.set_up()
    (copy,) = settled(seat, office)
    verify(copy, office.unlocked.key)


def test_another_is_made_after_a_day_and_not_before(seat: Seat) -> None:
    office = seat.set_up()
    assert len(settled(seat, office)) == 1
    office = again(seat, office, hours=23)
    assert len(settled(seat, office)) == 1
    office = again(seat, office, hours=1)
    assert len(settled(seat, office)) == 2


def test_seven_backups_stay_and_the_newest_holds_the_newest_work(seat: Seat) -> None:
    office = seat.set_up()
    for _ in range(KEPT + 1):
        settled(seat, office)
        office = again(seat, office, days=1)
    add_person(office.desk, {"preferred_name": "Grace"})
    office = again(seat, office, days=1)
    copies = settled(seat, office)
    assert len(copies) == KEPT
    office.program.lock()
    seat.clock.move(minutes=5)
    restored = seat.program._doors.bring_back(office.unlocked.vault, str(copies[0]), "violet otter kettle harbour")
    with restored.store.read() as connection:
        assert count_people(connection) == 1
    restored.shut()


def test_a_backup_is_no_work_to_send(seat: Seat) -> None:
    office = seat.set_up()
    with office.desk.store.read() as connection:
        before = counts(connection)
    assert settled(seat, office)
    with office.desk.store.read() as connection:
        assert counts(connection) == before


def test_settings_say_when_the_newest_was_made(seat: Seat) -> None:
    office = seat.set_up()
    settled(seat, office)
    assert "The newest was made today 13:00." in backup_words(office)
    office = again(seat, office, hours=20)
    assert "The newest was made yesterday 13:00." in backup_words(office)


def test_a_backup_that_cannot_be_made_is_told_and_stops_nobody(seat: Seat) -> None:
    office = seat.set_up()
    settled(seat, office)
    shutil.rmtree(office.vault.backups)
    office.vault.backups.write_text("in the way")
    office = again(seat, office, days=1)
    seat.qtbot.waitUntil(lambda: "backup could not be made" in office.window.foot.said.text(), timeout=PATIENCE)
    assert "Your work itself is saved." in backup_words(office)
    assert add_person(office.desk, {"preferred_name": "Grace"})


def test_a_clock_that_was_put_back_makes_one_more_and_loses_none_of_the_new(seat: Seat) -> None:
    office = seat.set_up()
    assert len(settled(seat, office)) == 1
    office = again(seat, office, days=-30)
    assert len(settled(seat, office)) == 2


def test_practice_makes_no_backups_by_itself(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(qtbot, tmp_path, practice=True)
    office = seat.office
    assert settled(seat, office) == []
    assert "In practice" in backup_words(office)
    seat.leave()
