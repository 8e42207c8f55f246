"""Who is let in, for the administrator to read: workers with their invitations, laptops, and the areas that are in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from sync.server.admission.credentials import LONGEST_CODE
from sync.server.admission.people import must_exist
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in, shown
from sync.server.records.scope import EVERY_AREA, SERVER

CLOCK_IS_OFF: Final = 600
"""Seconds from which a laptop's clock is told to be wrong: ten minutes, as on the laptop itself."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who was invited. ``laptops`` are signed on now; ``code_until`` is when her last unused code ends."""

    id: str
    name: str
    role: str
    areas: tuple[str, ...]
    is_active: bool
    laptops: int
    code_until: str | None


@dataclass(frozen=True, slots=True)
class Laptop:
    """One enrolled laptop. ``clock_off``: seconds by which its clock was ahead when it was last seen."""

    id: str
    name: str
    worker: str
    role: str
    enrolled_at: str
    last_seen: str | None
    revoked_at: str | None
    clock_off: int | None

    @property
    def clock_words(self) -> str:
        """What is wrong with its clock; empty when it is right or not known."""
        if self.clock_off is None or abs(self.clock_off) < CLOCK_IS_OFF:
            return ""
        return f"its clock is {_length(abs(self.clock_off))} {'ahead' if self.clock_off > 0 else 'behind'}"


def workers(connection: Connection, organisation: str, now: datetime) -> list[Worker]:
    """Return everybody who was ever invited, by name."""
    must_exist(connection, organisation)
    row, device, code = tables.worker.c, tables.device.c, tables.enrol_code.c
    signed_on = (
        select(func.count())
        .where(device.organisation == row.organisation, device.worker == row.id, device.revoked_at.is_(None))
        .scalar_subquery()
    )
    until = (
        select(func.max(code.expires_at))
        .where(
            code.organisation == row.organisation, code.worker == row.id, code.used_at.is_(None),
            code.expires_at > instant_text(now),
            # one that was made while the clock was years ahead lets nobody in
            code.expires_at <= instant_text(now + LONGEST_CODE),
        )
        .scalar_subquery()
    )  # fmt: skip
    query = (
        select(row.id, row.name, row.role, row.areas, row.active, signed_on.label("laptops"), until.label("until"))
        .where(row.organisation == organisation, row.id != SERVER)
        .order_by(row.name, row.id)
    )
    return [
        Worker(shown(r.id), shown(r.name), shown(r.role), tuple(areas_in(r.areas)), bool(r.active), r.laptops, r.until)
        for r in connection.execute(query)
    ]


def laptops(connection: Connection, organisation: str) -> list[Laptop]:
    """Return every laptop that was ever enrolled."""
    must_exist(connection, organisation)
    device, worker = tables.device.c, tables.worker.c
    query = (
        select(
            device.id, device.name, worker.name.label("who"), worker.role, device.enrolled_at, device.last_seen,
            device.revoked_at, device.clock_off,
        )
        .join_from(tables.device, tables.worker)
        .where(device.organisation == organisation)
        .order_by(device.enrolled_at, device.id)
    )  # fmt: skip
    return [
        Laptop(
            shown(r.id),
            shown(r.name),
            shown(r.who),
            shown(r.role),
            shown(r.enrolled_at),
            _known(r.last_seen),
            _known(r.revoked_at),
            r.clock_off if isinstance(r.clock_off, int) else None,
        )
        for r in connection.execute(query)
    ]


def areas_so_far(connection: Connection, organisation: str) -> tuple[str, ...]:
    """Return every area in which somebody works, or worked when she left, without the word for all of them."""
    row = tables.worker.c
    found = connection.execute(select(row.areas).where(row.organisation == organisation)).scalars()
    return tuple(sorted({area for areas in found for area in areas_in(areas)} - {EVERY_AREA}))


def areas_of_members(connection: Connection, organisation: str) -> tuple[str, ...]:
    """Return every area in which a member is, whoever works there now."""
    row = tables.record.c
    mine = (row.organisation == organisation) & (row.entity == "person") & (row.area != EVERY_AREA)
    return tuple(connection.execute(select(row.area).where(mine).distinct().order_by(row.area)).scalars())


def _known(cell: object) -> str | None:
    return None if cell is None else shown(cell)


def _length(seconds: int) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds // 60} minutes"
