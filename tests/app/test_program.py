"""The program from its first paint to its end, over real encrypted files."""

from __future__ import annotations

import errno
import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from ewb_desktop.actions.people import add_person
from ewb_desktop.app.office import Office
from ewb_desktop.storage.cards.people import count_people
from ewb_desktop.storage.errors import WrongPassphrase
from ewb_desktop.storage.exchange.journal import acknowledge, all_pending
from ewb_desktop.storage.vault import Vault
from ewb_desktop.ui.crisis.view import CrisisView
from ewb_desktop.ui.destinations import ToCrisis, ToNewPerson, ToSettings, ToSync
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from ewb_desktop.ui.idle_bar import IdleBar
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.lock.recover_page import CannotGetInPage
from ewb_desktop.ui.newperson.view import NewPersonPage
from ewb_desktop.ui.settings.page import SettingsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.text import Text
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.programs import PASSPHRASE, PATIENCE, Seat, shown
from tests.support.tags import read_tags


def bar_of(office: Office) -> IdleBar:
    """Return the bar that warns before a lock."""
    bar = office.window.findChild(IdleBar)
    assert isinstance(bar, IdleBar)
    return bar


def wrong_tries(seat: Seat, how_many: int) -> None:
    for _ in range(how_many):
        seat.type_passphrase("not the one at all")
        seat.qtbot.waitUntil(lambda: bool(seat.lock_page.passphrase.error.text()), timeout=PATIENCE)


def test_a_fresh_laptop_begins_with_the_welcome(seat: Seat) -> None:
    assert isinstance(seat.page, WelcomePage)


def test_locking_comes_back_to_the_lock_screen_with_every_file_closed(seat: Seat) -> None:
    office = seat.set_up()
    key = office.unlocked.key
    office.window.lock()
    assert seat.restarts == [False]
    assert seat.lock_page.isVisible()
    assert set(key) == {0}


def test_the_right_passphrase_opens_the_worker_s_records_again(seat: Seat) -> None:
    add_person(seat.set_up().desk, {"preferred_name": "Ada"})
    seat.office.window.lock()
    office = seat.unlock()
    with office.desk.store.read() as connection:
        assert count_people(connection) == 1


def put_right(office: Office) -> TextField:
    """Return the first field of the form in which a change that was not taken is put right."""
    office.window.show_page(ToSync())
    opener = office.window.findChild(Button, "sync.held-rows.opener.0")
    assert isinstance(opener, Button)
    opener.click()
    field = office.window.findChild(TextField, "sync.mending.preferred_name")
    assert isinstance(field, TextField)
    return field


def test_what_was_typed_to_put_a_change_right_is_there_after_a_lock(seat: Seat) -> None:
    office = seat.set_up()
    add_person(office.desk, {"preferred_name": "Ada"})
    with office.desk.store.write() as writing:
        ids = [entry.id for entry in all_pending(writing.connection) if entry.entity == "person"]
        refused = [Verdict(id=id_, kind=VerdictKind.REFUSED, reason=Refusal.TOO_LARGE) for id_ in ids]
        acknowledge(writing, refused)
    QTest.keyClicks(put_right(office).line, " Lark")
    office.window.lock()
    assert put_right(seat.unlock()).value == "Ada Lark"


def test_a_wrong_passphrase_says_that_nothing_is_lost(seat: Seat) -> None:
    seat.set_up().window.lock()
    wrong_tries(seat, 1)
    assert "Nothing is lost" in seat.lock_page.passphrase.error.text()
    assert seat.lock_page.passphrase.value == ""


def test_after_five_wrong_passphrases_the_wait_counts_down_and_ends(seat: Seat) -> None:
    seat.set_up().window.lock()
    wrong_tries(seat, 5)
    assert seat.lock_page.countdown.text() == "Nothing is lost. You can try again in 5 s."
    seat.clock.move(seconds=3)
    seat.lock_page.ticked.emit()
    assert seat.lock_page.countdown.text() == "Nothing is lost. You can try again in 2 s."
    seat.clock.move(seconds=3)
    seat.lock_page.ticked.emit()
    assert seat.lock_page.countdown.isHidden()
    assert seat.unlock().window.isVisible()


def test_the_wait_is_still_there_after_a_restart(seat: Seat) -> None:
    seat.set_up().window.lock()
    wrong_tries(seat, 5)
    seat.program._leave_gate(practice=False)  # as if the process had been ended and begun
    assert seat.lock_page.countdown.text() == "Nothing is lost. You can try again in 5 s."


def test_the_recovery_key_lets_in_and_sets_a_new_passphrase(seat: Seat) -> None:
    seat.set_up().window.lock()
    seat.lock_page.recover_button.click()
    page = seat.page
    assert isinstance(page, CannotGetInPage)
    page.recovery.value = seat.recovery_key.lower().replace("-", " ")
    page.passphrase.line.setText("copper lantern meadow biscuit")
    page.again.line.setText("copper lantern meadow biscuit")
    page.recover_button.click()
    seat.office.window.lock()
    assert seat.unlock("copper lantern meadow biscuit").desk.worker.name == "Rowan Okafor"


def test_two_workers_on_one_laptop_never_see_each_other_s_members(seat: Seat) -> None:
    add_person(seat.set_up("Rowan Okafor").desk, {"preferred_name": "Ada"})
    seat.office.window.lock()
    second = seat.set_up("Mina Sale", "copper lantern meadow biscuit")
    with second.desk.store.read() as connection:
        assert count_people(connection) == 0
    second.window.lock()
    page = seat.lock_page
    assert sorted(page.who.combo.itemText(index) for index in range(page.who.combo.count())) == ["Mina Sale", "Rowan Okafor"]


def test_the_lock_screen_offers_the_last_worker_first_with_what_waits(seat: Seat) -> None:
    add_person(seat.set_up().desk, {"preferred_name": "Ada"})
    seat.office.window.lock()
    assert seat.lock_page.who.combo.currentText() == "Rowan Okafor"
    assert "not sent yet" in seat.lock_page.waiting.text()


def test_a_draft_is_offered_again_after_a_lock(seat: Seat) -> None:
    window = seat.set_up().window
    window.show_page(ToNewPerson(name="Bilal"))
    name = shown(window, NewPersonPage).form.fields["preferred_name"]
    assert isinstance(name, TextField)
    name.value = "Bilal Sarwar"
    name.edited.emit()
    window.lock()
    window = seat.unlock().window
    window.show_page(ToNewPerson())
    name = shown(window, NewPersonPage).form.fields["preferred_name"]
    assert isinstance(name, TextField)
    assert name.value == "Bilal Sarwar"


def test_locking_empties_the_clipboard(seat: Seat) -> None:
    window = seat.set_up().window
    QApplication.clipboard().setText("Ada Quillfeather")
    window.lock()
    assert QApplication.clipboard().text() == ""


def test_nobody_at_the_laptop_locks_it_with_a_warning_before(seat: Seat) -> None:
    office = seat.set_up()
    for _ in range(5):
        seat.clock.move(seconds=57)
        office.idle.look()
    bar = bar_of(office)
    assert "15 seconds" in bar.accessibleName()
    assert seat.restarts == []
    seat.clock.move(seconds=16)
    office.idle.look()
    assert seat.restarts == [False]


def test_stay_keeps_the_laptop_open(seat: Seat) -> None:
    office = seat.set_up()
    for _ in range(5):
        seat.clock.move(seconds=57)
        office.idle.look()
    bar = bar_of(office)
    bar.stay_button.click()
    seat.clock.move(seconds=30)
    office.idle.look()
    assert seat.restarts == []
    assert bar.isHidden()


def test_waking_from_sleep_locks_at_once(seat: Seat) -> None:
    office = seat.set_up()
    seat.clock.move(minutes=2)
    office.idle.look()
    assert seat.restarts == [False]


def test_crisis_help_opens_from_the_lock_screen_and_goes_back(seat: Seat) -> None:
    seat.set_up().window.lock()
    assert seat.program.gate is not None
    seat.program.gate.crisis_action.trigger()
    page = seat.page
    assert isinstance(page, CrisisView)
    page.back_button.click()
    assert seat.lock_page.isVisible()


def print_crisis_numbers(seat: Seat, page: LeafletsPage) -> str:
    """Press Print on the page of leaflets, and return what came out."""
    text = page.findChild(QWidget, "leaflets.text")
    assert isinstance(text, QPlainTextEdit)
    seat.qtbot.waitUntil(lambda: "Help in a crisis" in text.toPlainText(), timeout=PATIENCE)
    button = page.findChild(QWidget, "leaflets.print")
    assert isinstance(button, Button)
    button.click()
    seat.qtbot.waitUntil(lambda: bool(seat.tray.printed), timeout=PATIENCE)
    return read_tags(seat.tray.printed[-1][0]).text


def test_crisis_help_at_the_lock_screen_prints_the_crisis_numbers(seat: Seat) -> None:
    seat.set_up().window.lock()
    gate = seat.program.gate
    assert gate is not None
    gate.crisis_action.trigger()
    crisis = seat.page
    assert isinstance(crisis, CrisisView)
    crisis.print_button.click()
    page = seat.page
    assert isinstance(page, LeafletsPage)
    printed = print_crisis_numbers(seat, page)
    assert "Help in a crisis" in printed
    for number in ("999", "111", "116 123", "85258"):
        assert number in printed
    gate.crisis_action.trigger()
    crisis.back_button.click()
    assert seat.lock_page.isVisible()


def test_crisis_help_of_a_worker_prints_the_crisis_numbers(seat: Seat) -> None:
    office = seat.set_up()
    office.go(ToCrisis())
    shown(office.window, CrisisView).print_button.click()
    printed = print_crisis_numbers(seat, shown(office.window, LeafletsPage))
    assert "Help in a crisis" in printed
    assert "116 123" in printed


def test_today_prints_the_crisis_numbers_quickly(seat: Seat) -> None:
    office = seat.set_up()
    button = office.window.findChild(QWidget, "today.print.act.1")
    assert isinstance(button, Button)
    button.click()
    assert "Help in a crisis" in print_crisis_numbers(seat, shown(office.window, LeafletsPage))


def test_two_presses_lead_from_today_to_the_printers_dialog_and_one_there_to_paper(seat: Seat) -> None:
    office = seat.set_up()
    for name in ("today.print.act.0", "leaflets.print"):
        button = office.window.findChild(QWidget, name)
        assert isinstance(button, Button)
        button.click()
    seat.qtbot.waitUntil(lambda: bool(seat.tray.printed), timeout=PATIENCE)
    assert len(seat.tray.asked) == 1


def test_a_damaged_file_is_told_and_a_backup_brings_it_back(seat: Seat, tmp_path: Path) -> None:
    office = seat.set_up()
    add_person(office.desk, {"preferred_name": "Ada"})
    stick = tmp_path / "stick"
    office.vault.back_up(office.unlocked.key, stick)
    records = office.unlocked.store.path
    office.window.lock()
    records.write_bytes(b"not a database at all" * 400)
    seat.type_passphrase(PASSPHRASE)
    page = seat.lock_page
    seat.qtbot.waitUntil(lambda: not page.trouble.isHidden(), timeout=PATIENCE)
    assert "damaged" in page.trouble.text.text()
    page.backup_button.click()
    back = seat.page
    assert isinstance(back, CannotGetInPage)
    seat.chosen_file = str(next(stick.rglob("*.backup")))
    back.choose_button.click()
    back.old_passphrase.line.setText(PASSPHRASE)
    back.backup_button.click()
    with seat.office.desk.store.read() as connection:
        assert count_people(connection) == 1


def test_a_backup_of_a_lost_laptop_is_brought_back_from_the_welcome_page(seat: Seat, tmp_path: Path) -> None:
    office = seat.set_up()
    add_person(office.desk, {"preferred_name": "Ada"})
    stick = tmp_path / "stick"
    copy = office.vault.back_up(office.unlocked.key, stick)
    office.window.lock()
    shutil.rmtree(office.vault.folder)
    seat.leave()
    seat.program = seat._start(practice=False)
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.bring_back_button.click()
    back = seat.page
    assert isinstance(back, CannotGetInPage)
    seat.chosen_file = str(copy)
    back.choose_button.click()
    back.old_passphrase.line.setText("not the one at all")
    back.backup_button.click()
    seat.qtbot.waitUntil(lambda: "This passphrase is not right" in back.trouble.text.text(), timeout=PATIENCE)
    back.old_passphrase.line.setText(PASSPHRASE)
    back.backup_button.click()
    with seat.office.desk.store.read() as connection:
        assert count_people(connection) == 1
    seat.office.window.lock()
    assert seat.lock_page.who.combo.currentText() == "Rowan Okafor"


def test_the_recovery_key_brings_a_backup_of_a_lost_laptop_back_from_the_welcome_page(seat: Seat, tmp_path: Path) -> None:
    office = seat.set_up()
    add_person(office.desk, {"preferred_name": "Ada"})
    copy = office.vault.back_up(office.unlocked.key, tmp_path / "stick")
    office.window.lock()
    shutil.rmtree(office.vault.folder)
    seat.leave()
    seat.program = seat._start(practice=False)
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.bring_back_button.click()
    back = seat.page
    assert isinstance(back, CannotGetInPage)
    back.backup_with_key_button.click()
    assert back.summary.isVisible()
    seat.chosen_file = str(copy)
    back.choose_button.click()
    back.recovery.value = seat.recovery_key.lower()
    back.passphrase.line.setText("seven quiet kettles Urmston")
    back.again.line.setText("seven quiet kettles Urmston")
    back.backup_with_key_button.click()
    with seat.office.desk.store.read() as connection:
        assert count_people(connection) == 1
    seat.office.window.lock()
    assert seat.unlock("seven quiet kettles Urmston").unlocked.worker_name == "Rowan Okafor"


def test_signing_off_takes_the_keys_at_once_and_the_file_when_it_is_closed(seat: Seat) -> None:
    office = seat.set_up()
    folder = office.vault.folder
    # beside the window, as a round with the server does
    beside = threading.Thread(target=office._sign_off, args=(None,))
    beside.start()
    beside.join()
    assert list(folder.rglob("header.json")) == []
    # still open: some systems delete no file that is open
    assert office.vault.path.exists()
    seat.qtbot.waitUntil(lambda: seat.program.office is None and bool(seat.restarts), timeout=PATIENCE)
    assert not folder.exists()


def test_after_a_change_of_key_that_was_cut_off_a_new_recovery_key_is_asked_for(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = seat.set_up()
    vault = office.vault
    assert not office.window.trouble.isVisible()
    seat.program.lock()

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ewb_desktop.storage.vault.backups.back_up", power_cut)
        with pytest.raises(KeyboardInterrupt):
            vault.change_key(PASSPHRASE)
    trouble = seat.unlock().window.trouble
    assert trouble.isVisible()
    assert trouble.title.text() == "You need a new recovery key"
    assert "Make a new recovery key in Settings" in trouble.text.text()


@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "The disk of this laptop is full."), (errno.EIO, "did not answer")]
)
def test_a_save_that_failed_for_the_disk_is_told_as_that_and_never_as_kept(seat: Seat, number: int, sentence: str) -> None:
    office = seat.set_up()
    seat.program.tell_fault(OSError(number, "the system's own words"))
    seat.qtbot.waitUntil(office.window.trouble.isVisible, timeout=PATIENCE)
    assert sentence in office.window.trouble.text.text()
    assert "was not saved" in office.window.trouble.text.text()
    assert "is still on this page" in office.window.trouble.text.text()


def test_the_passphrase_can_be_changed_in_settings(seat: Seat) -> None:
    window = seat.set_up().window
    window.show_page(ToSettings())
    page = shown(window, SettingsPage)
    page.presenter.change_passphrase(PASSPHRASE, "copper lantern meadow biscuit", "copper lantern meadow biscuit")
    done = page.findChild(Text, "settings-passphrase-done")
    assert isinstance(done, Text)
    seat.qtbot.waitUntil(lambda: "is changed" in done.text(), timeout=PATIENCE)
    window.lock()
    assert seat.unlock("copper lantern meadow biscuit").window.isVisible()


def test_settings_are_worn_at_once_and_kept(seat: Seat) -> None:
    window = seat.set_up().window
    window.show_page(ToSettings())
    page = shown(window, SettingsPage)
    page.presenter.change_look("dark", 150)
    window.lock()
    assert (seat.program.settings.scheme, seat.program.settings.text_size) == ("dark", 150)
    assert seat.lock_page.palette().window().color().name() == "#161d21"


def test_a_wrong_passphrase_is_never_taken_for_a_new_recovery_key(seat: Seat) -> None:
    office = seat.set_up()
    with pytest.raises(WrongPassphrase):
        office.choices().check_passphrase("something else entirely")
    assert isinstance(office.vault, Vault)


def test_another_place_is_today_s_place_at_once_and_after_a_lock(seat: Seat) -> None:
    office = seat.set_up()
    office.window.show_page(ToSettings())
    shown(office.window, SettingsPage).presenter.add_place("St Mary's Hall", "m32 0th")
    assert office.window.top.place.text() == "St Mary's Hall"
    assert office.desk.place is not None
    add_person(office.desk, {"preferred_name": "Ada"})
    office.window.lock()
    assert seat.unlock().window.top.place.text() == "St Mary's Hall"


def test_a_leaflet_can_be_chosen_without_unlocking_and_the_way_back_is_one_key(seat: Seat) -> None:
    seat.set_up().window.lock()
    seat.lock_page.leaflet_button.click()
    page = seat.page
    assert isinstance(page, LeafletsPage)
    page.back.emit()
    assert seat.lock_page.isVisible()
