"""What two workers said differently of one field, or of whether a record is on the screens, until somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from ewb_desktop.domain.person import display_name
from ewb_desktop.domain.time import instant_text, instant_told, parse_instant
from ewb_desktop.storage.cards.workers import worker_names
from ewb_desktop.storage.direct import fetch_first
from ewb_desktop.storage.tables import KINDS, Conflict, Person, table
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.merge import GONE


@dataclass(frozen=True, slots=True)
class Said:
    """Who gave an answer (an id, empty where nobody is known), the name, and when.

    ``brought_by`` and ``brought_name``: whose laptop says so, where the server was restored since and has it from nobody else.
    """

    worker: str
    name: str
    at: datetime | None
    brought_by: str = ""
    brought_name: str = ""


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """An answer that is not on the screens, and who gave it; ``told`` as for :attr:`ConflictCard.shown_told`."""

    value: Any
    said: tuple[Said, ...]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConflictCard:
    """One question that workers answered differently. ``shown`` is on the screens now; ``others`` are the answers beside it.

    The server keeps a conflict for each laptop that said something else; all that are about one field are one question here, and
    those who said the same gave one answer. ``ids`` names these conflicts, ``id`` the oldest.

    ``shown`` is what this laptop's record says, also when the worker has just edited it and nobody else has it yet. ``before``
    is what stood when both sides last saw the same. Values are as their field holds them: text, bool, date, aware datetime, list;
    where ``field`` is :data:`~sync.protocol.merge.GONE`, 0 for on the screens and 1 for taken off them. ``shown_told`` are the
    fields beside it that say by whom, when and for whom it was said (:meth:`~sync.protocol.entities.Entity.told_with`).
    """

    id: str
    person: str
    person_name: str
    born: date | None
    nhs_number: str
    entity: str
    record: str
    field: str
    shown: Any
    before: Any
    shown_said: Said
    others: tuple[OtherAnswer, ...]
    ids: tuple[str, ...]
    shown_told: Mapping[str, Any]

    @property
    def answers(self) -> tuple[Any, ...]:
        """Return every answer, the one on the screens first."""
        return (self.shown, *(other.value for other in self.others))

    @property
    def is_about_removal(self) -> bool:
        """Say whether it is asked if the record stays on the screens."""
        return self.field == GONE


def open_conflicts(connection: Connection, person: str = "") -> list[ConflictCard]:
    """Return the questions that nobody has settled, oldest first: all, or those about one ``person``."""
    return _cards(connection, person=person)


def conflict(connection: Connection, id: str) -> ConflictCard | None:
    """Return the open question of the conflict with this id, or None when there is none or it was settled meanwhile."""
    known = table(Conflict).c
    record = connection.execute(select(known.record).where(known.id == id)).scalar()
    return next((card for card in _cards(connection, record=record) if id in card.ids), None) if record else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in a settled conflict (as JSON), by whom (an id), and what stands in the record now."""

    chosen: Any
    by: str
    stands: Any


def choice_of(connection: Connection, card: ConflictCard, id: str) -> Choice | None:
    """Return what was chosen in one of the conflicts of ``card``; None while nothing is."""
    known = table(Conflict).c
    query = select(known.chosen, known.settled_by).where(known.id == id, known.settled_at.is_not(None), known.gone == 0)
    found = connection.execute(query).first()
    return Choice(found.chosen, found.settled_by or "", present_value(connection, card)) if found is not None else None


def present_value(connection: Connection, card: ConflictCard) -> Any:
    """Return what the record that ``card`` is about says now."""
    known = table(KINDS[card.entity]).c
    return connection.execute(select(known[card.field]).where(known.id == card.record)).scalar()


def record_of(connection: Connection, card: ConflictCard) -> dict[str, Any]:
    """Return every field of the record that ``card`` is about; nothing where it is not in this file, or of a newer program."""
    if card.entity not in KINDS:
        return {}
    known = table(KINDS[card.entity])
    found = connection.execute(select(known).where(known.c.id == card.record)).mappings().first()
    return {name: found[name] for name in ENTITIES[card.entity].fields} if found is not None else {}


def questions_about(connection: Connection, person: str) -> dict[str, ConflictCard]:
    """Return the questions that nobody has settled about a member's own record, by field."""
    return {card.field: card for card in _cards(connection, record=person)}


def answers_about(connection: Connection, person: str) -> dict[str, tuple[Any, ...]]:
    """Return every answer that is open about a member's own record, by field, the one on the screens first."""
    return {field: card.answers for field, card in questions_about(connection, person).items()}


def count_open_conflicts(connection: Connection, person: str = "") -> int:
    """Return how many questions wait for somebody to choose: all, or those about one ``person``."""
    return len(_cards(connection, person=person))


def value_of(entity: str, field: str, value: Any) -> Any:
    """Return a value as it stood in a conflict (JSON) as the record's own column takes it."""
    declared = ENTITIES[entity].fields.get(field) if entity in ENTITIES else None
    if declared is None or value is None:
        return value
    if declared.kind is Kind.DAY:
        return date.fromisoformat(value)
    if declared.kind is Kind.INSTANT:
        return parse_instant(value)
    return bool(value) if declared.kind is Kind.FLAG else value


def wire_value(value: Any) -> Any:
    """Return a record's value as it stands in a conflict (JSON)."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _cards(connection: Connection, *, person: str = "", record: str = "") -> list[ConflictCard]:
    c, p = table(Conflict).c, table(Person).c
    query = (
        select(
            c.id, c.number, c.person, p.preferred_name, p.given_name, p.family_name, p.birth_date, p.nhs_number, c.entity,
            c.record, c.field, c.shown, c.other, c.other_told, c.before, c.shown_by, c.other_by, c.shown_at, c.other_at,
            c.author, c.made_at, c.found_at,
        )
        .select_from(table(Conflict).outerjoin(table(Person), p.id == c.person))
        .where(c.gone == 0, c.settled_at.is_(None))
        .order_by(c.found_at, c.id)
    )  # fmt: skip
    if person:
        query = query.where(c.person == person)
    if record:
        query = query.where(c.record == record)
    found = connection.execute(query).all()
    if not found:
        return []
    names = worker_names(connection)
    questions: dict[tuple[str, str], list[Any]] = {}
    for row in found:
        questions.setdefault((row.record or "", row.field or ""), []).append(row)
    cards = [_card(connection, rows, names) for rows in questions.values()]
    # where the worker has just written the other answer herself there is nothing left to choose
    return [card for card in cards if card.others]


@dataclass(frozen=True, slots=True)
class _Stands:
    """What is on the screens: the value, who said it and when."""

    value: Any
    by: str
    at: datetime | None


def _card(connection: Connection, rows: Sequence[Any], names: Mapping[str, str]) -> ConflictCard:
    row, newest = rows[0], max(rows, key=lambda each: each.number)
    stands = _stands(connection, newest)
    return ConflictCard(
        id=row.id,
        person=row.person or "",
        person_name=display_name(row.given_name or "", row.family_name or "", row.preferred_name or ""),
        born=row.birth_date,
        nhs_number=row.nhs_number or "",
        entity=row.entity or "",
        record=row.record or "",
        field=row.field or "",
        shown=stands.value,
        before=value_of(row.entity, row.field, newest.before),
        shown_said=Said(stands.by, names.get(stands.by, ""), stands.at),
        others=_others(rows, stands, names),
        ids=tuple(each.id for each in rows),
        shown_told=_shown_told(connection, row),
    )


def _shown_told(connection: Connection, row: Any) -> dict[str, Any]:
    """Return what the record says now of how that was said which the question is about."""
    names = ENTITIES[row.entity].told_with(row.field) if row.entity in KINDS else ()
    if not names:
        return {}
    known = table(KINDS[row.entity]).c
    now = connection.execute(select(*(known[name] for name in names)).where(known.id == row.record)).first()
    return dict(zip(names, now, strict=True)) if now is not None else {}


def _others(rows: Sequence[Any], stands: _Stands, names: Mapping[str, str]) -> tuple[OtherAnswer, ...]:
    """Return each other answer once, with everybody who gave it."""
    found: dict[str, OtherAnswer] = {}
    now = _as_key(wire_value(stands.value))
    for row in rows:
        key = _as_key(row.other)
        if key == now:
            continue
        # the server makes a question at the moment at which it finds it; one that a laptop brought back was found before
        by = row.author if row.found_at is not None and row.made_at != row.found_at else ""
        said = Said(row.other_by or "", names.get(row.other_by, ""), row.other_at, by, names.get(by, ""))
        known = found.get(key)
        earlier = tuple(each for each in known.said if not each.worker or each.worker != said.worker) if known else ()
        told = {name: value_of(row.entity, name, value) for name, value in (row.other_told or {}).items()}
        found[key] = OtherAnswer(value_of(row.entity, row.field, row.other), (*earlier, said), told)
    return tuple(found.values())


def _as_key(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _stands(connection: Connection, row: Any) -> _Stands:
    """Return what the record itself says: the conflict says it as the server knew it, and an edit may have come since."""
    told = value_of(row.entity, row.field, row.shown)
    as_told = _Stands(told, row.shown_by or "", row.shown_at)
    if row.entity not in KINDS or (row.field != GONE and row.field not in ENTITIES[row.entity].fields):
        return as_told
    known = table(KINDS[row.entity]).c
    now = connection.execute(select(known[row.field]).where(known.id == row.record)).first()
    if now is None or wire_value(now[0]) == wire_value(told):
        return as_told
    said = _last_own(connection, row) or _last_heard(connection, row, wire_value(now[0]))
    return _Stands(now[0], said[0], instant_told(said[1])) if said else _Stands(now[0], "", None)


def _last_own(connection: Connection, row: Any) -> tuple[Any, ...] | None:
    """Return who on this laptop said it last, and when, while the server does not have it."""
    if row.field == GONE:
        query = "SELECT author, at FROM journal WHERE record = ? AND settled_at IS NULL ORDER BY counter DESC LIMIT 1"
        return fetch_first(connection, query, (row.record,))
    return fetch_first(
        connection,
        "SELECT author, at FROM journal WHERE record = ? AND settled_at IS NULL AND json_type(fields, '$.' || ?) IS NOT NULL "
        "ORDER BY counter DESC LIMIT 1",
        (row.record, row.field),
    )


def _last_heard(connection: Connection, row: Any, now: Any) -> tuple[Any, ...] | None:
    """Return which colleague said it last, and when: not one who only said something else beside it."""
    if row.field == GONE:
        query = "SELECT author, at FROM heard WHERE record = ? AND (kind = 'tombstone') = ? ORDER BY number DESC LIMIT 1"
        return fetch_first(connection, query, (row.record, now))
    return fetch_first(
        connection,
        "SELECT author, at FROM heard WHERE record = ?1 AND json_type(fields, '$.' || ?2) IS NOT NULL "
        "AND json_extract(fields, '$.' || ?2 || '[1]') IS json_extract(fields, '$.' || ?2 || '[2]') ORDER BY number DESC LIMIT 1",
        (row.record, row.field),
    )
