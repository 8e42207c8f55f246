"""A backup is brought back through the program's own windows, and nothing that was not sent is lost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.exchange.journal import all_pending
from ewb_desktop.ui.destinations import ToSync
from ewb_desktop.ui.lock.recover_page import CannotGetInPage
from tests.support.programs import PASSPHRASE, Seat


def test_what_was_not_sent_comes_over_when_a_backup_is_brought_back(seat: Seat, tmp_path: Path) -> None:
    office = seat.set_up()
    copy = office.vault.back_up(office.unlocked.key, tmp_path / "stick")
    add_person(office.desk, {"preferred_name": "Ada"})
    seat.clock.move(minutes=1)
    with office.desk.store.read() as connection:
        before = all_pending(connection)
    office.window.lock()
    page = seat.lock_page
    page.recover_button.click()
    back = seat.page
    assert isinstance(back, CannotGetInPage)
    assert f"In the file that is here now {len(before)} changes are not sent yet" in back.waiting.text()
    seat.chosen_file = str(copy)
    back.choose_button.click()
    back.old_passphrase.line.setText(PASSPHRASE)
    back.backup_button.click()
    with seat.office.desk.store.read() as connection:
        assert count_people(connection) == 1
        assert [entry.id for entry in all_pending(connection)] == [entry.id for entry in before]
    seat.office.window.show_page(ToSync())
    told = "".join(part.text() for part in seat.office.window.findChildren(QLabel) if part.isVisible())
    assert "1 change that had not been sent was in the file that was set aside today" in told
