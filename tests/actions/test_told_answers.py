"""Two workers write different answers to one question, with a real server: each answer keeps who heard it, when and from whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ewb_desktop.actions.assessments import record_answer, start_assessment
from ewb_desktop.actions.both_answers import both_of
from ewb_desktop.actions.conflicts import Keep, Kept, keep, take_back
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.assessments import AnswerCard, answers_of
from ewb_desktop.storage.cards.conflicts import ConflictCard, open_conflicts
from ewb_desktop.storage.tables import Conflict, Person
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library

BRINGS = "brings-you"


@dataclass(frozen=True, slots=True)
class Both:
    """Ada wrote down what the member said, Bea an hour later what her carer said; neither knew of the other."""

    ada: Connected
    bea: Connected
    assessment: str

    def exchange(self) -> None:
        for laptop in (self.ada, self.bea) * 2:
            laptop.sync()

    def everywhere(self) -> AnswerCard:
        """Return the answer as it stands on both laptops, which agree."""
        self.exchange()
        ada, bea = (self.answer(laptop) for laptop in (self.ada, self.bea))
        assert ada == bea
        return ada

    def answer(self, laptop: Connected) -> AnswerCard:
        with laptop.store.read() as connection:
            return replace(answers_of(connection, self.assessment)[BRINGS], number=0)


def desk(laptop: Connected) -> Desk:
    return Desk(laptop.store, laptop.clock, Worker(laptop.store.author, "Somebody", "connector"), library(), AREA)


def question(laptop: Connected) -> ConflictCard:
    with laptop.store.read() as connection:
        (card,) = open_conflicts(connection)
    return card


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    with house(tmp_path) as centre:
        ada, bea = (centre.join(name) for name in ("Ada Lead", "Bea Marsh"))
        with ada.store.write() as writing:
            person = writing.add(Person(area=AREA, preferred_name="Zofia"))
        around = Both(ada, bea, start_assessment(desk(ada), person, None, "first-conversation"))
        around.exchange()
        yield around


def differ(both: Both, bea_is_told_by: str = "carer") -> tuple[AnswerCard, AnswerCard]:
    """Let both write down another answer, and return them as each of the two knows hers."""
    record_answer(desk(both.ada), both.assessment, BRINGS, "The noise at night")
    both.bea.clock.move(hours=1)
    record_answer(desk(both.bea), both.assessment, BRINGS, "She wakes at four", bea_is_told_by)
    return both.answer(both.ada), both.answer(both.bea)


def test_while_both_wait_the_shown_one_is_by_whoever_heard_it(both: Both) -> None:
    hers, _ = differ(both)
    assert (hers.answered_by, both.everywhere()) == ("Ada Lead", hers)


@pytest.mark.parametrize("chooser", ["ada", "bea"])
def test_the_other_one_is_chosen_with_who_heard_it_when_and_from_whom(both: Both, chooser: str) -> None:
    _, other = differ(both)
    both.exchange()
    laptop: Connected = getattr(both, chooser)
    assert keep(desk(laptop), question(laptop).id, Keep.OTHER) is Kept.DONE
    assert (other.answered_by, other.told_by, both.everywhere()) == ("Bea Marsh", "carer", other)


def test_a_choice_that_is_taken_back_leaves_the_first_with_who_heard_it(both: Both) -> None:
    hers, _ = differ(both)
    both.exchange()
    card = question(both.bea)
    keep(desk(both.bea), card.id, Keep.OTHER)
    assert take_back(desk(both.bea), card)
    assert both.everywhere() == hers


def test_words_of_both_are_kept_together_each_with_who_heard_them(both: Both) -> None:
    differ(both, "person")
    both.exchange()
    assert keep(desk(both.bea), question(both.bea).id, Keep.BOTH) is Kept.DONE
    kept = both.everywhere()
    assert str(kept.value).splitlines() == [
        "The noise at night (Ada Lead, 21 November 2026)",
        "She wakes at four (Bea Marsh, 21 November 2026)",
    ]
    assert (kept.answered_by, kept.told_by) == ("Bea Marsh", "person")


def test_a_members_words_are_not_put_together_with_a_carers(both: Both) -> None:
    differ(both, "carer")
    both.exchange()
    assert keep(desk(both.bea), question(both.bea).id, Keep.BOTH) is Kept.SETTLED


def test_words_that_together_are_longer_than_an_answer_may_be_are_not_kept_together(both: Both) -> None:
    differ(both, "person")
    both.exchange()
    card = question(both.bea)
    item = replace(library().questionnaire("first-conversation").item(BRINGS), max_length=60)
    assert both_of(card, library(), item) is None


def test_an_answer_to_choose_is_never_two(both: Both) -> None:
    for laptop, value in ((both.ada, 1), (both.bea, 2)):
        record_answer(desk(laptop), both.assessment, "wanted-today", value)
    both.exchange()
    assert keep(desk(both.bea), question(both.bea).id, Keep.BOTH) is Kept.SETTLED


def test_an_answer_that_an_older_server_asked_about_is_said_by_whoever_chooses_it(both: Both) -> None:
    differ(both)
    both.exchange()
    with both.bea.store.write() as writing, writing.echo():
        writing.edit(Conflict, question(both.bea).id, other_told=None)
    keep(desk(both.bea), question(both.bea).id, Keep.OTHER)
    assert both.everywhere().answered_by == "Bea Marsh"


def test_words_that_a_colleague_chose_go_on_as_hers_who_wrote_them(both: Both) -> None:
    _, hers = differ(both)
    both.exchange()
    keep(desk(both.ada), question(both.ada).id, Keep.OTHER)
    both.ada.sync()
    # Bea has not heard of the choice: she is asked about hers once more, beside her first words
    record_answer(desk(both.bea), both.assessment, BRINGS, "Only on Mondays", "carer")
    both.exchange()
    for laptop in (both.ada, both.bea):
        asked = question(laptop)
        assert (asked.shown, asked.shown_said.name, asked.shown_said.at) == (hers.value, "Bea Marsh", hers.answered_at)
