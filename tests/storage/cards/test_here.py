"""What is on at today's place, and what was printed there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ewb_desktop.storage.cards.here import NextHere, next_here, place_opening, printed_lately
from ewb_desktop.storage.cards.places import place_card
from ewb_desktop.storage.tables import Place, PrintTally, Row, Service
from tests.support.laptops import Laptop

NOON = datetime(2026, 11, 21, 12, 0)  # noqa: DTZ001 - the clock on the wall
DAY = {"freq": "weekly", "byday": ["SA"], "opens_at": "10:00", "closes_at": "16:00"}


def put(lent: Laptop, row: Row) -> str:
    with lent.store.write() as writing:
        return writing.add(row)


def hall(lent: Laptop, **more: Any) -> str:
    facts = {"postcode": "M32 0TH", "latitude": 53.446, "longitude": -2.308, **more}
    return put(lent, Place(area="*", name="St Mary's Hall", **facts))


def service(lent: Laptop, name: str, **more: Any) -> str:
    facts = {"latitude": 53.446, "longitude": -2.308, "schedule": [DAY], "status": "active", **more}
    return put(lent, Service(area="*", name=name, **facts))


def found(lent: Laptop, place: str | None) -> list[NextHere]:
    with lent.store.read() as connection:
        return next_here(connection, place_card(connection, place), NOON)


def test_open_now_comes_before_what_opens_later(lent: Laptop) -> None:
    place = hall(lent)
    service(lent, "Walking group", schedule=[{**DAY, "opens_at": "14:00"}])
    service(lent, "Debt advice")
    assert [each.name for each in found(lent, place)] == ["Debt advice", "Walking group"]


def test_a_service_further_than_half_a_mile_is_not_here(lent: Laptop) -> None:
    place = hall(lent)
    service(lent, "Art class", latitude=53.456)
    assert found(lent, place) == []


def test_the_same_postcode_is_here_without_a_map(lent: Laptop) -> None:
    place = hall(lent, latitude=None, longitude=None)
    service(lent, "Debt advice", postcode="m320th", latitude=None, longitude=None)
    assert [each.name for each in found(lent, place)] == ["Debt advice"]


def test_a_service_that_has_stopped_or_has_no_times_is_not_next(lent: Laptop) -> None:
    place = hall(lent)
    service(lent, "Old club", status="inactive")
    service(lent, "By appointment", schedule=None)
    assert found(lent, place) == []


def test_nothing_is_here_while_no_place_is_chosen(lent: Laptop) -> None:
    assert found(lent, None) == []


def test_the_place_tells_until_when_it_is_open(lent: Laptop) -> None:
    place, silent = hall(lent, opening=[DAY]), hall(lent)
    with lent.store.read() as connection:
        opening = place_opening(connection, place, NOON)
        assert opening is not None
        assert opening.words == "open until 16:00"
        assert place_opening(connection, silent, NOON) is None


def test_what_is_printed_most_at_this_place_comes_first(lent: Laptop) -> None:
    place = hall(lent)
    for topic, where, copies in (("sleep", "elsewhere", 9), ("money-worries", place, 1), ("low-mood", place, 3)):
        put(lent, PrintTally(area="*", topic=topic, language="en", format="clear_print", copies=copies, place=where))
    with lent.store.read() as connection:
        assert [each.topic for each in printed_lately(connection, place)] == ["low-mood", "money-worries", "sleep"]
