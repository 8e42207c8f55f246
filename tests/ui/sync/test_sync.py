"""The page of sending and receiving, with a real server: joining, sending, choosing, and what the server did not take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.exchange.journal import counts, quarantined
from ewb_desktop.storage.exchange.sync_state import note_enrolment, read_enrolment, read_progress
from ewb_desktop.storage.holding.sealed_files import THERE_ALREADY
from ewb_desktop.storage.settling.copied import copied_and_held
from ewb_desktop.storage.settling.digests import read_check
from ewb_desktop.storage.settling.held import held_record
from ewb_desktop.storage.tables import Need, Person, table
from ewb_desktop.syncing import handing
from ewb_desktop.syncing.enrol import Joined
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToConflicts, ToSync
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.sync.checking import check_words
from ewb_desktop.ui.sync.mending import question_of
from ewb_desktop.ui.sync.page import build
from ewb_desktop.ui.widgets.button import Button
from sync import outbox
from sync.protocol.errors import REFUSAL_WORDS, Refusal
from sync.server.admission.people import invite_again
from sync.server.database import tables as server_tables
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import AREA, Connected, House
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


def test_the_fingerprint_that_the_server_has_to_show_is_there_to_be_compared(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan = centre.join("Rowan Oak")
    sitting = sit(qtbot, background, rowan)
    qtbot.waitUntil(lambda: "Address" in words_on(sitting.page))
    assert "Fingerprint" not in words_on(sitting.page)
    with rowan.store.write() as writing:
        enrolment = read_enrolment(writing.connection)
        assert enrolment is not None
        note_enrolment(writing, replace(enrolment, address=f"{enrolment.address}#{'c2c21ca1' * 4}"))
    sitting.page.opened(ToSync())
    qtbot.waitUntil(lambda: "c2c2 1ca1 c2c2 1ca1 c2c2 1ca1 c2c2 1ca1" in words_on(sitting.page))


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
    opened = outbox.unseal(sealed, kept)
    changes = opened.changes
    with rowan.store.read() as connection:
        assert opened.epoch == read_progress(connection).epoch is not None
    assert [change.fields["preferred_name"] for change in changes] == ["Bo"]
    with rowan.store.read() as connection:
        assert copied_and_held(connection) == (changes[0].id,)
    centre.server.do(lambda connection: connection.execute(server_tables.worker.update().values(areas='["*"]')))
    with qtbot.waitSignal(sitting.heartbeat.ended):
        found(sitting.page, Button, "sync.again").click()
    with rowan.store.read() as connection:
        assert counts(connection).to_send == 0


def test_the_copy_holds_what_waits_for_what_was_not_taken_too(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Bo", contact_note="x" * 200_000))
        writing.add(Need(area=AREA, person=person))
    rowan.sync()
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    with qtbot.waitSignal(sitting.page.said):
        found(sitting.page, Button, "sync.copy").click()
    kept = centre.server.do(lambda connection: connection.execute(server_tables.device.select()).one().credential_hash)
    opened = outbox.unseal((tmp_path / "copy.ewb-outbox").read_bytes(), kept)
    assert [change.entity for change in opened.changes] == ["person", "need"]


def test_the_copy_is_not_written_over_a_colleagues_sealed_file(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.ewb-outbox"
    theirs.write_bytes(outbox.MARK + b"of a colleague")
    rowan = centre.join("Rowan Oak")
    hold_a_change(rowan)
    sitting = sit(qtbot, background, rowan, theirs)
    with qtbot.waitSignal(sitting.page.said) as said:
        found(sitting.page, Button, "sync.copy").click()
    assert (said.args, theirs.read_bytes()) == ([THERE_ALREADY], outbox.MARK + b"of a colleague")


def test_what_is_let_go_of_after_a_copy_was_saved_may_come_back_and_the_worker_is_told(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    hold_a_change(rowan)
    with rowan.store.read() as connection:
        (entry,) = quarantined(connection)
        before = held_record(connection, entry.id)
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    with qtbot.waitSignal(sitting.page.said):
        found(sitting.page, Button, "sync.copy").click()
    with rowan.store.read() as connection:
        after = held_record(connection, entry.id)
    assert before is not None
    assert after is not None
    assert "nobody else will ever see it" in question_of(before)
    assert "if they take that in, it comes back for everybody" in question_of(after)
    assert "nobody else will ever see it" not in question_of(after)


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


def test_of_several_that_are_refused_once_more_it_is_said_how_many(
    qtbot: QtBot, background: Background, centre: House, tmp_path: Path
) -> None:
    rowan = centre.join("Rowan Oak")
    for _ in range(2):
        hold_a_change(rowan)
    sitting = sit(qtbot, background, rowan, tmp_path / "copy.ewb-outbox")
    said: list[str] = []
    sitting.page.said.connect(said.append)
    found(sitting.page, Button, "sync.again").click()
    qtbot.waitUntil(lambda: said[1:] == ["The server did not take 2 of them this time either. Why stands beside each."])


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


def test_what_was_never_compared_is_not_called_the_same_as_on_the_server(
    centre: House,
) -> None:
    rowan = centre.join("Rowan Oak")
    rowan.sync()
    with rowan.store.read() as connection:
        # a day is counted from here
        assert read_check(connection).at is not None
        assert check_words(read_check(connection), rowan.clock.today()) == "Not yet"


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
