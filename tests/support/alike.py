"""All laptops must show the same; where they do not, the failure tells what each shows, under which number and in which epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ewb_desktop.storage.exchange.sync_state import read_progress
from tests.support.connected import Connected, House
from tests.support.orders import shown
from tests.support.standing import expect_standing_alike


def expect_alike(centre: House, laptops: Sequence[Connected]) -> list[tuple[Any, ...]]:
    """Fail unless all show what the first one shows, each record where the server has it; return what they show.

    What a failure tells is made up, as all names in tests.
    """
    first = shown(laptops[0].store)
    for place, laptop in enumerate(laptops):
        here = shown(laptop.store)
        assert here == first, _difference((0, laptops[0], first), (place, laptop, here))
    expect_standing_alike(centre, laptops)
    return first


def _difference(*both: tuple[int, Connected, list[tuple[Any, ...]]]) -> str:
    common = [row for row in both[0][2] if row in both[1][2]]
    lines = ["two laptops show what is not the same"]
    for place, laptop, rows in both:
        with laptop.store.read() as connection:
            progress = read_progress(connection)
            lines.append(f"laptop {place}, epoch {progress.epoch}, cursor {progress.cursor}:")
            for row in rows:
                if row in common:
                    continue
                number = "SELECT number FROM person WHERE id = ?1 UNION ALL SELECT number FROM conflict WHERE id = ?1"
                own = "SELECT kind, fields, base, number, verdict, refusal FROM journal WHERE record = ? ORDER BY counter"
                lines.append(f"  {row}, number {connection.exec_driver_sql(number, (row[0],)).scalar()}")
                lines += [f"    it said {tuple(said)}" for said in connection.exec_driver_sql(own, (row[0],))]
    return "\n".join(lines)
