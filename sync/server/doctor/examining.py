"""Looks at one subject after another: the surroundings, the database as a whole, each organisation, and every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from sync.server.admission.losses import lost_organisations
from sync.server.admission.people import has_own_rows, organisations
from sync.server.damage.altered import look_through
from sync.server.damage.indexes import MEND_FILE, look_at_indexes
from sync.server.damage.lost_file import why_lost
from sync.server.damage.reach import look_at_reach
from sync.server.database import tables
from sync.server.database.around_pages import apart, is_corrupt, look_at_pages
from sync.server.database.engine import Database
from sync.server.database.full_disk import is_disk_full
from sync.server.doctor import chain, copies, counting, losses, reach, reading, structure, surroundings
from sync.server.doctor.finding import BACKUP, Finding
from sync.server.records import audit
from sync.server.settings import Settings

_ON_NO_PAGE: Final = "it could not be looked at to its end, for a page is none: see what is said of the file, or of pages"

_VERSION: Final = Table("alembic_version", MetaData(), Column("version_num", String))


def examine(
    database: Database,
    settings: Settings,
    now: datetime,
    noted: Sequence[tuple[str, audit.Tip]] = (),
    *,
    is_all: bool = False,
) -> Iterator[Finding]:
    """Yield what was found, one subject after another. ``noted`` are tips of organisations' audits from earlier visits.

    ``is_all``: every record is held against its history, not a sample. Nothing is changed.
    """
    if settings.certificate is not None:
        yield surroundings.certificate(settings.certificate, settings.key, now)
    if settings.is_embedded:
        yield surroundings.free_room(settings)
    yield copies.key(settings.backup_key)
    yield copies.sign_offs(settings.sign_offs)
    try:
        # one moment for all of it: laptops go on meanwhile, and half of a push would look like damage
        with database.copying() as connection:
            yield from _in_database(connection, noted, now, is_all=is_all)
    except SQLAlchemyError as fault:
        # the driver's own words name tables and places at most; nothing was written, so nothing of anybody stands in them
        words = f"it does not answer ({type(fault).__name__}): see whether it runs and EWB_DATABASE is right"
        if lost := why_lost(settings.file, fault):
            words = lost.removesuffix(".")
        elif isinstance(fault, DatabaseError) and is_corrupt(fault):
            words = f"a page of its file is none, so the rest was not looked at: {MEND_FILE}"
        elif isinstance(fault, DatabaseError) and is_disk_full(fault):
            words = (
                "its disk is full, so that not even a look at it is possible: make room and look again. Nothing is lost by that"
            )
        yield Finding("database", False, words)


def _in_database(
    connection: Connection, noted: Sequence[tuple[str, audit.Tip]], now: datetime, *, is_all: bool
) -> Iterator[Finding]:
    for here in _as_far_as_can_be(connection, "tables", lambda: [structure.tables_here(connection)]):
        yield here
        if not here.is_well and here.words != _ON_NO_PAGE:
            return
    faults = look_at_indexes(connection)
    if connection.dialect.name == "sqlite":
        passed = look_at_pages(connection, tables.metadata.sorted_tables) if faults.is_damaged else {}
        yield structure.file(faults, passed)
    else:
        yield surroundings.size_of(connection)
        passed = look_at_pages(connection, [_VERSION, *tables.metadata.sorted_tables])
        # where a page of its table is none no index can be held against it
        yield structure.pages(passed) if passed else structure.indexes(faults)
    yield chain.is_kept(connection)
    houses = list[str]()
    yield from _as_far_as_can_be(connection, "organisations", lambda: _houses(connection, houses))
    for organisation in sorted({named for named, _ in noted} - set(houses)):
        yield Finding(f"{organisation}: audit", False, "a tip of it was noted, and there is no such organisation here")
    for organisation in houses:
        tips = [tip for named, tip in noted if named == organisation]
        for finding in _of_organisation(connection, organisation, tips, now, is_all=is_all):
            yield Finding(f"{organisation}: {finding.subject}", finding.is_well, finding.words)
    yield from reading.rows(connection)


def _houses(connection: Connection, houses: list[str]) -> Iterator[Finding]:
    """Fill in the organisations that there are, and tell of those that are lost."""
    houses += organisations(connection)
    yield from losses.organisations(houses, lost_organisations(connection))


def _of_organisation(
    connection: Connection, organisation: str, noted: Sequence[audit.Tip], now: datetime, *, is_all: bool
) -> Iterator[Finding]:
    for counted in _as_far_as_can_be(connection, "counter", lambda: counting.counter(connection, organisation)):
        yield counted
        return
    is_sealed = True
    for subject, look in (
        ("audit", lambda: chain.chain(connection, organisation, noted)),
        ("numbers", lambda: counting.numbers(connection, organisation)),
        ("epoch", lambda: counting.epoch(connection, organisation)),
        ("clock", lambda: counting.clock(connection, organisation, now)),
        ("backup", lambda: copies.backup(connection, organisation, now)),
        ("put back", lambda: copies.put_back(connection, organisation)),
        ("lost", lambda: losses.workers_and_laptops(connection, organisation)),
        ("records", lambda: reading.records(connection, organisation)),
        ("ids", lambda: reading.places(connection, organisation)),
        ("erasures", lambda: reading.erasures(connection, organisation)),
        ("questions", lambda: reading.stamps(connection, organisation)),
        ("histories", lambda: _histories(connection, organisation, is_all=is_all)),
    ):
        for finding in _as_far_as_can_be(connection, subject, look):
            is_sealed &= finding.is_well or subject != "audit"
            yield finding
    if is_sealed:
        yield from _as_far_as_can_be(connection, "witnesses", lambda: reading.witnesses(connection, organisation))


def _as_far_as_can_be(connection: Connection, subject: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what a look finds. Where a cell on which it rests was altered, that is said: the rest is looked at all the same."""
    found = list[Finding]()
    try:
        with apart(connection):
            # what was found before it ends is told too
            for each in look():
                found.append(each)
    except SQLAlchemyError as fault:
        if not (isinstance(fault, DatabaseError) and is_corrupt(fault)):
            raise
        found.append(Finding(subject, False, _ON_NO_PAGE))
    except Exception as fault:  # noqa: BLE001 - whoever asks what is wrong with the house must hear all of it
        words = f"it cannot be looked at to its end ({type(fault).__name__}): a cell on which it rests cannot be read"
        found.append(Finding(subject, False, f"{words}, see what else is named here; {BACKUP}"))
    yield from found


def _histories(connection: Connection, organisation: str, *, is_all: bool) -> Iterator[Finding]:
    own = has_own_rows(connection, organisation)
    damage = look_through(connection, organisation, has_own_rows=own, is_all=is_all)
    yield from reading.damaged(damage, is_all=is_all)
    found = look_at_reach(connection, organisation)
    found.records = sorted({*found.records, *damage.astray})
    yield from reach.reach(found)
