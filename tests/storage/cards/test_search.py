"""A few letters find a member or a service."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ewb_desktop.storage.cards.search import find_people, find_services, find_taken_off
from ewb_desktop.storage.search_index import rebuild_search
from ewb_desktop.storage.tables import Person, Service, table
from tests.support.laptops import Laptop


def people(laptop: Laptop, typed: str) -> list[str | None]:
    with laptop.store.read() as connection:
        return [found.preferred_name for found in find_people(connection, typed)]


@pytest.fixture
def afternoon(lent: Laptop) -> Laptop:
    with lent.store.write() as writing:
        for person in (
            Person(area="sale", preferred_name="Zoë", family_name="O'Neill", telephone="0161 496 0123", postcode="M33 2AB"),
            Person(area="sale", preferred_name="Łukasz", given_name="Łukasz", telephone="+44 7700 900123"),
            Person(area="sale", preferred_name="Li", family_name="Zhang", nhs_number="999 000 0018"),
        ):
            writing.add(person)
    return lent


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoë"]),
        ("ZO", ["Zoë"]),
        ("z", ["Zoë", "Li"]),
        ("o'ne", ["Zoë"]),
        ("neill zo", ["Zoë"]),
        ("zoe zhang", []),
        ("0161 496", ["Zoë"]),
        ("(0161) 4960123", ["Zoë"]),
        ("07700 900", ["Łukasz"]),
        ("+44 7700 900", ["Łukasz"]),
        ("9990000", ["Li"]),
        ("999 000 0018", ["Li"]),
        ("m33 2", ["Zoë"]),
        ("M332AB", ["Zoë"]),
        ("33", []),
        ("", []),
        (" - ", []),
        ('"', []),
        ("zo* OR li", []),
        ('zo" OR "li', []),
        ("NEAR(", []),
    ],
)
def test_what_is_typed_finds_whom_it_should(afternoon: Laptop, typed: str, found: list[str]) -> None:
    assert people(afternoon, typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zoe", ["Zoë"]),
        ("neill zo", ["Zoë"]),
        ("o'ne", ["Zoë"]),
        ("0161 496", ["Zoë"]),
        ("m33 2", ["Zoë"]),
        ("M332AB", ["Zoë"]),
        ("999 000", ["Li"]),
        ("zoe zhang", []),
        ("33", []),
        ("", []),
        (" - ", []),
    ],
)
def test_whoever_was_taken_off_is_found_among_those_taken_off_and_not_among_the_others(
    afternoon: Laptop, typed: str, found: list[str]
) -> None:
    with afternoon.store.write() as writing:
        for name in ("Zoë", "Li"):
            person = table(Person).c
            writing.remove(
                Person, writing.connection.execute(select(person.id).where(person.preferred_name == name)).scalar_one()
            )
    with afternoon.store.read() as connection:
        assert [one.preferred_name for one in find_taken_off(connection, typed)] == found
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM person WHERE gone = 1").all()
    assert "person_taken_off" in str(plan)
    assert people(afternoon, typed) == []


def test_the_name_that_begins_with_it_comes_first(lent: Laptop) -> None:
    with lent.store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Ben", given_name="Annan"))
        writing.add(Person(area="sale", preferred_name="Chris", family_name="Annan"))
        writing.add(Person(area="sale", preferred_name="Ann", family_name="Zhang"))
    assert people(lent, "ann") == ["Ann", "Chris", "Ben"]


def test_results_end_at_the_limit(lent: Laptop) -> None:
    with lent.store.write() as writing:
        for _ in range(60):
            writing.add(Person(area="sale", preferred_name="Grace"))
    assert len(people(lent, "gr")) == 50


def test_the_index_follows_edits_removals_and_returns(afternoon: Laptop) -> None:
    with afternoon.store.read() as connection:
        (zoe,) = find_people(connection, "zoe")
    with afternoon.store.write() as writing:
        writing.edit(Person, zoe.id, preferred_name="Chloë")
    assert people(afternoon, "zoe") == []
    with afternoon.store.write() as writing:
        writing.remove(Person, zoe.id)
    assert people(afternoon, "chloe") == []
    with afternoon.store.write() as writing:
        writing.restore(Person, zoe.id)
    assert people(afternoon, "chloe") == ["Chloë"]


def test_services_are_found_by_name_first_then_words(lent: Laptop) -> None:
    with lent.store.write() as writing:
        cafe = writing.add(Service(area="*", name="Friendship café", description="a debt adviser comes on Mondays", free=True))
        debt = writing.add(Service(area="*", name="Debt advice drop-in", organisation="Citizens Advice", needs=["money"]))
    with lent.store.read() as connection:
        assert find_services(connection, "debt") == [debt, cafe]
        assert find_services(connection, "cafe") == [cafe]
        assert find_services(connection, "mon") == [cafe, debt] or find_services(connection, "mon") == [debt, cafe]
        assert find_services(connection, "debt", [table(Service).c.free.is_(True)]) == [cafe]
        assert find_services(connection, "") == [debt, cafe]
        assert find_services(connection, "citizens adv") == [debt]


def test_the_index_made_anew_is_the_same(afternoon: Laptop) -> None:
    with afternoon.store.write() as writing:
        rebuild_search(writing.connection.connection.dbapi_connection)
    assert people(afternoon, "zoe") == ["Zoë"]
    assert people(afternoon, "z") == ["Zoë", "Li"]
