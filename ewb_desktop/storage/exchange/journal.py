"""The queue of what has not been acknowledged by the server, read and settled by id; triggers.py fills it."""

# ruff: noqa: S608 - the names in these statements come from the protocol and from this program, values are bound

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import JsonValue, TypeAdapter
from sqlalchemy import Connection, text

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.direct import fetch_all, fetch_each, fetch_first, run, run_each
from ewb_desktop.storage.tables import METADATA
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import Change
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.protocol.version import PUSH_BYTES, PUSH_CHANGES

KEPT_DAYS = 90
"""How long acknowledged entries stay, so that a server restored from a backup can be given them again."""

COLUMNS = (
    "counter, id, entity, record, kind, area, fields, base, author, device, at, after, "
    "counter <= (SELECT offered FROM pen), refusal"
)
"""What is read of an entry, in this order."""

PASSING = (Refusal.MISSING_RECORD, Refusal.WAITING_FOR)
"""Refusals that end by themselves once another change is taken: these entries are sent again, not put in quarantine."""

Place = tuple[str, str, str, int]
"""Where an entry stands: its id, the kind of record that it is about and which, and its counter."""

_PASSING = ", ".join(f"'{reason}'" for reason in PASSING)
_TO_SEND = f"settled_at IS NULL AND (refusal IS NULL OR refusal IN ({_PASSING}))"
_QUARANTINED = f"settled_at IS NULL AND refusal IS NOT NULL AND refusal NOT IN ({_PASSING})"
_CHANGES = TypeAdapter(tuple[Change, ...])
_RECORD, _FIELDS = (COLUMNS.split(", ").index(name) for name in ("record", "fields"))


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One edit that waits for the server. ``refusal`` says why it was not taken, if it was offered and not taken."""

    counter: int
    id: str
    entity: str
    record: str
    kind: str
    area: str
    fields: dict[str, JsonValue]
    base: int
    author: str
    device: str
    at: str
    after: str | None
    offered: bool
    refusal: Refusal | None

    def change(self) -> Change:
        """Return the entry as it travels."""
        return changes_of([self])[0]


@dataclass(frozen=True, slots=True)
class JournalCounts:
    """How much waits. ``oldest_at`` is when the oldest unsent edit was made, None when all is sent."""

    to_send: int
    quarantined: int
    oldest_at: datetime | None


def changes_of(entries: Iterable[JournalEntry]) -> tuple[Change, ...]:
    """Return entries as they travel; all at once, which takes half as long as one after the other."""
    return _CHANGES.validate_python([
        {
            "id": each.id, "entity": each.entity, "record": each.record, "kind": each.kind, "area": each.area,
            "fields": each.fields, "base": each.base, "author": each.author, "device": each.device, "counter": each.counter,
            "at": each.at, "after": each.after,
        }
        for each in entries
    ])  # fmt: skip


def pending(connection: Connection, limit: int = PUSH_CHANGES, room: int = PUSH_BYTES, after: int = 0) -> list[JournalEntry]:
    """Return what has to be sent, oldest first, beginning after the counter ``after``.

    At most ``limit`` entries and about ``room`` bytes, but always one when there is one.
    """
    return [_entry(row) for row in rows_to_send(connection, limit, room, after)]


def has_pending(connection: Connection, after: int = 0) -> bool:
    """Say whether anything has to be sent that stands after the counter ``after``."""
    return fetch_first(connection, f"SELECT 1 FROM journal WHERE {_TO_SEND} AND counter > ? LIMIT 1", (after,)) is not None


def rows_to_send(connection: Connection, limit: int, room: int, after: int = 0) -> list[tuple[Any, ...]]:
    """Return the rows of what has to be sent, with the columns of :data:`COLUMNS`; see :func:`pending`."""
    chosen: list[tuple[Any, ...]] = []
    rows = fetch_each(
        connection, f"SELECT {COLUMNS} FROM journal WHERE {_TO_SEND} AND counter > ? ORDER BY counter LIMIT ?", (after, limit)
    )
    for row in rows:
        # 500 bytes for the envelope: ids, names and marks of one change as JSON
        room -= len(row[_FIELDS].encode()) + 500
        if chosen and room < 0:
            break
        chosen.append(row)
    return chosen


def all_pending(connection: Connection) -> list[JournalEntry]:
    """Return all that has to be sent, oldest first, however much it is: for a sealed file, which has no size to keep to."""
    # SQLite gives every row for a limit below nought
    return pending(connection, limit=-1, room=sys.maxsize)


def quarantined(connection: Connection) -> list[JournalEntry]:
    """Return what the server did not take and a person has to look at, oldest first."""
    return [_entry(row) for row in fetch_each(connection, f"SELECT {COLUMNS} FROM journal WHERE {_QUARANTINED} ORDER BY counter")]


def behind(connection: Connection) -> list[JournalEntry]:
    """Return the edits to be sent that wait for another which the server has not taken, oldest first."""
    where = f"settled_at IS NULL AND refusal IN ({_PASSING})"
    return [_entry(row) for row in fetch_each(connection, f"SELECT {COLUMNS} FROM journal WHERE {where} ORDER BY counter")]


def counts(connection: Connection) -> JournalCounts:
    """Return how much waits."""
    to_send, held, oldest = connection.exec_driver_sql(
        f"SELECT coalesce(sum({_TO_SEND}), 0), coalesce(sum({_QUARANTINED}), 0), min(at) FROM journal WHERE settled_at IS NULL"
    ).one()
    return JournalCounts(to_send, held, parse_instant(oldest) if oldest else None)


def count_behind(connection: Connection) -> int:
    """Return how many of the edits to be sent wait for another that the server has not taken."""
    return int(
        connection.exec_driver_sql(
            f"SELECT count(*) FROM journal WHERE settled_at IS NULL AND refusal IN ({_PASSING})"
        ).scalar_one()
    )


def has_unsent(connection: Connection) -> bool:
    """Say whether there is any edit that the server has not acknowledged; quarantined ones count too."""
    return connection.exec_driver_sql("SELECT 1 FROM journal WHERE settled_at IS NULL LIMIT 1").first() is not None


def unsent_entries(connection: Connection, entity: str, ids: Iterable[str]) -> dict[str, list[JournalEntry]]:
    """Return for each of the records ``ids`` that has unsent edits these, oldest first; quarantined ones count too."""
    wanted = set(ids)
    rows = fetch_each(
        connection, f"SELECT {COLUMNS} FROM journal WHERE entity = ? AND settled_at IS NULL ORDER BY counter", (entity,)
    )
    found: dict[str, list[JournalEntry]] = {}
    for row in rows:
        if row[_RECORD] in wanted:
            found.setdefault(row[_RECORD], []).append(_entry(row))
    return found


def counts_about(connection: Connection, person: str) -> JournalCounts:
    """Return how much of one member waits: of her own record, and of everything that is about her."""
    about = " OR ".join(
        f"(entity = '{name}' AND record = :person)"
        if entity.person_field == "id"
        else f"(entity = '{name}' AND record IN (SELECT id FROM {name} WHERE \"{entity.person_field}\" = :person))"
        for name, entity in ENTITIES.items()
        if entity.person_field is not None
    )
    to_send, held, oldest = connection.execute(
        text(
            f"SELECT coalesce(sum({_TO_SEND}), 0), coalesce(sum({_QUARANTINED}), 0), min(at) FROM journal "
            f"WHERE settled_at IS NULL AND ({about})"
        ),
        {"person": person},
    ).one()
    return JournalCounts(to_send, held, parse_instant(oldest) if oldest else None)


def history(connection: Connection, record: str) -> list[JournalEntry]:
    """Return this laptop's own edits of one record that are still kept, oldest first."""
    rows = fetch_each(connection, f"SELECT {COLUMNS} FROM journal WHERE record = ? ORDER BY counter", (record,))
    return [_entry(row) for row in rows]


def recorded_after(connection: Connection, number: int) -> frozenset[str]:
    """Return the records of which the server took an edit of this laptop after its ``number``."""
    rows = connection.exec_driver_sql("SELECT DISTINCT record FROM journal WHERE number > ?", (number,))
    return frozenset(str(record) for (record,) in rows)


def mark_offered(writing: Writing, counter: int) -> None:
    """Say that what stands up to ``counter`` may be on its way: it is never altered any more, later edits have their own entries.

    What is under way is always the oldest, so one number does for all; one that was left out is sent as it is, in its turn.
    """
    run(writing.connection, "UPDATE pen SET offered = ? WHERE offered < ?", (counter, counter))


def acknowledge(
    writing: Writing, verdicts: Sequence[Verdict], server_time: datetime | None = None, sent: Sequence[Place] | None = None
) -> None:
    """Settle exactly the entries that ``verdicts`` name, and no other, at ``server_time`` or now, whichever is later.

    ``sent`` says where they stand, for who has just read them all: they are looked up otherwise.

    Taken as it was: the row and its later unsent edits take the server's number. Taken after somebody else's edit, or known
    from a push whose answer was lost: the row keeps its number until it is pulled, because what others did to it since may be
    numbered lower. Not taken: the entry stays, with the reason.
    """
    # of two clocks one may be wrong; the later time keeps an entry longer
    now = instant_text(max(writing.clock.now(), server_time or writing.clock.now()))
    refused = [verdict for verdict in verdicts if verdict.kind is VerdictKind.REFUSED]
    taken = {verdict.id: verdict for verdict in verdicts if verdict.kind is not VerdictKind.REFUSED}
    _each(
        writing,
        "UPDATE journal SET refusal = ? WHERE id = ? AND settled_at IS NULL",
        [((verdict.reason or Refusal.MALFORMED).value, verdict.id) for verdict in refused],
    )
    if not taken:
        return
    waiting = _places(writing.connection, taken) if sent is None else [place for place in sent if place[0] in taken]
    _each(
        writing,
        "UPDATE journal SET settled_at = ?, verdict = ?, number = counter + ?, refusal = NULL "
        "WHERE counter BETWEEN ? AND ? AND settled_at IS NULL",
        [(now, *stretch) for stretch in _stretches(waiting, taken)],
    )
    accepted: dict[str, list[tuple[str, int, int]]] = {}
    for id_, entity, record, counter in waiting:
        # also one that was known already, of which no row comes: a page about it says what waits
        writing.touch(entity, record)
        if taken[id_].kind is VerdictKind.ACCEPTED:
            accepted.setdefault(entity, []).append((record, counter, taken[id_].number))
    later = _unoffered(writing.connection) if accepted else frozenset()
    for entity, records in accepted.items():
        _number(writing, entity, records, later)


def offer_again(writing: Writing, number: int) -> int:
    """Put back what was acknowledged with a server number above ``number``: the server lost it. Return how many entries."""
    return writing.connection.exec_driver_sql(
        "UPDATE journal SET settled_at = NULL, verdict = NULL, number = NULL WHERE settled_at IS NOT NULL AND number > ?",
        (number,),
    ).rowcount


def forget_settled(writing: Writing, server_time: datetime | None = None) -> int:
    """Drop what was acknowledged more than 90 days ago; return how many entries.

    It must be so long ago by this laptop's clock and by the server's, where ``server_time`` is what that one said last: a clock
    that jumps ahead would otherwise take away what a restored server has to be given again.
    """
    before = kept_since(writing.clock.now(), server_time)
    return writing.connection.exec_driver_sql("DELETE FROM journal WHERE settled_at < ?", (before,)).rowcount


def kept_since(now: datetime, server_time: datetime | None) -> str:
    """Return the instant, as text, before which nothing acknowledged is kept; of two clocks the one that is behind counts."""
    return instant_text(min(now, server_time or now) - timedelta(days=KEPT_DAYS))


def drop_entries(writing: Writing, ids: Sequence[str]) -> None:
    """Take entries out of the journal for good: they are kept elsewhere, and this laptop may not hold them."""
    _each(writing, "DELETE FROM journal WHERE id = ?", [(id_,) for id_ in ids])


def _number(writing: Writing, entity: str, records: Sequence[tuple[str, int, int]], later: Collection[tuple[str, str]]) -> None:
    """Give records, and their entries after a counter that were not offered yet, the number that the server gave them.

    ``later`` are the records that have such entries.
    """
    if entity in METADATA.tables:
        # number is no field, so no trigger watches it
        _each(
            writing,
            f"UPDATE {entity} SET number = ? WHERE id = ? AND number < ?",
            [(number, record, number) for record, _, number in records],
        )
    # what was offered already stays as it was sent
    _each(
        writing,
        "UPDATE journal SET base = ? WHERE entity = ? AND record = ? AND counter > ? AND settled_at IS NULL "
        "AND counter > (SELECT offered FROM pen) AND base < ?",
        [(number, entity, record, counter, number) for record, counter, number in records if (entity, record) in later],
    )


def _stretches(places: Iterable[Place], taken: Mapping[str, Verdict]) -> list[tuple[str, int, int, int]]:
    """Return what became of entries: verdict, number less counter, first and last counter.

    A day's entries stand one after the other and were numbered so: settled in one stretch they take less than half the time.
    """
    stretches: list[tuple[str, int, int, int]] = []
    first = last = 0
    before: tuple[str, int] | None = None
    for id_, _, _, counter in places:
        verdict = taken[id_]
        alike = (verdict.kind.value, verdict.number - counter)
        if alike == before and counter == last + 1:
            stretches[-1] = (*alike, first, counter)
        else:
            first = counter
            stretches.append((*alike, first, counter))
        before, last = alike, counter
    return stretches


def _places(connection: Connection, ids: Iterable[str]) -> Sequence[Place]:
    rows = fetch_all(
        connection,
        "SELECT j.id, j.entity, j.record, j.counter FROM json_each(?) i JOIN journal j ON j.id = i.value "
        "WHERE j.settled_at IS NULL ORDER BY j.counter",
        (orjson.dumps(list(ids)).decode(),),
    )
    return [(id_, entity, record, counter) for id_, entity, record, counter in rows]


def _unoffered(connection: Connection) -> frozenset[tuple[str, str]]:
    rows = fetch_all(
        connection, "SELECT entity, record FROM journal WHERE settled_at IS NULL AND counter > (SELECT offered FROM pen)"
    )
    return frozenset((entity, record) for entity, record in rows)


def _each(writing: Writing, statement: str, parameters: list[tuple[Any, ...]]) -> None:
    if parameters:
        run_each(writing.connection, statement, parameters)


def _entry(row: tuple[Any, ...]) -> JournalEntry:
    counter, id_, entity, record, kind, area, fields, base, author, device, at, after, offered, refusal = row
    return JournalEntry(
        counter, id_, entity, record, kind, area, orjson.loads(fields), base, author, device, at, after,
        bool(offered), Refusal(refusal) if refusal else None,
    )  # fmt: skip
