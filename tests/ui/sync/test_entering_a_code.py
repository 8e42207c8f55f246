"""The form of a code on Send and receive: joining for the first time, and joining again, with a real server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.exchange.laptops import colleagues_laptops
from ewb_desktop.storage.exchange.sync_state import note_enrolment, read_enrolment
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToSync
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.sync.presenter import SyncPresenter
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from sync.server.admission.roster import laptops
from tests.support.connected import ADDRESS, AREA, House
from tests.support.desks import library
from tests.support.servers import ORGANISATION
from tests.ui.sync.test_sync import background, forgotten_with_unsent_work, found, new_code, sit, words_on

__all__ = ["background"]


@pytest.mark.parametrize("with_key", [False, True], ids=["button", "Escape"])
def test_joining_again_can_be_left_as_it_was(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path, with_key: bool
) -> None:
    sitting = sit(qtbot, background, centre.join("Rowan Oak"), tmp_path / "copy.ewb-outbox")
    sitting.page.activateWindow()
    qtbot.waitUntil(sitting.page.isActiveWindow)
    again, code = found(sitting.page, Button, "sync.join-again"), found(sitting.page, TextField, "sync.code")
    again.click()
    code.value = "stretford-7K2QD"
    assert code.isVisible()
    if with_key:
        QTest.keyClick(code.line, Qt.Key.Key_Escape)
    else:
        found(sitting.page, Button, "sync.join-cancel").click()
    assert (code.isVisible(), code.value, again.isVisible()) == (False, "", True)
    assert sitting.page.focusWidget() is again


def test_a_laptop_that_has_to_join_is_offered_no_way_out_of_it(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    sitting = sit(qtbot, background, forgotten_with_unsent_work(centre), tmp_path / "copy.ewb-outbox")
    assert found(sitting.page, Button, "sync.join").isVisible()
    assert not found(sitting.page, Button, "sync.join-cancel").isVisible()


def test_a_laptop_bears_its_name_before_the_server_has_listed_it(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    told = [label.accessibleName() for label in sitting.page.findChildren(QLabel)]
    assert f"This laptop: {enrolment.laptop_name}" in told
    assert "This laptop: Joined" not in told
    assert "Send and receive to hear of others." in words_on(sitting.page)
    rowan.sync()
    sitting.page.opened(ToSync())
    assert "to hear of others" not in words_on(sitting.page)


def test_an_empty_form_says_what_is_missing(qtbot: QtBot, background: Background, centre: House, tmp_path: Path) -> None:
    sitting = sit(qtbot, background, centre.newcomer("Ines Vale"))
    found(sitting.page, Button, "sync.join").click()
    assert "Type the code that your administrator gave you." in found(sitting.page, TextField, "sync.code").error.text()


def test_an_address_without_encryption_is_not_asked(qtbot: QtBot, background: Background, centre: House) -> None:
    sitting = sit(qtbot, background, centre.newcomer("Ines Vale"))
    found(sitting.page, TextField, "sync.address").value = "http://sync.example.org"
    found(sitting.page, TextField, "sync.code").value = "stretford-AAAAA-BBBBB-CCCCC"
    found(sitting.page, Button, "sync.join").click()
    qtbot.waitUntil(lambda: "https://" in found(sitting.page, TextField, "sync.address").error.text())


def test_a_fingerprint_that_is_none_is_told_at_its_field(qtbot: QtBot, background: Background, centre: House) -> None:
    sitting = sit(qtbot, background, centre.newcomer("Ines Vale"))
    found(sitting.page, TextField, "sync.address").value = "https://venue.local:8461"
    found(sitting.page, TextField, "sync.code").value = "stretford-AAAAA-BBBBB-CCCCC"
    typed = found(sitting.page, TextField, "sync.fingerprint")
    typed.value = "abcd abcd"
    found(sitting.page, Button, "sync.join").click()
    qtbot.waitUntil(lambda: "32 letters and figures" in typed.error.text())


def test_a_code_lets_the_laptop_in_and_a_wrong_one_is_told_at_its_field(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    invitation = centre.server.invite("Ines Vale", "connector", [AREA])
    sitting = sit(qtbot, background, centre.newcomer("Ines Vale"))
    found(sitting.page, TextField, "sync.address").value = ADDRESS
    code = found(sitting.page, TextField, "sync.code")
    code.value = "stretford-AAAAA-BBBBB-CCCCC"
    found(sitting.page, Button, "sync.join").click()
    qtbot.waitUntil(lambda: "This code is wrong" in code.error.text())
    code.value = invitation.code.lower()
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.join").click()
    assert [joined.worker for joined in sitting.joined] == [invitation.worker]
    assert "Everything is sent" in words_on(sitting.page)


def test_the_name_that_a_worker_gives_her_laptop_is_read_by_colleagues_and_the_administrator(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    invitation, grace = centre.server.invite("Ines Vale", "connector", [AREA]), centre.join("Grace Lamb")
    sitting = sit(qtbot, background, centre.newcomer("Ines Vale"))
    name = found(sitting.page, TextField, "sync.laptop")
    # whose page it is is called Rowan Oak here
    assert name.value == "Rowan's laptop"
    name.value = "The blue\u200b one"
    found(sitting.page, TextField, "sync.address").value = ADDRESS
    found(sitting.page, TextField, "sync.code").value = invitation.code
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.join").click()
    sitting.laptop.sync()
    sitting.page.opened(ToSync())
    qtbot.waitUntil(lambda: "The blue one" in words_on(sitting.page))
    grace.sync()
    with grace.store.read() as connection:
        assert [card.name for card in colleagues_laptops(connection, grace.store.device)] == ["The blue one"]
    listed = centre.server.do(lambda c: laptops(c, ORGANISATION))
    assert [laptop.name for laptop in listed if laptop.worker == "Ines Vale"] == ["The blue one"]


def test_a_laptop_that_the_server_does_not_know_enters_a_new_code_and_sends_what_it_kept(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = forgotten_with_unsent_work(centre)
    sitting = sit(qtbot, background, rowan)
    assert "Ask your administrator for a new code." in words_on(sitting.page)
    assert found(sitting.page, TextField, "sync.address").value == ADDRESS
    code = found(sitting.page, TextField, "sync.code")
    assert code.isVisible()
    code.value = new_code(centre, rowan)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.join").click()
    assert [joined.worker for joined in sitting.joined] == [rowan.store.author]
    assert "Everything is sent" in words_on(sitting.page)
    assert not code.isVisible()
    names = centre.server.do(lambda c: c.exec_driver_sql("SELECT fields FROM record WHERE entity = 'person'").scalars().all())
    assert len(names) == 1


def test_a_laptop_that_has_joined_joins_again_on_request_at_another_address(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    code, address = found(sitting.page, TextField, "sync.code"), found(sitting.page, TextField, "sync.address")
    assert not code.isVisible()
    found(sitting.page, Button, "sync.join-again").click()
    assert code.isVisible()
    assert not found(sitting.page, Button, "sync.join-again").isVisible()
    moved = "http://localhost:8461"
    address.value, code.value = moved, new_code(centre, rowan)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.join").click()
    with rowan.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    assert enrolment.address == moved
    assert not code.isVisible()


def test_an_address_that_stays_keeps_what_it_is_trusted_by(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    trusted = f"https://venue.local:8461#{'ab' * 16}"
    with rowan.store.write() as writing:
        enrolment = read_enrolment(writing.connection)
        assert enrolment is not None
        note_enrolment(writing, replace(enrolment, address=trusted))
    asked: list[str] = []

    def open_wire(address: str, credential: str | None) -> Wire:
        asked.append(address)
        return rowan.open_wire(ADDRESS, credential)

    view = SyncPage()
    qtbot.addWidget(view)
    desk = Desk(rowan.store, rowan.clock, Worker(rowan.store.author, "Rowan Oak", "connector"), library(), AREA)
    heartbeat = Heartbeat(rowan.store, rowan.engine, background)
    presenter = SyncPresenter(desk, view, heartbeat, lambda work, _done, _failed: work(), lambda _joined: None, open_wire)
    presenter.join("https://venue.local:8461", new_code(centre, rowan))
    assert asked == [trusted]
