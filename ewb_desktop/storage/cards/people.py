"""Members as the screens want them: a line in a list, the whole record, and those who could be the same person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from ewb_desktop.domain.person import SAFE_WAYS, display_name, identifiers_line, most_careful, phone_digits
from ewb_desktop.storage.cards.conflicts import answers_about
from ewb_desktop.storage.errors import MemberGone
from ewb_desktop.storage.schema import LIST_ORDER
from ewb_desktop.storage.tables import Person, Worker, table

PAGE = 200
"""Lines that a list reads at a time."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line of the list of members."""

    id: str
    name: str
    born: date | None
    postcode: str
    coordinator: str
    """The coordinator's name."""
    membership: str
    is_taken_off: bool = False
    """Whether the record was taken off the screens; it can be brought back."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Everything that is known about who a member is and how to reach them; the names are the table's.

    Where workers differ on whether a way of contact is safe, the careful answer stands here until somebody has chosen.
    """

    id: str
    number: int
    """The server's number of the record as it stands here; 0 where the server has not numbered it yet."""
    area: str
    preferred_name: str | None
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    birth_year_about: int | None
    pronouns: str | None
    nhs_number: str | None
    telephone: str | None
    email: str | None
    address: str | None
    postcode: str | None
    where_to_find: str | None
    preferred_contact: str | None
    contact_note: str | None
    spoken_language: str | None
    written_language: str | None
    interpreter: str | None
    leaflet_format: str | None
    discreet_print: bool | None
    communication: list[str] | None
    supporters: list[str] | None
    communication_note: str | None
    communication_review_on: date | None
    gp_practice: str | None
    source: str | None
    source_detail: str | None
    turned_away_by: str | None
    turned_away_reason: str | None
    first_visit: str | None
    joined_on: date | None
    coordinator: str | None
    membership: str | None
    safe_to_call: str | None
    safe_to_message: str | None
    safe_to_post: str | None

    @property
    def name(self) -> str:
        """The name on the page."""
        return display_name(self.given_name or "", self.family_name or "", self.preferred_name or "")

    @property
    def identifiers(self) -> str:
        """What stands beside the name, so that nobody is taken for another of that name."""
        return identifiers_line(
            self.birth_date, self.preferred_name or "", self.given_name or "",
            postcode=self.postcode or "", telephone=self.telephone or "", joined=self.joined_on,
        )  # fmt: skip


def person_record(connection: Connection, person: str) -> PersonRecord | None:
    """Return the record of one member, or ``None`` when it is not in this file."""
    known = table(Person).c
    names = [field.name for field in fields(PersonRecord)]
    row = connection.execute(select(*(known[name] for name in names)).where(known.id == person, known.gone == 0)).first()
    if not row:
        return None
    answers = answers_about(connection, person)
    careful = {way: most_careful(answers[way]) for way in SAFE_WAYS if way in answers}
    return PersonRecord(**dict(zip(names, row, strict=True)) | careful)


def count_people(connection: Connection, *, coordinator: str | None = None) -> int:
    """Return how many members are in this file, or how many one worker coordinates."""
    known = table(Person).c
    wanted = select(func.count()).select_from(table(Person)).where(known.gone == 0)
    if coordinator is not None:
        wanted = wanted.where(known.coordinator == coordinator)
    return int(connection.execute(wanted).scalar_one())


def people_lines(connection: Connection, people: Sequence[str]) -> list[PersonLine]:
    """Return the lines of these members, also of those taken off the screens, in the order in which they were asked for.

    Those who are not in the file are left out.
    """
    known = table(Person).c
    found = {line.id: line for line in _lines(connection, known.id.in_(people))}
    return [found[person] for person in people if person in found]


def person_order(connection: Connection, *, coordinator: str | None = None) -> list[str]:
    """Return the ids of all members in the order of the list: family name, then first name. Ids only: 100,000 are cheap."""
    # the plus keeps SQLite to the index that is in order, where the coordinator stands too
    whose, values = ("", ()) if coordinator is None else (" AND +coordinator = ?", (coordinator,))
    ordered = f"SELECT id FROM person WHERE gone = 0{whose} ORDER BY {LIST_ORDER}"  # noqa: S608 - the value is bound
    # one text for all: 100,000 rows of one id each take ten times as long to fetch; SQLite keeps the inner order for it
    listed = connection.exec_driver_sql(f"SELECT json_group_array(id) FROM ({ordered})", values).scalar_one()  # noqa: S608
    ids: list[str] = orjson.loads(listed)
    return ids


def person_area(connection: Connection, person: str) -> str:
    """Return the area of a member: everything that is written about them belongs to it. Raises :class:`MemberGone`."""
    known = table(Person).c
    area = connection.execute(select(known.area).where(known.id == person)).scalar()
    if area is None:
        raise MemberGone("this member's record is not on this laptop any more")
    return str(area)


def _names() -> tuple[Column[Any], ...]:
    known = table(Person).c
    return (known.id, known.given_name, known.family_name, known.preferred_name, known.birth_date)


def _lines(connection: Connection, *where: ColumnElement[bool]) -> list[PersonLine]:
    known, workers = table(Person).c, table(Worker).c
    rows = connection.execute(
        select(*_names())
        .add_columns(known.postcode, workers.name, known.membership, known.gone)
        .select_from(table(Person).outerjoin(table(Worker), workers.id == known.coordinator))
        .where(*where)
    )
    return [
        PersonLine(
            id=id,
            name=display_name(given or "", family or "", preferred or ""),
            born=born,
            postcode=postcode or "",
            coordinator=worker or "",
            membership=membership or "",
            is_taken_off=bool(gone),
        )
        for id, given, family, preferred, born, postcode, worker, membership, gone in rows
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who could be the same person as somebody about to be added; ``domain.dedupe`` decides how alike they are."""

    id: str
    name: str
    given: str
    family: str
    preferred: str
    born: date | None
    postcode: str
    telephone: str


def candidates(
    connection: Connection, *, names: Sequence[str], born: date | None, postcode: str, telephone: str, limit: int = 200
) -> list[Candidate]:
    """Return members who share a birth date, a postcode, a telephone number or the first letters of a name.

    Also those taken off the screens: whoever comes again is brought back, not added once more.
    """
    known = table(Person).c
    alike: list[ColumnElement[bool]] = [
        column.ilike(f"{name[:2]}%")
        for name in names
        if len(name) >= 2 and name[:2].isalnum()
        for column in (known.given_name, known.preferred_name, known.family_name)
    ]
    if born:
        alike.append(known.birth_date == born)
    if postcode:
        alike.append(known.postcode == postcode)
    digits = phone_digits(telephone)
    if digits:
        spoken = func.replace(func.replace(func.replace(known.telephone, " ", ""), "-", ""), "+44", "0")
        alike.append(spoken == digits)
    if not alike:
        return []
    rows = connection.execute(
        select(
            known.id, known.given_name, known.family_name, known.preferred_name, known.birth_date, known.postcode, known.telephone
        )
        .where(or_(*alike))
        # who shares a fact comes before who shares two letters
        .order_by((known.birth_date == born).desc() if born else known.id, known.id)
        .limit(limit)
    )
    return [
        Candidate(
            id, display_name(given or "", family or "", preferred or ""),
            given or "", family or "", preferred or "", birth, code or "", number or "",
        )
        for id, given, family, preferred, birth, code, number in rows
    ]  # fmt: skip
