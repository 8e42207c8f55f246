"""What is in this file beside what should be: sums for the server, what differs, and its repair beneath unsent edits."""

# ruff: noqa: S608 - the names in these statements come from the protocol, values are bound

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.exchange.incoming import lay_page
from ewb_desktop.storage.exchange.remaking import offer_anew
from ewb_desktop.storage.holding.leaving import about_leaving
from ewb_desktop.storage.holding.scope import let_go
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import ChangeKind
from sync.protocol.digests import Sums, bucket_of
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import Refusal
from sync.protocol.roles import MADE_BY_SERVER

CHECK_EVERY = timedelta(days=1)

_CHECK = "sync.check"

Stand = tuple[int, int]
"""How a record stands: the server's number, and 1 if it was removed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a comparison with the server found.

    ``repaired`` were fetched again, ``taken_away`` are not for this laptop, ``offered`` were missing on the server and are sent
    again, ``kept`` are missing there and only stay here. Where ``has_compared`` is false nothing was compared yet, and ``at`` is
    when it began to be waited for.
    """

    at: datetime | None = None
    repaired: int = 0
    taken_away: int = 0
    offered: int = 0
    kept: int = 0
    has_compared: bool = True

    @property
    def is_clean(self) -> bool:
        """Say whether both ends held the same."""
        return not (self.repaired or self.taken_away or self.offered or self.kept)


@dataclass(slots=True)
class Difference:
    """Where this file and the server differ: how the ``stale`` ones stood here (None: not at all), and what the server lacks."""

    stale: dict[str, Stand | None] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    """The kind of each record, by its id."""


def sums_of(connection: Connection) -> Sums:
    """Return the sums over everything that is in the file from the server, also what could not be read and was set aside."""
    sums = Sums()
    for entity in ENTITIES:
        for id_, (number, gone) in _held(connection, entity):
            if number:
                sums.add(entity, id_, number, bool(gone))
    return sums


def compare(
    connection: Connection, entity: str, buckets: Collection[str], there: Sequence[tuple[str, int, int]], cursor: int
) -> Difference:
    """Compare the records of some ``buckets`` with what the server has ``there``.

    What has unsent edits may stand here under an older number, and what is newer than ``cursor`` comes by itself: neither
    is a difference. Edits of a record that the server has lost wait until it is offered again, so that is one. A row that the
    server told under a higher number than it knows now is newer here: an old one is never laid over it.
    """
    found = Difference()
    if entity not in ENTITIES:
        return found
    wanted = frozenset(buckets)
    here = {id_: stand for id_, stand in _held(connection, entity) if bucket_of(id_) in wanted}
    unsent = _unsent(connection, entity)
    server = {id_: (number, gone) for id_, number, gone in there}
    for id_, stand in server.items():
        own = here.get(id_)
        is_older_there = own is not None and stand[0] < own[0] <= cursor
        if own != stand and stand[0] <= cursor and not is_older_there and (own is None or id_ not in unsent):
            found.stale[id_] = own
    waiting = unsent - _lost(connection, entity)
    found.extra = {id_: entity for id_ in here if id_ not in server and id_ not in waiting}
    return found


def repair(
    writing: Writing,
    stale: Mapping[str, Stand | None],
    columns: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[Sequence[JsonValue]]],
) -> int:
    """Lay fetched ``rows`` beneath unsent edits; return how many. One that changed here since it was compared is left alone."""
    fresh: dict[str, list[Sequence[JsonValue]]] = {}
    for entity, group in rows.items():
        if entity not in ENTITIES:
            continue
        at = list(columns[entity]).index("id")
        ids = {str(row[at]) for row in group}
        now = {id_: stand for id_, stand in _held(writing.connection, entity) if id_ in ids}
        fresh[entity] = [row for row in group if now.get(str(row[at])) == stale.get(str(row[at]))]
        writing.connection.exec_driver_sql("DELETE FROM carried_row WHERE entity = ? AND id = ?", [(entity, id_) for id_ in ids])
    laid = lay_page(writing, columns, fresh)
    return laid.rows + laid.set_aside


def settle_extra(writing: Writing, extra: Mapping[str, str], elsewhere: Collection[str]) -> tuple[int, int, int]:
    """Settle records that the server did not list: those that are ``elsewhere`` leave, the others are offered again.

    Returns how many left, were offered, and only stay. What has unsent edits by now stays as it is, but where these edits
    cannot be taken before the record is there again. So does all that is about a member who leaves once everything is sent.
    """
    left = offered = kept = 0
    for entity in dict.fromkeys(extra.values()):
        ids = [id_ for id_, kind in extra.items() if kind == entity]
        unsent, lost = _unsent(writing.connection, entity), _lost(writing.connection, entity)
        waiting = unsent | about_leaving(writing.connection, entity, ids)
        leaving = [id_ for id_ in ids if id_ in elsewhere and id_ not in waiting]
        if leaving:
            left += let_go(writing, entity, leaving)
        for id_ in ids:
            if id_ in elsewhere or id_ in unsent - lost:
                continue
            if entity not in MADE_BY_SERVER and offer_anew(writing, entity, id_, also_gone=id_ in lost):
                offered += 1
            else:
                kept += 1
    return left, offered, kept


def is_check_due(connection: Connection, now: datetime) -> bool:
    """Say whether a day has passed since both ends were compared, or the clock went back."""
    last = read_check(connection).at
    return last is None or not timedelta() <= now - last < CHECK_EVERY


def read_check(connection: Connection) -> Checked:
    """Return what the last comparison found; its ``at`` is None when there was none."""
    kept: Any = read_note(connection, _CHECK)
    return Checked(**{**kept, "at": parse_instant(kept["at"])}) if isinstance(kept, dict) else Checked()


def begin_checks(writing: Writing) -> None:
    """Count from now on where nothing was compared yet: what has only just come needs it no sooner than in a day."""
    if read_check(writing.connection).at is None:
        note_check(writing, Checked(writing.clock.now(), has_compared=False))


def note_check(writing: Writing, checked: Checked) -> None:
    """Keep what a comparison found."""
    at = checked.at or writing.clock.now()
    counts = {"repaired": checked.repaired, "taken_away": checked.taken_away, "offered": checked.offered, "kept": checked.kept}
    writing.note(_CHECK, {"at": instant_text(at), **counts, "has_compared": checked.has_compared})


def _held(connection: Connection, entity: str) -> Iterator[tuple[str, Stand]]:
    aside = connection.exec_driver_sql("SELECT id, row FROM carried_row WHERE entity = ?", (entity,)).all()
    beside = {id_: orjson.loads(row) for id_, row in aside}
    for id_, row in beside.items():
        yield id_, (_whole(row.get("number")), _whole(row.get("gone")))
    for id_, number, gone in connection.exec_driver_sql(f'SELECT id, number, gone FROM "{entity}"'):
        # a newer row that could not be read lies beside an older one that could
        if id_ not in beside:
            yield id_, (number, gone)


def _unsent(connection: Connection, entity: str) -> frozenset[str]:
    """Return the records of which this worker's edits, or a colleague's that came in a file, are not at the server yet."""
    found = connection.exec_driver_sql(
        "SELECT record FROM journal WHERE entity = ?1 AND settled_at IS NULL UNION "
        "SELECT record FROM brought WHERE entity = ?1 AND settled_at IS NULL",
        (entity,),
    )
    return frozenset(found.scalars())


def _lost(connection: Connection, entity: str) -> frozenset[str]:
    """Return the records of which the server said that it has not got them, with edits that wait for them."""
    found = connection.exec_driver_sql(
        "SELECT record FROM journal WHERE entity = ? AND settled_at IS NULL GROUP BY record "
        f"HAVING max(refusal IS '{Refusal.MISSING_RECORD.value}') AND NOT max(kind = '{ChangeKind.CREATE.value}')",
        (entity,),
    )
    return frozenset(found.scalars())


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
