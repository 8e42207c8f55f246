"""Rows from the server lie beneath what was not sent yet, and nothing that came is lost."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pydantic import JsonValue
from sqlalchemy import select

from ewb_desktop.storage.cards.search import find_people
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.arrivals import RESTING_ROWS, lay_rows, take_away
from ewb_desktop.storage.exchange.journal import acknowledge, counts, pending
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.schema import check_schema
from ewb_desktop.storage.tables import Handover, Person, table
from sync.protocol.entities import ENVELOPE
from sync.protocol.messages import Verdict, VerdictKind
from tests.support.laptops import Laptop

COLUMNS = (*ENVELOPE, "preferred_name", "communication", "postcode")


def row(person: str, number: int, name: JsonValue, *, gone: int = 0, postcode: JsonValue = None) -> list[JsonValue]:
    return [person, "sale", number, "colleague", "2026-11-20T09:00:00.000Z", gone, name, ["large print"], postcode]


def lay(laptop: Laptop, *rows: list[JsonValue], entity: str = "person", columns: tuple[str, ...] = COLUMNS) -> list[str]:
    with laptop.store.write("sync") as writing:
        return lay_rows(writing, entity, columns, rows)


def person_of(laptop: Laptop, person: str) -> Any:
    c = table(Person).c
    with laptop.store.read() as connection:
        return connection.execute(
            select(c.number, c.preferred_name, c.communication, c.postcode, c.gone, c.carried).where(c.id == person)
        ).one()


def test_rows_are_laid_down_and_laid_over_without_a_journal_entry(lent: Laptop) -> None:
    person = new_id()
    lay(lent, row(person, 1, "Grace"))
    lay(lent, row(person, 5, "Gracie", postcode="M33 2AB"))
    assert person_of(lent, person) == (5, "Gracie", ["large print"], "M33 2AB", 0, "{}")
    with lent.store.read() as connection:
        assert counts(connection).to_send == 0


def test_a_column_that_is_empty_in_every_row_of_a_page_takes_the_old_value_away(lent: Laptop) -> None:
    first, second = new_id(), new_id()
    lay(lent, row(first, 1, "Grace", postcode="M33 2AB"), row(second, 2, "Joe", postcode="M33 2AC"))
    lay(lent, row(first, 3, None), row(second, 4, None))
    assert [person_of(lent, person)[:4] for person in (first, second)] == [
        (3, None, ["large print"], None),
        (4, None, ["large print"], None),
    ]


def test_a_field_of_a_newer_program_that_was_emptied_is_no_longer_carried(lent: Laptop) -> None:
    person = new_id()
    columns = (*COLUMNS, "shoe_size")
    lay(lent, [*row(person, 1, "Grace"), 41], columns=columns)
    assert person_of(lent, person).carried == '{"shoe_size":41}'
    lay(lent, [*row(person, 2, "Grace"), None], columns=columns)
    assert person_of(lent, person).carried == "{}"


def test_unsent_edits_stay_on_top(lent: Laptop) -> None:
    person = new_id()
    lay(lent, row(person, 1, "Grace"))
    with lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    lay(lent, row(person, 2, "G. Mensah", postcode="M33 2AB"))
    assert person_of(lent, person)[:4] == (2, "Gracie", ["large print"], "M33 2AB")
    with lent.store.read() as connection:
        (entry,) = pending(connection)
    assert entry.base == 1


def test_after_the_edit_was_taken_the_servers_value_shows(lent: Laptop) -> None:
    person = new_id()
    lay(lent, row(person, 1, "Grace"))
    with lent.store.write() as writing:
        writing.edit(Person, person, preferred_name="Gracie")
    with lent.store.write() as writing:
        (entry,) = pending(writing.connection)
        acknowledge(writing, [Verdict(id=entry.id, kind=VerdictKind.MERGED, number=3)])
        lay_rows(writing, "person", COLUMNS, [row(person, 4, "G. Mensah")])
    assert person_of(lent, person)[:2] == (4, "G. Mensah")


def test_an_unsent_removal_stays(lent: Laptop) -> None:
    person = new_id()
    lay(lent, row(person, 1, "Grace"))
    with lent.store.write() as writing:
        writing.remove(Person, person)
    lay(lent, row(person, 2, "Gracie"))
    assert person_of(lent, person).gone == 1


def test_fields_of_a_newer_program_are_carried_unread(lent: Laptop) -> None:
    person = new_id()
    lay(lent, [*row(person, 1, "Grace"), {"a": 1}, None], columns=(*COLUMNS, "star_sign", "shoe_size"))
    assert orjson.loads(person_of(lent, person).carried) == {"star_sign": {"a": 1}}


def test_rows_of_an_unknown_entity_are_carried_whole(lent: Laptop) -> None:
    lay(lent, ["i", "sale", 1], entity="horoscope", columns=("id", "area", "number"))
    with lent.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT entity, id, row FROM carried_row").one()
    assert tuple(kept) == ("horoscope", "i", '{"id":"i","area":"sale","number":1}')


def test_one_row_of_the_wrong_kind_does_not_hold_up_the_others(lent: Laptop) -> None:
    good, bad = new_id(), new_id()
    columns = (*COLUMNS, "birth_year_about")
    left = lay(lent, [*row(bad, 1, "Grace"), "about sixty"], [*row(good, 2, "Amina"), 1960], columns=columns)
    assert left == [bad]
    assert person_of(lent, good).preferred_name == "Amina"
    with lent.store.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM carried_row").scalars().all() == [bad]
        assert [found.id for found in find_people(connection, "amina")] == [good]


def test_a_field_named_twice_is_the_later_one(lent: Laptop) -> None:
    columns = (*ENVELOPE, "reason", "made_at")
    lay(lent, ["h", "sale", 1, "x", None, 0, "debt", "2026-11-20T09:00:00.000Z"], entity="handover", columns=columns)
    with lent.store.read() as connection:
        assert connection.exec_driver_sql("SELECT made_at FROM handover").scalar() == "2026-11-20T09:00:00.000Z"
        assert connection.execute(select(table(Handover).c.reason)).scalar() == "debt"


def test_people_who_arrived_can_be_found_and_who_left_cannot(lent: Laptop) -> None:
    person = new_id()
    lay(lent, row(person, 1, "Zoë"))
    with lent.store.read() as connection:
        assert [found.id for found in find_people(connection, "zoe")] == [person]
    lay(lent, row(person, 2, "Chloe"))
    with lent.store.read() as connection:
        assert find_people(connection, "zoe") == []
        assert [found.id for found in find_people(connection, "chlo")] == [person]
    lay(lent, row(person, 3, "Chloe", gone=1))
    with lent.store.read() as connection:
        assert find_people(connection, "chlo") == []


def test_rows_and_cursor_go_together_or_not_at_all(lent: Laptop) -> None:
    person = new_id()
    with pytest.raises(KeyError), lent.store.write() as writing:  # noqa: PT012
        lay_rows(writing, "person", COLUMNS, [row(person, 1, "Grace")])
        writing.note("cursor", 1)
        raise KeyError
    with lent.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 0
        assert read_note(connection, "cursor") is None
        assert find_people(connection, "grace") == []


def test_a_few_rows_are_announced_by_id_and_many_as_their_kind(lent: Laptop) -> None:
    heard: list[Changes] = []
    lent.store.listen(lambda changes, _: heard.append(changes))
    person = new_id()
    lay(lent, row(person, 1, "Grace"))
    lay(lent, *[row(new_id(), number, "Grace") for number in range(2, 300)])
    assert heard[0].touches(person)
    assert heard[1] == Changes(wholesale=frozenset({"person"}))
    assert heard[1].concerns("person")


def test_what_may_no_longer_be_held_is_destroyed_but_for_unsent_work(lent: Laptop) -> None:
    leaving, unsent = new_id(), new_id()
    lay(lent, row(leaving, 1, "Grace"), row(unsent, 2, "Amina"))
    with lent.store.write() as writing:
        writing.edit(Person, unsent, postcode="M33 2AB")
    with lent.store.write() as writing:
        assert take_away(writing, "person", [leaving, unsent]) == [unsent]
    with lent.store.read() as connection:
        assert connection.execute(select(table(Person).c.id)).scalars().all() == [unsent]
        assert find_people(connection, "grace") == []
        assert len(pending(connection)) == 1


def test_after_many_rows_every_trigger_stands_as_before_and_the_next_edit_is_in_the_journal(lent: Laptop) -> None:
    ids = [new_id() for _ in range(RESTING_ROWS)]
    lay(lent, *(row(person, number, f"Person {number}") for number, person in enumerate(ids, 1)))
    with lent.store.write() as writing:
        check_schema(writing.connection.connection.dbapi_connection)
        writing.edit(Person, ids[0], preferred_name="Grace")
    with lent.store.read() as connection:
        assert [entry.record for entry in pending(connection)] == [ids[0]]
        assert len(find_people(connection, "Grace")) == 1
        assert len(find_people(connection, f"Person {RESTING_ROWS}")) == 1
