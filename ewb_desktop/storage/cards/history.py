"""Who changed a record, from what, to what and when, as far as this laptop has seen: its own edits, and others' it heard of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, instant_told
from ewb_desktop.storage.cards.conflicts import value_of
from ewb_desktop.storage.direct import fetch_all
from ewb_desktop.storage.exchange.destroyed import forget_words
from ewb_desktop.storage.exchange.journal import kept_since
from ewb_desktop.storage.exchange.remaking import REMADE
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.exchange.withdrawing import LET_GO
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.messages import VerdictKind

MOST_KEPT = 20_000
"""Lines of others' edits kept at most, the newest: about 8 MB. The server has them all."""
MOST_AGAIN: Final = 5_000
"""Records whose history is asked for anew at most, once a server was restored: those that changed last."""

_AGAIN: Final = "history.again"
_MET: Final = f"'{VerdictKind.MERGED}', '{VerdictKind.CONFLICT}'"


@dataclass(frozen=True, slots=True)
class FieldStep:
    """What one edit did to a field. ``stood`` is False when another value stood afterwards, because a person had to choose.

    ``before`` is None also where this laptop does not know it: ``is_before_known``. ``is_before_unheard``: whoever wrote this
    had not heard of it, as two without a line do not hear of each other.
    """

    field: str
    before: Any
    said: Any
    after: Any
    is_before_known: bool = True
    is_before_unheard: bool = False

    @property
    def stood(self) -> bool:
        """Say whether what was told is what the record said afterwards."""
        return bool(self.said == self.after)


@dataclass(frozen=True, slots=True)
class Step:
    """One edit: by whom (an id), when on that laptop's clock, and what it did. ``number`` is 0 while it is not sent.

    ``is_held``: the server did not take it yet. ``is_let_go``: it never did, and its author let go of it.
    """

    number: int
    kind: ChangeKind
    author: str
    at: datetime | None
    fields: tuple[FieldStep, ...]
    is_held: bool = False
    is_let_go: bool = False

    @property
    def is_sent(self) -> bool:
        """Say whether the server has it."""
        return self.number > 0


def keep_heard(writing: Writing, lines: Iterable[Sequence[Any]]) -> int:
    """Keep what others did to records, as the server tells it; return how many lines. What was destroyed leaves no words."""
    rows: list[tuple[int | str, ...]] = []
    erased: dict[str, list[str]] = {}
    for line in lines:
        number, entity, record, kind, author, at, fields = line
        rows.append((int(number), str(entity), str(record), str(kind), str(author), str(at), orjson.dumps(fields).decode()))
        if kind == ChangeKind.ERASE:
            erased.setdefault(str(entity), []).append(str(record))
    if not rows:
        return 0
    connection, now = writing.connection, writing.clock.now()
    heard_at = read_progress(connection).server_time or now
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO heard (number, entity, record, kind, author, at, fields, heard_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*row, instant_text(heard_at)) for row in rows],
    )
    for entity, records in erased.items():
        forget_words(writing, entity, records)
    # so long ago by both clocks: one that runs years ahead does not forget all that was heard
    connection.exec_driver_sql("DELETE FROM heard WHERE heard_at < ?", (kept_since(now, heard_at),))
    connection.exec_driver_sql(
        "DELETE FROM heard WHERE number <= (SELECT number FROM heard ORDER BY number DESC LIMIT 1 OFFSET ?)", (MOST_KEPT,)
    )
    return len(rows)


def forget_heard(writing: Writing, records: Collection[str]) -> None:
    """Forget what was heard of records that leave this laptop."""
    if records:
        writing.connection.exec_driver_sql("DELETE FROM heard WHERE record = ?", [(record,) for record in records])


def forget_all_heard(writing: Writing) -> None:
    """Forget what was heard under numbers that the server gives to other changes now, and note of which records it was: see
    :func:`records_to_hear_of`."""
    found = fetch_all(writing.connection, "SELECT record FROM heard GROUP BY record ORDER BY max(number) DESC")
    _ask_again(writing, [record for (record,) in found])
    writing.connection.exec_driver_sql("DELETE FROM heard")


def hear_of_offered(writing: Writing) -> None:
    """Note those records also of which a restored server took this laptop's own edits in another way than they were made."""
    found = fetch_all(writing.connection, f"SELECT DISTINCT record FROM journal WHERE verdict IN ({_MET})")  # noqa: S608
    _ask_again(writing, [record for (record,) in found])


def records_to_hear_of(connection: Connection) -> list[str]:
    """Return the records of which this laptop knew more before the server was restored than it does now."""
    kept: Any = read_note(connection, _AGAIN)
    return list(kept or ())


def note_heard_of(writing: Writing, records: Collection[str]) -> None:
    """Take ``records`` from those that have to be heard of: the server told what it knows."""
    _keep_to_hear_of(writing, [record for record in records_to_hear_of(writing.connection) if record not in records])


def _ask_again(writing: Writing, records: Iterable[str]) -> None:
    known = dict.fromkeys([*records_to_hear_of(writing.connection), *records])
    _keep_to_hear_of(writing, [*known][:MOST_AGAIN])


def _keep_to_hear_of(writing: Writing, records: Sequence[str]) -> None:
    writing.note(_AGAIN, [*records] or None)


def history_of(connection: Connection, entity: str, record: str) -> list[Step]:
    """Return what this laptop knows of the history of a record, oldest first; what is not sent stands last."""
    heard = [_heard(entity, row) for row in _rows(connection, "heard", record)]
    known = {step.number for step in heard}
    own = [step for step in (_own(entity, row) for row in _rows(connection, "journal", record)) if step.number not in known]
    made = sorted([*heard, *own], key=lambda step: (not step.is_sent, step.number))
    if not any(step.kind is ChangeKind.CREATE for step in made):
        made = [*_made(connection, entity, record), *made]
    return _with_before(made)


def last_heard(connection: Connection, record: str) -> int:
    """Return the highest number that is known of a record's history, 0 when none is."""
    found = connection.exec_driver_sql("SELECT max(number) FROM heard WHERE record = ?", (record,)).scalar()
    return int(found or 0)


def _rows(connection: Connection, table: str, record: str) -> Sequence[Any]:
    what = {
        "heard": "SELECT number, kind, author, at, fields FROM heard WHERE record = ? ORDER BY number",
        "journal": "SELECT number, kind, author, at, fields, was, verdict, refusal, settled_at FROM journal "
        "WHERE record = ? ORDER BY counter",
    }
    found = connection.exec_driver_sql(what[table], (record,)).all()
    return [row for row in found if table == "heard" or row.verdict != REMADE]


def _heard(entity: str, row: Any) -> Step:
    fields: list[FieldStep] = []
    for name, values in orjson.loads(row.fields).items():
        before, said, after = (value_of(entity, name, value) for value in values[:3])
        fields.append(FieldStep(name, before, said, after, is_before_unheard=values[3:] == [True]))
    return Step(row.number, ChangeKind(row.kind), row.author, instant_told(row.at), tuple(fields))


def _own(entity: str, row: Any) -> Step:
    was, fields = orjson.loads(row.was), []
    for name, raw in orjson.loads(row.fields).items():
        said = value_of(entity, name, raw)
        is_known = name in was or row.kind == ChangeKind.CREATE
        fields.append(FieldStep(name, value_of(entity, name, was.get(name)), said, said, is_known))
    number = (row.number or 0) if row.settled_at is not None else 0
    return Step(
        number, ChangeKind(row.kind), row.author, instant_told(row.at), tuple(fields),
        is_held=row.refusal is not None, is_let_go=row.verdict == LET_GO,
    )  # fmt: skip


def _made(connection: Connection, entity: str, record: str) -> list[Step]:
    """Return who made the record, from its own row."""
    if entity not in ENTITIES:
        return []
    row = connection.exec_driver_sql(f'SELECT author, made_at FROM "{entity}" WHERE id = ?', (record,)).first()  # noqa: S608
    return [Step(1, ChangeKind.CREATE, row.author, instant_told(row.made_at), ())] if row is not None else []


def _with_before(made: Sequence[Step]) -> list[Step]:
    """Fill in what was there before an edit from the edit before it, where the edit itself does not say."""
    last: dict[str, Any] = {}
    filled: list[Step] = []
    for step in made:
        fields = tuple(
            FieldStep(each.field, last[each.field], each.said, each.after)
            if not each.is_before_known and each.field in last
            else each
            for each in step.fields
        )
        if not step.is_let_go:
            last |= {each.field: each.after for each in fields}
        filled.append(replace(step, fields=fields))
    return filled
