"""Finding a member or a service while somebody types: every word typed is the beginning of a word that must occur."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, func, literal_column, select, text
from sqlalchemy import table as named_table

from ewb_desktop.storage.tables import Person, Service, table

LIMIT = 50
_CANDIDATES = 3000
"""So many matches are put in order; more would cost time on every key and nobody reads them."""

_NUMBER = re.compile(r"[\d\s()+.\-]+")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A member among the results, with what tells two people of one name apart."""

    id: str
    preferred_name: str | None
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    birth_year_about: int | None
    postcode: str | None
    telephone: str | None
    coordinator: str | None


def find_people(connection: Connection, typed: str, limit: int = LIMIT) -> list[FoundPerson]:
    """Return members whose names, telephone, NHS number or postcode begin with what was typed; names that begin with it first."""
    wanted = query(typed, numbers="numbers")
    if not wanted:
        return []
    person = table(Person).c
    shown = [person[name] for name in FoundPerson.__dataclass_fields__]
    matches = text("person_search MATCH :wanted")
    rows = select(literal_column("rowid", Integer)).select_from(named_table("person_search")).where(matches).limit(_CANDIDATES)
    begins = func.lower(typed.strip())
    first = case(
        (func.lower(func.coalesce(person.preferred_name, "")).startswith(begins, autoescape=False), 0),
        (func.lower(func.coalesce(person.family_name, "")).startswith(begins, autoescape=False), 1),
        else_=2,
    )
    statement = (
        select(*shown)
        .where(and_(literal_column("person.rowid").in_(rows), person.gone == 0))
        .order_by(first, person.family_name, person.preferred_name, person.id)
        .limit(limit)
    )
    return [FoundPerson(*row) for row in connection.execute(statement, {"wanted": wanted})]


def find_taken_off(connection: Connection, typed: str, limit: int = LIMIT) -> list[FoundPerson]:
    """Return members whose records were taken off the screens, found as :func:`find_people` finds the others; by name.

    They are few, and not in the index: whoever looks for one must not take her for somebody new.
    """
    digits = re.sub(r"\D", "", typed.replace("+44", "0")) if _NUMBER.fullmatch(typed) else ""
    wanted = _plain_words(typed)
    if not wanted:
        return []
    person = table(Person).c
    names = tuple(FoundPerson.__dataclass_fields__)
    rows = connection.execute(
        select(*(person[name] for name in names), person.nhs_number)
        .where(person.gone == 1)
        .order_by(person.family_name, person.preferred_name, person.id)
        .limit(_CANDIDATES)
    )
    found = []
    for *values, nhs_number in rows:
        one = FoundPerson(*values)
        numbers = [re.sub(r"\D", "", (each or "").replace("+44", "0")) for each in (one.telephone, nhs_number)]
        words = _plain_words(" ".join(each or "" for each in (one.preferred_name, one.given_name, one.family_name, one.postcode)))
        words.append((one.postcode or "").replace(" ", "").casefold())
        if all(any(word.startswith(each) for word in words) for each in wanted) or (
            digits and any(number.startswith(digits) for number in numbers)
        ):
            found.append(one)
    return found[:limit]


def _plain_words(text: str) -> list[str]:
    """Return the words of ``text`` as the index has them: small letters, without marks on them."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain.casefold())


def find_services(connection: Connection, typed: str, where: Sequence[ColumnElement[bool]] = (), limit: int = LIMIT) -> list[str]:
    """Return the ids of services that match what was typed and the conditions ``where`` on ``table(Service)``, best first.

    A word in the name weighs most, then the organisation, then the description. Nothing typed: by name.
    """
    service = table(Service)
    wanted = query(typed)
    statement = select(service.c.id).where(service.c.gone == 0, *where).limit(limit)
    if not wanted:
        return list(connection.execute(statement.order_by(service.c.name, service.c.id)).scalars())
    statement = (
        statement.join_from(service, named_table("service_search"), literal_column("service_search.rowid = service.rowid"))
        .where(text("service_search MATCH :wanted"))
        .order_by(literal_column("bm25(service_search, 10.0, 4.0, 1.0)"), service.c.id)
    )
    return list(connection.execute(statement, {"wanted": wanted}).scalars())


def query(typed: str, numbers: str | None = None) -> str:
    """Return what was typed as a query of the index, empty when there is nothing to look for.

    With ``numbers``, the index's column of numbers, figures with spaces and brackets between them are one number.
    """
    if numbers and _NUMBER.fullmatch(typed) and any(mark.isdigit() for mark in typed):
        digits = re.sub(r"\D", "", typed.replace("+44", "0"))
        return f'{{{numbers} postcode}} : "{digits}" *'
    words = [word for word in typed.split() if any(mark.isalnum() for mark in word)]
    return " AND ".join('"' + word.replace('"', '""') + '" *' for word in words)
