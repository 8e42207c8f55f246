"""Who works here: names to show beside what they did, and to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from ewb_desktop.storage.areas import ALONE, EVERYWHERE
from ewb_desktop.storage.tables import Worker, table
from sync.protocol.roles import may_hold


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """One worker, as others see them."""

    id: str
    name: str
    role: str
    telephone: str
    areas: tuple[str, ...] = ()


def workers(connection: Connection) -> list[WorkerCard]:
    """Return everyone who works here now, by name."""
    known = table(Worker).c
    rows = connection.execute(
        select(known.id, known.name, known.role, known.telephone, known.areas)
        .where(known.gone == 0, known.active.is_not(False))
        .order_by(known.name)
    )
    return [
        WorkerCard(id, name or "", role or "", telephone or "", tuple(areas or ())) for id, name, role, telephone, areas in rows
    ]


def coordinators_for(connection: Connection, area: str) -> list[WorkerCard]:
    """Return by name those who can coordinate a member in ``area``: their role and areas let their laptops hold her.

    What no server has told of somebody keeps her out of nothing.
    """
    return [each for each in workers(connection) if not each.role or may_hold(each.role, each.areas or (area,), "person", area)]


def worker_names(connection: Connection) -> dict[str, str]:
    """Return the name for every worker's id, also of those who have left: their work keeps their name."""
    known = table(Worker).c
    return {id: name or "" for id, name in connection.execute(select(known.id, known.name))}


def areas_worked_in(connection: Connection) -> list[str]:
    """Return the areas in which somebody works now, by name: a member can move to any of them."""
    known = table(Worker).c
    told = connection.execute(select(known.areas).where(known.gone == 0, known.active.is_not(False))).scalars()
    return sorted({area for areas in told for area in areas or ()} - {EVERYWHERE, ALONE})
