"""Where each record stands: its area, its number, and whether it is taken off the screens, on laptops and at the server."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ewb_desktop.storage.store import Store
from sync.protocol.entities import ENTITIES
from sync.server.database import tables
from tests.support.connected import Connected, House

Standing = dict[tuple[str, str], tuple[str, int, int]]
"""By kind and id: area, number, and 1 for what is taken off the screens."""


def standing_on(store: Store) -> Standing:
    """Return where every record stands that a laptop holds."""
    found: Standing = {}
    with store.read() as connection:
        for entity in ENTITIES:
            rows = connection.exec_driver_sql(f'SELECT id, area, number, gone FROM "{entity}"').all()
            found |= {(entity, id_): (area, number, gone) for id_, area, number, gone in rows}
    return found


def standing_at(centre: House) -> Standing:
    """Return where every record stands at the server."""
    one = tables.record.c
    query = select(one.entity, one.id, one.area, one.number, one.gone)
    rows = centre.server.do(lambda connection: connection.execute(query).all())
    return {(row.entity, row.id): (row.area, row.number, row.gone) for row in rows}


def expect_standing_alike(centre: House, laptops: Sequence[Connected]) -> None:
    """Fail unless every record that a laptop holds stands there as it does at the server."""
    server = standing_at(centre)
    for place, laptop in enumerate(laptops):
        here = standing_on(laptop.store)
        wrong = {key: (stands, server.get(key)) for key, stands in here.items() if stands != server.get(key)}
        assert not wrong, f"laptop {place} holds otherwise than the server: {wrong}"
