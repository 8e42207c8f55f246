"""The doctor: looks through the whole database and its surroundings, changes nothing, and says in words what is wrong."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from sqlalchemy import Connection, func, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from sync.protocol.entities import ENTITIES
from sync.server import audit, tables
from sync.server.cells import is_text
from sync.server.clock import MAY_BE_OFF, instant_text
from sync.server.damage import Damage, look_through
from sync.server.database import Database, known_revisions, revision_of
from sync.server.erasing import with_words_left
from sync.server.indexes import PUT_BACK_ONCE, FileFaults, look_at_file
from sync.server.legible import in_a_row, unreadable_rows
from sync.server.losses import look_for_losses, lost_organisations
from sync.server.people import RESTORED, has_own_rows, organisations
from sync.server.put_back import last_found_out
from sync.server.reach import Reach, look_at_reach
from sync.server.settings import Settings

FREE_BYTES: Final = 1 << 30
"""Less room than this on the disk is said: a backup and a day's work need some."""
FREE_SHARE: Final = 0.05
BACKUP_MAY_BE_OLD: Final = timedelta(days=2)
_BACKUP: Final = "stop the server and restore the newest backup without -damaged in its name; laptops offer what came after it"
_NOBODY: Final = (
    "there is not one. A new server gets its first by `ewb-server organisation`; if there was one, EWB_DATABASE names another "
    "database now, or its disk is not there: stop the server until that is put right. No laptop loses anything by it"
)
_KEPT_OUT: Final = (
    "laptops hear that they are not known, and wait: what they have not sent stays on them, and nothing here is lost"
)
_TYPE_AGAIN: Final = (
    "`ewb-server worker ORGANISATION ID --active yes`, or `--active no` of one who has left, makes each again as was typed, and "
    "her laptops are known again"
)
_JOIN_AGAIN: Final = (
    "see that it is still its worker's, say `ewb-server invite ORGANISATION --worker ID` and type the code on that laptop, which "
    "keeps what it holds"
)
_NOT_TOLD: Final = (
    "they were signed off, and hear only that they are not known: they do not destroy their keys. Let none in again"
)
_AGAIN: Final = "the server tells it again, where it can, when a laptop asks next; look again after a day, and if it stays: "
_LOST: Final = (
    "no laptop that joins receives them; the server makes them again from their histories when it starts next, and when a laptop "
    f"changes or compares one. Start it again and look again; if they stay: {_BACKUP}"
)
_TO_DO: Final = {
    "organisation": f"{_AGAIN}{_BACKUP}",
    "counter": f"{_AGAIN}{_BACKUP}",
    "worker": f"{_AGAIN}say with `ewb-server worker` what is right",
    "device": "what the laptop tells of itself comes with its next round; if it stays, `revoke` it and invite its worker again",
    "enrol_code": "the code may let nobody in: invite the worker again",
    "former_credential": "what that laptop sealed before it joined again may not be opened; nothing else rests on it",
}
"""What to do about rows of a table that cannot be read; of others, and of what stays, a backup is the better word."""
_NAMED: Final = 5
"""Most numbers of the ledger that one finding names."""
SOON: Final = timedelta(days=21)
"""A certificate that ends within this time is said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``is_well`` is False when somebody has to do something; ``words`` say what."""

    subject: str
    is_well: bool
    words: str


def examine(
    database: Database,
    settings: Settings,
    now: datetime,
    noted: Sequence[tuple[str, audit.Tip]] = (),
    *,
    is_all: bool = False,
) -> Iterator[Finding]:
    """Yield what was found, one subject after another. ``noted`` are tips of organisations' audits from earlier visits.

    ``is_all``: every record is held against its history, not a sample.
    """
    if settings.certificate is not None:
        yield certificate(settings.certificate, now)
    if settings.is_embedded:
        yield free_room(settings)
    try:
        # one moment for all of it: laptops go on meanwhile, and half of a push would look like damage
        with database.copying() as connection:
            yield from _in_database(connection, noted, now, is_all=is_all)
    except SQLAlchemyError as fault:
        # the driver's own words name tables and places at most; nothing was written, so nothing of anybody stands in them
        yield Finding(
            "database", False, f"it does not answer ({type(fault).__name__}): see whether it runs and EWB_DATABASE is right"
        )


def certificate(file: Path, now: datetime) -> Finding:
    """Tell how long the certificate still holds."""
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError, ssl.SSLError):
        return Finding("certificate", False, f"{file} holds no certificate that can be read")
    words = f"it holds until {ends:%Y-%m-%d}"
    return Finding(
        "certificate", ends - now > SOON, words if ends - now > SOON else f"{words}: renew it, or laptops stop sending"
    )


def free_room(settings: Settings, room: Callable[[Path], tuple[int, int]] | None = None) -> Finding:
    """Tell whether the disk of the embedded file has room. ``room`` returns the disk's size and what is free, in bytes."""
    folder = Path(make_url(settings.database).database or ".").resolve().parent
    total, free = (room or _room)(folder)
    words = f"{free / (1 << 30):.1f} GiB of {total / (1 << 30):.1f} GiB are free"
    is_well = free >= min(FREE_BYTES, int(total * FREE_SHARE))
    return Finding("disk", is_well, words if is_well else f"only {words}: make room, or pushes will not be taken")


def _room(folder: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free


def _in_database(
    connection: Connection, noted: Sequence[tuple[str, audit.Tip]], now: datetime, *, is_all: bool
) -> Iterator[Finding]:
    revision, known = revision_of(connection), known_revisions()
    if revision != known[-1]:
        to_do = (
            "run `ewb-server migrate`" if revision is None or revision in known else "it is newer than this program: update it"
        )
        yield Finding("tables", False, f"they are at version {revision or 'none'}, the program at {known[-1]}: {to_do}")
        return
    missing = _missing(connection)
    yield Finding(
        "tables", not missing, f"version {revision}" if not missing else f"not here any more: {', '.join(missing)}; {_BACKUP}"
    )
    if missing:
        return
    if connection.dialect.name == "sqlite":
        yield _file(look_at_file(connection))
    else:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        yield Finding("disk", True, f"the database holds {size / (1 << 20):.0f} MiB; PostgreSQL's own disk is not seen from here")
    kept = audit.is_kept(connection)
    yield Finding(
        "audit",
        kept,
        "the database lets it only grow" if kept else "its triggers are gone: somebody who owns the database took them",
    )
    houses, lost = organisations(connection), lost_organisations(connection)
    for gone, named_by in lost.items():
        told = f"it is known to {', '.join(named_by)} and not to the table of organisations"
        yield Finding(f"{gone}: organisation", False, f"{told}: its row was lost or altered. {_KEPT_OUT}; {_BACKUP}")
    if not houses and not lost:
        yield Finding("organisations", False, _NOBODY)
    for organisation in sorted({named for named, _ in noted} - set(houses)):
        yield Finding(f"{organisation}: audit", False, "a tip of it was noted, and there is no such organisation here")
    for organisation in houses:
        tips = [tip for named, tip in noted if named == organisation]
        for finding in _of_organisation(connection, organisation, tips, now, is_all=is_all):
            yield Finding(f"{organisation}: {finding.subject}", finding.is_well, finding.words)
    yield from _rows(connection)


def _file(found: FileFaults) -> Finding:
    """Tell whether the embedded file is whole, and how it is mended where only an index is not."""
    named = ", ".join(found.indexes)
    doubled = "; ".join(f"{table} {', '.join(places[:_NAMED])}" for table, places in found.doubled.items())
    if found.is_damaged:
        return Finding("file", False, "the file is damaged: stop the server and restore a backup")
    if found.doubled:
        words = f"rows stand twice ({doubled}), for an index did not find them when they came again ({named})"
        return Finding("file", False, f"{words}: {PUT_BACK_ONCE}")
    if found.indexes:
        words = (
            f"an index does not agree with its table ({named}): what is there is not found, so that work waits as missing or is"
        )
        again = "taken twice, and an erasure may pass over words. No record is lost. Stop the server and run `ewb-server migrate`"
        return Finding("file", False, f"{words} {again}: it makes the index anew")
    return Finding("file", True, "whole")


def _losses(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of workers and laptops that are known and whose own row is lost."""
    found = look_for_losses(connection, organisation)
    for what, ids, to_do in (
        ("workers", found.workers, f"{_KEPT_OUT}; {_TYPE_AGAIN}; or {_BACKUP}"),
        ("laptops", found.laptops, f"{_KEPT_OUT}; {_JOIN_AGAIN}; or {_BACKUP}"),
        ("laptops", found.signed_off, f"{_NOT_TOLD}; {_BACKUP}"),
    ):
        if ids:
            named = in_a_row(ids, _NAMED)
            yield Finding(f"lost {what}", False, f"{len(ids)} that joined here are not in their table ({named}): {to_do}")


def _erasures(connection: Connection, organisation: str) -> Iterator[Finding]:
    left = len(with_words_left(connection, [organisation]))
    if left:
        words = f"of {left} records that are destroyed by law the history still holds words: `ewb-server migrate` takes them out"
        yield Finding("erasures", False, words)


def _rows(connection: Connection) -> Iterator[Finding]:
    """Tell of rows in which something cannot be read, whichever table they are of."""
    places: dict[str, list[str]] = {}
    for table, place in unreadable_rows(connection):
        places.setdefault(table, []).append(place)
    for table, found in places.items():
        named = in_a_row(found, _NAMED)
        yield Finding(table, False, f"{len(found)} rows hold what cannot be read ({named}): {_TO_DO.get(table, _BACKUP)}")


def _missing(connection: Connection) -> list[str]:
    """Return the names of tables and indexes that should be there and are not."""
    seen = inspect(connection)
    there = {*seen.get_table_names()}
    for table in there & tables.metadata.tables.keys():
        there |= {str(index["name"]) for index in seen.get_indexes(table)}
    known = tables.metadata.tables.values()
    wanted = {table.name for table in known} | {str(index.name) for table in known for index in table.indexes}
    return sorted(wanted - there)


def _of_organisation(
    connection: Connection, organisation: str, noted: Sequence[audit.Tip], now: datetime, *, is_all: bool
) -> Iterator[Finding]:
    counter = tables.counter.c
    if connection.execute(select(counter.number).where(counter.organisation == organisation)).first() is None:
        yield Finding("counter", False, f"it is not here any more, and nothing can be taken without it: {_BACKUP}")
        return
    for subject, look in (
        ("audit", lambda: _chain(connection, organisation, noted)),
        ("numbers", lambda: _numbers(connection, organisation)),
        ("epoch", lambda: _epoch(connection, organisation)),
        ("clock", lambda: _clock(connection, organisation, now)),
        ("backup", lambda: _backup(connection, organisation, now)),
        ("put back", lambda: _put_back(connection, organisation)),
        ("lost", lambda: _losses(connection, organisation)),
        ("records", lambda: _records(connection, organisation)),
        ("erasures", lambda: _erasures(connection, organisation)),
        ("histories", lambda: _histories(connection, organisation, is_all=is_all)),
    ):
        yield from _as_far_as_can_be(subject, look)


def _as_far_as_can_be(subject: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield what a look finds. Where a cell on which it rests was altered, that is said: the rest is looked at all the same."""
    try:
        yield from look()
    except SQLAlchemyError:
        raise
    except Exception as fault:  # noqa: BLE001 - whoever asks what is wrong with the house must hear all of it
        words = f"it cannot be looked at to its end ({type(fault).__name__}): a cell on which it rests cannot be read"
        yield Finding(subject, False, f"{words}, see what else is named here; {_BACKUP}")


def _histories(connection: Connection, organisation: str, *, is_all: bool) -> Iterator[Finding]:
    own = has_own_rows(connection, organisation)
    damage = look_through(connection, organisation, has_own_rows=own, is_all=is_all)
    yield from _damage(damage, is_all=is_all)
    reach = look_at_reach(connection, organisation)
    reach.records = sorted({*reach.records, *damage.astray})
    yield from _reach(reach)


def _chain(connection: Connection, organisation: str, noted: Sequence[audit.Tip]) -> Iterator[Finding]:
    broken = audit.first_broken(connection, organisation)
    anew = [str(tip.number) for tip in noted if not audit.holds(connection, organisation, tip)]
    if broken is not None:
        yield Finding("audit", False, f"broken at entry {broken}: somebody altered it outside this program")
    elif anew:
        yield Finding("audit", False, f"entry {', '.join(anew)} is not the one that was noted: the chain was written anew")
    else:
        tip = audit.tip(connection, organisation)
        yield Finding("audit", True, f"whole; note its tip elsewhere: {organisation}:{tip.number}:{tip.hash}")


def _numbers(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell whether the ledger holds every number from 1 to the counter's."""
    row, counter = tables.ledger.c, tables.counter.c
    last = connection.execute(select(counter.number).where(counter.organisation == organisation)).scalar_one()
    lines, least, most = connection.execute(
        select(func.count(), func.min(row.number), func.max(row.number)).where(row.organisation == organisation)
    ).one()
    if (lines, least or 1, most or 0) == (last, 1, last):
        yield Finding("numbers", True, f"1 to {last} without a gap" if last else "none yet")
        return
    if (lines, least) == (most, 1) and not (isinstance(last, int) and lines <= last):
        words = f"the counter says {last}, and the ledger has every number to {most}: somebody, or the disk, altered the counter"
        yield Finding("numbers", False, f"{words}; the server puts it right when a laptop sends a change next")
        return
    yield Finding("numbers", False, f"{lines} lines of the ledger where the counter says {last}: lines were lost or put in")


def _epoch(connection: Connection, organisation: str) -> Iterator[Finding]:
    house, counter = tables.organisation.c, tables.counter.c
    query = (
        select(house.epoch, house.epoch_number, counter.number)
        .join_from(tables.organisation, tables.counter, counter.organisation == house.organisation)
        .where(house.organisation == organisation)
    )
    epoch, began, last = connection.execute(query).one()
    if not (epoch and is_text(epoch) and isinstance(began, int)):
        yield Finding("epoch", False, "it cannot be read: the server begins another when a laptop asks next, and nothing is lost")
        return
    is_well = 0 <= began <= last
    to_do = f"it began at {began}, after the last number {last}: run `ewb-server restored {organisation}`"
    yield Finding("epoch", is_well, f"began at number {began}" if is_well else to_do)


def _clock(connection: Connection, organisation: str, now: datetime) -> Iterator[Finding]:
    """Tell when this machine's clock is behind what was noted last."""
    row = tables.audit.c
    query = select(row.at).where(row.organisation == organisation).order_by(row.number.desc()).limit(1)
    last = connection.execute(query).scalar()
    if last is not None and is_text(last) and last > instant_text(now + MAY_BE_OFF):
        words = f"it says {instant_text(now)}, and the audit's last entry was made at {last}: see to this machine's clock"
        yield Finding("clock", False, words)


def _backup(connection: Connection, organisation: str, now: datetime) -> Iterator[Finding]:
    """Tell when everything was copied last: a timer that fails every night tells nobody by itself."""
    # a database that was just restored is in the backup that it came from
    at = audit.last_of(connection, organisation, ("backup", RESTORED))
    house = tables.organisation.c
    made = connection.execute(select(house.made_at).where(house.organisation == organisation)).scalar_one()
    is_to_come = (at or made) > instant_text(now + MAY_BE_OFF)
    if (at or made) >= instant_text(now - BACKUP_MAY_BE_OLD) and not is_to_come:
        yield Finding("backup", True, f"made at {at}" if at else "none yet, and the organisation is new")
        return
    words = f"the last was made at {at}" if at else "there is none"
    if at and is_to_come:
        words += ", which is still to come: the clock was ahead, so nobody knows how old it is"
    to_do = "see `systemctl status ewb-server-backup.service`, or make one with `ewb-server backup FOLDER`"
    yield Finding("backup", False, f"{words}: {to_do}")


def _put_back(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell when laptops showed that the database was put back, until the administrator has said so too."""
    at = last_found_out(connection, organisation)
    if at is not None:
        words = (
            f"on {at[:10]} a laptop knew numbers that the database has not: it was put back, and not by `ewb-server restore`. "
            "Laptops offer again what is lost, but whoever was signed off or left after that copy may be let in: "
            f"run `ewb-server restored {organisation}`, and look at `workers` and `laptops`"
        )
        yield Finding("put back", False, words)


def _records(connection: Connection, organisation: str) -> Iterator[Finding]:
    """Tell of records that no line of the ledger made, of lines whose record is not there, and of kinds that are not known."""
    record, line = tables.record.c, tables.ledger.c
    made = select(line.number).where(line.organisation == record.organisation, line.number == record.number)
    orphans = _count(connection, select(func.count()).where(record.organisation == organisation, ~made.exists()))
    there = select(record.id).where(record.organisation == line.organisation, record.id == line.record)
    query = select(line.number, line.record).where(line.organisation == organisation, ~there.exists()).order_by(line.number)
    lost = connection.execute(query).all()
    if orphans:
        altered = "somebody, or the disk, altered them outside this program"
        yield Finding("records", False, f"{orphans} have no history: {altered}; {_BACKUP}")
    if lost:
        of_them = _numbered("lines of history", [number for number, _ in lost])
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


def _damage(damage: Damage, *, is_all: bool) -> Iterator[Finding]:
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
            yield Finding("reading", False, f"{_numbered(what, numbers)} {to_do}{_BACKUP}")
    if damage.forged:
        altered = "say what no laptop sent: somebody, or the disk, altered them outside this program"
        yield Finding("histories", False, f"{_numbered('records', damage.forged)} {altered}; {_BACKUP}")
    if not (damage.rows or damage.lost or damage.lines or damage.forged or damage.destroyed):
        seen = "every record" if is_all else "a sample of the records (all with --all)"
        yield Finding("reading", True, f"everything can be read, and {seen} says what its history says")


def _reach(reach: Reach) -> Iterator[Finding]:
    """Tell of records that laptops would be given though they are not for them, and of workers who may do what nobody typed."""
    altered = "somebody, or the disk, altered this outside this program"
    if reach.records:
        words = f"{_numbered('records', reach.records)} would be given to others than those they are for: {altered}; {_BACKUP}"
        yield Finding("scope", False, words)
    if reach.workers:
        to_do = "look at `ewb-server workers`, and say with `ewb-server worker` what is right"
        named = ", ".join(reach.workers[:_NAMED])
        yield Finding("workers", False, f"{len(reach.workers)} may do or see other than was typed ({named}): {altered}; {to_do}")
    if reach.laptops:
        to_do = "sign each off with `ewb-server revoke` and let it join again by a code of its own worker's"
        named = ", ".join(reach.laptops[:_NAMED])
        told = f"{len(reach.laptops)} count as another worker's than they told ({named})"
        yield Finding("laptops", False, f"{told}: {altered}; {to_do}")
    if reach.members:
        again = "the server matches them as the record says when a peer support worker's laptop compares, or sends about them"
        words = f"to {_numbered('members', reach.members)} others are matched than their records say: {altered}; {again}; "
        words += f"look again after a day, and if it stays: {_BACKUP}"
        yield Finding("matches", False, words)


def _numbered(what: str, numbers: Sequence[int]) -> str:
    # one that the disk altered may be none
    some = in_a_row(sorted(numbers, key=lambda each: (not isinstance(each, int), each)), _NAMED)
    return f"{len(numbers)} {what} (at number {some})"


def _count(connection: Connection, query: object) -> int:
    number: int = connection.execute(query).scalar_one()  # type: ignore[call-overload]
    return number
