"""The organisation's own leaflets, pictures and logo: those in use, and the earlier versions that are kept."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select

from ewb_desktop.storage.tables import OwnLeaflet, OwnPicture, table
from ewb_desktop.storage.tables.own import LOGO


@dataclass(frozen=True, slots=True)
class LeafletFile:
    """One version of a leaflet's file. ``stopped_at`` is None while it is in use."""

    id: str
    file: str
    source: str = field(repr=False)
    author: str
    made_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class PictureRecord:
    """A picture in use, or the logo. ``content`` is empty where what came from another laptop cannot be read."""

    id: str
    name: str
    content: bytes = field(repr=False)
    description: str
    credit: str


@dataclass(frozen=True, slots=True)
class OwnInUse:
    """All that is printed with: leaflets and pictures in the order in which everyone has them, the newest last, and the logo.

    ``logos`` are the ids of all logos in use: two laptops may have set one apart from each other, and the newest is printed.
    """

    files: tuple[LeafletFile, ...]
    pictures: tuple[PictureRecord, ...]
    logo: PictureRecord | None
    logos: tuple[str, ...] = ()


def own_in_use(connection: Connection) -> OwnInUse:
    """Return what is in use now."""
    pictures = table(OwnPicture).c
    wanted = select(
        pictures.id, pictures.name, pictures.content, pictures.description, pictures.credit, pictures.used_as
    )  # fmt: skip
    rows = connection.execute(_in_order(wanted, table(OwnPicture)).where(pictures.stopped_at.is_(None))).all()
    logos = [_picture(row) for row in rows if row.used_as == LOGO]
    return OwnInUse(
        tuple(file for file in leaflet_files(connection) if file.stopped_at is None),
        tuple(_picture(row) for row in rows if row.used_as != LOGO),
        logos[-1] if logos else None,
        tuple(logo.id for logo in logos),
    )


def leaflet_files(connection: Connection) -> list[LeafletFile]:
    """Return every version of every leaflet's file, the newest last."""
    known = table(OwnLeaflet).c
    wanted = select(known.id, known.file, known.source, known.author, known.made_at, known.stopped_at)
    return [
        LeafletFile(row.id, row.file or "leaflet.md", row.source or "", row.author, row.made_at, row.stopped_at)
        for row in connection.execute(_in_order(wanted, table(OwnLeaflet)))
    ]


def _in_order(wanted: Select[Any], records: Table) -> Select[Any]:
    """Sort as the server numbered them, the same on every laptop; what it has not seen yet comes last."""
    c = records.c
    return wanted.where(c.gone == 0).order_by(c.number == 0, c.number, c.made_at, c.id)


def _picture(row: Row[Any]) -> PictureRecord:
    try:
        content = base64.b64decode(row.content or "", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return PictureRecord(row.id, row.name or "", content, row.description or "", row.credit or "")
