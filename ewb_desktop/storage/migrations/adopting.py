"""A step's most common work: a table gets a new field, and values that were carried unread under its name move in."""

# ruff: noqa: S608 - the names come from the step that calls, values are bound

from __future__ import annotations

from typing import Any


def adopt_column(connection: Any, table: str, name: str, type_: str) -> None:
    """Give ``table`` the column ``name`` of the STRICT type ``type_`` and move in what its rows carried under that name."""
    connection.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {type_}')
    path = f'$."{name}"'
    echo = connection.execute("SELECT echo FROM pen").fetchone()
    connection.execute("UPDATE pen SET echo = 2")
    # JSON values and lists are kept as JSON text, everything else as itself
    connection.execute(
        f'UPDATE {table} SET "{name}" = json_extract(carried, ?), carried = json_remove(carried, ?) '
        "WHERE json_type(carried, ?) IS NOT NULL",
        (path, path, path),
    )
    if echo is not None:
        connection.execute("UPDATE pen SET echo = ?", echo)
