"""Venues where people meet us, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from ewb_desktop.storage.tables import Place, Service, table


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """One venue. Without ``latitude`` and ``longitude`` no distance from it can be told.

    ``near`` is empty when somebody wrote down where the venue lies; otherwise that was taken from the services of the
    directory in its postcode, or in the first half of it, which is what ``near`` holds then.
    """

    id: str
    name: str
    address: str
    postcode: str
    latitude: float | None
    longitude: float | None
    notes: str
    near: str = ""

    @property
    def located(self) -> bool:
        """Whether distances can be told from here."""
        return self.latitude is not None and self.longitude is not None


def places(connection: Connection) -> list[PlaceCard]:
    """Return all venues by name."""
    known = table(Place).c
    return [_located(connection, _card(row)) for row in connection.execute(_wanted().order_by(known.name, known.id))]


def place_card(connection: Connection, place: str | None) -> PlaceCard | None:
    """Return one venue, or ``None`` when none was chosen or it is not in this file."""
    row = connection.execute(_wanted().where(table(Place).c.id == place)).first() if place else None
    return _located(connection, _card(row)) if row else None


def postcode_point(connection: Connection, postcode: str) -> tuple[str, float, float] | None:
    """Return where a postcode lies, as far as the directory shows, ``None`` when no service is near.

    No table of postcodes comes with the program. The services in the postcode tell; if there are none, those in its first
    half (``M32``), which is a few miles wide. First what it was taken from, then latitude and longitude in degrees.
    """
    known = table(Service).c
    first, _, rest = postcode.partition(" ")
    for near, matches in (
        (postcode, known.postcode == postcode),
        (first, known.postcode.startswith(first + " ", autoescape=True)),
    ):
        latitude, longitude = connection.execute(
            select(func.avg(known.latitude), func.avg(known.longitude)).where(
                known.gone == 0, known.latitude.is_not(None), known.longitude.is_not(None), matches
            )
        ).one()
        if rest and latitude is not None:
            return near, float(latitude), float(longitude)
    return None


def _located(connection: Connection, card: PlaceCard) -> PlaceCard:
    """Return the venue where its postcode lies, unless it is written down where the venue itself does."""
    point = postcode_point(connection, card.postcode) if card.postcode and not card.located else None
    return replace(card, near=point[0], latitude=point[1], longitude=point[2]) if point else card


def _wanted() -> Select[Any]:
    known = table(Place).c
    return select(
        known.id, known.name, known.address, known.postcode, known.latitude, known.longitude, known.notes
    ).where(known.gone == 0)  # fmt: skip


def _card(row: Row[Any]) -> PlaceCard:
    return PlaceCard(row.id, row.name or "", row.address or "", row.postcode or "", row.latitude, row.longitude, row.notes or "")
