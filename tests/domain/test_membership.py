"""Membership: which moves are possible, and that there is always a coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from ewb_desktop.domain.lists import BadList, Entry, WordList
from ewb_desktop.domain.membership import (
    VISITOR,
    CoordinatorNeeded,
    MoveNotPossible,
    State,
    check_coordinator,
    check_move,
    states,
    still_to_ask,
)
from ewb_desktop.library import Library

FACTS = {"next_date": date(2026, 12, 1), "tried_on": date(2026, 11, 20)}


@pytest.fixture(scope="module")
def known(library: Library) -> Mapping[str, State]:
    return states(library.list("states"))


def test_the_states_are_those_of_the_design(known: Mapping[str, State]) -> None:
    assert list(known) == [
        *(VISITOR, "active", "waiting", "paused", "keeping_in_touch", "not_in_touch"),
        *("moved_away", "asked_to_leave", "died"),
    ]


def test_from_every_state_there_is_a_way_back_to_active(known: Mapping[str, State]) -> None:
    for state in known.values():
        if state.key != "active":
            assert check_move(known, state.key, "active", coordinator="w1").key == "active"


def test_every_state_but_visitor_and_died_has_a_coordinator(known: Mapping[str, State]) -> None:
    assert {state.key for state in known.values() if not state.coordinator} == {VISITOR, "died"}


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_coordinator_is_never_blank(known: Mapping[str, State], blank: str) -> None:
    for state in known.values():
        if state.coordinator:
            with pytest.raises(CoordinatorNeeded, match="Choose who it is"):
                check_move(known, "active", state.key, coordinator=blank, facts=FACTS)
            with pytest.raises(CoordinatorNeeded):
                check_coordinator(state, blank)


def test_waiting_needs_a_next_date(known: Mapping[str, State]) -> None:
    with pytest.raises(MoveNotPossible, match="needs the next date"):
        check_move(known, "active", "waiting", coordinator="w1")
    assert check_move(known, "active", "waiting", coordinator="w1", facts=FACTS).words == "Waiting"


def test_not_in_touch_needs_the_day_of_the_try(known: Mapping[str, State]) -> None:
    with pytest.raises(MoveNotPossible, match="the day on which you tried"):
        check_move(known, "active", "not_in_touch", coordinator="w1", facts={"tried_on": None})


def test_a_member_never_becomes_a_nameless_visitor_again(known: Mapping[str, State]) -> None:
    with pytest.raises(MoveNotPossible, match="cannot become"):
        check_move(known, "active", VISITOR, coordinator="w1")


def test_a_state_that_is_not_in_the_list_is_told(known: Mapping[str, State]) -> None:
    with pytest.raises(MoveNotPossible, match="not a membership"):
        check_move(known, "active", "closed", coordinator="w1")


def test_a_record_in_a_state_of_a_newer_list_can_still_move(known: Mapping[str, State]) -> None:
    assert check_move(known, "travelling", "active", coordinator="w1").key == "active"


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"coordinator": True, "needs": [], "moves": []}, "no way on"),
        ({"coordinator": True, "needs": [], "moves": ["gone"]}, "'gone', which is not there"),
        ({"needs": [], "moves": ["a"]}, "needs coordinator"),
    ],
)
def test_a_list_of_states_that_would_shut_someone_in_or_out_is_not_used(more: dict[str, object], what: str) -> None:
    with pytest.raises(BadList, match=what):
        states(WordList("states", "t", "1", "s", (Entry("a", "A", more=more),)))


def test_turned_away_elsewhere_asks_by_whom_and_why(library: Library) -> None:
    sources = library.list("sources")
    assert still_to_ask("turned_away_elsewhere", sources=sources) == ("who turned them away", "why")
    assert still_to_ask("turned_away_elsewhere", by_whom="Another service", sources=sources) == ("why",)


def test_other_sources_ask_nothing_more(library: Library) -> None:
    for source in ("self", "gp", "walk_in", "not in the list"):
        assert still_to_ask(source, sources=library.list("sources")) == ()
