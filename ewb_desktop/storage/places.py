"""Venues where people meet us, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from ewb_desktop.storage.tables import Place, table


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One venue. Without ``latitude`` and ``longitude`` no distance from it can be told."""

    id: str
    name: str
    address: str
    postcode: str
    latitude: float | None
    longitude: float | None
    notes: str

    @property
    def located(self) -> bool:
        """Whether distances can be told from here."""
        return self.latitude is not None and self.longitude is not None


def places(connection: Connection) -> list[PlaceCard]:
    """Return all venues by name."""
    known = table(Place).c
    return [_card(row) for row in connection.execute(_wanted().order_by(known.name, known.id))]


def place_card(connection: Connection, place: str | None) -> PlaceCard | None:
    """Return one venue, or ``None`` when none was chosen or it is not in this file."""
    row = connection.execute(_wanted().where(table(Place).c.id == place)).first() if place else None
    return _card(row) if row else None


def _wanted() -> Select[Any]:
    known = table(Place).c
    return select(
        known.id, known.name, known.address, known.postcode, known.latitude, known.longitude, known.notes
    ).where(known.gone == 0)  # fmt: skip


def _card(row: Row[Any]) -> PlaceCard:
    return PlaceCard(row.id, row.name or "", row.address or "", row.postcode or "", row.latitude, row.longitude, row.notes or "")
