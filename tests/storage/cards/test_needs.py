"""What was done for a need stands on it, in the order of time, until it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.handover import hand_over, record_first_attended, take_back_handover
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.storage.cards.needs import HelpGiven, help_given, needs_of
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.person.beside import help_words, need_row
from tests.support.afternoon import ago
from tests.support.desks import open_desk

ADVICE = "Stretford Debt Advice"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(Path(tmp_path_factory.mktemp("needs"))) as lent:
        yield lent


def helped(desk: Desk, person: str) -> dict[str, list[HelpGiven]]:
    with desk.store.read() as connection:
        return help_given(connection, person)


def test_a_need_says_what_was_done_for_it_the_latest_first(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Amina"})
    need, other = add_need(desk, person, "sleep", "Letters"), add_need(desk, person, "sleep", "Other")
    with desk.store.write() as writing:
        service = writing.add(Service(area="*", name="Debt drop-in", status="active"))
    signpost(ago(desk, 3), person, service, how="told", need=need)
    made = hand_over(ago(desk, 1), person, to_name=ADVICE, reason="debts", need=need)
    record_first_attended(desk, made, desk.clock.today())
    with desk.store.read() as connection:
        rows = {card.id: need_row(card, helped(desk, person).get(card.id, ()), desk.library, desk.clock.today())
                for card in needs_of(connection, person)}  # fmt: skip
    assert rows[need].detail == (
        "Handed over to Stretford Debt Advice on 20 November, started on 21 November. Signposted to Debt drop-in on 18 November."
    )
    assert (rows[need].tag, rows[other].tag, rows[other].detail) == ("being helped", "now", "")


def test_a_handover_taken_back_leaves_no_trace_on_the_need(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    need = add_need(desk, person, "sleep", "Letters")
    made = hand_over(desk, person, to_name=ADVICE, reason="debts", need=need)
    assert list(helped(desk, person)) == [need]
    take_back_handover(desk, made)
    assert helped(desk, person) == {}


@pytest.mark.parametrize(
    ("help", "words"),
    [
        (HelpGiven("", None, handed_over=False), "Signposted to a service"),
        (HelpGiven(ADVICE, date(2025, 12, 1), handed_over=True), "Handed over to Stretford Debt Advice on 1 December 2025"),
    ],
)
def test_help_is_told_in_words_with_its_year_where_it_is_another_one(help: HelpGiven, words: str) -> None:
    assert help_words(help, date(2026, 11, 21)) == words
