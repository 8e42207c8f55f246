"""The tables are the protocol's entities, name for name and kind for kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError

from ewb_desktop.storage.columns import COLUMN_TYPES
from ewb_desktop.storage.tables import ENVELOPE_COLUMNS, KINDS, METADATA, Answer, Person, Service, table
from sync.protocol.entities import ENTITIES
from tests.support.laptops import Laptop


def test_there_is_a_class_for_every_entity_and_no_other() -> None:
    assert list(KINDS) == list(ENTITIES)


@pytest.mark.parametrize("name", list(ENTITIES))
def test_columns_are_the_entitys_fields_with_their_kinds(name: str) -> None:
    columns = METADATA.tables[name].c
    fields = {column.name: type(column.type) for column in columns if column.name not in ENVELOPE_COLUMNS}
    expected = {field: COLUMN_TYPES[about.kind] for field, about in ENTITIES[name].fields.items() if field != "made_at"}
    assert fields == expected
    assert all(columns[field].nullable for field in fields)


def test_values_come_back_as_they_went_in(lent: Laptop) -> None:
    instant = datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=timezone(timedelta(hours=1)))
    with lent.store.write() as writing:
        person = writing.add(
            Person(area="sale", birth_date=date(1961, 2, 28), communication=["large print"], discreet_print=True)
        )
        service = writing.add(Service(area="*", modified_at=instant, latitude=53.5, minimum_age=18, schedule={"monday": [9]}))
        answer = writing.add(Answer(area="sale", person=person, value=0))
    with lent.store.read() as connection:
        c = table(Person).c
        assert connection.execute(
            select(c.birth_date, c.communication, c.discreet_print, c.pronouns).where(c.id == person)
        ).one() == (date(1961, 2, 28), ["large print"], True, None)
        c = table(Service).c
        assert connection.execute(select(c.modified_at, c.latitude, c.minimum_age, c.schedule).where(c.id == service)).one() == (
            instant.astimezone(UTC),
            53.5,
            18,
            {"monday": [9]},
        )
        assert connection.execute(select(table(Answer).c.value).where(table(Answer).c.id == answer)).scalar() == 0


def test_a_value_of_the_wrong_kind_is_refused_by_the_file(lent: Laptop) -> None:
    with pytest.raises(DBAPIError) as caught, lent.store.write() as writing:
        writing.add(Person(area="sale", birth_year_about="about sixty"))  # type: ignore[arg-type]
    assert "about sixty" not in str(caught.value)


def test_an_instant_without_a_zone_is_refused(lent: Laptop) -> None:
    with pytest.raises(StatementError, match="needs its zone"), lent.store.write() as writing:
        writing.add(Service(area="*", modified_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_what_a_clipboard_brings_along_costs_no_words(lent: Laptop) -> None:
    with lent.store.write() as writing:
        person = writing.add(Person(area="sale", contact_note="before\0after \ud83d end", communication=["large\0 print\udc00"]))
    with lent.store.read() as connection:
        c = table(Person).c
        kept = connection.execute(select(c.contact_note, c.communication).where(c.id == person)).one()
        fields = connection.exec_driver_sql("SELECT fields FROM journal").scalar()
    assert kept == ("beforeafter \ufffd end", ["large print\ufffd"])
    assert "end" in str(fields)
