"""A new worker's first ten minutes: from the welcome, by the keyboard where it matters, to a member on the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.crisis.view import CrisisView
from ewb_desktop.ui.destinations import ToHelp
from ewb_desktop.ui.firstrun.page import FirstRunPage
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from ewb_desktop.ui.help.view import HelpView
from tests.support.programs import PASSPHRASE, PATIENCE, Seat

CODE = "stretford-7K2QD-M41XA-90HTB"


@pytest.fixture
def seat(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    sitting = Seat(qtbot, tmp_path)
    yield sitting
    sitting.leave()


def first_form(seat: Seat) -> FirstRunPage:
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.set_up_button.click()
    form = seat.page
    assert isinstance(form, FirstRunPage)
    return form


def test_larger_text_is_worn_while_it_is_chosen(seat: Seat) -> None:
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    before = welcome.set_up_button.fontMetrics().height()
    welcome.text_size.rows[3].click()
    seat.qtbot.waitUntil(lambda: welcome.set_up_button.fontMetrics().height() > 1.8 * before)
    assert seat.program.settings.text_size == 200


def test_crisis_help_is_one_key_away_before_anything_is_set_up(seat: Seat) -> None:
    gate = seat.program.gate
    assert gate is not None
    QTest.keyClick(gate, Qt.Key.Key_F2)
    assert isinstance(seat.page, CrisisView)
    QTest.keyClick(seat.page, Qt.Key.Key_Escape)
    assert isinstance(seat.page, WelcomePage)


def test_what_is_missing_is_said_at_each_field_and_nothing_is_lost(seat: Seat) -> None:
    form = first_form(seat)
    form.name.value = "Rowan Okafor"
    form.passphrase.line.setText("password")
    form.make_button.click()
    assert not form.summary.isHidden()
    assert form.role.error.text() == "Error: Choose what you do."
    assert "too short" in form.passphrase.error.text()
    assert form.name.value == "Rowan Okafor"
    assert form.name.error.isHidden()


def test_the_recovery_key_must_be_typed_back_before_the_program_opens(seat: Seat, tmp_path: Path) -> None:
    form = first_form(seat)
    form.name.value, form.role.value = "Rowan Okafor", "connector"
    form.passphrase.line.setText(PASSPHRASE)
    form.again.line.setText(PASSPHRASE)
    QTest.keyClick(form.again.line, Qt.Key.Key_Return)
    seat.qtbot.waitUntil(lambda: bool(form.key.words.text()), timeout=PATIENCE)
    groups = form.key.words.text().split()
    form.key.first.value, form.key.second.value = groups[2], "AAAAA"
    form.key.confirm_button.click()
    assert "group 6" in form.key.second.error.text()
    assert seat.program.office is None
    seat.chosen_file = str(tmp_path / "key.txt")
    form.key.save_button.click()
    assert "-".join(groups) in (tmp_path / "key.txt").read_text("utf-8")
    form.key.second.value = groups[5]
    form.key.confirm_button.click()
    assert seat.office.desk.worker.name == "Rowan Okafor"


def test_a_name_that_is_here_already_is_told_and_the_form_stays_filled(seat: Seat) -> None:
    seat.set_up("Rowan Okafor").window.lock()
    seat.lock_page.new_worker_button.click()
    form = first_form(seat)
    form.name.value, form.role.value = "rowan okafor", "volunteer"
    form.passphrase.line.setText("copper lantern meadow biscuit")
    form.again.line.setText("copper lantern meadow biscuit")
    form.make_button.click()
    seat.qtbot.waitUntil(lambda: not form.trouble.isHidden(), timeout=PATIENCE)
    assert "already" in form.trouble.text.text()
    assert form.name.value == "rowan okafor"


def test_a_server_that_cannot_be_reached_leaves_no_half_made_worker(seat: Seat) -> None:
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.enrol_button.click()
    form = seat.page
    assert isinstance(form, FirstRunPage)
    form.name.value, form.server.value, form.code.value = "Rowan Okafor", "http://127.0.0.1:9", CODE
    form.passphrase.line.setText(PASSPHRASE)
    form.again.line.setText(PASSPHRASE)
    form.make_button.click()
    seat.qtbot.waitUntil(lambda: not form.trouble.isHidden(), timeout=PATIENCE)
    assert form.code.value == CODE
    assert list((seat.folder / "work" / "data" / "workers").iterdir()) == []


def test_practice_is_offered_and_starts_apart_from_the_records(seat: Seat) -> None:
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.practice_button.click()
    assert seat.restarts == [True]
    assert seat.office.around.practice
    assert not (seat.folder / "work" / "data").exists()


def test_the_list_of_keys_is_made_from_the_window_s_own_actions(seat: Seat) -> None:
    window = seat.set_up().window
    window.show_page(ToHelp("keys"))
    page = window.page
    assert isinstance(page, HelpView)
    words = page.card.findChildren(type(page.card.hint))
    told = {label.text() for label in words}
    assert {"F2", "Crisis help", "Ctrl+L", "Lock now"} <= told
