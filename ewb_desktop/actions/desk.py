"""The desk a worker sits at: everything that an action needs, handed to it first."""

from __future__ import annotations

from dataclasses import dataclass

from ewb_desktop.domain.time import Clock
from ewb_desktop.library import Library
from ewb_desktop.storage.store import Store


@dataclass(frozen=True, slots=True)
class Worker:
    """Who sits at the desk. ``role`` is one of the six roles, such as ``connector`` or ``volunteer``."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One worker's open file, the time, who she is, what the library holds, and where she is today.

    ``place`` is the id of today's venue, if she chose one; ``area`` is the neighbourhood that new records belong to.
    """

    store: Store
    clock: Clock
    worker: Worker
    library: Library
    area: str
    place: str | None = None
