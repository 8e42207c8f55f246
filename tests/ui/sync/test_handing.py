"""Handing over to another laptop on the page of sending and receiving: for whom, what a file would change, and taking it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.domain.words import full_day
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.tables import Contact, Need, Person, Place, Visit
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToSync
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.sync.handing_card import HandingCard, named_parcel
from ewb_desktop.ui.sync.page import build
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.field import SelectField
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(3000)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Connected, Connected]]:
    """Two colleagues who know a member and each other's laptop; then the line is gone, and Rowan has written something."""
    with house(tmp_path) as centre:
        rowan, amina = centre.join("Rowan Oak"), centre.join("Amina Khan")
        with rowan.store.write() as writing:
            grace = writing.add(Person(area=AREA, preferred_name="Grace", telephone="0161 496 0001"))
        for each in (rowan, amina, rowan):
            each.sync()
        for each in (rowan, amina):
            each.line.is_unplugged = True
        with rowan.store.write() as writing:
            writing.edit(Person, grace, telephone="0161 496 0002", coordinator=rowan.store.author)
            bo = writing.add(Person(area=AREA, preferred_name="Bo"))
            writing.add(Need(area=AREA, person=bo, words="Somewhere warm"))
        yield rowan, amina


def sit(qtbot: QtBot, background: Background, laptop: Connected, file: Path) -> Page:
    return with_card(qtbot, background, laptop, HandingCard(lambda _parent: file, lambda _parent: file))[0]


def with_card(qtbot: QtBot, background: Background, laptop: Connected, handing: HandingCard) -> tuple[Page, Heartbeat]:
    desk = Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Somebody", "connector"), library(), AREA)
    heartbeat, feed = Heartbeat(laptop.store, laptop.engine, background), Feed()
    laptop.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk, feed, heartbeat, background, lambda _joined: None, None, laptop.open_wire, handing)
    qtbot.addWidget(page, before_close_func=lambda _page: heartbeat.stop())
    page.resize(1160, 900)
    page.show()
    page.opened(ToSync())
    page.setProperty("feed", feed)
    return page, heartbeat


def press(page: Page, name: str) -> None:
    button = page.findChild(Button, name)
    assert isinstance(button, Button)
    button.click()


def words_on(page: Page) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def shown_delivery(qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], file: Path) -> Page:
    rowan, amina = pair
    giving = sit(qtbot, background, rowan, file)
    with qtbot.waitSignal(giving.said):
        press(giving, "sync.hand-over")
    taking = sit(qtbot, background, amina, file)
    press(taking, "sync.take-in")
    qtbot.waitUntil(lambda: "From Rowan Oak" in words_on(taking))
    return taking


def test_work_goes_by_a_file_and_nothing_is_called_sent(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, _amina = pair
    file = tmp_path / "for-amina.ewb-parcel"
    page = sit(qtbot, background, rowan, file)
    receiver = page.findChild(SelectField, "sync.receiver")
    assert isinstance(receiver, SelectField)
    assert [receiver.combo.itemText(at) for at in range(receiver.combo.count())] == ["Amina Khan (Amina Khan's laptop)"]
    with qtbot.waitSignal(page.said) as said:
        press(page, "sync.hand-over")
    assert said.args == [
        "3 changes sealed for Amina Khan in the file for-amina.ewb-parcel. The changes wait here too until the server has them."
    ]
    assert file.exists()
    with rowan.store.read() as connection:
        assert counts(connection).to_send == 3


def test_what_stayed_out_of_a_file_stands_on_the_page_until_the_next_one(qtbot: QtBot) -> None:
    card, said = HandingCard(), list[str]()
    qtbot.addWidget(card)
    card.said.connect(said.append)
    card.show_laptops([("one", "Amina Khan")], [], is_shown=True, has_asked=True)
    left = "1 change is about what your colleague may not see, and stayed out."
    card.show_done("The file is made", "1 change sealed for Amina Khan in the file a.", left)
    shown = [part.text() for part in card.findChildren(QLabel) if part.isVisibleTo(card)]
    assert {"The file is made", "1 change sealed for Amina Khan in the file a.", left} <= set(shown)
    # the foot cuts the end of what it has no room for
    assert said[0].startswith(left)


def test_what_a_sealed_file_holds_stands_on_the_page(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    page = sit(qtbot, background, pair[0], tmp_path / "for-amina.ewb-parcel")
    with qtbot.waitSignal(page.said):
        press(page, "sync.hand-over")
    assert "3 changes sealed for Amina Khan in the file for-amina.ewb-parcel." in words_on(page)


def test_once_the_server_has_what_a_file_holds_the_page_says_so(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, _amina = pair
    page = sit(qtbot, background, rowan, tmp_path / "for-amina.ewb-parcel")
    with qtbot.waitSignal(page.said):
        press(page, "sync.hand-over")
    rowan.line.is_unplugged = False
    rowan.sync()
    qtbot.waitUntil(lambda: "The server has all of it by now." in words_on(page))
    assert "The changes wait here too" not in words_on(page)


def test_that_everything_is_sent_is_said_only_while_it_is(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, _amina = pair
    rowan.line.is_unplugged = False
    rowan.sync()
    page = sit(qtbot, background, rowan, tmp_path / "for-amina.ewb-parcel")
    with qtbot.waitSignal(page.said):
        press(page, "sync.hand-over")
    assert "No file was made: everything is sent already." in words_on(page)
    with rowan.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="Yusuf"))
    qtbot.waitUntil(lambda: "everything is sent already" not in words_on(page))


def test_of_several_laptops_the_one_that_is_meant_is_chosen_by_a_person(qtbot: QtBot, tmp_path: Path) -> None:
    card, asked = HandingCard(save=lambda _parent: tmp_path / "file.ewb-parcel"), list[str]()
    qtbot.addWidget(card)
    card.hand_over_asked.connect(lambda laptop, _path, _records: asked.append(laptop))
    card.show_laptops([("one", "Amina Khan"), ("two", "Grace Lamb")], [], is_shown=True, has_asked=True)
    receiver, hand = card.findChild(SelectField, "sync.receiver"), card.findChild(Button, "sync.hand-over")
    assert isinstance(receiver, SelectField)
    assert isinstance(hand, Button)
    hand.click()
    assert (asked, "Choose whose laptop it is for." in receiver.error.text()) == ([], True)
    receiver.value = "two"
    hand.click()
    assert (asked, receiver.error.text()) == (["two"], "")


@pytest.mark.parametrize(("typed", "named"), [("for-amina", "for-amina.ewb-parcel"), ("a.b.ewb-parcel", "a.b.ewb-parcel")])
def test_a_file_is_named_as_the_other_laptop_looks_for_it(tmp_path: Path, typed: str, named: str) -> None:
    assert named_parcel(tmp_path / typed) == tmp_path / named


def test_a_file_shows_what_it_would_change_in_words_before_anything_changes(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    _rowan, amina = pair
    page = shown_delivery(qtbot, background, pair, tmp_path / "file")
    words = words_on(page)
    for sentence in (
        "It brings 3 changes.",
        "Grace",
        "Telephone: from “0161 496 0001” to “0161 496 0002”",
        "Coordinator: Rowan Oak",
        "Need: Bo",
        "Somewhere warm",
    ):
        assert sentence in words
    accept = page.findChild(Button, "sync.accept")
    assert isinstance(accept, Button)
    assert accept.accessibleDescription().startswith("From Rowan Oak. Made today")
    with amina.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 1
    with qtbot.waitSignal(page.said):
        press(page, "sync.leave")
    with amina.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 1
    assert "From Rowan Oak" not in words_on(page)


def test_what_comes_with_the_file_is_called_by_its_name_where_the_file_speaks_of_it(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, _amina = pair
    with rowan.store.write() as writing:
        hall = writing.add(Place(area=AREA, name="St Mary's Hall"))
        visit = writing.add(Visit(area=AREA, place=hall, day=rowan.clock.today(), counted_at=rowan.clock.now(), people=1))
        writing.add(Person(area=AREA, preferred_name="Yusuf", first_visit=visit))
    words = words_on(shown_delivery(qtbot, background, pair, tmp_path / "file"))
    assert "Place: St Mary's Hall" in words
    assert f"First visit: {full_day(rowan.clock.today())}" in words


def test_what_was_said_of_a_bad_file_is_gone_when_a_good_one_is_shown(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, amina = pair
    file = tmp_path / "for-amina.ewb-parcel"
    giving = sit(qtbot, background, rowan, file)
    with qtbot.waitSignal(giving.said):
        press(giving, "sync.hand-over")
    good = file.read_bytes()
    file.write_bytes(good[:-9])
    said = list[str]()
    taking = sit(qtbot, background, amina, file)
    taking.said.connect(said.append)
    with qtbot.waitSignal(taking.said):
        press(taking, "sync.take-in")
    file.write_bytes(good)
    press(taking, "sync.take-in")
    qtbot.waitUntil(lambda: "From Rowan Oak" in words_on(taking))
    assert len(said) == 2
    assert said[-1] == ""


def test_taking_it_in_says_that_the_server_does_not_have_it_yet(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    _rowan, amina = pair
    page = shown_delivery(qtbot, background, pair, tmp_path / "file")
    with qtbot.waitSignal(page.said) as said:
        press(page, "sync.accept")
    assert said.args == ["3 changes from Rowan Oak taken in. This laptop brings them to the server when there is a connection."]
    qtbot.waitUntil(lambda: "3 changes from Rowan Oak wait here to be brought to the server." in words_on(page))
    with amina.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 2


def test_a_file_for_another_laptop_says_for_whom_it_is(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, _amina = pair
    page = sit(qtbot, background, rowan, tmp_path / "file")
    with qtbot.waitSignal(page.said):
        press(page, "sync.hand-over")
    press(page, "sync.take-in")
    qtbot.waitUntil(lambda: "This file is for Amina Khan's laptop" in words_on(page))
    (tmp_path / "file").write_bytes(b"a holiday picture")
    press(page, "sync.take-in")
    qtbot.waitUntil(lambda: "This is not a file from another laptop" in words_on(page))


def test_records_from_the_server_go_along_when_that_is_ticked(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, amina = pair
    rowan.line.is_unplugged = False
    rowan.sync()
    giving = sit(qtbot, background, rowan, tmp_path / "file")
    along = giving.findChild(CheckChoices, "sync.with-records")
    assert isinstance(along, CheckChoices)
    along.values = ["records"]
    with qtbot.waitSignal(giving.said) as said:
        press(giving, "sync.hand-over")
    assert said.args is not None
    assert "records sealed for Amina Khan in the file" in said.args[0]
    taking = sit(qtbot, background, amina, tmp_path / "file")
    press(taking, "sync.take-in")
    qtbot.waitUntil(lambda: "It brings 3 newer records from the server." in words_on(taking))
    with qtbot.waitSignal(taking.said) as said:
        press(taking, "sync.accept")
    assert said.args == ["Records from Rowan Oak taken in."]


def test_a_change_about_a_member_who_comes_with_the_file_names_her(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    rowan, amina = pair
    rowan.line.is_unplugged = False
    with rowan.store.write() as writing:
        nadia = writing.add(Person(area=AREA, preferred_name="Nadia"))
    rowan.sync()
    with rowan.store.write() as writing:
        writing.add(Contact(area=AREA, person=nadia, at=rowan.clock.now(), how="ring", reached="left_word"))
    giving = sit(qtbot, background, rowan, tmp_path / "file")
    along = giving.findChild(CheckChoices, "sync.with-records")
    assert isinstance(along, CheckChoices)
    along.values = ["records"]
    with qtbot.waitSignal(giving.said):
        press(giving, "sync.hand-over")
    taking = sit(qtbot, background, amina, tmp_path / "file")
    press(taking, "sync.take-in")
    qtbot.waitUntil(lambda: "Contact: Nadia" in words_on(taking))


def lose_rowan(pair: tuple[Connected, Connected]) -> None:
    """Let Amina's laptop know that Rowan's was signed off."""
    rowan, amina = pair
    with amina.store.write() as writing, writing.echo():
        writing.connection.exec_driver_sql("UPDATE laptop SET active = 0 WHERE id = ?", (rowan.store.device,))


def test_a_file_of_a_laptop_that_was_signed_off_is_kept_for_the_administrator_and_shows_nothing(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path
) -> None:
    lose_rowan(pair)
    page = shown_delivery(qtbot, background, pair, tmp_path / "file")
    words = words_on(page)
    assert "It brings 3 changes. That laptop was signed off, so nothing of it is put into your records." in words
    assert "0161 496 0002" not in words
    accept = page.findChild(Button, "sync.accept")
    assert isinstance(accept, Button)
    assert accept.text() == "Keep it for your administrator"
    with qtbot.waitSignal(page.said) as said:
        press(page, "sync.accept")
    assert said.args == ["3 changes from Rowan Oak kept for your administrator. Nothing on your screens has changed."]
    with pair[1].store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 1


@in_every_look
def test_the_part_of_a_file_that_is_kept_for_the_administrator_has_no_faults(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path, look: Look
) -> None:
    lose_rowan(pair)
    expect_accessible(qtbot, look, lambda: shown_delivery(qtbot, background, pair, tmp_path / "file"))


@in_every_look
def test_the_part_has_no_faults(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected], tmp_path: Path, look: Look
) -> None:
    expect_accessible(qtbot, look, lambda: shown_delivery(qtbot, background, pair, tmp_path / "file"))


class CountedCard(HandingCard):
    """Says how often it was shown anew."""

    times = 0

    def show_laptops(self, laptops: Sequence[tuple[str, str]], notes: Sequence[str], *, is_shown: bool, has_asked: bool) -> None:
        self.times += 1
        super().show_laptops(laptops, notes, is_shown=is_shown, has_asked=has_asked)


def test_a_save_reads_the_page_once_and_not_at_all_while_another_page_is_shown(
    qtbot: QtBot, background: Background, pair: tuple[Connected, Connected]
) -> None:
    rowan, _amina = pair
    card = CountedCard()
    page, heartbeat = with_card(qtbot, background, rowan, card)
    page.property("feed").changed.connect(heartbeat.hear)
    for shown, times in ((True, 1), (False, 0)):
        page.setVisible(shown)
        card.times = 0
        with rowan.store.write() as writing:
            writing.add(Person(area=AREA, preferred_name="Cy"))
        assert card.times == times
    page.show()
    card.times = 0
    rowan.line.is_unplugged = False
    with qtbot.waitSignal(heartbeat.ended):
        heartbeat.ask()
    # once for what came and once at the end: a refusal is no news for the feed
    assert card.times == 2
