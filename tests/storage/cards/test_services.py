"""Searching the directory: words, filters that never guess, distance, and the same result with or without a shelf."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import load_made_up
from ewb_desktop.domain.directory.listing import OpeningRule, rule_json
from ewb_desktop.domain.schedule import open_at
from ewb_desktop.storage.cards.places import place_card, places
from ewb_desktop.storage.cards.services import Filters, Found, Standpoint, count_services, read_shelf, search, service_card
from ewb_desktop.storage.tables import Place, Service
from tests.support.desks import open_desk

HALL = (53.446, -2.308)
SATURDAY = datetime.fromisoformat("2026-11-21T13:30")
HERE = Standpoint(SATURDAY, *HALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("directory")) as lent:
        load_made_up(lent)
        yield lent


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent


def look(desk: Desk, typed: str = "", filters: Filters | None = None, standpoint: Standpoint = HERE) -> Found:
    with desk.store.read() as connection:
        return search(connection, typed, filters or Filters(), standpoint)


def names(found: Found) -> list[str]:
    return [line.service.name for line in found.lines]


def test_every_word_typed_must_occur(desk: Desk) -> None:
    assert "Debt advice drop-in" in names(look(desk, "debt letters"))
    assert names(look(desk, "debt zebra")) == []


def test_one_letter_finds_names(desk: Desk) -> None:
    found = names(look(desk, "w"))
    assert found
    assert all(any(word.startswith("w") for word in name.casefold().split()) for name in found)


def test_without_words_the_nearest_comes_first_and_those_without_a_place_last(desk: Desk) -> None:
    distances = [line.distance for line in look(desk).lines if line.service.runs]
    known = [far for far in distances if far is not None]
    assert known == sorted(known)
    assert distances[: len(known)] == known


def test_within_leaves_out_what_is_further_or_nowhere(desk: Desk) -> None:
    found = look(desk, filters=Filters(within=2))
    assert found.lines
    assert all(line.distance is not None and line.distance <= 2 for line in found.lines)


def test_open_now_means_open_now(desk: Desk) -> None:
    found = look(desk, filters=Filters(open_now=True))
    assert found.lines
    assert all(line.opening.open_now for line in found.lines)
    assert "Debt advice drop-in" in names(found)
    night = Standpoint(datetime.fromisoformat("2026-11-22T03:00"), *HALL)
    assert "Debt advice drop-in" not in names(look(desk, filters=Filters(open_now=True), standpoint=night))


def test_what_is_not_said_passes_no_filter(empty: Desk) -> None:
    with empty.store.write() as writing:
        writing.add(Service(area="*", name="Silent"))
    filters = [
        Filters(step_free=True), Filters(free=True), Filters(open_now=True), Filters(language="en"), Filters(need="sleep"),
        Filters(within=50),
    ]  # fmt: skip
    assert [look(empty, filters=each).total for each in filters] == [0] * len(filters)
    assert look(empty).total == 1


def test_what_is_closed_stands_last_and_is_never_hidden(empty: Desk) -> None:
    with empty.store.write() as writing:
        for name, status in (("Aardvark club", "defunct"), ("Zebra club", "active"), ("Moth club", None)):
            writing.add(Service(area="*", name=name, status=status))
    assert names(look(empty)) == ["Moth club", "Zebra club", "Aardvark club"]


def test_a_service_that_was_taken_off_is_not_found(empty: Desk) -> None:
    with empty.store.write() as writing:
        service = writing.add(Service(area="*", name="Chess club"))
        writing.remove(Service, service)
    assert look(empty, "chess").total == look(empty).total == 0
    with empty.store.read() as connection:
        assert service_card(connection, service) is None
        assert count_services(connection).services == 0


def test_an_old_entry_says_so(desk: Desk) -> None:
    stale = [line for line in look(desk).lines if line.checked.state in ("ageing", "old")]
    assert stale
    assert all("Not checked since" in line.checked.words for line in stale)


def test_the_card_tells_opening_times_in_words(desk: Desk) -> None:
    service = look(desk, "debt advice").lines[0].id
    with desk.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    assert card.when == ("Tue, Thu and Sat, 13:00 to 16:00",)
    assert card.opening(SATURDAY).words == "open until 16:00"
    assert card.distance(*HALL) == 0


def test_every_second_week_is_told_but_never_taken_for_open(empty: Desk) -> None:
    rule = OpeningRule(byday=("SA",), interval=2, opens_at="09:00", closes_at="17:00")
    with empty.store.write() as writing:
        service = writing.add(Service(area="*", name="Repair café", schedule=[rule_json(rule)]))
    with empty.store.read() as connection:
        card = service_card(connection, service)
    assert card is not None
    assert card.when == ("Sat, 09:00 to 17:00 (every 2 weeks)",)
    assert card.opening(SATURDAY).open_now is None


def test_a_schedule_of_a_newer_program_is_passed_over(empty: Desk) -> None:
    with empty.store.write() as writing:
        writing.add(
            Service(
                area="*", name="Tomorrow", schedule=[{"freq": "weekly", "byday": 7}, "soon", {"byday": ["MO"], "opens_at": 9}]
            )
        )
    assert names(look(empty)) == ["Tomorrow"]


def test_places_are_known_with_where_they_lie(empty: Desk) -> None:
    with empty.store.write() as writing:
        hall = writing.add(Place(area="*", name="St Mary's Hall", latitude=HALL[0], longitude=HALL[1]))
        writing.add(Place(area="*", name="Library"))
    with empty.store.read() as connection:
        assert [(place.name, place.located) for place in places(connection)] == [("Library", False), ("St Mary's Hall", True)]
        found = place_card(connection, hall)
        assert found is not None
        assert found.name == "St Mary's Hall"
        assert place_card(connection, None) is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    typed=st.sampled_from(["", "d", "debt", "wal", "polish", "group"]),
    filters=st.builds(
        Filters, need=st.sampled_from(["", "money_debt_and_benefits"]), within=st.sampled_from([None, 1.0, 3.0]),
        open_now=st.booleans(),        step_free=st.booleans(), free=st.booleans(), language=st.sampled_from(["", "pl", "ur"]),
    ),
    hour=st.integers(0, 23), day=st.dates(date(2026, 11, 1), date(2027, 2, 1)),
)  # fmt: skip
def test_what_is_found_passes_every_filter_and_a_kept_shelf_changes_nothing(
    desk: Desk, typed: str, filters: Filters, hour: int, day: date
) -> None:
    standpoint = Standpoint(datetime.combine(day, time(hour, 15)), *HALL)
    with desk.store.read() as connection:
        shelf = read_shelf(connection)
        fresh = search(connection, typed, filters, standpoint)
        kept = search(connection, typed, filters, standpoint, shelf=shelf)
        unfiltered = search(connection, typed, Filters(), standpoint, shelf=shelf)
    assert names(fresh) == names(kept)
    assert set(names(fresh)) <= set(names(unfiltered))
    for line in fresh.lines:
        service = line.service
        assert not filters.need or filters.need in service.needs
        assert not filters.language or filters.language in service.languages
        assert not filters.free or service.free is True
        assert not filters.step_free or service.step_free == "yes"
        assert filters.within is None or (line.distance is not None and line.distance <= filters.within)
        assert not filters.open_now or open_at(service.schedules, standpoint.now).open_now is True
