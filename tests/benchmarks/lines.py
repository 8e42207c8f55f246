"""The exchange on a slow line, on one that breaks, and when two edit the same; through a proxy that counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from ewb_desktop.storage.tables import Conflict, FollowUp, table
from tests.benchmarks.centre import Centre, filled_centre, held
from tests.benchmarks.day import CHANGES, work_a_day
from tests.benchmarks.figures import Figure, milliseconds, seconds
from tests.benchmarks.workload import Record
from tests.support.laptops import Laptop
from tests.support.proxy import Line, Proxy, Traffic, proxied

SLOW = Line(delay=0.1, rate=1_000_000)
"""200 ms there and back, 1 Mbit/s each way."""
MEMBERS = 1_000
SHARED = 100


def measure() -> list[Figure]:
    """Return the figures of 9,000 records."""
    with filled_centre(MEMBERS) as (house, _folder, records):
        return [*_slow(house, records), *_cut(house), *_both_edit(house, records)]


def _slow(house: Centre, records: list[Record]) -> list[Figure]:
    with proxied(house.url, SLOW) as proxy:
        mine = house.join("slow", proxy.url)
        pull, pulled = _through(proxy, lambda: house.sync(mine))
        house.sync(mine)
        idle, idled = _through(proxy, lambda: house.sync(mine))
        work_a_day(mine.store, records, 0)
        push, pushed = _through(proxy, lambda: house.sync(mine))
    return [
        Figure(f"slow line: first pull, {len(records):,}", milliseconds(pull), "under 15 s", _words(pulled)),
        Figure(f"slow line: push of {CHANGES}", milliseconds(push), "under 0.8 s", _words(pushed)),
        Figure("slow line: idle round", milliseconds(idle), "under 0.45 s", _words(idled)),
    ]


def _cut(house: Centre) -> list[Figure]:
    with proxied(house.url) as proxy:
        whole = house.join("uncut", proxy.url)
        _, uncut = _through(proxy, lambda: house.sync(whole))
        mine = house.join("cut", proxy.url)
        proxy.reset()
        proxy.line = Line(cut_down=uncut.down // 2)
        if house.sync(mine, may_fail=True).trouble is None:
            raise RuntimeError("the line was not cut")
        first = proxy.traffic().down
        proxy.heal()
        _, rest = _through(proxy, lambda: house.sync(mine))
        # each who joins is a record more for the others
        house.sync(whole)
    if held(mine) != held(whole):
        raise RuntimeError("after a cut the laptops do not hold the same")
    again = (first + rest.down - uncut.down) / uncut.down
    return [Figure("line cut at half of the first pull: sent again", f"{again:.2%}", "under 1%", _words(rest))]


def _both_edit(house: Centre, records: list[Record]) -> list[Figure]:
    """Two laptops edit the same records: one half in fields of their own, the other half in the same field."""
    shared = [record for entity, record, _ in records if entity == "follow_up"][:SHARED]
    apart, same = shared[: SHARED // 2], shared[SHARED // 2 :]
    ours, theirs = house.join("ours"), house.join("theirs")
    for each in (ours, theirs):
        house.sync(each)
    before = _conflicts(ours)
    _edit(ours, apart, note="hers")
    _edit(theirs, apart, answer="still_going")
    _edit(ours, same, note="hers")
    _edit(theirs, same, note="his")
    for each in (ours, theirs, ours, theirs):
        house.sync(each)
    rows = [_rows(each, shared) for each in (ours, theirs)]
    kept = sum(rows[0][record][:2] == ("hers", "still_going") for record in apart)
    shown = _conflicts(ours) - before
    return [
        Figure("two laptops: edits of different fields kept", f"{kept} of {len(apart)}", "all", ""),
        Figure("two laptops: edits of one field shown to choose", f"{shown} of {len(same)}", "all", ""),
        Figure("two laptops: both ends equal", "yes" if rows[0] == rows[1] else "NO", "yes", ""),
    ]


def _edit(mine: Laptop, records: list[str], **fields: Any) -> None:
    with mine.store.write() as writing:
        for record in records:
            writing.edit(FollowUp, record, **fields)


def _rows(mine: Laptop, records: list[str]) -> dict[str, tuple[Any, ...]]:
    row = table(FollowUp).c
    query = select(row.id, row.note, row.answer, row.number).where(row.id.in_(records))
    with mine.store.read() as connection:
        return {found[0]: tuple(found[1:]) for found in connection.execute(query)}


def _conflicts(mine: Laptop) -> int:
    row = table(Conflict).c
    with mine.store.read() as connection:
        return len(connection.execute(select(row.id).where(row.settled_at.is_(None), row.gone == 0)).all())


def _through(proxy: Proxy, work: Callable[[], object]) -> tuple[float, Traffic]:
    proxy.reset()
    return seconds(work), proxy.traffic()


def _words(seen: Traffic) -> str:
    return f"{(seen.up + seen.down) / 1000:,.1f} kB, {seen.turns} turns, {seen.connections} connections"
