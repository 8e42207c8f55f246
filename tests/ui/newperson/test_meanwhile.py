"""What a colleague writes into a field while a worker is typing there is neither passed over nor lost, with a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.cards.history import history_of
from ewb_desktop.storage.holding.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, Person, table
from ewb_desktop.ui.newperson.view import EditPersonPage
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.ui.newperson.test_newperson import correcting, press, type_in


@dataclass(frozen=True, slots=True)
class Two:
    """Hal has the form open in which Grace writes; both hold the member, who said to ask first."""

    hal: Connected
    grace: Connected
    person: str

    def writes(self, **facts: Any) -> None:
        """Let Grace write, and her words arrive at Hal's."""
        with self.grace.store.write() as writing:
            writing.edit(Person, self.person, **facts)
        self.grace.sync()
        self.hal.sync()

    def exchange(self) -> None:
        for laptop in (self.hal, self.grace, self.hal):
            laptop.sync()

    def answers(self, laptop: Connected) -> list[tuple[Any, ...]]:
        with laptop.store.read() as connection:
            return [card.answers for card in open_conflicts(connection)]

    def said(self, laptop: Connected, field: str) -> Any:
        known = table(Person).c
        with laptop.store.read() as connection:
            return connection.execute(select(known[field]).where(known.id == self.person)).scalar_one()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with house(tmp_path) as centre:
        hal, grace = centre.join("Hal Stone"), centre.join("Grace Lamb")
        with hal.store.write() as writing:
            known: dict[str, Any] = {"safe_to_call": "ask_first", "telephone": "0161 496 0123", "communication": ["large_print"]}
            person = writing.add(Person(area=AREA, preferred_name="Mo", **known))
        hal.sync()
        grace.sync()
        yield Two(hal, grace, person)


def desk(laptop: Connected) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Hal Stone", "connector"), library(), AREA)


def form_of(qtbot: QtBot, two: Two) -> EditPersonPage:
    return correcting(qtbot, desk(two.hal), two.person)


def answer(page: EditPersonPage, words: str) -> None:
    field = page.form.fields["safe_to_call"]
    assert isinstance(field, SelectField)
    field.value = words


def beside(page: EditPersonPage, field: str) -> Notice | None:
    return page.findChild(Notice, f"editperson.{field}.differing")


def test_an_answer_that_came_under_the_open_form_is_asked_about_and_not_overwritten(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    two.writes(safe_to_call="no")
    press(page, "editperson.save")
    two.exchange()
    assert two.answers(two.hal) == two.answers(two.grace) == [("no", "yes")]


def test_what_came_is_said_beside_the_field_that_keeps_what_was_typed(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    two.writes(safe_to_call="no", telephone="0161 496 0456")
    qtbot.waitUntil(lambda: beside(page, "safe_to_call") is not None)
    notice = beside(page, "safe_to_call")
    assert notice is not None
    words = (
        "“No, it is not safe”\nWhat you typed is still in the field. If you save it, both answers wait until somebody chooses."
    )
    assert (notice.title.text(), notice.text.text()) == ("Written by a colleague meanwhile", words)
    assert (page.form.facts()["safe_to_call"], page.form.facts()["telephone"]) == ("yes", "0161 496 0456")
    assert beside(page, "telephone") is None


def test_what_came_is_said_in_the_foot_too_for_the_field_may_be_out_of_sight(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    told: list[str] = []
    page.said.connect(told.append)
    two.writes(safe_to_call="no", address="14 Chapel Croft")
    qtbot.waitUntil(lambda: bool(told))
    two.writes(address="16 Chapel Croft")
    press(page, "editperson.save")
    came, *rest = told
    assert came == "A colleague wrote into “Is it safe to call?” too just now. It stands beside the field."
    assert [words.startswith("Saved.") for words in rest] == [True]


def test_a_name_and_a_number_that_come_stand_over_the_page(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    two.writes(preferred_name="Moira", telephone="0161 496 0456")
    qtbot.waitUntil(lambda: page.whose.startswith("Moira"))
    assert page.whose == "Moira · date of birth not known · telephone ending 0456"


def test_what_comes_after_a_save_that_was_not_possible_is_said_as_before_it(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    # that no name is left is noticed when it is written
    type_in(page, "editperson.preferred_name.input", "")
    press(page, "editperson.save")
    told: list[str] = []
    page.said.connect(told.append)
    two.writes(safe_to_call="no")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith("A colleague wrote into “Is it safe to call?”")


@pytest.mark.parametrize(
    ("came", "follows"),
    [
        ({}, ""),
        ({"safe_to_call": "no"}, " A colleague answered otherwise meanwhile: both answers will wait for somebody to choose."),
        ({"telephone": "0161 496 0777"}, " What a colleague wrote meanwhile stays in the history."),
        ({"communication": ["large_print", "easy_read"]}, ""),
    ],
    ids=["nothing", "asked about", "the later stands", "both stand"],
)
def test_who_saves_over_what_came_reads_what_becomes_of_it(qtbot: QtBot, two: Two, came: dict[str, object], follows: str) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    type_in(page, "editperson.telephone.input", "0161 496 0999")
    page.form._chips["braille_grade_1"].setChecked(True)
    if came:
        two.writes(**came)
    with qtbot.waitSignal(page.said) as said:
        press(page, "editperson.save")
    assert said.args == ["Saved." + follows]


def test_a_draft_remembers_what_its_writer_had_seen(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    page.form.edited.emit()
    page.leaving()
    two.writes(safe_to_call="no")
    again = form_of(qtbot, two)
    assert beside(again, "safe_to_call") is not None
    press(again, "editperson.save")
    two.exchange()
    assert two.answers(two.grace) == [("no", "yes")]


def test_an_answer_that_was_seen_before_another_was_typed_is_no_question(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    type_in(page, "editperson.pronouns.input", "she/her")
    two.writes(safe_to_call="no")
    qtbot.waitUntil(lambda: page.form.facts()["safe_to_call"] == "no")
    answer(page, "yes")
    press(page, "editperson.save")
    two.exchange()
    assert (two.answers(two.grace), two.said(two.grace, "safe_to_call")) == ([], "yes")


def test_a_number_that_came_meanwhile_stays_in_the_history(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    type_in(page, "editperson.telephone.input", "0161 496 0789")
    two.writes(telephone="0161 496 0456")
    press(page, "editperson.save")
    two.exchange()
    assert two.said(two.grace, "telephone") == "0161 496 0789"
    with two.hal.store.read() as connection:
        steps = [
            each for step in history_of(connection, "person", two.person) for each in step.fields if each.field == "telephone"
        ]
    assert [each.said for each in steps] == ["0161 496 0123", "0161 496 0456", "0161 496 0789"]


def test_what_both_ticked_stays(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    page.form._chips["braille_grade_1"].setChecked(True)
    two.writes(communication=["large_print", "easy_read"])
    press(page, "editperson.save")
    two.exchange()
    assert set(two.said(two.grace, "communication")) == {"large_print", "easy_read", "braille_grade_1"}


def test_a_note_of_unsaved_words_says_nothing_of_numbers(qtbot: QtBot, two: Two) -> None:
    page = form_of(qtbot, two)
    type_in(page, "editperson.pronouns.input", "she/her")
    page.leaving()
    with two.hal.store.write() as writing:
        write_down(writing, words_by_person(writing.connection)[two.person])
        note = writing.connection.execute(select(table(Contact).c.note)).scalar_one()
    assert note == "Typed on a laptop and not saved there (what we know):\nPronouns: she/her"


@in_every_look
def test_a_form_with_what_came_meanwhile_has_no_accessibility_faults(qtbot: QtBot, look: Look, two: Two) -> None:
    page = form_of(qtbot, two)
    answer(page, "yes")
    page.form.edited.emit()
    page.leaving()
    two.writes(safe_to_call="no")
    expect_accessible(qtbot, look, lambda: form_of(qtbot, two))
