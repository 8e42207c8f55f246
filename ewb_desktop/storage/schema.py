"""Everything that stands in a fresh encrypted file, and the check at start that it is all there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from ewb_desktop.storage.errors import BrokenSchema
from ewb_desktop.storage.search_index import SEARCH_TABLES, search_triggers
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.triggers import JOURNAL_TABLES, journal_triggers
from sync.protocol.entities import ENTITIES

HEARD_TABLES = (
    """CREATE TABLE heard (
        number INTEGER PRIMARY KEY, entity TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
        at TEXT NOT NULL, fields TEXT NOT NULL, heard_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX heard_record ON heard (record)",
)
"""Changes of others by the server's numbers: ``fields`` holds for each field what it said before, was told, and said after."""

BROUGHT_TABLES = (
    """CREATE TABLE brought (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, author TEXT NOT NULL,
        entity TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL, area TEXT NOT NULL, text TEXT NOT NULL,
        signature TEXT NOT NULL, brought_at TEXT NOT NULL, mark INTEGER NOT NULL, stood INTEGER, was TEXT NOT NULL,
        laid TEXT NOT NULL, settled_at TEXT, verdict TEXT, number INTEGER, refusal TEXT
    ) STRICT""",
    "CREATE INDEX brought_waiting ON brought (place) WHERE settled_at IS NULL",
)
"""Colleagues' changes that came in a file, on their way to the server: ``text`` with its ``signature`` is what travels.

``laid`` is what of it was laid into the record's row, ``was`` what stood there before and ``stood`` the row's number then (NULL:
nothing was laid); ``mark`` is the last of this laptop's own changes at that moment.
"""

LOOK_TABLES = (
    """CREATE TABLE look (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, entity TEXT NOT NULL,
        record TEXT NOT NULL, at TEXT NOT NULL, told_at TEXT
    ) STRICT""",
    "CREATE INDEX look_waiting ON look (place) WHERE told_at IS NULL",
    "CREATE INDEX look_record ON look (record, at)",
)
"""Who looked at what here; ``told_at`` is when the server said that it stands in its audit."""

LOCAL_TABLES = (
    "CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE draft (key TEXT PRIMARY KEY, value TEXT NOT NULL, saved_at TEXT NOT NULL) STRICT",
    "CREATE TABLE carried_row (entity TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (entity, id)) STRICT",
    *HEARD_TABLES,
    *BROUGHT_TABLES,
    *LOOK_TABLES,
)
"""What belongs to this file alone: settings and cursors, words that are no record yet, rows for a newer program to read, edits
of others that were heard of."""

_INDEXED = {
    "person": ("family_name", "coordinator"),
    "assessment": ("conversation",),
    "answer": ("assessment",),
    "service": ("source_id",),
    "service_note": ("service",),
    "visit": ("day",),
    "signpost": ("service",),
    "goal_rating": ("goal",),
    "follow_up": ("due_on", "about_id"),
    "conflict": ("record",),
    "conversation": ("started_at",),
    "contact": ("at",),
}

LIST_ORDER = (
    "coalesce(family_name, preferred_name, given_name, '') COLLATE NOCASE, "
    "coalesce(preferred_name, given_name, '') COLLATE NOCASE, id"
)
"""How the list of members is sorted; word for word as the index has it, or SQLite sorts 100,000 names again each time."""

_LISTED = f"CREATE INDEX IF NOT EXISTS person_in_list_order ON person ({LIST_ORDER}, coordinator) WHERE gone = 0"
_TAKEN_OFF = "CREATE INDEX IF NOT EXISTS person_taken_off ON person (id) WHERE gone = 1"
"""Of 100,000 members a few: they are found without reading the others."""


def table_statement(table: Table) -> str:
    """Return the statement that makes one table."""
    return str(CreateTable(table).compile(dialect=sqlite.dialect())).strip()


def index_statements() -> list[str]:
    """Return the statements that make the indexes of the entities' tables."""
    made = []
    for entity in ENTITIES.values():
        names = list(_INDEXED.get(entity.name, ()))
        if entity.person_field not in (None, "id"):
            names.insert(0, str(entity.person_field))
        made += [f'CREATE INDEX IF NOT EXISTS {entity.name}_by_{name} ON {entity.name} ("{name}")' for name in names]
    return [*made, _LISTED, _TAKEN_OFF]


def all_triggers() -> dict[str, str]:
    """Return every trigger that the file must have, by its name."""
    return journal_triggers() | search_triggers()


def create_schema(connection: Any) -> None:
    """Make everything in an empty file, inside the transaction that the caller has begun on the driver's ``connection``."""
    for name in ENTITIES:
        connection.execute(table_statement(METADATA.tables[name]))
    for statement in (*JOURNAL_TABLES, *LOCAL_TABLES, *SEARCH_TABLES, *index_statements()):
        connection.execute(statement)
    make_triggers(connection)


def make_triggers(connection: Any) -> None:
    """Make all triggers again; every migration ends with it, because making a table again drops its triggers."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in all_triggers().values():
        connection.execute(statement)


def check_schema(connection: Any) -> None:
    """Raise :class:`BrokenSchema` unless every trigger of this program stands in the file, word for word."""
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    if found != all_triggers():
        wrong = sorted(name for name in found.keys() | all_triggers().keys() if found.get(name) != all_triggers().get(name))
        raise BrokenSchema(f"these triggers are not as this program makes them: {', '.join(wrong)}")
