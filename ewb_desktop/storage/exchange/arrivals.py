"""Rows that come from the server are laid down here, in bulk, beneath what this laptop has not sent yet."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlcipher3.dbapi2 as driver
from pydantic import JsonValue
from sqlalchemy.exc import DBAPIError

from ewb_desktop.storage.exchange.destroyed import find_destroyed, forget_words
from ewb_desktop.storage.exchange.journal import JournalEntry, unsent_entries
from ewb_desktop.storage.search_index import prepare_search
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES, ENVELOPE, Kind
from sync.protocol.merge import lay_beneath

ANNOUNCED_SINGLY = 200
"""Up to this many rows are announced by their ids; more are announced as their entity."""

RESTING_ROWS = 500
"""From so many rows of one entity on the triggers rest: fewer cost less than taking them away and bringing them back."""

ADDED_AT_ONCE = 25
"""So many new rows go in one statement: fewer cost more for each, more take longer to be understood."""

_VALUES, _CONFLICT = " VALUES ", " ON CONFLICT (id) DO UPDATE SET "
_JSON = (Kind.LIST, Kind.JSON)

_OF_A_ROW = (driver.IntegrityError, driver.DataError, driver.InterfaceError, driver.ProgrammingError)
"""What the driver says of values. Whatever else it says is about the file or its disk, and no row is to blame for that."""


Columns = Mapping[str, Sequence[Any] | None]
"""Values by the names of their columns, which begin with the envelope; None is a column without a value in any row."""


@dataclass(frozen=True, slots=True)
class Additions:
    """Rows that most likely are not in the file, as the driver takes them: many to a statement, the rest one by one."""

    together: str
    whole: Sequence[Sequence[Any]]
    alone: str
    rest: Sequence[Sequence[Any]]


def lay_rows(writing: Writing, entity: str, columns: Sequence[str], rows: Sequence[Sequence[JsonValue]]) -> list[str]:
    """Write the server's ``rows``, values under ``columns``; otherwise as :func:`lay_columns`."""
    if not rows:
        return []
    laid = as_columns(columns, rows)
    ids = [str(id_) for id_ in laid["id"] or ()]
    return lay_columns(writing, entity, laid, unsent_entries(writing.connection, entity, ids))


def as_columns(names: Sequence[str], rows: Sequence[Sequence[JsonValue]]) -> Columns:
    """Return rows as columns; raises ``ValueError`` when a row has more or fewer values than ``names``."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return {name: None if values.count(None) == len(values) else values for name, values in columns.items()}


def as_additions(entity: str, columns: Columns) -> Additions:
    """Return rows of a known entity in the shape in which the file takes them fastest when none of them is in it."""
    statement, bound = _plan(entity, {name: values for name, values in columns.items() if values is not None})
    head, row = statement[: statement.index(_CONFLICT)].split(_VALUES)
    width, count = len(bound), len(bound[0])
    values: list[Any] = [None] * (width * count)
    for at, column in enumerate(bound):
        values[at::width] = column
    together = width * ADDED_AT_ONCE
    end = len(values) - len(values) % together
    whole = [values[place : place + together] for place in range(0, end, together)]
    rest = [values[place : place + width] for place in range(end, len(values), width)]
    return Additions(f"{head}{_VALUES}{', '.join([row] * ADDED_AT_ONCE)}", whole, f"{head}{_VALUES}{row}", rest)


def lay_columns(
    writing: Writing,
    entity: str,
    columns: Columns,
    unsent: Mapping[str, Sequence[JournalEntry]],
    additions: Additions | None = None,
) -> list[str]:
    """Write the server's rows, given as columns, beneath what is ``unsent`` of them; return the ids it had to set aside.

    Unsent edits stay on top. Columns that this program does not know are carried unread; so are whole rows of an unknown
    entity, and rows with a value of the wrong kind, which are the ones returned. Nothing enters the journal; of what was
    destroyed by law its words leave it.
    ``additions`` are the same rows, most likely new and none of them unsent: so they are tried first, which takes less time.
    """
    ids = [str(id_) for id_ in columns["id"] or ()]
    if entity not in ENTITIES:
        _carry(writing, entity, columns, range(len(ids)))
        return []
    connection = _driver(writing)
    refresh = prepare_search(connection, entity, ids)
    left: list[int] = []
    _note_beneath(writing, entity, columns, ids, unsent)
    with writing.echo(bulk=True):
        if additions is None or not _add(connection, additions):
            statement, bound = _plan(entity, _beneath(columns, ids, unsent) if unsent else columns)
            with _resting(connection, entity) if len(ids) >= RESTING_ROWS else contextlib.nullcontext():
                left = _insert(writing, statement, bound)
        refresh()
    forget_words(writing, entity, find_destroyed(columns))
    if left:
        _carry(writing, entity, columns, left)
    if len(ids) > ANNOUNCED_SINGLY:
        writing.touch_wholesale(entity)
    else:
        for id_ in ids:
            writing.touch(entity, id_)
    return [ids[index] for index in left]


def take_away(writing: Writing, entity: str, ids: Sequence[str]) -> list[str]:
    """Destroy the records that this laptop may no longer hold, with their history; return those kept for their unsent edits."""
    unsent = unsent_entries(writing.connection, entity, ids)
    leaving = [(id_,) for id_ in ids if id_ not in unsent]
    if leaving:
        with writing.echo():
            writing.connection.exec_driver_sql(f"DELETE FROM {METADATA.tables[entity].name} WHERE id = ?", leaving)
            writing.connection.exec_driver_sql("DELETE FROM journal WHERE record = ?", leaving)
            writing.connection.exec_driver_sql(
                "DELETE FROM brought WHERE settled_at IS NOT NULL AND record IN (SELECT value FROM json_each(?))",
                (orjson.dumps([id_ for (id_,) in leaving]).decode(),),
            )
        writing.touch_wholesale(entity)
    return list(unsent)


@contextlib.contextmanager
def _resting(connection: Any, entity: str) -> Iterator[None]:
    """Take the triggers on rows away while many come: they do nothing for an echo, and doing nothing takes half of the time.

    Those on edits too: a statement that could fire one keeps a journal of its own for each row, in case it has to be undone.
    They go and come back in one transaction: no other writing ever happens without them, and a cut leaves them where they are.
    """
    names = tuple(f"{entity}_{ending}" for ending in ("made", "edited", "found", "found_again"))
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN (?, ?, ?, ?)"
    resting = connection.execute(query, names).fetchall()
    for name, _ in resting:
        connection.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _, statement in resting:
            connection.execute(statement)


def _plan(entity: str, columns: Columns) -> tuple[str, list[Sequence[Any]]]:
    """Return the statement that lays the rows, and the columns that it binds.

    A column without a value in any row stands in the statement: half of a page's values are none, and binding each costs.
    """
    fields = ENTITIES[entity].fields
    filled = {name: values for name, values in columns.items() if values is not None}
    known = [name for name in columns if name in ENVELOPE or name in fields]
    strange = {name: filled[name] for name in filled if name not in ENVELOPE and name not in fields}
    listed = ", ".join(f'"{name}"' for name in (*known, "carried"))
    marks = ", ".join("?" if name in filled else "NULL" for name in known)
    updated = ", ".join(f'"{name}" = excluded."{name}"' for name in (*known, "carried") if name != "id")
    carried_mark = "?" if strange else "'{}'"
    statement = f"INSERT INTO {entity} ({listed}){_VALUES}({marks}, {carried_mark}){_CONFLICT}{updated}"
    bound: list[Sequence[Any]] = []
    for name in known:
        if name in filled:
            nested = name in fields and fields[name].kind in _JSON
            bound.append([_json(value) for value in filled[name]] if nested else filled[name])
    if strange:
        rows = zip(*strange.values(), strict=True)
        bound.append([_json({n: v for n, v in zip(strange, row, strict=True) if v is not None}) for row in rows])
    return statement, bound


def _add(connection: Any, additions: Additions) -> bool:
    """Add rows that are not in the file; False when the file does not take one: then what was added may be laid once more.

    A statement that could fire a trigger keeps a journal of its own, and with a few dozen rows for each that costs so little
    that the triggers stay where they are: taking them away makes every other connection read the whole schema anew.
    """
    try:
        connection.executemany(additions.together, additions.whole)
        connection.executemany(additions.alone, additions.rest)
    except _OF_A_ROW:
        return False
    return True


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _beneath(columns: Columns, ids: Sequence[str], unsent: Mapping[str, Sequence[JournalEntry]]) -> Columns:
    """Return the columns with what is unsent laid over them."""
    shown: dict[str, list[Any]] = {name: list(values or [None] * len(ids)) for name, values in columns.items()}
    for index, id_ in enumerate(ids):
        if id_ not in unsent:
            continue
        entries = unsent[id_]
        server = {name: values[index] for name, values in shown.items() if name not in ENVELOPE}
        for name, value in lay_beneath(server, [entry.fields for entry in entries]).items():
            if name in shown:
                shown[name][index] = value
        shown["area"][index] = entries[-1].area
        shown["gone"][index] = int(entries[-1].kind == ChangeKind.TOMBSTONE)
    return shown


def _note_beneath(
    writing: Writing, entity: str, columns: Columns, ids: Sequence[str], unsent: Mapping[str, Sequence[JournalEntry]]
) -> None:
    """Note in unsent edits what lies beneath them now: whoever lets go of one that was not taken sees that again."""
    fields = {name for name in columns if name in ENTITIES[entity].fields}
    for index in [index for index, id_ in enumerate(ids) if id_ in unsent] if unsent else ():
        known = set(fields)
        for entry in unsent[ids[index]]:
            if entry.kind == ChangeKind.CREATE:
                continue
            first = known & entry.fields.keys()
            known -= first
            if first:
                was = {name: (values := columns[name]) and values[index] for name in sorted(first)}
                writing.connection.exec_driver_sql(
                    "UPDATE journal SET was = ewb_lay(was, ?) WHERE counter = ?", (orjson.dumps(was).decode(), entry.counter)
                )


def _insert(writing: Writing, statement: str, bound: list[Sequence[Any]]) -> list[int]:
    """Lay the rows; return the places of those that the file does not take."""
    try:
        # the driver takes the rows as they are put together: a list of them would be the page once more.
        # No savepoint: what was written before a bad row is written once more, the same, row by row
        _driver(writing).executemany(statement, zip(*bound, strict=True))
    except _OF_A_ROW:
        left = []
        for index, values in enumerate(zip(*bound, strict=True)):
            try:
                with writing.connection.begin_nested():
                    writing.connection.exec_driver_sql(statement, values)
            except DBAPIError as one:
                if not isinstance(one.orig, _OF_A_ROW):
                    raise
                left.append(index)
        return left
    return []


def _carry(writing: Writing, entity: str, columns: Columns, places: Iterable[int]) -> None:
    filled = {name: values for name, values in columns.items() if values is not None}
    rows = [{name: values[index] for name, values in filled.items()} for index in places]
    writing.connection.exec_driver_sql(
        "INSERT INTO carried_row (entity, id, row) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row",
        [(entity, row["id"], orjson.dumps(row).decode()) for row in rows],
    )


def _driver(writing: Writing) -> Any:
    return writing.connection.connection.dbapi_connection
