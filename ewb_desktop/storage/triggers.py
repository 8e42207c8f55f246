"""The triggers that keep the journal, made from the tables' own columns: no edit, by whatever statement, escapes them.

A row of ``pen`` says who holds the pen (author and laptop) and whether rows are laid down from elsewhere (``echo``: 0 for
what people type, 1 for what came from the server, 2 for the same in bulk, where the search index is refreshed once a page).
Entries up to its counter ``offered`` may have reached the server: they are never altered. One number is written before a day's
work goes, and not each of its entries once more.
"""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlalchemy import Column, Table

from ewb_desktop.storage.columns import JsonText
from ewb_desktop.storage.tables import METADATA
from sync.protocol.entities import ENTITIES

COALESCE_MINUTES = 10
"""Edits of the same fields by one author, not yet offered to the server, become one entry when they are nearer than this."""

PARENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "service_note": ("service",),
        "assessment": ("conversation",),
        "answer": ("assessment",),
        "need": ("conversation",),
        "goal": ("need", "conversation"),
        "goal_rating": ("goal",),
        "safety_talk": ("conversation",),
        "signpost": ("need",),
        "follow_up": ("about_id",),
    }
)
"""Fields that name the record which a new one hangs on, nearest first; the member whom it is about comes after them."""

JOURNAL_TABLES = (
    """CREATE TABLE pen (
        one INTEGER PRIMARY KEY CHECK (one = 1), author TEXT NOT NULL, device TEXT NOT NULL, echo INTEGER NOT NULL DEFAULT 0,
        offered INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE journal (
        counter INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        entity TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, area TEXT NOT NULL,
        names TEXT NOT NULL, fields TEXT NOT NULL, base INTEGER NOT NULL,
        author TEXT NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL, touched_at TEXT NOT NULL, after TEXT,
        settled_at TEXT, verdict TEXT, number INTEGER, refusal TEXT, was TEXT NOT NULL DEFAULT '{}'
    ) STRICT""",
    "CREATE INDEX journal_unsettled ON journal (entity, record) WHERE settled_at IS NULL",
    "CREATE INDEX journal_waiting ON journal (counter) WHERE settled_at IS NULL",
    "CREATE INDEX journal_record ON journal (record)",
    "CREATE VIEW journal_edit AS SELECT entity, record, kind, area, fields, base, was FROM journal",
)
"""The journal: ``settled_at`` is when the server acknowledged the entry; ``refusal`` with no ``settled_at`` is quarantine;
``was`` holds what the fields said before the edit, for the history that is read on this laptop, and never travels."""

_COALESCE = """CREATE TRIGGER journal_edit_entered INSTEAD OF INSERT ON journal_edit BEGIN
    UPDATE journal SET fields = ewb_lay(fields, new.fields), touched_at = ewb_now(),
        was = CASE kind WHEN 'create' THEN was ELSE ewb_lay(new.was, was) END,
        at = CASE kind WHEN 'create' THEN at ELSE ewb_now() END
    WHERE new.kind = 'edit' AND new.fields <> '{}' AND counter = (
        SELECT max(j.counter) FROM journal j, pen
        WHERE j.entity = new.entity AND j.record = new.record AND j.settled_at IS NULL
          AND j.counter > pen.offered AND j.refusal IS NULL AND j.author = pen.author AND j.area = new.area AND j.base = new.base
          AND (j.kind = 'create' OR (j.kind = 'edit' AND j.names = (SELECT group_concat(key) FROM json_each(new.fields))))
          AND j.touched_at > ewb_while_ago()
          AND NOT EXISTS (
            SELECT 1 FROM journal later
            WHERE later.entity = new.entity AND later.record = new.record AND later.settled_at IS NULL
              AND later.counter > j.counter
              AND (later.kind <> 'edit' OR later.area <> j.area OR later.fields = '{}' OR EXISTS (
                SELECT 1 FROM json_each(later.fields) l JOIN json_each(new.fields) n ON l.key = n.key))));
    INSERT INTO journal (id, entity, record, kind, area, names, fields, base, author, device, at, touched_at, was)
    SELECT ewb_id(), new.entity, new.record, new.kind, new.area,
        coalesce((SELECT group_concat(key) FROM json_each(new.fields)), ''), new.fields, new.base,
        pen.author, pen.device, ewb_now(), ewb_now(), new.was
    FROM pen WHERE changes() = 0;
END"""


def journal_triggers() -> dict[str, str]:
    """Return every trigger of the journal by its name."""
    made = {"journal_edit_entered": _COALESCE}
    for name in ENTITIES:
        table = METADATA.tables[name]
        made[f"{name}_made"] = _made(table)
        made[f"{name}_edited"] = _edited(table)
        made[f"{name}_destroyed"] = _destroyed(table)
    return made


def field_columns(table: Table) -> Iterator[Column[object]]:
    """Yield the columns that are fields of the table's entity, in the protocol's order."""
    for field in ENTITIES[table.name].fields:
        yield table.c[field]


def json_of(column: Column[object], row: str) -> str:
    """Return the expression that gives a column of ``row`` (a name in the statement) as JSON."""
    value = f'{row}."{column.name}"'
    return f"coalesce({value}, 'null')" if isinstance(column.type, JsonText) else f"json_quote({value})"


def _made(table: Table) -> str:
    said = " || ".join(
        f"""CASE WHEN new."{column.name}" IS NULL THEN '' ELSE ',"{column.name}":' || {json_of(column, "new")} END"""
        for column in field_columns(table)
    )
    return f"""CREATE TRIGGER {table.name}_made AFTER INSERT ON {table.name} WHEN (SELECT echo FROM pen) = 0 BEGIN
    INSERT INTO journal (id, entity, record, kind, area, names, fields, base, author, device, at, touched_at, after)
    SELECT ewb_id(), '{table.name}', new.id, 'create', new.area, '', '{{' || substr({said}, 2) || '}}', new.number,
        CASE new.author WHEN '' THEN pen.author ELSE new.author END, pen.device, coalesce(new.made_at, ewb_now()), ewb_now(),
        {_first_unsent(table.name)}
    FROM pen;
END"""


def _first_unsent(entity: str) -> str:
    """Return the expression for the change that must come first: the unsent one that made what a new record hangs on."""
    person = ENTITIES[entity].person_field
    names = [*PARENTS.get(entity, ()), *([person] if person not in (None, "id") else [])]
    made = [
        f"""(SELECT id FROM journal WHERE record = new."{name}" AND kind = 'create' AND settled_at IS NULL)""" for name in names
    ]
    return f"coalesce({', '.join([*made, 'NULL', 'NULL'])})"


def _edited(table: Table) -> str:
    columns = list(field_columns(table))
    said, was = (
        " || ".join(
            f"""CASE WHEN new."{each.name}" IS old."{each.name}" THEN '' ELSE ',"{each.name}":' || {json_of(each, row)} END"""
            for each in columns
        )
        for row in ("new", "old")
    )
    watched = ", ".join(f'"{name}"' for name in ("area", "gone", *(column.name for column in columns)))
    return f"""CREATE TRIGGER {table.name}_edited AFTER UPDATE OF {watched} ON {table.name}
WHEN (SELECT echo FROM pen) = 0 BEGIN
    INSERT INTO journal_edit (entity, record, kind, area, fields, base, was)
    SELECT '{table.name}', new.id, CASE new.gone WHEN 0 THEN 'edit' ELSE 'tombstone' END, new.area, said.fields, new.number,
        said.was
    FROM (SELECT '{{' || substr({said}, 2) || '}}' AS fields, '{{' || substr({was}, 2) || '}}' AS was) AS said
    WHERE said.fields <> '{{}}' OR new.area <> old.area OR new.gone <> old.gone;
END"""


def _destroyed(table: Table) -> str:
    # a deleted row would leave no trace for the other laptops; REPLACE deletes too
    return f"""CREATE TRIGGER {table.name}_destroyed BEFORE DELETE ON {table.name} WHEN (SELECT echo FROM pen) = 0 BEGIN
    SELECT RAISE(ABORT, 'records are removed by a tombstone, never deleted');
END"""
