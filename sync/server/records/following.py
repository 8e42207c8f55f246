"""What follows a member: what hangs on her stands where she stands, and whoever no longer looks after her is told to let go.

Two things change who holds a member: her area, and who is matched to her (her coordinator and those who support her), which is
all that a peer support worker holds of an area. Both are noted where a push is folded, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from pydantic import JsonValue
from sqlalchemy import Connection, Select, and_, or_, select

from sync.protocol.change import Change
from sync.protocol.entities import Sensitivity
from sync.protocol.roles import EVERY_AREA, MATCHED_ONLY
from sync.server.database import tables
from sync.server.database.bulk import insert_rows, run, select_rows
from sync.server.database.cells import areas_in
from sync.server.database.questions import Question, given
from sync.server.records.lately import lately
from sync.server.records.scope import Grant

MEMBER: Final = "person"
AREA: Final = "@area"
"""Where a member's record notes at which number her area last changed, beside its fields; no field has such a name."""

_MATCHED: Final = Question(
    select(tables.matched.c.person).where(
        tables.matched.c.organisation == given("at_organisation"), tables.matched.c.worker == given("at_worker")
    )
)


def with_matched(connection: Connection, grant: Grant) -> Grant:
    """Return the grant with the members who are matched to its worker, where her role holds nobody else."""
    if not grant.is_matched_only:
        return grant
    found = _MATCHED.ask(connection, {"at_organisation": grant.organisation, "at_worker": grant.worker})
    return replace(grant, matched=frozenset(row.person for row in found))


def matches_of(fields: Mapping[str, JsonValue]) -> frozenset[str]:
    """Return the workers who are matched to a member: her coordinator, and those who support her."""
    supporters = fields.get("supporters")
    told = [fields.get("coordinator"), *(supporters if isinstance(supporters, list) else ())]
    return frozenset(each for each in told if isinstance(each, str) and 0 < len(each) <= 36)


def matched_to(connection: Connection, organisation: str, people: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the workers who are matched to each of these members, as it is kept: a row of that may be lost."""
    found: dict[str, set[str]] = {person: set() for person in people}
    for row in select_rows(connection, tables.matched, ("person", "worker"), organisation, "person", people):
        found[row.person].add(row.worker)
    return {person: frozenset(workers) for person, workers in found.items()}


def keep_matches(
    connection: Connection, organisation: str, before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """Keep who is matched to whom now; return the members who have a peer support worker that they had not before.

    ``before`` has nothing of a member who is new: nothing is older than she is, so nobody has to be given anything again.
    """
    added = {person: workers - before.get(person, frozenset()) for person, workers in after.items()}
    gone = [(person, worker) for person, workers in before.items() for worker in workers - after[person]]
    again = [(person, worker) for person in before for worker in added[person]]
    for person, worker in (*gone, *again):
        run(
            connection, "DELETE FROM matched WHERE organisation = ? AND person = ? AND worker = ?", (organisation, person, worker)
        )
    insert_rows(
        connection, tables.matched, [(organisation, worker, person) for person, new in added.items() for worker in sorted(new)]
    )
    if not again:
        return frozenset()
    found = select_rows(connection, tables.worker, ("id", "role"), organisation, "id", {worker for _, worker in again})
    peers = {row.id for row in found if row.role in MATCHED_ONLY}
    return frozenset(person for person, worker in again if worker in peers)


def hanging_on(connection: Connection, organisation: str, people: Collection[str]) -> list[str]:
    """Return the ids of everything that is about these members, without their own records."""
    found = select_rows(connection, tables.record, ("id",), organisation, "person", people)
    return sorted(row.id for row in found if row.id not in people)


def is_an_area(connection: Connection, grant: Grant, area: str) -> bool:
    """Say whether a member may be moved there: into an area of the worker's own, or of a colleague who works here now."""
    if area == EVERY_AREA or EVERY_AREA in grant.areas or area in grant.areas:
        return EVERY_AREA in grant.areas or area in grant.areas
    row = tables.worker.c
    told = connection.execute(select(row.areas).where(row.organisation == grant.organisation, row.active == 1)).scalars()
    return any(area in areas_in(each) for each in told)


Departure = tuple[int, str, str, str]
"""The server's number of what made a member leave somebody's scope, who, and the worker or else the area that she left."""


def note_departures(connection: Connection, organisation: str, departures: Iterable[Departure], now: str) -> None:
    """Keep who has left whose scope: laptops are told, and may send what they wrote before."""
    insert_rows(connection, tables.departed, [(organisation, *each, now) for each in dict.fromkeys(departures)])


@lru_cache(maxsize=256)
def _departed(areas: tuple[str, ...]) -> Question:
    gone, record = tables.departed.c, tables.record.c
    hers: Any = gone.worker == given("at_worker")
    if EVERY_AREA not in areas:
        hers = or_(hers, and_(gone.worker == "", gone.area.in_(areas)))
    query: Select[Any] = (
        select(gone.person, record.area)
        .join_from(tables.departed, tables.record, and_(record.organisation == gone.organisation, record.id == gone.person))
        .where(gone.organisation == given("at_organisation"), hers)
        .distinct()
    )
    return Question(query.where(gone.number > given("after"), gone.at > given("earliest")))


def leaving(connection: Connection, grant: Grant, cursor: int) -> list[str]:
    """Return the members who left this laptop's scope after ``cursor`` and are not in it now."""
    if Sensitivity.CONTACT not in grant.classes:
        return []
    found = _departed(grant.areas).ask(connection, _asked(grant, cursor, ""))
    return sorted({row.person for row in found if not grant.covers(Sensitivity.CONTACT, row.area, row.person)})


def with_departed(connection: Connection, grant: Grant, moment: str) -> Grant:
    """Return the grant with the members about whom this laptop may send what it wrote before they left its scope."""
    recent = lately(connection, grant.organisation, moment)
    found = _departed(grant.areas).ask(connection, _asked(grant, recent.older, recent.earliest))
    return replace(grant, opened={**grant.opened, **{row.person: row.area for row in found}})


def _asked(grant: Grant, after: int, earliest: str) -> dict[str, str | int]:
    return {"at_organisation": grant.organisation, "at_worker": grant.worker, "after": after, "earliest": earliest}


def area_left(connection: Connection, organisation: str, person: str, number: int) -> str | None:
    """Return the area that a member left with this number; None where none was noted."""
    row = tables.departed.c
    query = select(row.area).where(row.organisation == organisation, row.person == person, row.number == number, row.worker == "")
    area: str | None = connection.execute(query).scalar()
    return area


def area_seen(lines: Iterable[tuple[int, str]], change: Change) -> str | None:
    """Return the area in which the author of ``change`` saw the record: ``lines`` are its numbers and areas, oldest first."""
    seen: str | None = None
    for number, area in lines:
        if seen is not None and number > change.base:
            break
        seen = area
    return seen
