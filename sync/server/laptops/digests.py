"""The server's part of a comparison: sums over a laptop's scope, the records of buckets that differ, and records by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from sync.protocol.digests import LISTED, Sums, bucket_of
from sync.server.database import tables
from sync.server.database.cells import is_text
from sync.server.database.questions import length_of
from sync.server.records.scope import Grant
from sync.server.records.wire import ROW, Rows, is_readable, page_text

_CHUNK: Final = 500


def sums_of(connection: Connection, grant: Grant, entities: Sequence[str] = ()) -> Sums:
    """Return the sums over everything that the laptop may hold, or over some kinds of it. Never holds the scope in memory."""
    sums = Sums()
    for entity, id_, number, gone in _records(connection, grant, entities):
        sums.add(entity, id_, number, bool(gone))
    return sums


def differing_buckets(sums: Sums, theirs: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the buckets whose sums differ, in order."""
    found: dict[str, list[str]] = {}
    for entity, told in theirs.items():
        ours = sums.buckets(entity)
        differ = sorted(bucket for bucket in ours.keys() | told.keys() if ours.get(bucket) != told.get(bucket))
        if differ:
            found[entity] = differ
    return found


def list_buckets(
    connection: Connection, grant: Grant, differ: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[tuple[str, int, int]]], dict[str, list[str]], bool]:
    """Return the records of the buckets that ``differ``, which buckets these are, and whether some are left for later."""
    if not differ:
        return {}, {}, False
    counted: dict[tuple[str, str], int] = {}
    for entity, id_, _number, _gone in _records(connection, grant, list(differ)):
        place = (entity, bucket_of(id_))
        counted[place] = counted.get(place, 0) + 1
    room, listed, more = LISTED, dict[str, list[str]](), False
    for entity, buckets in differ.items():
        for bucket in buckets:
            if room <= 0:
                more = True
                break
            room -= counted.get((entity, bucket), 0)
            listed.setdefault(entity, []).append(bucket)
    wanted = {entity: frozenset(buckets) for entity, buckets in listed.items()}
    records: dict[str, list[tuple[str, int, int]]] = {entity: [] for entity in listed}
    for entity, id_, number, gone in _records(connection, grant, list(listed)):
        if bucket_of(id_) in wanted[entity]:
            records[entity].append((id_, number, gone))
    return records, listed, more


def size_of(connection: Connection, grant: Grant, ids: Sequence[str]) -> int:
    """Return how many bytes a page of the records has at most; what each carries beside its columns makes all rows longer."""
    row = tables.record.c
    wire, carried = length_of(connection, row.wire), length_of(connection, row.carried)
    query = select(func.coalesce(func.sum(wire), 0), func.coalesce(func.sum(carried), 0)).where(grant.clause(), row.id.in_(ids))
    wide, further = connection.execute(query).one()
    return int(wide) + int(further) * len(ids)


def read_records(connection: Connection, grant: Grant, ids: Sequence[str]) -> tuple[bytes, int, list[str], list[str]]:
    """Return a page of those of the records that are for this laptop, how many, and the ids of those that are not.

    The last are the ids of records that were left out because their rows cannot be read.
    """
    row = tables.record.c
    groups: dict[str, Rows] = {}
    found, unreadable = set(), []
    query = select(*ROW).where(grant.clause(), row.id.in_(ids))
    # read to the end at once: one that is left open where something fails keeps the embedded file from being written
    for each in connection.execute(query).all():
        found.add(each.id)
        if not is_readable(each):
            unreadable.append(each.id)
            continue
        groups.setdefault(each.entity, Rows()).add(each.wire, each.carried)
    there = connection.execute(select(row.id).where(row.organisation == grant.organisation, row.id.in_(ids))).scalars().all()
    return page_text(groups, 0, more=False), len(found) - len(unreadable), sorted(set(there) - found), unreadable


def _records(connection: Connection, grant: Grant, entities: Sequence[str]) -> Iterator[tuple[str, str, int, int]]:
    row = tables.record.c
    query = select(row.entity, row.id, row.number, row.gone).where(grant.clause()).execution_options(yield_per=_CHUNK)
    if entities:
        query = query.where(row.entity.in_(entities))
    with connection.execute(query) as result:
        for found in result:
            # one whose name was altered is nobody's: the laptop that has the record asks for it by its own
            if is_text(found.id) and is_text(found.entity):
                yield found.entity, found.id, found.number, found.gone
