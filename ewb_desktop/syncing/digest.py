"""Compares what is on this laptop with what the server says should be, and repairs what differs; nothing begins from empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ewb_desktop.storage.exchange.sync_state import is_settled, read_progress
from ewb_desktop.storage.holding.opened import Opened, read_opened
from ewb_desktop.storage.settling.digests import (
    Checked,
    Difference,
    begin_checks,
    compare,
    is_check_due,
    note_check,
    read_check,
    repair,
    settle_extra,
    sums_of,
)
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.by_name import ask_by_name
from ewb_desktop.syncing.troubles import Revoked, RoundFailed, UnknownLaptop
from ewb_desktop.syncing.wire import Wire
from sync.protocol.digests import NAMED
from sync.protocol.messages import DigestReply, DigestRequest
from sync.protocol.version import PROTOCOL

MOST_PASSES = 20
"""Each pass mends 5,000 records at most; a laptop that holds nothing right asks for everything in a round instead."""


def check_when_due(store: Store, wire: Wire) -> Checked | None:
    """Check once a day, after a round. A server that cannot compare, or a line that breaks, is no trouble of the round's."""
    now = store.clock.now()
    with store.read() as connection:
        due, last = is_check_due(connection, now), read_check(connection)
    if not due:
        return None
    if last.at is None:
        with store.write() as writing:
            begin_checks(writing)
        return None
    try:
        return check(store, wire)
    except (Revoked, UnknownLaptop):
        raise
    except RoundFailed:
        return None


def check(store: Store, wire: Wire) -> Checked | None:
    """Compare with the server and repair; return what was found, None while it cannot be said (more is to come first).

    Unsent edits stay on top. Call it after a round. Raises a ``RoundFailed``; what was repaired until then stays repaired.
    """
    done = Checked(store.clock.now())
    for _pass in range(MOST_PASSES):
        compared = _compare(store, wire)
        if compared is None:
            return None
        found, more = compared
        done = _mend(store, wire, found, done)
        if not more:
            break
    with store.write() as writing:
        note_check(writing, done)
    return done


def _compare(store: Store, wire: Wire) -> tuple[Sequence[Difference], bool] | None:
    with store.read() as connection:
        if not is_settled(connection):
            return None
        progress, sums, opened = read_progress(connection), sums_of(connection), _names(read_opened(connection))
    first = wire.digest(DigestRequest(protocol=PROTOCOL, sums=sums.whole(), opened=opened))
    if first.epoch != progress.epoch:
        return None
    if not first.differ:
        return [], False
    buckets = {entity: sums.buckets(entity) for entity in first.differ}
    asked = DigestRequest(protocol=PROTOCOL, buckets=buckets, opened=opened)
    return _differences(store, wire.digest(asked))


def _differences(store: Store, reply: DigestReply) -> tuple[Sequence[Difference], bool]:
    with store.read() as connection:
        cursor = read_progress(connection).cursor
        found = [
            compare(connection, entity, buckets, reply.records.get(entity, ()), cursor)
            for entity, buckets in reply.buckets.items()
        ]
    return found, reply.more


def _mend(store: Store, wire: Wire, found: Sequence[Difference], done: Checked) -> Checked:
    with store.read() as connection:
        opened = _names(read_opened(connection))
    for difference in found:
        for _some, reply in ask_by_name(wire, list(difference.stale), opened, NAMED):
            if reply is None:
                continue
            with store.write() as writing:
                done = replace(
                    done, repaired=done.repaired + repair(writing, difference.stale, reply.page.columns, reply.page.rows)
                )
        for some, reply in ask_by_name(wire, list(difference.extra), opened, NAMED):
            if reply is None:
                continue
            listed = {str(row[0]) for rows in reply.page.rows.values() for row in rows}
            missing = {id_: difference.extra[id_] for id_ in some if id_ not in listed}
            with store.write() as writing:
                left, offered, kept = settle_extra(writing, missing, reply.elsewhere)
            done = replace(done, taken_away=done.taken_away + left, offered=done.offered + offered, kept=done.kept + kept)
    return done


def _names(opened: Sequence[Opened]) -> tuple[str, ...]:
    return tuple(one.opening for one in opened)
