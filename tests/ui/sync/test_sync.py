"""The page of sending and receiving, with a real server: joining, sending, choosing, and what the server did not take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.digests import read_check
from ewb_desktop.storage.journal import counts
from ewb_desktop.storage.laptops import colleagues_laptops
from ewb_desktop.storage.sync_state import note_enrolment, read_enrolment
from ewb_desktop.storage.tables import Need, Person, table
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.enrol import Joined
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToConflicts, ToSync
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.sync.checking import check_words
from ewb_desktop.ui.sync.page import build
from ewb_desktop.ui.sync.presenter import SyncPresenter
from ewb_desktop.ui.sync.view import SyncPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import TextField
from sync import outbox
from sync.protocol.errors import REFUSAL_WORDS, Refusal
from sync.server import tables as server_tables
from sync.server.outboxes import take_outbox
from sync.server.people import invite_again
from sync.server.roster import laptops
from tests.support.connected import ADDRESS, AREA, Connected, House
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.servers import ORGANISATION

Widget = TypeVar("Widget", bound=QWidget)


@dataclass(slots=True)
class Sitting:
    """A worker at the page."""

    laptop: Connected
    desk: Desk
    heartbeat: Heartbeat
    background: Background
    page: Page
    joined: list[Joined]


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(3000)


def sit(qtbot: QtBot, background: Background, laptop: Connected, copy: Path | None = None, role: str = "connector") -> Sitting:
    desk = Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Rowan Oak", role), library(), AREA)
    heartbeat = Heartbeat(laptop.store, laptop.engine, background)
    feed, joined = Feed(), list[Joined]()
    laptop.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk, feed, heartbeat, background, joined.append, lambda _parent: copy, laptop.open_wire)
    # a round that is tried again later must not find the file closed
    qtbot.addWidget(page, before_close_func=lambda _page: heartbeat.stop())
    page.resize(1160, 660)
    page.show()
    page.opened(ToSync())
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    return Sitting(laptop, desk, heartbeat, background, page, joined)


def found(page: Page, kind: type[Widget], name: str) -> Widget:
    widget = page.findChild(kind, name)
    assert isinstance(widget, kind)
    return widget


def words_on(page: Page) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def clash(centre: House) -> tuple[Connected, Connected, str]:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina", safe_to_call="yes"))
    rowan.sync()
    grace.sync()
    for laptop, said in ((rowan, "no"), (grace, "mornings only")):
        with laptop.store.write() as writing:
            writing.edit(Person, person, safe_to_call=said)
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    return rowan, grace, person


def hold_a_change(laptop: Connected) -> None:
    with laptop.store.write() as writing:
        writing.add(Person(area="somewhere else", preferred_name="Bo"))
    laptop.sync()


def test_send_and_receive_now_sends_and_says_so(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Amina"))
    sitting = sit(qtbot, background, rowan)
    assert "1 change to send" in words_on(sitting.page)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.send").click()
    assert "Everything is sent. Last exchange today 14:05." in words_on(sitting.page)


def test_offline_is_told_in_words(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.line.is_unplugged = True
    sitting = sit(qtbot, background, rowan)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.send").click()
    told = words_on(sitting.page)
    assert "Working offline" in told
    assert "Your work is safe here" in told
    assert "Tries again in less than a minute" in told


def test_two_answers_are_told_and_lead_to_choosing(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, _grace, _person = clash(centre)
    sitting = sit(qtbot, background, rowan)
    told = words_on(sitting.page)
    assert "1 question has two answers" in told
    with qtbot.waitSignal(sitting.page.go) as asked:
        found(sitting.page, Button, "sync.choose").click()
    assert asked.args == [ToConflicts()]


def test_what_was_not_taken_is_told_with_its_reason_and_can_be_saved_and_sent_again(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_change(rowan)
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    assert "About a member: Bo" in words_on(sitting.page)
    assert "Your role or area does not allow this change" in words_on(sitting.page)
    with qtbot.waitSignal(sitting.page.said):
        found(sitting.page, Button, "sync.copy").click()
    sealed = (tmp_path / "copy.ewb-outbox").read_bytes()
    assert b"preferred_name" not in sealed
    kept = centre.server.do(lambda connection: connection.execute(server_tables.device.select()).one().credential_hash)
    assert [change.fields["preferred_name"] for change in outbox.unseal(sealed, kept).changes] == ["Bo"]
    centre.server.do(lambda connection: connection.execute(server_tables.worker.update().values(areas='["*"]')))
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.again").click()
    with rowan.store.read() as connection:
        assert counts(connection).to_send == 0


def test_what_waits_for_a_change_that_was_not_taken_is_told_with_why(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Bo", contact_note="x" * 200_000))
        writing.add(Need(area=AREA, person=person))
    rowan.sync()
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    qtbot.waitUntil(lambda: "1 change (1 waits for another that was not taken)" in words_on(sitting.page))


def test_what_is_refused_once_more_after_a_try_is_told_so(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_change(rowan)
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    said: list[str] = []
    sitting.page.said.connect(said.append)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.again").click()
    qtbot.waitUntil(lambda: "About a member: Bo" in words_on(sitting.page))
    assert said == ["It is sent again now.", "The server did not take it this time either. Why stands beside it."]


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


def test_checking_keeps_the_keyboard_where_it_is(qtbot: QtBot, background: Background, centre: House, tmp_path: Path) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.sync()
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    check = found(sitting.page, Button, "sync.check")
    check.setFocus()
    with qtbot.waitSignal(sitting.page.said) as told:
        check.click()
        assert (check.words(), sitting.page.focusWidget()) == ("Checking", check)
    assert told.args == ["Everything on this laptop is as it is on the server."]
    assert sitting.page.focusWidget() is check


def test_what_was_brought_for_a_lost_laptop_is_told_saved_for_the_administrator_and_sent_again(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    with grace.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Bo"))
    handing.take_in(rowan.store, handing.pack(grace.store, rowan.store.device).file)
    centre.server.revoke(grace.store.device)
    rowan.sync()
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    assert "About a member: Bo, from Grace Lamb" in words_on(sitting.page)
    assert REFUSAL_WORDS[Refusal.SIGNED_OFF] in words_on(sitting.page)
    with qtbot.waitSignal(sitting.page.said):
        found(sitting.page, Button, "sync.copy").click()
    sealed = (tmp_path / "copy.ewb-outbox").read_bytes()
    assert b"preferred_name" not in sealed
    assert (tmp_path / "copy.ewb-outbox").stat().st_mode & 0o077 == 0
    taken = centre.server.do(lambda c: take_outbox(c, ORGANISATION, sealed, centre.server.at[0], 128 << 10))
    assert (taken.worker, taken.new) == ("Rowan Oak", 1)
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.again").click()
    assert "Everything is sent" in words_on(sitting.page)
    assert not found(sitting.page, QWidget, "sync.held").isVisible()


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


def new_code(centre: House, laptop: Connected) -> str:
    again = centre.server.do(lambda c: invite_again(c, ORGANISATION, laptop.store.author, centre.server.at[0]))
    return again.code


def forgotten_with_unsent_work(centre: House) -> Connected:
    """Lend a laptop that the server does not know any more, with one change to send."""
    rowan = centre.join("Rowan Oak")
    rowan.sync()
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Amina"))
    centre.server.do(lambda c: c.execute(server_tables.device.update().values(credential_hash="0" * 64)))
    rowan.engine.run()
    return rowan


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


def test_what_is_on_the_laptop_is_checked_on_request_and_told_in_words(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
    rowan.sync()
    sitting = sit(qtbot, background, rowan)
    check = found(sitting.page, Button, "sync.check")
    with qtbot.waitSignal(sitting.page.said) as said:
        check.click()
    assert said.args == ["Everything on this laptop is as it is on the server."]
    with rowan.store.read() as connection:
        assert check_words(read_check(connection), rowan.clock.today()) == "Today 14:05: all as on the server"
    with rowan.store.write() as writing, writing.echo():
        writing.connection.exec_driver_sql("DELETE FROM person")
    with qtbot.waitSignal(sitting.page.said):
        check.click()
    assert "1 record on this laptop did not match the server and came again" in words_on(sitting.page)
    with rowan.store.read() as connection:
        assert connection.execute(select(table(Person).c.id)).scalars().all() == [person]
    rowan.line.is_unplugged = True
    with qtbot.waitSignal(sitting.page.said) as said:
        check.click()
    assert said.args is not None
    assert "Your work is safe here" in said.args[0]
    assert check.isEnabled()


@in_every_look
@pytest.mark.parametrize("state", ["busy", "not-joined", "not-known"])
def test_the_page_has_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look, state: str) -> None:
    if state == "not-known":
        laptop = forgotten_with_unsent_work(centre)
    elif state == "busy":
        laptop, _grace, _person = clash(centre)
        hold_a_change(laptop)
        laptop.line.is_unplugged = True
        laptop.engine.run()
    else:
        laptop = centre.newcomer("Ines Vale")
    expect_accessible(qtbot, look, lambda: sit(qtbot, background, laptop).page)
