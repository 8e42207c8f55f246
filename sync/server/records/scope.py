"""Who may hold and write what: roles by sensitivity class as data, and the clause that every page is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_

from sync.protocol.change import Change, ChangeKind
from sync.protocol.entities import ENTITIES, Entity, Sensitivity
from sync.protocol.errors import Refusal
from sync.protocol.messages import Scope
from sync.protocol.roles import EVERY_AREA as EVERY_AREA
from sync.protocol.roles import MADE_BY_SERVER, MATCHED_ONLY, OPENS, READS
from sync.protocol.roles import WIDE as WIDE
from sync.server.database import tables

SERVER: Final = "server"
"""Stands where a device's id stands when the server itself made a record."""

ADMINISTRATOR: Final = "the administrator at the server"
"""Stands where a worker's id stands for what was typed as a command: who typed it, the machine knows at most."""

_TALLIES: Final = frozenset({"visit", "print_tally", "service_note"})
_DIRECTORY: Final = frozenset({"place", "service", "own_leaflet", "own_picture"})
_MEMBERS: Final = frozenset(
    entity.name for entity in ENTITIES.values() if entity.sensitivity in {Sensitivity.CONTACT, Sensitivity.CARE}
)
_SAFEGUARDING: Final = frozenset(e.name for e in ENTITIES.values() if e.sensitivity is Sensitivity.SAFEGUARDING)


@dataclass(frozen=True, slots=True)
class Role:
    """What one role receives and may write."""

    reads: frozenset[Sensitivity]
    writes: frozenset[str]
    """Names of entities."""
    erases: bool = False
    """May destroy a record for good, when the law asks for it."""


ROLES: Final[Mapping[str, Role]] = MappingProxyType(
    {
        "volunteer": Role(READS["volunteer"], _TALLIES),
        "peer": Role(READS["peer"], _TALLIES | _MEMBERS),
        "connector": Role(READS["connector"], _TALLIES | _DIRECTORY | _MEMBERS, erases=True),
        "clinician": Role(READS["clinician"], _TALLIES | _DIRECTORY | _MEMBERS | _SAFEGUARDING, erases=True),
        "governance": Role(READS["governance"], frozenset()),
        "administrator": Role(READS["administrator"], _TALLIES | _DIRECTORY),
    }
)
"""The whole table. A role that is not here receives and writes nothing."""

_NOTHING: Final = Role(frozenset(), frozenset())
_CLASSES: Final = {name: tuple(c for c in Sensitivity if c in role.reads) for name, role in ROLES.items()}


@dataclass(frozen=True, slots=True)
class Grant:
    """A laptop that has been let in, whose it is, and what its worker's role and areas allow."""

    organisation: str
    device: str
    worker: str
    role: str
    areas: tuple[str, ...]
    matched: frozenset[str] = frozenset()
    """Members who are matched to the worker: where her role holds nobody else, it narrows her areas."""
    opened: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Members opened to this laptop outside its areas, by id, with the areas of their records: it widens areas, never classes."""

    @property
    def classes(self) -> tuple[Sensitivity, ...]:
        """The classes that the laptop receives, in the order of the protocol."""
        return _CLASSES.get(self.role, ())

    @property
    def may_open(self) -> bool:
        """Tell whether the worker's role opens members' records outside her areas."""
        return self.role in OPENS

    @property
    def is_matched_only(self) -> bool:
        """Tell whether the worker's role holds, of its areas, only the members who are matched to her."""
        return self.role in MATCHED_ONLY

    def covers(self, sensitivity: Sensitivity, area: str, person: str | None = None) -> bool:
        """Tell whether a record of this class in this area, about this member if any, may be on the laptop."""
        if sensitivity in WIDE or sensitivity not in self.classes:
            return sensitivity in self.classes
        if person in self.opened:
            return True
        return self.reaches(area) and (not self.is_matched_only or person in self.matched)

    def reaches(self, area: str) -> bool:
        """Tell whether the worker works in this area."""
        return EVERY_AREA in self.areas or area in self.areas

    def clause(self) -> ColumnElement[bool]:
        """Return the same as :meth:`covers` for the database: what it does not select never leaves it."""
        row = tables.record.c
        wide = [str(c) for c in self.classes if c in WIDE]
        narrow = [str(c) for c in self.classes if c not in WIDE]
        allowed: list[ColumnElement[bool]] = [row.sensitivity.in_(wide)] if wide else []
        theirs = [row.person.in_(sorted(self.matched))] if self.is_matched_only else []
        if narrow and EVERY_AREA in self.areas:
            allowed.append(and_(row.sensitivity.in_(narrow), *theirs))
        elif narrow and self.areas:
            allowed.append(and_(row.sensitivity.in_(narrow), row.area.in_(self.areas), *theirs))
        if narrow and self.opened:
            allowed.append(and_(row.sensitivity.in_(narrow), row.person.in_(sorted(self.opened))))
        return and_(row.organisation == self.organisation, or_(*allowed) if allowed else false())

    def refusal(
        self,
        change: Change,
        entity: Entity,
        held: tuple[Sensitivity, str] | None,
        person: str | None,
        area: str,
        *,
        is_known: bool,
    ) -> Refusal | None:
        """Return why this laptop may not make ``change``; ``held`` is the class and area of the record, if it exists.

        ``person`` is the member whom the record is about, and whether she is known here; ``area`` is where it would stand.
        """
        if change.author != self.worker or change.device != self.device:
            return Refusal.AUTHOR_MISMATCH
        role = ROLES.get(self.role, _NOTHING)
        is_own = self.device == SERVER and change.entity in MADE_BY_SERVER
        if not is_own and (change.entity not in role.writes or (change.kind is ChangeKind.ERASE and not role.erases)):
            return Refusal.NOT_ALLOWED
        if change.entity == "conflict" and held is None and change.kind is not ChangeKind.CREATE:
            # a server put back from a backup has lost it: the choice waits until a laptop has brought the question back
            return None
        if held is not None and not self.covers(*held, person):
            return Refusal.NOT_ALLOWED
        if person is not None and is_known:
            return None if self.covers(entity.sensitivity, area, person) else Refusal.NOT_ALLOWED
        # about nobody, or about somebody of whom nothing is known here yet
        is_reached = entity.sensitivity in WIDE or self.reaches(area)
        return None if is_reached and entity.sensitivity in self.classes else Refusal.NOT_ALLOWED

    def as_scope(self) -> Scope:
        """Return what the laptop is told about itself."""
        return Scope(
            organisation=self.organisation,
            worker=self.worker,
            role=self.role,
            areas=self.areas,
            classes=tuple(str(c) for c in self.classes),
        )
