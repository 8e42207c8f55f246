"""The page of a record's history, with a real server: who, from what, to what, when, in words; offline, and in full online."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.history import FieldStep, history_of
from ewb_desktop.storage.tables import Answer, Person, table
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import ToHistory
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.history.page import build
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button
from sync.protocol.change import ChangeKind
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    assert background.shutdown(3000)


def desk_of(laptop: Connected, name: str) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, name, "connector"), library(), AREA)


def sit(qtbot: QtBot, background: Background, laptop: Connected, about: ToHistory, name: str = "Rowan Oak") -> Page:
    feed = Feed()
    laptop.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(desk_of(laptop, name), feed, background, laptop.open_wire)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.opened(about)
    # nothing else keeps the feed
    page.setProperty("feed", feed)
    return page


def words_on(page: Page) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel) if part.isVisible())


def edited(laptop: Connected, person: str, **fields: Any) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)
    laptop.sync()


def shared(centre: House) -> tuple[Connected, Connected, str]:
    """Rowan wrote somebody down and changed her twice; Grace's laptop heard of the second time."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina", telephone="0161 496 0100"))
    rowan.sync()
    edited(rowan, person, telephone="0161 496 0200")
    grace.sync()
    edited(rowan, person, coordinator=grace.store.author, safe_to_call="ask_first")
    grace.sync()
    return rowan, grace, person


def test_offline_the_page_tells_what_the_laptop_has_seen(qtbot: QtBot, background: Background, centre: House) -> None:
    _rowan, grace, person = shared(centre)
    grace.line.is_unplugged = True
    with grace.store.write() as writing:
        writing.edit(Person, person, pronouns="she")
    told = words_on(sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))
    for words in (
        "Amina · About a member",
        "Rowan Oak changed coordinator and safe to call",
        "Coordinator: “Grace Lamb”. Nothing stood there before",
        "Safe to call: “Ask first each time”",
        "You changed pronouns",
        "not sent yet",
        "This is what this laptop has seen",
    ):
        assert words in told
    assert told.index("You changed pronouns") < told.index("Rowan Oak changed coordinator") < told.index("wrote this down first")
    assert "0161 496 0100" not in told
    assert "safe_to_call" not in told
    assert grace.store.author not in told


def test_an_answer_that_waits_for_a_choice_is_told_so_to_whoever_gave_it(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    rowan, grace, person = shared(centre)
    with grace.store.write() as writing:
        writing.edit(Person, person, safe_to_call="no")
    edited(rowan, person, safe_to_call="yes")
    grace.sync()
    told = words_on(sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))
    assert "You answered safe to call too" in told
    assert "Safe to call: “No, it is not safe” was told too. “Yes, it is safe” stayed" in told


@pytest.mark.parametrize("by", ["rowan", "grace"])
def test_nobody_is_said_to_have_changed_what_they_had_not_heard_of(
    qtbot: QtBot, background: Background, centre: House, by: str
) -> None:
    rowan, grace, person = shared(centre)
    for laptop, words in ((rowan, "12 High Street"), (grace, "By the church")):
        with laptop.store.write() as writing:
            writing.edit(Person, person, where_to_find=words)
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    here = {"rowan": rowan, "grace": grace}[by]
    told = words_on(sit(qtbot, background, here, ToHistory("person", person, person), "Somebody"))
    assert "Where to find them: “By the church”, without having heard of “12 High Street”, which stood there by then" in told
    assert "from “12 High Street”" not in told


def test_an_empty_list_in_place_of_none_is_no_change(qtbot: QtBot, background: Background, centre: House) -> None:
    _rowan, grace, person = shared(centre)
    edited(grace, person, communication=[], pronouns="she")
    told = words_on(sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))
    assert "You changed pronouns" in told
    assert "Communication" not in told


def test_a_record_that_came_from_a_colleague_says_that_its_first_words_are_on_the_server(
    qtbot: QtBot, background: Background, centre: House
) -> None:
    _rowan, grace, person = shared(centre)
    told = words_on(sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))
    assert "What it said first is not on this laptop. The server knows it." in told


def test_online_the_server_adds_what_was_before_the_laptop_came(qtbot: QtBot, background: Background, centre: House) -> None:
    _rowan, grace, person = shared(centre)
    page = sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb")
    server = page.findChild(Button, "history.server")
    assert isinstance(server, Button)
    with qtbot.waitSignal(page.said) as said:
        server.click()
    assert said.args == ["This is everything that the server knew, today 14:05."]
    assert "Telephone: from “0161 496 0100” to “0161 496 0200”" in words_on(page)
    grace.line.is_unplugged = True
    again = sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb")
    assert "from “0161 496 0100”" in words_on(again)


def test_without_a_line_the_page_says_so_and_keeps_what_it_has(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, _grace, person = shared(centre)
    rowan.line.is_unplugged = True
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    server = page.findChild(Button, "history.server")
    assert isinstance(server, Button)
    server.click()
    qtbot.waitUntil(lambda: "The server could not be asked" in words_on(page))
    assert "You changed telephone" in words_on(page)
    assert server.isEnabled()


def test_an_answer_is_told_with_its_question_and_in_its_words(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    desk = desk_of(rowan, "Rowan Oak")
    person = add_person(desk, {"preferred_name": "Amina"})
    record_answer(desk, start_assessment(desk, person, None, "phq-9"), "44250-9", 0)
    with rowan.store.read() as connection:
        answer = connection.execute(table(Answer).select()).one().id
    told = words_on(sit(qtbot, background, rowan, ToHistory("answer", answer, person)))
    assert "Amina · " in told
    assert "Little interest or pleasure in doing things" in told
    assert "Answer: Not at all" in told
    assert "44250-9" not in told


def test_many_edits_are_shown_a_part_at_a_time(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
    for number in range(35):
        rowan.clock.move(minutes=11)
        with rowan.store.write() as writing:
            writing.edit(Person, person, postcode=f"M32 0A{number}")
    # the create takes the first edit into itself only while it is not older than ten minutes
    page = sit(qtbot, background, rowan, ToHistory("person", person, person))
    earlier = page.findChild(Button, "history.earlier")
    assert isinstance(earlier, Button)
    assert "wrote this down first" not in words_on(page)
    earlier.click()
    assert "wrote this down first" in words_on(page)
    assert not earlier.isVisible()


def test_what_was_said_again_is_told_as_kept_with_its_author(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, grace, person = shared(centre)
    with rowan.store.write() as writing:
        writing.say_again(Person, person, "safe_to_call")
    for laptop in (rowan, grace):
        laptop.sync()
    told = words_on(sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))
    assert "Rowan Oak kept safe to call as it was" in told
    assert "Safe to call: “Ask first each time”, as before" in told


@in_every_look
def test_the_page_has_no_faults(qtbot: QtBot, background: Background, centre: House, look: Look) -> None:
    _rowan, grace, person = shared(centre)
    with grace.store.write() as writing:
        writing.edit(Person, person, pronouns="she")
    expect_accessible(qtbot, look, lambda: sit(qtbot, background, grace, ToHistory("person", person, person), "Grace Lamb"))


def test_a_record_that_was_written_down_again_says_what_that_altered(
    qtbot: QtBot, background: Background, centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, _grace, person = shared(centre)
    with rowan.store.read() as connection:
        first = next(step for step in history_of(connection, "person", person) if step.kind is ChangeKind.CREATE)
    others = [replace(each, before=each.said) for each in first.fields if each.field != "telephone"]
    telephone = FieldStep("telephone", before="0161 496 0100", said="0161 496 0300", after="0161 496 0300")
    again = replace(first, number=first.number + 1, fields=(*others, telephone))
    monkeypatch.setattr("ewb_desktop.ui.history.presenter.history_of", lambda *_asked: [first, again])
    told = words_on(sit(qtbot, background, rowan, ToHistory("person", person, person)))
    assert "You changed telephone" in told
    assert "Telephone: from “0161 496 0100” to “0161 496 0300”" in told
    assert told.count("wrote this down first") == 1


def test_no_edit_is_called_the_present_word_where_the_record_says_another_here(
    qtbot: QtBot, background: Background, centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, _grace, person = shared(centre)
    with rowan.store.read() as connection:
        known = history_of(connection, "person", person)
    # what replaced the telephone came in a snapshot, and no step of this laptop tells of it
    edited(rowan, person, telephone="0161 496 0900")
    monkeypatch.setattr("ewb_desktop.ui.history.presenter.history_of", lambda *_asked: known)
    told = words_on(sit(qtbot, background, rowan, ToHistory("person", person, person)))
    middle, first = told.index("changed telephone"), told.index("wrote this down first")
    assert "says now" in told[:middle]
    assert "says now" not in told[middle:first]


def test_each_edit_says_what_of_it_the_record_still_says(qtbot: QtBot, background: Background, centre: House) -> None:
    rowan, _grace, person = shared(centre)
    told = words_on(sit(qtbot, background, rowan, ToHistory("person", person, person)))
    newest, middle, first = (
        told.index("changed coordinator"),
        told.index("changed telephone"),
        told.index("wrote this down first"),
    )
    assert newest < told.index("This is what the record says now.") < middle
    assert "This is what the record says now." in told[middle:first]
    assert "Of this the record still says: " in told[first:]
    assert "Telephone" not in told[told.index("Of this the record still says: ") :].splitlines()[0]
