"""The full-text index over people and services: its tables, the triggers that keep it, and its refresh after a bulk."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

SEARCH_TABLES = (
    """CREATE VIRTUAL TABLE person_search USING fts5(
        names, numbers, postcode, content='', contentless_delete=1,
        tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
    """CREATE VIRTUAL TABLE service_search USING fts5(
        name, organisation, words, content='', contentless_delete=1,
        tokenize='unicode61 remove_diacritics 2', prefix='2 3')""",
)
"""Contentless: the words stand once, in the records. The row numbers are the records' own, so the file is never vacuumed
without :func:`rebuild_search`."""


def _digits(value: str) -> str:
    text = f"replace(coalesce({value}, ''), '+44', '0')"
    for mark in (" ", "-", "(", ")", "."):
        text = f"replace({text}, '{mark}', '')"
    return text


def _person(row: str) -> str:
    names = " || ' ' || ".join(f"coalesce({row}.{name}, '')" for name in ("preferred_name", "given_name", "family_name"))
    numbers = f"{_digits(row + '.telephone')} || ' ' || {_digits(row + '.nhs_number')}"
    return f"{names}, {numbers}, coalesce({row}.postcode, '') || ' ' || replace(coalesce({row}.postcode, ''), ' ', '')"


def _service(row: str) -> str:
    words = " || ' ' || ".join(f"coalesce({row}.{name}, '')" for name in ("description", "needs", "eligibility", "address"))
    return f"coalesce({row}.name, ''), coalesce({row}.organisation, ''), {words}"


_SOURCES = {
    "person": (_person, ("preferred_name", "given_name", "family_name", "telephone", "nhs_number", "postcode")),
    "service": (_service, ("name", "organisation", "description", "needs", "eligibility", "address")),
}


def search_triggers() -> dict[str, str]:
    """Return the triggers that keep the index, by their names; they rest while rows come in bulk (``echo`` 2)."""
    made = {}
    for name, (words, columns) in _SOURCES.items():
        watched = ", ".join(("gone", *columns))
        made[f"{name}_found"] = (
            f"CREATE TRIGGER {name}_found AFTER INSERT ON {name} "
            "WHEN new.gone = 0 AND (SELECT echo FROM pen) < 2 BEGIN\n"
            f"    INSERT INTO {name}_search (rowid, {_names(name)}) VALUES (new.rowid, {words('new')});\n"
            "END"
        )
        made[f"{name}_found_again"] = (
            f"CREATE TRIGGER {name}_found_again AFTER UPDATE OF {watched} ON {name} "
            "WHEN (SELECT echo FROM pen) < 2 BEGIN\n"
            f"    DELETE FROM {name}_search WHERE rowid = old.rowid;\n"
            f"    INSERT INTO {name}_search (rowid, {_names(name)}) SELECT new.rowid, {words('new')} WHERE new.gone = 0;\n"
            "END"
        )
        made[f"{name}_lost"] = (
            f"CREATE TRIGGER {name}_lost AFTER DELETE ON {name} BEGIN\n"
            f"    DELETE FROM {name}_search WHERE rowid = old.rowid;\n"
            "END"
        )
    return made


def _names(name: str) -> str:
    return "names, numbers, postcode" if name == "person" else "name, organisation, words"


def prepare_search(connection: Any, entity: str, ids: list[str]) -> Callable[[], None]:
    """Look at the records ``ids`` before they are laid down in bulk; return what brings the index up to date afterwards."""
    if entity not in _SOURCES or not ids:
        return lambda: None
    listed = orjson.dumps(ids).decode()
    is_there = f"SELECT 1 FROM json_each(?) i JOIN {entity} r ON r.id = i.value LIMIT 1"
    if connection.execute(is_there, (listed,)).fetchone() is not None:
        return lambda: refresh_search(connection, entity, ids)
    last = connection.execute(f"SELECT coalesce(max(rowid), 0) FROM {entity}").fetchone()[0]
    words = _SOURCES[entity][0]("r")
    added = (
        f"INSERT INTO {entity}_search (rowid, {_names(entity)}) "
        f"SELECT r.rowid, {words} FROM {entity} r WHERE r.rowid > ? AND r.gone = 0"
    )
    # all are new: nothing of them is in the index that would have to go first
    return lambda: connection.execute(added, (last,))


def refresh_search(connection: Any, entity: str, ids: list[str]) -> None:
    """Bring the index up to date for the records ``ids`` that were laid down in bulk; other entities have none."""
    if entity not in _SOURCES or not ids:
        return
    listed = orjson.dumps(ids).decode()
    chosen = f"SELECT r.rowid FROM {entity} r JOIN json_each(?) i ON r.id = i.value"
    connection.execute(f"DELETE FROM {entity}_search WHERE rowid IN ({chosen})", (listed,))
    connection.execute(
        f"INSERT INTO {entity}_search (rowid, {_names(entity)}) "
        f"SELECT r.rowid, {_SOURCES[entity][0]('r')} FROM {entity} r JOIN json_each(?) i ON r.id = i.value WHERE r.gone = 0",
        (listed,),
    )


def rebuild_search(connection: Any) -> None:
    """Make the whole index again from the records."""
    for entity, (words, _) in _SOURCES.items():
        connection.execute(f"INSERT INTO {entity}_search ({entity}_search) VALUES ('delete-all')")
        connection.execute(
            f"INSERT INTO {entity}_search (rowid, {_names(entity)}) SELECT r.rowid, {words('r')} FROM {entity} r WHERE r.gone = 0"
        )
