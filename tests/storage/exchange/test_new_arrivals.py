"""Rows of a first pull are added many to a statement; what does not go so is laid row by row, and nothing is lost by it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import JsonValue
from sqlalchemy import select

from ewb_desktop.storage.cards.search import find_people
from ewb_desktop.storage.exchange.arrivals import ADDED_AT_ONCE, as_additions, as_columns, lay_columns
from ewb_desktop.storage.exchange.journal import counts, pending, unsent_entries
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.schema import check_schema
from ewb_desktop.storage.tables import Person, table
from sync.protocol.entities import ENVELOPE
from tests.support.laptops import Laptop

COLUMNS = (*ENVELOPE, "preferred_name", "birth_year_about", "postcode")
WHOLE = 2 * ADDED_AT_ONCE


def row(person: str, number: int, name: JsonValue, year: JsonValue = None) -> list[JsonValue]:
    return [person, "sale", number, "colleague", "2026-11-20T09:00:00.000Z", 0, name, year, None]


def rows_of(ids: list[str]) -> list[list[JsonValue]]:
    return [row(id_, number, f"Person {number}") for number, id_ in enumerate(ids, 1)]


def add(laptop: Laptop, rows: list[list[JsonValue]]) -> list[str]:
    with laptop.store.write("sync") as writing:
        columns = as_columns(COLUMNS, rows)
        unsent = unsent_entries(writing.connection, "person", [str(one[0]) for one in rows])
        left = lay_columns(writing, "person", columns, unsent, None if unsent else as_additions("person", columns))
        check_schema(writing.connection.connection.dbapi_connection)
    return left


def shown(laptop: Laptop) -> dict[str, tuple[Any, ...]]:
    person = table(Person).c
    with laptop.store.read() as connection:
        found = connection.execute(select(person.id, person.number, person.preferred_name, person.birth_year_about))
        return {str(one[0]): tuple(one[1:]) for one in found}


@pytest.mark.parametrize("count", [1, ADDED_AT_ONCE - 1, ADDED_AT_ONCE, ADDED_AT_ONCE + 1, WHOLE])
def test_however_many_come_each_is_there_once_can_be_found_and_is_not_to_be_sent(lent: Laptop, count: int) -> None:
    ids = [new_id() for _ in range(count)]
    assert add(lent, rows_of(ids)) == []
    assert shown(lent) == {id_: (number, f"Person {number}", None) for number, id_ in enumerate(ids, 1)}
    with lent.store.read() as connection:
        assert [found.id for found in find_people(connection, f"Person {count}")][:1] == [ids[-1]]
        assert counts(connection).to_send == 0


@pytest.mark.parametrize("place", [0, ADDED_AT_ONCE - 1, ADDED_AT_ONCE, WHOLE])
def test_a_row_that_is_here_already_is_laid_over_and_the_others_are_added(lent: Laptop, place: int) -> None:
    ids = [new_id() for _ in range(WHOLE + 1)]
    add(lent, [row(ids[place], 1, "As it was", 1950)])
    assert add(lent, rows_of(ids)) == []
    assert shown(lent) == {id_: (number, f"Person {number}", None) for number, id_ in enumerate(ids, 1)}
    with lent.store.read() as connection:
        assert find_people(connection, "As it was") == []
        assert counts(connection).to_send == 0


@pytest.mark.parametrize("place", [0, ADDED_AT_ONCE // 2, WHOLE])
def test_a_row_that_the_file_does_not_take_is_set_aside_alone(lent: Laptop, place: int) -> None:
    ids = [new_id() for _ in range(WHOLE + 1)]
    rows = rows_of(ids)
    rows[place][COLUMNS.index("birth_year_about")] = "about sixty"
    assert add(lent, rows) == [ids[place]]
    assert shown(lent).keys() == set(ids) - {ids[place]}
    with lent.store.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM carried_row").scalars().all() == [ids[place]]


def test_unsent_edits_stay_on_top_of_rows_that_are_tried_as_new(lent: Laptop) -> None:
    with lent.store.write() as writing:
        edited = writing.add(Person(area="sale", preferred_name="Grace", birth_year_about=1960))
    ids = [*(new_id() for _ in range(WHOLE)), edited]
    assert add(lent, rows_of(ids)) == []
    assert shown(lent)[edited] == (WHOLE + 1, "Grace", 1960)
    assert len(shown(lent)) == WHOLE + 1
    with lent.store.read() as connection:
        assert [entry.record for entry in pending(connection)] == [edited]


def test_after_rows_were_added_the_next_edit_is_in_the_journal(lent: Laptop) -> None:
    ids = [new_id() for _ in range(WHOLE)]
    add(lent, rows_of(ids))
    with lent.store.write() as writing:
        writing.edit(Person, ids[0], preferred_name="Grace")
    with lent.store.read() as connection:
        assert [(entry.record, entry.base) for entry in pending(connection)] == [(ids[0], 1)]
        assert [found.id for found in find_people(connection, "Grace")] == [ids[0]]
