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
from ewb_desktop.storage.conflicts import ConflictCard, open_conflicts
from ewb_desktop.storage.history import history_of
from ewb_desktop.storage.tables import Conflict, Person, table
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
        assert (card.other, card.shown_worker, card.other_worker) == (beside, first.store.author, second.store.author)
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
    assert (card.shown, card.shown_worker, card.shown_by, card.before) == (
        "mornings",
        three.cy.store.author,
        "Cy Moss",
        "no",
    )
    assert card.shown_at == three.cy.clock.now()


def test_an_edit_by_somebody_who_knew_is_shown_to_everybody_as_what_stands(three: Three) -> None:
    three.say(three.cy, "mornings")
    three.exchange()
    for laptop in three.everybody():
        (card,) = cards(laptop)
        assert (card.shown, card.shown_by, card.before) == ("mornings", "Cy Moss", "no")
        assert (card.other, card.other_by) == ("ask_first", "Bea Marsh")


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
        assert (card.shown_by, card.other, card.other_by) == ("Cy Moss", "no", "Ada Lead")


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
        assert (card.id, three.said(laptop), card.shown, card.other) == (before.id, "no", "no", "ask_first")
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
