"""Names for ids: colleagues, places, services and members, so that no screen shows an id."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.words import full_day
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.tables import Person, Place, Service, Visit, table

_AT_ONCE = 500


def names_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the name for each of ``ids`` that is in the file, and for every colleague."""
    found = worker_names(connection)
    wanted = sorted(set(ids) - found.keys())
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        for kind in (Place, Service):
            known = table(kind).c
            found |= {
                row.id: row.name or "" for row in connection.execute(select(known.id, known.name).where(known.id.in_(some)))
            }
        person, visit = table(Person).c, table(Visit).c
        named = select(person.id, person.given_name, person.family_name, person.preferred_name).where(person.id.in_(some))
        for id_, given, family, preferred in connection.execute(named):
            found[id_] = display_name(given or "", family or "", preferred or "")
        for id_, day in connection.execute(select(visit.id, visit.day).where(visit.id.in_(some))):
            found[id_] = full_day(day) if day else ""
    return found
