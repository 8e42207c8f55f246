"""A file is brought to a new version whole or not at all, after a verified copy; a newer one is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.storage.cards.history import keep_heard
from ewb_desktop.storage.cards.search import find_people
from ewb_desktop.storage.errors import BrokenSchema, NewerFile
from ewb_desktop.storage.exchange.journal import pending
from ewb_desktop.storage.file.backups import list_backups, verify
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.migrate import bring_up_to_date
from ewb_desktop.storage.migrations import STEPS
from ewb_desktop.storage.migrations.adopting import adopt_column
from ewb_desktop.storage.schema import all_triggers
from ewb_desktop.storage.tables import Conflict, Handover, OwnLeaflet, Person, PrintTally, table
from tests.support.laptops import Laptop, laptop

NEXT = max(STEPS) + 1
"""The version of a program to come."""


@pytest.fixture
def closed(tmp_path: Path) -> Laptop:
    """A closed file with one member, who carries a field of a newer program."""
    lent = laptop(tmp_path)
    with lent.store.write() as writing, writing.echo():
        writing.add(Person(area="sale", preferred_name="Grace", carried='{"star_sign":"leo","shoe_size":7}'))
    lent.store.close()
    return lent


def look(closed: Laptop, statement: str) -> list[Any]:
    connection = connect_keyed(closed.path, closed.key)
    try:
        return list(connection.execute(statement).fetchall())
    finally:
        connection.close()


def to_next(connection: Any) -> None:
    adopt_column(connection, "person", "star_sign", "TEXT")


def without_who_heard(connection: Any) -> None:
    """Make the file what it was before version 13, without triggers: each version makes its own."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("ALTER TABLE conflict DROP COLUMN other_told")


def without_the_need_of_handovers(connection: Any) -> None:
    """Make the file what it was before version 3."""
    without_who_heard(connection)
    connection.execute("ALTER TABLE handover DROP COLUMN need")


def without_supporters(connection: Any) -> None:
    """Make the file what it was before version 10; its triggers are gone already."""
    connection.execute("ALTER TABLE person DROP COLUMN supporters")


def without_looks_of_prints(connection: Any) -> None:
    """Make the file what it was before version 7; its triggers are gone already."""
    without_supporters(connection)
    for name in ("palette", "sheet", "discreet", "batch"):
        connection.execute(f"ALTER TABLE print_tally DROP COLUMN {name}")


def without_history(connection: Any) -> None:
    """Make the file what it was before version 4; its triggers are gone already."""
    without_looks_of_prints(connection)
    for statement in ("DROP VIEW journal_edit", "DROP TABLE heard", "ALTER TABLE journal DROP COLUMN was"):
        connection.execute(statement)
    connection.execute("CREATE VIEW journal_edit AS SELECT entity, record, kind, area, fields, base FROM journal")


def then_fail(connection: Any) -> None:
    connection.execute("DROP TRIGGER person_made")
    connection.execute("UPDATE pen SET author = 'nobody'")
    raise KeyError


def test_a_step_gives_a_field_a_column_and_moves_in_what_was_carried(closed: Laptop) -> None:
    assert bring_up_to_date(closed.path, closed.key, closed.clock, {**STEPS, NEXT: to_next}) == NEXT
    assert look(closed, "SELECT star_sign, carried FROM person") == [("leo", '{"shoe_size":7}')]
    assert look(closed, "PRAGMA user_version") == [(NEXT,)]
    assert look(closed, "SELECT count(*) FROM journal") == [(0,)]
    (copy,) = list_backups(closed.path.parent / "backups")
    verify(copy, closed.key)
    old = connect_keyed(copy, closed.key, pragmas=False)
    assert old.execute("PRAGMA user_version").fetchone() == (NEXT - 1,)
    old.close()


def test_a_file_of_version_one_gets_the_order_of_the_list_of_members_after_a_verified_copy(closed: Laptop) -> None:
    fresh = look(closed, "SELECT name, sql FROM sqlite_master WHERE name LIKE 'person%' AND type = 'index' ORDER BY name")
    connection = connect_keyed(closed.path, closed.key)
    connection.execute("DROP INDEX person_in_list_order")
    connection.execute("DROP TRIGGER need_made")
    without_the_need_of_handovers(connection)
    without_history(connection)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = closed.reopen()
    with again.store.read() as reading:
        assert [found.preferred_name for found in find_people(reading, "gr")] == ["Grace"]
    again.store.close()
    indexes = look(closed, "SELECT name, sql FROM sqlite_master WHERE name LIKE 'person%' AND type = 'index' ORDER BY name")
    assert indexes == fresh
    (copy,) = list_backups(closed.path.parent / "backups")
    verify(copy, closed.key)


def test_a_file_of_version_two_says_for_which_need_a_handover_is_that_a_colleague_sent(tmp_path: Path) -> None:
    lent = laptop(tmp_path)
    with lent.store.write() as writing, writing.echo():
        writing.add(Handover(area="sale", to_name="Stretford Debt Advice", carried='{"need":"n1"}'))
    lent.store.close()
    connection = connect_keyed(lent.path, lent.key)
    without_the_need_of_handovers(connection)
    without_history(connection)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    again = lent.reopen()
    with again.store.read() as reading:
        assert reading.execute(select(table(Handover).c.need, table(Handover).c.carried)).one() == ("n1", "{}")
    again.store.close()


def test_a_file_of_version_three_can_tell_its_history_as_one_that_was_made_later(closed: Laptop) -> None:
    columns = "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('{0}') ORDER BY cid"
    fresh = [look(closed, columns.format(table)) for table in ("journal", "heard", "journal_edit")]
    connection = connect_keyed(closed.path, closed.key)
    without_who_heard(connection)
    without_history(connection)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    again = closed.reopen()
    with again.store.write() as writing:
        person = writing.add(Person(area="sale", telephone="0161 496 0100"))
        keep_heard(writing, [[7, "person", person, "edit", person, "", {"pronouns": [None, "she", "she"]}]])
    again.store.close()
    assert [look(closed, columns.format(table)) for table in ("journal", "heard", "journal_edit")] == fresh


def test_a_file_of_version_six_says_how_a_leaflet_looked_that_a_colleague_printed(tmp_path: Path) -> None:
    lent = laptop(tmp_path)
    sent = '{"palette":"cream","sheet":"a5","discreet":true,"batch":"b1"}'
    with lent.store.write() as writing, writing.echo():
        writing.add(PrintTally(area="*", topic="sleep", carried=sent))
    lent.store.close()
    connection = connect_keyed(lent.path, lent.key)
    without_who_heard(connection)
    without_looks_of_prints(connection)
    connection.execute("PRAGMA user_version = 6")
    connection.close()
    again = lent.reopen()
    known = table(PrintTally).c
    with again.store.read() as reading:
        row = reading.execute(select(known.palette, known.sheet, known.discreet, known.batch, known.carried)).one()
    assert tuple(row) == ("cream", "a5", True, "b1", "{}")
    again.store.close()


def test_a_file_of_version_eight_holds_the_organisations_own_leaflets_as_one_that_was_made_later(closed: Laptop) -> None:
    columns = "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('{0}') ORDER BY name"
    fresh = [look(closed, columns.format(each)) for each in ("own_picture", "own_leaflet")]
    connection = connect_keyed(closed.path, closed.key)
    without_who_heard(connection)
    without_supporters(connection)
    for made in ("own_picture", "own_leaflet"):
        connection.execute(f"DROP TABLE {made}")
    connection.execute("PRAGMA user_version = 8")
    connection.close()
    again = closed.reopen()
    with again.store.write() as writing:
        writing.add(OwnLeaflet(area="*", file="garden.md", source="# Garden"))
    again.store.close()
    assert [look(closed, columns.format(each)) for each in ("own_picture", "own_leaflet")] == fresh


def test_what_a_file_of_version_ten_had_offered_is_not_altered_and_the_rest_is(closed: Laptop) -> None:
    columns = "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('{0}') ORDER BY cid"
    fresh = [sorted(look(closed, columns.format(table))) for table in ("journal", "pen")]
    lent = closed.reopen()
    with lent.store.write() as writing:
        offered, other = (writing.add(Person(area="sale", preferred_name=name)) for name in ("Amina", "Rowan"))
    lent.store.close()
    connection = connect_keyed(closed.path, closed.key)
    without_who_heard(connection)
    connection.execute("ALTER TABLE pen DROP COLUMN offered")
    connection.execute("ALTER TABLE journal ADD COLUMN offered_at TEXT")
    connection.execute("UPDATE journal SET offered_at = '2026-11-21T13:00:00.000Z' WHERE record = ?", (offered,))
    connection.execute("PRAGMA user_version = 10")
    connection.close()
    again = closed.reopen()
    with again.store.write() as writing:
        for person in (offered, other):
            writing.edit(Person, person, postcode="M33 2AB")
    with again.store.read() as reading:
        waiting = [(entry.record, entry.offered, list(entry.fields)) for entry in pending(reading)]
    again.store.close()
    assert waiting == [
        (offered, True, ["preferred_name"]),
        (other, False, ["preferred_name", "postcode"]),
        (offered, False, ["postcode"]),
    ]
    assert [sorted(look(closed, columns.format(table))) for table in ("journal", "pen")] == fresh


def test_a_file_of_version_eleven_gets_the_index_of_those_taken_off(closed: Laptop) -> None:
    index = "SELECT sql FROM sqlite_master WHERE name = 'person_taken_off'"
    fresh = look(closed, index)
    connection = connect_keyed(closed.path, closed.key)
    without_who_heard(connection)
    connection.execute("DROP INDEX person_taken_off")
    connection.execute("PRAGMA user_version = 11")
    connection.close()
    closed.reopen().store.close()
    # a step writes in its own words
    assert [" ".join(str(row).replace("IF NOT EXISTS ", "").split()) for row in look(closed, index)] == [
        " ".join(str(row).split()) for row in fresh
    ]


def test_a_file_of_version_twelve_says_who_heard_an_answer_that_waits(tmp_path: Path) -> None:
    lent = laptop(tmp_path)
    sent = '{"other_told":{"answered_by":"Bea","told_by":"carer"}}'
    with lent.store.write() as writing, writing.echo():
        writing.add(Conflict(area="sale", entity="answer", field="value", other="Badly", carried=sent))
    lent.store.close()
    connection = connect_keyed(lent.path, lent.key)
    without_who_heard(connection)
    connection.execute("PRAGMA user_version = 12")
    connection.close()
    again = lent.reopen()
    known = table(Conflict).c
    with again.store.read() as reading:
        row = reading.execute(select(known.other_told, known.carried)).one()
    assert tuple(row) == ({"answered_by": "Bea", "told_by": "carer"}, "{}")
    again.store.close()


def test_triggers_and_search_are_made_again(closed: Laptop) -> None:
    def rebuild(connection: Any) -> None:
        for trigger in all_triggers():
            connection.execute(f"DROP TRIGGER {trigger}")

    bring_up_to_date(closed.path, closed.key, closed.clock, {**STEPS, NEXT: rebuild})
    connection = connect_keyed(closed.path, closed.key)
    connection.execute(f"PRAGMA user_version = {NEXT - 1}")
    connection.close()
    again = closed.reopen()
    with again.store.read() as reading:
        assert [found.preferred_name for found in find_people(reading, "gr")] == ["Grace"]
        assert reading.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").scalar() == len(
            all_triggers()
        )
    again.store.close()


def test_a_step_that_fails_leaves_file_and_version_as_they_were(closed: Laptop) -> None:
    schema = look(closed, "SELECT name, sql FROM sqlite_master ORDER BY name")
    with pytest.raises(KeyError):
        bring_up_to_date(closed.path, closed.key, closed.clock, {**STEPS, NEXT: to_next, NEXT + 1: then_fail})
    assert look(closed, "SELECT name, sql FROM sqlite_master ORDER BY name") == schema
    assert look(closed, "PRAGMA user_version") == [(NEXT - 1,)]
    assert look(closed, "SELECT author FROM pen") == [(closed.worker,)]
    closed.reopen().store.close()


def test_a_newer_file_is_refused_and_not_touched(closed: Laptop) -> None:
    connection = connect_keyed(closed.path, closed.key)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = closed.path.read_bytes()
    with pytest.raises(NewerFile, match="not changed and nothing is lost"):
        closed.reopen()
    assert closed.path.read_bytes() == before


def test_missing_triggers_are_noticed_at_start(closed: Laptop) -> None:
    connection = connect_keyed(closed.path, closed.key)
    connection.execute("DROP TRIGGER visit_edited")
    connection.close()
    with pytest.raises(BrokenSchema, match="visit_edited"):
        closed.reopen()
