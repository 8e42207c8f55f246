"""A questionnaire's total on the pages is what its answers come to, whoever wrote them, with a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from ewb_desktop.actions.assessments import finish_assessment, record_answer, start_assessment
from ewb_desktop.actions.conflicts import Keep, keep
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.totals import present_series, with_totals
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.cards.timeline import Happened, TimelineEntry, timeline
from ewb_desktop.storage.tables import Answer, Assessment, Person, table
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library

QUESTIONS = [item.link_id for item in library().questionnaire("phq-9").counted]
FIRST, SECOND = QUESTIONS[:2]


@dataclass(frozen=True, slots=True)
class Kept:
    """Ada finished a PHQ-9 with a member, each answer 1, and Bea has it too."""

    ada: Desk
    bea: Desk
    laptops: tuple[Connected, Connected]
    person: str
    assessment: str

    def exchange(self) -> None:
        for laptop in self.laptops * 2:
            laptop.sync()

    def totals(self) -> list[float]:
        """Return what the chart shows on both laptops, which agree."""
        ada, bea = ([point.total for point in present_series(desk, self.person, "phq-9")] for desk in (self.ada, self.bea))
        assert ada == bea
        return ada


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with house(tmp_path) as centre:
        laptops = (centre.join("Ada Lead"), centre.join("Bea Marsh"))
        ada, bea = (
            Desk(each.store, each.clock, Worker(each.store.author, "A", "connector"), library(), AREA) for each in laptops
        )
        with ada.store.write() as writing:
            person = writing.add(Person(area=AREA, preferred_name="Zofia"))
        begun = finished(ada, person)
        around = Kept(ada, bea, laptops, person, begun)
        around.exchange()
        yield around


def finished(desk: Desk, person: str, value: int = 1) -> str:
    begun = start_assessment(desk, person, None, "phq-9")
    for question in QUESTIONS[:-1]:
        record_answer(desk, begun, question, value)
    record_answer(desk, begun, QUESTIONS[-1], 0)
    finish_assessment(desk, begun)
    return begun


def measures(desk: Desk, person: str) -> tuple[TimelineEntry, ...]:
    with desk.store.read() as connection:
        entries = timeline(connection, person, (Happened.MEASURE,)).entries
    return with_totals(desk, person, entries)


def test_two_who_changed_different_answers_see_what_both_come_to(kept: Kept) -> None:
    record_answer(kept.ada, kept.assessment, FIRST, 3)
    record_answer(kept.bea, kept.assessment, SECOND, 3)
    kept.exchange()
    assert kept.totals() == [12]
    assert [entry.total for entry in measures(kept.ada, kept.person)] == [12]


def test_a_total_follows_the_answer_that_is_chosen(kept: Kept) -> None:
    record_answer(kept.ada, kept.assessment, FIRST, 2)
    record_answer(kept.bea, kept.assessment, FIRST, 3)
    kept.exchange()
    assert kept.totals() == [9]
    with kept.bea.store.read() as connection:
        (card,) = open_conflicts(connection)
    keep(kept.bea, card.id, Keep.OTHER)
    kept.exchange()
    assert kept.totals() == [10]


def test_a_measure_is_told_with_what_the_one_before_it_comes_to_now(kept: Kept) -> None:
    record_answer(kept.ada, kept.assessment, FIRST, 3)
    record_answer(kept.bea, kept.assessment, SECOND, 3)
    kept.exchange()
    kept.laptops[0].clock.move(days=28)
    finished(kept.ada, kept.person, 2)
    latest, earlier = measures(kept.ada, kept.person)
    assert ((latest.total, latest.before), (earlier.total, earlier.before)) == ((16, 12), (12, None))


def test_a_total_by_rules_that_this_program_has_not_stands_as_it_was_kept(kept: Kept) -> None:
    with kept.ada.store.write() as writing:
        writing.edit(Assessment, kept.assessment, rule_version="2030-01", total=5.0)
    assert [point.total for point in present_series(kept.ada, kept.person, "phq-9")] == [5]


def test_while_answers_are_still_to_come_the_total_stands_as_it_was_kept(kept: Kept) -> None:
    known = table(Answer).c
    with kept.ada.store.write() as writing:
        ids = writing.connection.execute(select(known.id).where(known.question.in_(QUESTIONS[:4]))).scalars().all()
        for each in ids:
            writing.remove(Answer, each)
    assert [point.total for point in present_series(kept.ada, kept.person, "phq-9")] == [8]


def test_an_answer_that_is_none_leaves_the_total_as_it_was_kept(kept: Kept) -> None:
    with kept.ada.store.write() as writing:
        id_ = writing.connection.execute(select(table(Answer).c.id).where(table(Answer).c.question == FIRST)).scalar_one()
        writing.edit(Answer, id_, value="a bit")
    assert [point.total for point in present_series(kept.ada, kept.person, "phq-9")] == [8]
