"""Lays work that was not sent in another file into this one: beneath what was written here since, and into the journal."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy.exc import DBAPIError

from ewb_desktop.storage.asides.reading import Entry, Place, Row, Work
from ewb_desktop.storage.exchange.brought import bring, work_out
from ewb_desktop.storage.exchange.journal import mark_offered
from ewb_desktop.storage.exchange.sync_state import note_progress, read_enrolment, read_progress
from ewb_desktop.storage.exchange.withdrawing import LET_GO
from ewb_desktop.storage.holding.scope import covers
from ewb_desktop.storage.ids import new_id
from ewb_desktop.storage.tables import KINDS, METADATA
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.merge import GONE
from sync.protocol.messages import Carried

_LONG_AGO = "1970-01-01T00:00:00.000Z"
"""When an entry was touched last that no later edit may become one with: it may be on its way."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many changes, and how many drafts, were not here before."""

    changes: int = 0
    drafts: int = 0


def lay_work(writing: Writing, work: Work) -> Done:
    """Take over what is not here yet, in its order; what is here by its id, sent or not, is passed over.

    Where this file's own journal says something about the same field that the other did not know, that was written later: it
    stays on the screens, and is sent after what is taken over.
    """
    later = {place: _written_since(writing, place, work.ids) for place in dict.fromkeys(entry.place for entry in work.entries)}
    new = [entered for entry in work.entries if (entered := _enter(writing, entry)) is not None]
    last = writing.connection.exec_driver_sql("SELECT coalesce(max(counter), 0) FROM journal").scalar_one()
    if new:
        # some may have been on their way when the file was set aside: none is altered any more
        mark_offered(writing, last)
    by_place: dict[Place, list[Entry]] = {}
    for entry in new:
        by_place.setdefault(entry.place, []).append(entry)
    came = [(entry.entity, entry.area) for entry in new]
    with writing.echo():
        for place, entries in by_place.items():
            if place[0] in ENTITIES:
                _show(writing, place, entries, work.rows.get(place), later[place])
        for place, row in work.rows.items():
            # whom it is about comes with it, or it could not be found on any page before the next round
            if place not in by_place and not _read(writing, place):
                _insert(writing, place, row)
                came.append((place[0], row["area"]))
    for place, entries in by_place.items():
        for name in sorted(later[place] & _fields(entries)) if place[0] in KINDS else ():
            writing.say_again(KINDS[place[0]], place[1], name)
        writing.touch(*place)
    _leave_if_outside(writing, came)
    return Done(len(new) + _bring(writing, work), _take_drafts_and_looks(writing, work))


def _written_since(writing: Writing, place: Place, known: Iterable[str]) -> frozenset[str]:
    """Return the fields of a record that this file's journal speaks of in edits that the other file did not have."""
    rows = writing.connection.exec_driver_sql(
        "SELECT id, kind, fields FROM journal WHERE entity = ? AND record = ? AND verdict IS NOT ?", (*place, LET_GO)
    ).all()
    since: set[str] = set()
    for id_, kind, fields in rows:
        if id_ not in known:
            since |= {GONE} if kind == ChangeKind.TOMBSTONE or fields == "{}" else orjson.loads(fields).keys()
    return frozenset(since)


def _enter(writing: Writing, entry: Entry) -> Entry | None:
    """Put an edit into the journal; return what of it was not here, None when all was."""
    here = writing.connection.exec_driver_sql(
        "SELECT counter, fields, settled_at IS NULL AND counter > (SELECT offered FROM pen) FROM journal WHERE id = ?",
        (entry.id,),
    ).first()
    if here is None:
        _insert_entry(writing, entry)
        return entry
    counter, fields, may_be_altered = here
    was_said = orjson.loads(fields)
    more = {name: value for name, value in entry.said().items() if name not in was_said or was_said[name] != value}
    if not more:
        return None
    text = orjson.dumps(more).decode()
    if may_be_altered:
        # it was typed on after the backup was made, in the same edit
        writing.connection.exec_driver_sql(
            "UPDATE journal SET fields = ewb_lay(fields, ?), at = ?, touched_at = ? WHERE counter = ?",
            (text, entry.at, _LONG_AGO, counter),
        )
        return entry._replace(kind=ChangeKind.EDIT, fields=text)
    added = entry._replace(id=new_id(), kind=ChangeKind.EDIT, names=",".join(more), fields=text, after=entry.id, was="{}")
    _insert_entry(writing, added)
    return added


def _insert_entry(writing: Writing, entry: Entry) -> None:
    writing.connection.exec_driver_sql(
        "INSERT INTO journal (id, entity, record, kind, area, names, fields, base, author, device, at, touched_at, after, "
        "refusal, was) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*entry[:11], _LONG_AGO, *entry[11:]),
    )


def _show(writing: Writing, place: Place, entries: Sequence[Entry], aside: Row | None, later: frozenset[str]) -> None:
    """Lay edits into their record: on what the server told last of it, wherever that is, and beneath what was written later."""
    present = _read(writing, place)
    if present is None:
        # without a row there is one to make, or it comes from the server and is laid beneath these edits
        made = aside if aside is not None else _as_made(entries)
        if made is not None:
            _insert(writing, place, made)
        return
    if aside is not None and aside["number"] > present["number"]:
        values = {name: value for name, value in aside.items() if name not in {"id", *later}}
        if GONE in later:
            values.pop("gone", None)
    else:
        fields = ENTITIES[place[0]].fields
        values = {
            name: _bound(fields[name].kind, value)
            for entry in entries
            for name, value in entry.said().items()
            if name in fields and name not in later
        }
        if not later:
            values["area"] = entries[-1].area
        if GONE not in later:
            values["gone"] = int(entries[-1].kind in (ChangeKind.TOMBSTONE, ChangeKind.ERASE))
    if values:
        laid = ", ".join(f'"{name}" = ?' for name in values)
        _try(writing, f'UPDATE "{place[0]}" SET {laid} WHERE id = ?', (*values.values(), place[1]))


def _as_made(entries: Sequence[Entry]) -> Row | None:
    """Return the row that the edits alone make, None when they do not begin with the making."""
    first = entries[0]
    if first.kind != ChangeKind.CREATE:
        return None
    fields = ENTITIES[first.entity].fields
    row: Row = {"id": first.record, "area": entries[-1].area, "number": 0, "author": first.author, "made_at": first.at}
    for entry in entries:
        row |= {name: _bound(fields[name].kind, value) for name, value in entry.said().items() if name in fields}
    return {**row, "gone": int(entries[-1].kind == ChangeKind.TOMBSTONE)}


def _read(writing: Writing, place: Place) -> Row | None:
    found = writing.connection.exec_driver_sql(f'SELECT * FROM "{place[0]}" WHERE id = ?', (place[1],)).mappings().first()
    return None if found is None else dict(found)


def _insert(writing: Writing, place: Place, row: Mapping[str, Any]) -> None:
    known = METADATA.tables[place[0]].c
    values = {name: value for name, value in row.items() if name in known}
    listed, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    _try(writing, f'INSERT INTO "{place[0]}" ({listed}) VALUES ({marks})', tuple(values.values()))


def _try(writing: Writing, statement: str, bound: tuple[Any, ...]) -> None:
    """Write one row; one that the file does not take stays as it is: the edit itself is in the journal."""
    try:
        with writing.connection.begin_nested():
            writing.connection.exec_driver_sql(statement, bound)
    except DBAPIError as error:
        if "full" in str(error.orig):
            raise


def _bound(kind: Kind, value: Any) -> Any:
    if value is not None and kind in (Kind.LIST, Kind.JSON):
        return orjson.dumps(value).decode()
    return int(value) if isinstance(value, bool) else value


def _fields(entries: Sequence[Entry]) -> set[str]:
    said: set[str] = set()
    for entry in entries:
        said |= {GONE} if entry.kind == ChangeKind.TOMBSTONE or entry.fields == "{}" else entry.said().keys()
    return said


def _leave_if_outside(writing: Writing, came: Iterable[tuple[str, str]]) -> None:
    """Let the next round look once more at what may be here: sent first, or sealed for the administrator, then it goes."""
    progress = read_progress(writing.connection)
    if read_enrolment(writing.connection) is None or not progress.classes or progress.scope_changed:
        return
    if any(not covers(progress, entity, area) for entity, area in came):
        note_progress(writing, replace(progress, scope_changed=True))


def _bring(writing: Writing, work: Work) -> int:
    carried = [
        (Change.model_validate(orjson.loads(text)["change"]), Carried(id=id_, text=text, signature=signature))
        for id_, text, signature in work.carried
    ]
    return bring(writing, work_out(writing.connection, carried, writing.device))


def _take_drafts_and_looks(writing: Writing, work: Work) -> int:
    connection = writing.connection
    for look in work.looks:
        connection.exec_driver_sql("INSERT OR IGNORE INTO look (id, kind, entity, record, at) VALUES (?, ?, ?, ?, ?)", look)
    drafts = 0
    for draft in work.drafts:
        # of one place's words the ones that were typed last
        drafts += connection.exec_driver_sql(
            "INSERT INTO draft (key, value, saved_at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, "
            "saved_at = excluded.saved_at WHERE draft.saved_at < excluded.saved_at AND draft.value <> excluded.value",
            draft,
        ).rowcount
    return drafts
