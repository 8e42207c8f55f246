"""The form of who joins with a code: a pasted invitation fills it in, and what the server did not take is told at its field."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.syncing.authorities import read_authority
from ewb_desktop.syncing.troubles import (
    EncryptedOnly,
    NoLine,
    NoWholeCode,
    OtherCertificate,
    PlainServer,
    RoundFailed,
    UntrustedServer,
    WrongCode,
    WrongFingerprint,
)
from ewb_desktop.ui.firstrun.page import FirstRunPage, build
from ewb_desktop.ui.joining_words import first_words
from sync.invitation import line_of
from tests.support.certificates import make_authority
from tests.support.desks import library
from tests.support.doors import RIGHT, MadeUpDoors, run_now

CODE = "stretford-7K2QD-M41XA-90HTB"
PRINT = "0123456789abcdef0123456789abcdef"


def form(qtbot: QtBot, doors: MadeUpDoors, authority: Path | None = None) -> FirstRunPage:
    def choose(_parent: QWidget) -> Path | None:
        return authority

    page = build(
        doors, run_now, lambda _opened: None, lambda: "", lambda _key: "", library().list("roles"),
        enrol=True, choose_authority=choose,
    )  # fmt: skip
    qtbot.addWidget(page)
    page.resize(900, 660)
    page.show()
    page.name.value, page.server.value, page.code.value = "Rowan Oak", "https://ewb.example.org", CODE
    page.passphrase.line.setText(RIGHT)
    page.again.line.setText(RIGHT)
    return page


def joined_with(doors: MadeUpDoors) -> tuple[str, ...]:
    return next(tried[3:] for tried in doors.tried if tried[0] == "make")


def test_a_pasted_invitation_fills_in_address_and_code(qtbot: QtBot) -> None:
    doors = MadeUpDoors()
    page = form(qtbot, doors)
    page.code.value = page.server.value = ""
    QGuiApplication.clipboard().setText(line_of("https://venue.local:8461", CODE, PRINT))
    page.code.line.paste()
    page.make_button.click()
    address, code = joined_with(doors)
    assert (address.replace(" ", ""), code) == (f"https://venue.local:8461#{PRINT}", CODE)


def test_a_typed_fingerprint_goes_with_the_address_before_an_authority(qtbot: QtBot, tmp_path: Path) -> None:
    doors, file = MadeUpDoors(), make_authority().write(tmp_path / "authority.pem")
    page = form(qtbot, doors, file)
    page.authority.input.click()  # type: ignore[union-attr]
    page.fingerprint.value = PRINT
    page.make_button.click()
    assert joined_with(doors)[0] == f"https://ewb.example.org#{PRINT}"


def test_a_fingerprint_that_cannot_be_one_is_told_where_it_is_typed(qtbot: QtBot) -> None:
    page = form(qtbot, MadeUpDoors(failure=WrongFingerprint()))
    page.make_button.click()
    assert first_words(WrongFingerprint()) in page.fingerprint.error.text()


def test_a_chosen_authority_goes_with_the_address(qtbot: QtBot, tmp_path: Path) -> None:
    doors, file = MadeUpDoors(), make_authority().write(tmp_path / "authority.pem")
    page = form(qtbot, doors, file)
    page.authority.input.click()  # type: ignore[union-attr]
    page.make_button.click()
    assert joined_with(doors)[0] == f"https://ewb.example.org#{read_authority(file.read_bytes()).behind}"


@pytest.mark.parametrize(
    ("trouble", "field"),
    [
        (WrongCode(), "code"),
        (NoWholeCode(), "code"),
        (UntrustedServer(), "fingerprint"),
        (OtherCertificate(), "fingerprint"),
        (PlainServer(), "server"),
        (EncryptedOnly(), "server"),
    ],
)
def test_what_was_not_taken_is_told_at_its_field_and_where_the_keyboard_is(
    qtbot: QtBot, trouble: RoundFailed, field: str
) -> None:
    page = form(qtbot, MadeUpDoors(failure=trouble))
    page.make_button.click()
    assert first_words(trouble) in getattr(page, field).error.text()
    assert page.focusWidget() is page.summary
    assert first_words(trouble) in page.summary.accessibleDescription()


def test_a_line_that_is_not_there_is_told_where_the_keyboard_is(qtbot: QtBot) -> None:
    page = form(qtbot, MadeUpDoors(failure=NoLine()))
    page.make_button.click()
    assert page.focusWidget() is page.trouble
    assert first_words(NoLine()) in page.trouble.accessibleDescription()


def test_the_laptop_is_called_after_its_worker_as_she_types_her_name(qtbot: QtBot) -> None:
    doors = MadeUpDoors()
    page = form(qtbot, doors)
    page.name.value = ""
    QTest.keyClicks(page.name.line, "Ada Lark")
    assert page.laptop.value == "Ada's laptop"
    page.make_button.click()
    assert doors.laptops == ["Ada's laptop"]


def test_a_name_that_the_worker_gave_her_laptop_stays(qtbot: QtBot) -> None:
    doors = MadeUpDoors()
    page = form(qtbot, doors)
    QTest.keyClicks(page.laptop.line, "The blue one")
    QTest.keyClicks(page.name.line, "s")
    page.make_button.click()
    assert doors.laptops == ["The blue one"]


def test_a_laptop_whose_name_was_taken_away_is_called_after_its_worker(qtbot: QtBot) -> None:
    doors = MadeUpDoors()
    page = form(qtbot, doors)
    page.laptop.value = ""
    page.make_button.click()
    assert doors.laptops == ["Rowan's laptop"]


@pytest.mark.parametrize("enrol", [True, False])
def test_the_form_goes_as_a_whole_with_the_fields_it_did_not_show(qapp: QApplication, enrol: bool) -> None:
    stood = set(QApplication.topLevelWidgets())
    page = build(MadeUpDoors(), run_now, lambda _opened: None, lambda: "", lambda _key: "", library().list("roles"), enrol=enrol)
    made = set(QApplication.topLevelWidgets()) - stood
    assert [widget for widget in made if widget.parentWidget() is None] == [page]
    made.clear()
    gone = weakref.ref(page)
    page.deleteLater()
    del page
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None
