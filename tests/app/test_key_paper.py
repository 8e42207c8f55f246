"""The recovery key on paper: exactly the key, nobody's name, and a plain word when it did not print."""

from __future__ import annotations

import re
from pathlib import Path

import page as page_validation
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.app.key_paper import print_key
from ewb_desktop.storage.file.recovery_key import read_recovery_key
from ewb_desktop.ui.firstrun.page import FirstRunPage
from ewb_desktop.ui.firstrun.renewal import RenewalPage
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from tests.support.clock import HandClock
from tests.support.doors import RECOVERY_KEY
from tests.support.leaflet_desk import PaperTray
from tests.support.leaflet_orders import RESOURCES
from tests.support.programs import PASSPHRASE, PATIENCE, Seat
from tests.support.tags import flat, read_tags


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def letters_on(pdf: bytes) -> str:
    """Return what stands on the paper without blanks and without the numbers of the groups."""
    return re.sub(r"Group \d", "", flat(read_tags(pdf).text)).replace(" ", "")


def test_every_group_stands_on_the_paper_in_its_order(tray: PaperTray) -> None:
    print_key(RESOURCES, tray, HandClock(), RECOVERY_KEY)
    ((pdf, title, copies),) = tray.printed
    assert RECOVERY_KEY.replace("-", "") in letters_on(pdf)
    assert title == "Recovery key"
    assert copies == 1


def test_the_paper_has_no_fault_of_pdf_ua(tray: PaperTray) -> None:
    print_key(RESOURCES, tray, HandClock(), RECOVERY_KEY)
    assert [failure.message for failure in page_validation.validate_pdf_bytes(tray.printed[0][0]).failures] == []


def test_a_printer_that_takes_nothing_is_told_and_the_key_can_be_written_down(tmp_path: Path) -> None:
    said = print_key(RESOURCES, PaperTray(tmp_path, takes=0), HandClock(), RECOVERY_KEY)
    assert "was not printed" in said
    assert "write the key down" in said


def test_the_first_start_prints_the_key_that_opens_the_file_and_names_nobody(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    seat = Seat(qtbot, tmp_path)
    welcome = seat.page
    assert isinstance(welcome, WelcomePage)
    welcome.set_up_button.click()
    form = seat.page
    assert isinstance(form, FirstRunPage)
    form.name.value = "Rowan Okafor"
    form.role.value = "connector"
    form.passphrase.line.setText(PASSPHRASE)
    form.again.line.setText(PASSPHRASE)
    form.make_button.click()
    qtbot.waitUntil(lambda: bool(form.key.words.text()), timeout=PATIENCE)
    form.key.print_button.click()
    assert "at the printer" in form.key.said.text()
    printed = flat(read_tags(seat.tray.printed[0][0]).text)
    groups = form.key.words.text().split()
    assert "".join(groups) in letters_on(seat.tray.printed[0][0])
    assert read_recovery_key("-".join(groups))
    assert "Rowan" not in printed
    seat.leave()


def test_a_new_key_can_be_printed(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(qtbot, tmp_path)
    seat.set_up()
    seat.program.renew_key(PASSPHRASE)
    page = seat.page
    assert isinstance(page, RenewalPage)
    qtbot.waitUntil(lambda: bool(page.key.words.text()), timeout=PATIENCE)
    page.key.print_button.click()
    assert "".join(page.key.words.text().split()) in letters_on(seat.tray.printed[0][0])
    seat.leave()
