"""The desk a worker sits at: everything that an action needs, handed to it first."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from ewb_desktop.actions.faults import NotForThisRole
from ewb_desktop.domain.roles import WITHOUT_LIST, Duty
from ewb_desktop.domain.time import Clock
from ewb_desktop.library import Library
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing


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

    def may(self, duty: Duty) -> bool:
        """Say whether the role of the worker at this desk does this.

        A role that nobody knows does nothing. When the list of roles cannot be read, only what is about no member is done:
        what this laptop holds must not open to whoever breaks a file.
        """
        roles = self.library.roles
        return duty in (roles.get(self.worker.role, frozenset()) if roles else WITHOUT_LIST)

    def write(self, duty: Duty, initiator: object | None = None) -> AbstractContextManager[Writing]:
        """Open a transaction of the store for this duty. Raises :class:`NotForThisRole`, with nothing written."""
        if not self.may(duty):
            raise NotForThisRole(duty, is_known=bool(self.library.roles))
        return self.store.write(initiator)
