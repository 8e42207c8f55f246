"""Choosing between two answers, with a real server: no choice is lost, and what is chosen is what the screens say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.actions.conflicts import Keep, Kept, keep, take_back
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import ConflictCard, Said, open_conflicts
from ewb_desktop.storage.cards.history import history_of
from ewb_desktop.storage.tables import Conflict, Contact, Person, table
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library


@dataclass(frozen=True, slots=True)
class Three:
    """Ada said no, Bea said ask first, Cy looks on; all three have heard of it."""

    ada: Connected
    bea: Connected
    cy: Connected
    person: str

    def everybody(self) -> tuple[Connected, ...]:
        return (self.ada, self.bea, self.cy)

    def exchange(self) -> None:
        for laptop in (*self.everybody(), *self.everybody()):
            laptop.sync()

    def said(self, laptop: Connected) -> Any:
        known = table(Person).c
        with laptop.store.read() as connection:
            return connection.execute(select(known.safe_to_call).where(known.id == self.person)).scalar()

    def say(self, laptop: Connected, words: str) -> None:
        with laptop.store.write() as writing:
            writing.edit(Person, self.person, safe_to_call=words)


def desk(laptop: Connected) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Somebody", "connector"), library(), AREA)


def cards(laptop: Connected) -> list[ConflictCard]:
    with laptop.store.read() as connection:
        return open_conflicts(connection)


def settled(laptop: Connected) -> list[tuple[Any, ...]]:
    known = table(Conflict).c
    with laptop.store.read() as connection:
        return [
            tuple(row) for row in connection.execute(select(known.chosen, known.settled_by).where(known.settled_at.is_not(None)))
        ]


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    with house(tmp_path) as centre:
        ada, bea, cy = (centre.join(name) for name in ("Ada Lead", "Bea Marsh", "Cy Moss"))
        with ada.store.write() as writing:
            person = writing.add(Person(area=AREA, preferred_name="Zofia", safe_to_call="yes"))
        around = Three(ada, bea, cy, person)
        around.exchange()
        around.say(ada, "no")
        around.say(bea, "ask_first")
        around.exchange()
        yield around


@pytest.mark.parametrize("ada_is_first", [True, False])
def test_of_two_different_choices_none_is_lost(three: Three, ada_is_first: bool) -> None:
    assert keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN) is Kept.DONE
    assert keep(desk(three.bea), cards(three.bea)[0].id, Keep.OTHER) is Kept.DONE
    (first, chosen), (second, beside) = [(three.ada, "no"), (three.bea, "ask_first")][:: 1 if ada_is_first else -1]
    first.sync()
    second.sync()
    three.exchange()
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert three.said(laptop) == card.shown == chosen
        (other,) = card.others
        assert (other.value, card.shown_said.worker) == (beside, first.store.author)
        assert [said.worker for said in other.said] == [second.store.author]
        assert settled(laptop) == [(chosen, first.store.author)]


def test_two_who_keep_the_same_answer_are_not_asked_again(three: Three) -> None:
    for laptop in (three.ada, three.bea):
        keep(desk(laptop), cards(laptop)[0].id, Keep.SHOWN)
    three.exchange()
    for laptop in three.everybody():
        assert (cards(laptop), three.said(laptop)) == ([], "no")


def test_the_choice_of_what_stood_already_is_in_her_history_with_its_author(three: Three) -> None:
    keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN)
    three.exchange()
    for laptop in three.everybody():
        with laptop.store.read() as connection:
            last = history_of(connection, "person", three.person)[-1]
        assert (last.author, [(each.field, each.said) for each in last.fields]) == (
            three.ada.store.author,
            [("safe_to_call", "no")],
        )


def test_an_edit_that_nobody_else_has_yet_is_what_the_worker_is_shown(three: Three) -> None:
    three.say(three.cy, "mornings")
    (card,) = cards(three.cy)
    assert (card.shown, card.shown_said) == ("mornings", Said(three.cy.store.author, "Cy Moss", three.cy.clock.now()))
    assert card.before == "yes"


def test_an_edit_by_somebody_who_knew_is_shown_to_everybody_as_what_stands(three: Three) -> None:
    three.say(three.cy, "mornings")
    three.exchange()
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert (card.shown, card.shown_said.name, card.before) == ("mornings", "Cy Moss", "yes")
        assert [(other.value, other.said[0].name) for other in card.others] == [("ask_first", "Bea Marsh")]


def test_keeping_what_one_was_shown_never_undoes_what_came_since(three: Three) -> None:
    (seen,) = cards(three.ada)
    three.say(three.cy, "mornings")
    three.exchange()
    assert keep(desk(three.ada), seen.id, Keep.SHOWN, seen=seen) is Kept.CHANGED
    assert three.said(three.ada) == "mornings"
    assert len(cards(three.ada)) == 1


def test_keeping_without_a_line_what_somebody_has_edited_since_asks_once_more(three: Three) -> None:
    keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN)
    three.say(three.cy, "mornings")
    three.cy.sync()
    three.exchange()
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert three.said(laptop) == card.shown == "mornings"
        assert card.shown_said.name == "Cy Moss"
        assert [(other.value, other.said[0].name) for other in card.others] == [("no", "Ada Lead")]


@pytest.mark.parametrize("is_sent", [False, True])
@pytest.mark.parametrize("which", [Keep.SHOWN, Keep.OTHER])
def test_a_choice_that_is_taken_back_asks_as_before(three: Three, which: Keep, is_sent: bool) -> None:
    (before,) = cards(three.ada)
    keep(desk(three.ada), before.id, which)
    if is_sent:
        three.exchange()
    assert take_back(desk(three.ada), before)
    three.exchange()
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert (card.id, three.said(laptop), card.answers) == (before.id, "no", ("no", "ask_first"))
        assert settled(laptop) == []


def test_a_choice_that_somebody_has_built_on_is_not_taken_back(three: Three) -> None:
    (before,) = cards(three.ada)
    keep(desk(three.ada), before.id, Keep.OTHER)
    three.exchange()
    three.say(three.cy, "mornings")
    three.exchange()
    assert not take_back(desk(three.ada), before)
    assert three.said(three.ada) == "mornings"


def test_what_somebody_else_chose_is_not_taken_back(three: Three) -> None:
    (before,) = cards(three.ada)
    keep(desk(three.bea), before.id, Keep.OTHER)
    three.exchange()
    assert not take_back(desk(three.ada), before)
    assert three.said(three.ada) == "ask_first"


def each_says(three: Three, *said: str) -> None:
    """Once the first question is settled, all three answer anew, and know of it."""
    (first,) = cards(three.ada)
    keep(desk(three.ada), first.id, Keep.SHOWN)
    three.exchange()
    for laptop, words in zip(three.everybody(), said, strict=True):
        three.say(laptop, words)
    three.exchange()


def test_two_other_answers_to_one_question_are_one_card_and_one_choice_settles_both(three: Three) -> None:
    each_says(three, "yes", "mornings", "letter")
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert (card.shown, {*card.answers}, card.before) == ("yes", {"yes", "mornings", "letter"}, "no")
    place = [other.value for other in card.others].index("letter")
    assert keep(desk(three.cy), card.id, Keep.OTHER, place=place, seen=card) is Kept.DONE
    three.exchange()
    for laptop in three.everybody():
        assert (cards(laptop), three.said(laptop)) == ([], "letter")
    assert take_back(desk(three.cy), card)
    three.exchange()
    for laptop in three.everybody():
        assert [each.answers for each in cards(laptop)] == [card.answers]


def test_two_who_gave_the_same_other_answer_gave_one(three: Three) -> None:
    each_says(three, "yes", "mornings", "mornings")
    for laptop in three.everybody():
        (card,) = cards(laptop)
        (other,) = card.others
        assert (other.value, {said.name for said in other.said}) == ("mornings", {"Bea Marsh", "Cy Moss"})


def test_what_the_worker_has_just_written_herself_leaves_nothing_to_choose(three: Three) -> None:
    three.say(three.cy, "ask_first")
    assert cards(three.cy) == []
    assert len(cards(three.ada)) == 1
    three.exchange()
    assert cards(three.ada) == []


def remove(laptop: Connected, person: str) -> None:
    with laptop.store.write() as writing:
        writing.remove(Person, person)


def is_gone(laptop: Connected, person: str) -> bool:
    known = table(Person).c
    with laptop.store.read() as connection:
        return bool(connection.execute(select(known.gone).where(known.id == person)).scalar_one())


@pytest.fixture
def one_gone(three: Three) -> Three:
    """Ada takes the member off the screens, Bea writes down another number, neither knowing; everybody has heard."""
    keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN)
    three.exchange()
    remove(three.ada, three.person)
    with three.bea.store.write() as writing:
        writing.edit(Person, three.person, telephone="0161 496 0001")
    three.exchange()
    return three


def test_who_was_taken_off_while_another_wrote_stays_until_somebody_chooses(one_gone: Three) -> None:
    for laptop in one_gone.everybody():
        (card,) = cards(laptop)
        assert card.is_about_removal
        assert (card.answers, card.before, is_gone(laptop, one_gone.person)) == ((0, 1), 0, False)
        assert (card.shown_said.name, [said.name for said in card.others[0].said]) == ("Bea Marsh", ["Ada Lead"])


@pytest.mark.parametrize(("which", "gone"), [(Keep.SHOWN, False), (Keep.OTHER, True)])
def test_the_choice_whether_a_member_stays_stands_everywhere_and_can_be_taken_back(
    one_gone: Three, which: Keep, gone: bool
) -> None:
    (card,) = cards(one_gone.cy)
    assert keep(desk(one_gone.cy), card.id, which, seen=card) is Kept.DONE
    one_gone.exchange()
    for laptop in one_gone.everybody():
        assert (cards(laptop), is_gone(laptop, one_gone.person)) == ([], gone)
    assert take_back(desk(one_gone.cy), card)
    one_gone.exchange()
    for laptop in one_gone.everybody():
        assert ([each.answers for each in cards(laptop)], is_gone(laptop, one_gone.person)) == ([(0, 1)], False)


@pytest.mark.parametrize("ada_is_first", [True, False])
def test_two_who_choose_differently_whether_a_member_stays_are_asked_once_more(one_gone: Three, ada_is_first: bool) -> None:
    for laptop, which in ((one_gone.ada, Keep.OTHER), (one_gone.bea, Keep.SHOWN)):
        keep(desk(laptop), cards(laptop)[0].id, which)
    for laptop in (one_gone.ada, one_gone.bea)[:: 1 if ada_is_first else -1]:
        laptop.sync()
    one_gone.exchange()
    for laptop in one_gone.everybody():
        assert ([each.answers for each in cards(laptop)], is_gone(laptop, one_gone.person)) == ([(0, 1)], False)


def test_who_has_heard_of_a_conversation_takes_the_member_off_unasked(three: Three) -> None:
    keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN)
    with three.bea.store.write() as writing:
        writing.add(Contact(area=AREA, person=three.person, reached="spoke"))
    three.exchange()
    remove(three.ada, three.person)
    three.exchange()
    for laptop in three.everybody():
        assert (cards(laptop), is_gone(laptop, three.person)) == ([], True)


def test_who_has_not_heard_of_a_conversation_is_asked(three: Three) -> None:
    keep(desk(three.ada), cards(three.ada)[0].id, Keep.SHOWN)
    three.exchange()
    with three.bea.store.write() as writing:
        writing.add(Contact(area=AREA, person=three.person, reached="spoke"))
    remove(three.ada, three.person)
    three.bea.sync()
    three.exchange()
    for laptop in three.everybody():
        assert ([each.answers for each in cards(laptop)], is_gone(laptop, three.person)) == ([(0, 1)], False)
