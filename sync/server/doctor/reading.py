"""What the doctor says of rows that cannot be read, or say other than their history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from sync.protocol.change import ChangeKind
from sync.protocol.entities import ENTITIES
from sync.protocol.ids import FOLLOWING, KINDS_FOLLOWING, VERSION_AT
from sync.server.damage.altered import Damage
from sync.server.damage.stamps import look_at_stamps
from sync.server.damage.witnesses import look_at_witnesses
from sync.server.database import tables
from sync.server.doctor.finding import BACKUP, NAMED, Finding, numbered
from sync.server.pushing.erasing import with_words_left
from sync.server.records.legible import in_a_row, unreadable_rows

_AGAIN: Final = "the server tells it again, where it can, when a laptop asks next; look again after a day, and if it stays: "
_LOST: Final = (
    "no laptop that joins receives them; the server makes them again from their histories when it starts next, and when a laptop "
    f"changes or compares one. Start it again and look again; if they stay: {BACKUP}"
)
_TO_DO: Final = {
    "organisation": f"{_AGAIN}{BACKUP}",
    "counter": f"{_AGAIN}{BACKUP}",
    "worker": f"{_AGAIN}say with `ewb-server worker` what is right",
    "device": "what the laptop tells of itself comes with its next round; if it stays, `revoke` it and invite its worker again",
    "enrol_code": "the code may let nobody in: invite the worker again",
    "former_credential": "what that laptop sealed before it joined again may not be opened; nothing else rests on it",
}
"""What to do about rows of a table that cannot be read; of others, and of what stays, a backup is the better word."""


def rows(connection: Connection) -> Iterator[Finding]:
    """Tell of rows in which something cannot be read, whichever table they are of."""
    places: dict[str, list[str]] = {}
    for table, place in unreadable_rows(connection):
        places.setdefault(table, []).append(place)
    for table, found in places.items():
        named = in_a_row(found, NAMED)
        yield Finding(table, False, f"{len(found)} rows hold what cannot be read ({named}): {_TO_DO.get(table, BACKUP)}")


def records(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of records that no line of the ledger made, of lines whose record is not there, and of kinds that are not known."""
    record, line = tables.record.c, tables.ledger.c
    made = select(line.number).where(line.organisation == record.organisation, line.number == record.number)
    orphans = _count(connection, select(func.count()).where(record.organisation == organisation, ~made.exists()))
    there = select(record.id).where(record.organisation == line.organisation, record.id == line.record)
    query = select(line.number, line.record).where(line.organisation == organisation, ~there.exists()).order_by(line.number)
    lost = connection.execute(query).all()
    if orphans:
        altered = "somebody, or the disk, altered them outside this program"
        yield Finding("records", False, f"{orphans} have no history: {altered}; {BACKUP}")
    if lost:
        of_them = numbered("lines of history", [number for number, _ in lost])
        yield Finding("records", False, f"{len({id_ for _, id_ in lost})} are lost and only {of_them} left of them: {_LOST}")
    if not orphans and not lost:
        yield Finding("records", True, "each has its history, and each history its record")
    newer = _count(
        connection,
        select(func.count()).where(record.organisation == organisation, record.entity.not_in(sorted(ENTITIES))),
    )
    if newer:
        words = f"{newer} records are of a kind that this program does not know: update it, or somebody or the disk altered them"
        yield Finding("kinds", False, f"{words}; what was altered is made again when a laptop asks next")


def places(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of records under an id which only records of other kinds ever have: they were put where another is to come."""
    record, line = tables.record.c, tables.ledger.c
    query = (
        select(func.min(line.number).label("number"), line.device)
        .join_from(tables.record, tables.ledger, (line.organisation == record.organisation) & (line.record == record.id))
        .where(
            record.organisation == organisation,
            record.entity.in_(sorted(ENTITIES.keys() - KINDS_FOLLOWING)),
            func.substr(record.id, VERSION_AT + 1, 1) == FOLLOWING,
            line.kind == ChangeKind.CREATE,
        )
        .group_by(record.id, line.device)
        .order_by("number")
    )
    found = connection.execute(query).all()
    if found:
        by = in_a_row(sorted({device for _, device in found}), NAMED)
        words = f"{numbered('records', [number for number, _ in found])} stand where only answers, services or questions do"
        told = f"{words} (sent by laptop {by}): what belongs there is not taken, and waits on its laptop. None can be put there"
        to_do = f"any more: restored from a backup of before number {found[0].number}, the server takes what belongs there"
        yield Finding("ids", False, f"{told} {to_do}")


def erasures(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of words that the history still holds of what was destroyed by law."""
    left = len(with_words_left(connection, [organisation]))
    if left:
        words = f"of {left} records that are destroyed by law the history still holds words: `ewb-server migrate` takes them out"
        yield Finding("erasures", False, words)


def stamps(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of records that note other than their histories when, or by which laptop, a field last changed."""
    found = [each.number for each in look_at_stamps(connection, organisation)]
    if found:
        words = "note other than their histories when, or by which laptop, a field last changed: what is asked"
        to_do = f"of people rests on it. `ewb-server migrate` puts them right from their histories; if they stay: {BACKUP}"
        yield Finding("questions", False, f"{numbered('records', found)} {words} {to_do}")


def witnesses(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of lines of the history of which the audit, whose chain is whole, says otherwise."""
    found = look_at_witnesses(connection, organisation)
    altered = "somebody, or the disk, altered what the history tells of who said something, from which laptop, or when it came"
    if found.lines:
        words = f"{numbered('lines of history', found.lines)} say other than the audit, which is sealed: {altered}; {BACKUP}"
        yield Finding("histories", False, words)
    elif found.entries:
        words = f"of {found.entries} changes in the audit, which is sealed, there is no line of history: {altered}; {BACKUP}"
        yield Finding("histories", False, words)


def damaged(damage: Damage, *, is_all: bool) -> Iterator[Finding]:
    """Tell of what cannot be read and of what was never said, and what to do about each."""
    again = "the server makes them again from their histories when a laptop asks next; look again after a day, and if they stay: "
    changed = "the server makes them again from their histories when a laptop changes one; if an edit of one is not taken: "
    for what, numbers, to_do in (
        ("records", damage.rows, f"cannot be handed out: {again}"),
        ("records", damage.lost, f"cannot be read: {changed}"),
        ("records", damage.destroyed, f"are destroyed by law, or are not, as their histories do not tell: {changed}"),
        ("lines of history", damage.lines, "cannot be read: "),
    ):
        if numbers:
            yield Finding("reading", False, f"{numbered(what, numbers)} {to_do}{BACKUP}")
    if damage.forged:
        altered = "say what no laptop sent: somebody, or the disk, altered them outside this program"
        yield Finding("histories", False, f"{numbered('records', damage.forged)} {altered}; {BACKUP}")
    if not (damage.rows or damage.lost or damage.lines or damage.forged or damage.destroyed):
        seen = "every record" if is_all else "a sample of the records (all with --all)"
        yield Finding("reading", True, f"everything can be read, and {seen} says what its history says")


def _count(connection: Connection, query: object) -> int:
    number: int = connection.execute(query).scalar_one()  # type: ignore[call-overload]
    return number
