"""Commands about the server itself: to run it, to look after it, and what it answers."""

from __future__ import annotations

import argparse
import errno
import os
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sync.fingerprint import grouped
from sync.server import certificates
from sync.server.admission.opened import open_database
from sync.server.admission.people import NotPossible, organisations
from sync.server.admission.roster import laptops
from sync.server.clock import instant_text, utc_now
from sync.server.commands.words import looking_at, must_hold_key, say, typed
from sync.server.damage.indexes import MEND_FILE, PUT_BACK_ONCE, make_anew
from sync.server.damage.indexes_anew import make_all_anew
from sync.server.damage.stamps import put_stamps_right
from sync.server.database.engine import Database
from sync.server.doctor.examining import examine
from sync.server.listening.doorstep import can_listen, is_ready
from sync.server.logs import start_logging
from sync.server.pushing.erasing import forget_what_is_left
from sync.server.records import audit
from sync.server.settings import Settings

if TYPE_CHECKING:
    from sync.server.commands.words import Commands

_TIP_DIGITS: Final = 18
"""Most digits of an entry's number: a database knows no larger ones."""


class _PageIsNone(Exception):
    """A page of the embedded file is none."""


def add(commands: Commands) -> None:
    """Let them be typed."""
    serve = commands.add_parser("serve", help="answer laptops until stopped")
    serve.add_argument("--host", help="the address to listen at; else EWB_HOST, else this machine only")
    serve.add_argument("--port", help="else EWB_PORT, else 8461")
    serve.add_argument("--workers", help="processes, on PostgreSQL; else EWB_WORKERS, else 1")
    serve.add_argument("--certificate", help="file of the certificate and its chain; else EWB_TLS_CERTIFICATE")
    serve.add_argument("--key", help="file of its key; else EWB_TLS_KEY")
    serve.add_argument("--proxies", help="addresses or networks of proxies in front; else EWB_PROXIES")
    serve.set_defaults(work=_serve, listens=True, makes_database=True)

    commands.add_parser(
        "migrate", help="bring the database to this version; make damaged indexes anew, and put right what histories tell"
    ).set_defaults(work=_migrate, makes_database=True)

    vouching = commands.add_parser(
        "certificate", help="make a certificate of this machine's own; laptops know it by the fingerprint that is printed"
    )
    vouching.add_argument("folder", type=Path, help="where certificate.pem and key.pem are written")
    vouching.add_argument("--for", dest="hosts", nargs="+", metavar="HOST", help="names and addresses that laptops call it by")
    vouching.set_defaults(work=_certificate, makes_database=True)

    looking = commands.add_parser("doctor", help="look for whatever is wrong; changes nothing")
    looking.add_argument(
        "--tip", action="append", default=[], metavar="ORGANISATION:NUMBER:HASH", help="a tip of the audit, noted earlier"
    )
    looking.add_argument(
        "--all", action="store_true", help="hold every record against its history, not a sample: it takes longer"
    )
    looking.set_defaults(work=_doctor)

    commands.add_parser("openapi", help="print what each address takes and answers, as OpenAPI").set_defaults(
        work=_openapi, makes_database=True
    )

    commands.add_parser("ready", help="ask the server that runs on this machine whether it can answer laptops").set_defaults(
        work=_ready, makes_database=True
    )

    health = commands.add_parser("health", help="check that the database answers and the audit is whole")
    health.add_argument("organisation")
    health.set_defaults(work=_health)


def _serve(settings: Settings, asked: argparse.Namespace) -> None:
    # read in by whoever serves: every other command is there in half the time without them, and a container asks twice a minute
    from sync.server.app import create_app
    from sync.server.listening import metrics
    from sync.server.listening.serving import run

    must_hold_key(settings)
    # before anything listens: a database that does not answer, or is newer, is said here and once
    with closing(open_database(settings)) as database, database.reading() as connection:
        has_somebody = bool(organisations(connection))
    if not has_somebody:
        here = settings.file.resolve() if settings.file is not None else "this database"
        say(f"No organisation is in {here}: `ewb-server organisation` makes the first. If there was one, see `doctor`.")
    if why := can_listen(settings.host, settings.port):
        is_taken = why == os.strerror(errno.EADDRINUSE)
        to_do = "stop what listens there, or say another --port" if is_taken else "see --host and --port, EWB_HOST and EWB_PORT"
        raise NotPossible(f"nothing can listen at {settings.host}, port {settings.port} ({why}): {to_do}")
    start_logging()
    if settings.workers == 1:
        run(create_app(settings), settings)
        return
    with tempfile.TemporaryDirectory(prefix="ewb-figures-") as folder:
        # each worker reads the settings again, and all of them count in one place
        os.environ |= typed(asked) | {metrics.FOLDER: folder}
        run("sync.server.app:from_process_environment", settings, factory=True, workers=settings.workers)


def _migrate(settings: Settings, _asked: argparse.Namespace) -> None:
    is_new = settings.file is not None and not settings.file.exists()
    with closing(Database(settings)) as database:
        with suppress(_PageIsNone), database.refilling() as connection:
            faults = make_anew(connection)
            if faults.is_damaged:
                # SQLite keeps nothing of a transaction that has met such a page
                raise _PageIsNone
        if faults.is_damaged:
            _mend(database)
    # as long as it takes: every history is read
    with closing(open_database(settings)) as database, database.refilling() as connection:
        houses = organisations(connection)
        forgotten = forget_what_is_left(connection, houses)
        # where an index finds a line twice, or not, no history can be read
        stamped = 0 if faults.doubled else sum(put_stamps_right(connection, each, instant_text(utc_now())) for each in houses)
    # an address may hold a password: of PostgreSQL nothing is named
    which = f"The database {settings.file}" if settings.file is not None else "The database"
    say(f"{which} is {'new and ' if is_new else ''}up to date.")
    if forgotten:
        say(f"Of {forgotten} records that are destroyed by law the history still held words: they are taken out.")
    if stamped:
        wrong = "it was noted wrongly when, or by which laptop, a field last changed"
        say(f"Of {stamped} records {wrong}: put right from their histories.")
    named = ", ".join(faults.indexes)
    if faults.doubled:
        doubled = ", ".join(f"{len(places)} of {table}" for table, places in faults.doubled.items())
        raise NotPossible(f"Rows stand twice ({doubled}), so not every index could be made anew ({named}): {PUT_BACK_ONCE}.")
    if faults.is_damaged:
        say("A page of the file was none. Every row could be read, and all indexes were made anew. No record was lost.")
    elif faults.indexes:
        say(f"Made anew, for it did not agree with its table: {named}. No record was lost. See what `ewb-server doctor` says.")


def _mend(database: Database) -> None:
    """Make all indexes of a damaged file anew. Raises :class:`NotPossible` where that is not all that is wrong with it."""
    try:
        with database.refilling() as connection:
            if not make_all_anew(connection):
                raise NotPossible(f"The file of the database is damaged. Nothing was changed: {MEND_FILE}.")
    except IntegrityError as fault:
        raise NotPossible(f"A page of the file is none, and rows stand twice. Nothing was changed: {PUT_BACK_ONCE}.") from fault
    database.tidy()


def _certificate(settings: Settings, asked: argparse.Namespace) -> None:
    hosts = asked.hosts or certificates.own_hosts()
    try:
        made = certificates.make(asked.folder, hosts, utc_now())
    except FileExistsError as fault:
        raise NotPossible(f"{fault.filename} is there already, and laptops may know this server by it") from fault
    except (OSError, ValueError) as fault:
        raise NotPossible(f"no certificate could be made in {asked.folder}: {fault}") from fault
    say(f"Made {made.certificate} and {made.key} for {', '.join(hosts)}.")
    say(f"Fingerprint: {grouped(made.fingerprint)}")
    say("Whoever joins types it beside the address: it is how her laptop knows this server from any other.")
    address = f"https://{hosts[-1]}:{settings.port}"
    say(f"Next: ewb-server serve --host 0.0.0.0 --certificate {made.certificate} --key {made.key}, and give out {address}")


def _doctor(settings: Settings, asked: argparse.Namespace) -> None:
    noted = [_read_tip(text) for text in asked.tip]
    with closing(Database(settings)) as database:
        faults = 0
        for finding in examine(database, settings, utc_now(), noted, is_all=asked.all):
            faults += not finding.is_well
            say(f"{'well ' if finding.is_well else 'FAULT'}  {finding.subject}: {finding.words}")
    if faults:
        raise NotPossible(f"{faults} to see to.")


def _read_tip(text: str) -> tuple[str, audit.Tip]:
    organisation, _, rest = text.partition(":")
    number, _, seal = rest.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) <= _TIP_DIGITS
    if not (is_number and len(seal) == len(audit.FIRST)):
        raise NotPossible(f"{text!r} is no tip: give it as `doctor` told it")
    return organisation, audit.Tip(int(number), seal)


def _openapi(settings: Settings, _asked: argparse.Namespace) -> None:
    from sync.server.app import create_app
    from sync.server.listening.openapi import describe

    say(orjson.dumps(describe(create_app(settings)), option=orjson.OPT_INDENT_2).decode())


def _ready(settings: Settings, _asked: argparse.Namespace) -> None:
    if not is_ready(settings):
        raise NotPossible(f"The server at port {settings.port} does not answer, or its database does not.")
    say("It answers.")


def _health(settings: Settings, asked: argparse.Namespace) -> None:
    def check(connection: Connection) -> int | None:
        laptops(connection, asked.organisation)
        return audit.first_broken(connection, asked.organisation)

    broken = looking_at(settings, check)
    if broken is not None:
        raise NotPossible(f"the audit is broken at entry {broken}: somebody altered it outside this program")
    say("The database answers and the audit is whole.")
