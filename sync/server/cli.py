"""``ewb-server``: what the administrator types. Settings come from the environment, what to do from the arguments."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

import orjson
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from sync.fingerprint import grouped
from sync.server import audit, certificates, invitations, metrics
from sync.server.app import create_app, open_database
from sync.server.backup import back_up, restore
from sync.server.clock import utc_now
from sync.server.copies import CopyUnreadable, new_key, read_key
from sync.server.database import Database, NewerDatabase
from sync.server.doctor import examine
from sync.server.holdings import what_was_on, write_holdings
from sync.server.logs import start_logging
from sync.server.looks import readable, who_looked
from sync.server.openapi import describe
from sync.server.outboxes import REFUSAL_ADVICE, take_outbox
from sync.server.people import (
    Invitation,
    NotPossible,
    begin_epoch,
    change_worker,
    create_organisation,
    invite,
    invite_again,
    laptops,
    revoke,
)
from sync.server.scope import ROLES
from sync.server.serving import run
from sync.server.settings import Settings, SettingsIncomplete, from_environment

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` ask; return 0 when it is done, 2 when it cannot be."""
    asked = _parser().parse_args(arguments)
    try:
        settings = from_environment({**os.environ, **_told(asked)}, listens=asked.work is _serve)
        work: Callable[[Settings, argparse.Namespace], None] = asked.work
        work(settings, asked)
    except (SettingsIncomplete, NotPossible, NewerDatabase) as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 2
    except DatabaseError as fault:
        # the driver's words may quote a password or what somebody wrote
        kind = type(fault.orig).__name__ if fault.orig else type(fault).__name__
        words = f"The database does not answer as it should ({kind}): see whether it runs and EWB_DATABASE is right."
        print(words, file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ewb-server", description="Puts everyone's changes in one order.")
    parser.add_argument("--database", help="sqlite:///FILE or postgresql://...; else EWB_DATABASE")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="answer laptops until stopped")
    serve.add_argument("--host", help="the address to listen at; else EWB_HOST, else this machine only")
    serve.add_argument("--port", help="else EWB_PORT, else 8461")
    serve.add_argument("--workers", help="processes, on PostgreSQL; else EWB_WORKERS, else 1")
    serve.add_argument("--certificate", help="file of the certificate and its chain; else EWB_TLS_CERTIFICATE")
    serve.add_argument("--key", help="file of its key; else EWB_TLS_KEY")
    serve.add_argument("--proxies", help="addresses or networks of proxies in front; else EWB_PROXIES")
    serve.set_defaults(work=_serve)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(work=_migrate)

    organisation = commands.add_parser("organisation", help="make an organisation")
    organisation.add_argument("organisation", help="2 to 20 small letters and digits")
    organisation.add_argument("--name", required=True)
    organisation.set_defaults(work=_organisation)

    inviting = commands.add_parser("invite", help="make a worker and a one-time code for her laptop")
    inviting.add_argument("organisation")
    inviting.add_argument("--name")
    inviting.add_argument("--role", choices=sorted(ROLES))
    inviting.add_argument("--areas", nargs="+", help="names of areas, or * for every area")
    inviting.add_argument("--worker", help="another code for a worker who is there already, by id")
    inviting.add_argument("--address", help="what laptops call this server by; else EWB_ADDRESS, else a name in its certificate")
    inviting.add_argument("--qr", type=Path, metavar="FILE", help="a new file for the QR code, .svg or .png; it lets a laptop in")
    inviting.set_defaults(work=_invite)

    changing = commands.add_parser("worker", help="give a worker another role or other areas, or say that she has left")
    changing.add_argument("organisation")
    changing.add_argument("worker", help="her id, from the invitation")
    changing.add_argument("--role", choices=sorted(ROLES))
    changing.add_argument("--areas", nargs="+")
    changing.add_argument("--active", choices=["yes", "no"])
    changing.set_defaults(work=_worker)

    restored = commands.add_parser("restored", help="say that the database was restored from a backup")
    restored.add_argument("organisation")
    restored.set_defaults(work=_restored)

    listing = commands.add_parser("laptops", help="list the laptops")
    listing.add_argument("organisation")
    listing.set_defaults(work=_laptops)

    revoking = commands.add_parser("revoke", help="sign a laptop off")
    revoking.add_argument("organisation")
    revoking.add_argument("laptop", help="its id, from the list")
    revoking.set_defaults(work=_revoke)

    holding = commands.add_parser("held", help="write to a file what was on a laptop, to tell people when it is lost")
    holding.add_argument("organisation")
    holding.add_argument("laptop", help="its id, from the list")
    holding.add_argument("file", type=Path, help="a file that is not there yet; only you can read it")
    holding.set_defaults(work=_held)

    looking_back = commands.add_parser("looked", help="list who looked at a member's records, or at one record")
    looking_back.add_argument("organisation")
    looking_back.add_argument("record", help="the id of the member, or of any other record")
    looking_back.add_argument("--changes", action="store_true", help="also who wrote and changed what")
    looking_back.set_defaults(work=_looked)

    opening = commands.add_parser("outbox", help="take the work in a sealed file that a laptop could not send")
    opening.add_argument("organisation")
    opening.add_argument("file", type=Path, help="the file, as its laptop wrote it")
    opening.add_argument("--role", choices=sorted(ROLES), help="take it as from this role, when the worker's own changed since")
    opening.add_argument("--areas", nargs="+", help="take it as from these areas, when the worker's own changed since")
    opening.set_defaults(work=_outbox)

    keeping = commands.add_parser("backup", help="write everything, as it stands at one moment, to one file")
    keeping.add_argument("target", type=Path, help="a new file, or a folder for a file named by the moment")
    keeping.add_argument("--keep", type=_above_nothing, help="in a folder: keep this many backups, the oldest go")
    _takes_key(keeping)
    keeping.set_defaults(work=_backup)

    bringing = commands.add_parser("restore", help="fill an empty database from a backup; laptops then offer again what it lacks")
    bringing.add_argument("file", type=Path)
    _takes_key(bringing)
    bringing.set_defaults(work=_restore)

    making = commands.add_parser(
        "backup-key", help="make a key that backups are sealed under; keep a copy away from this machine"
    )
    making.add_argument("file", type=Path, help="a new file")
    making.set_defaults(work=_backup_key)

    vouching = commands.add_parser(
        "certificate", help="make a certificate of this machine's own; laptops know it by the fingerprint that is printed"
    )
    vouching.add_argument("folder", type=Path, help="where certificate.pem and key.pem are written")
    vouching.add_argument("--for", dest="hosts", nargs="+", metavar="HOST", help="names and addresses that laptops call it by")
    vouching.set_defaults(work=_certificate)

    looking = commands.add_parser("doctor", help="look for whatever is wrong; changes nothing")
    looking.add_argument(
        "--tip", action="append", default=[], metavar="ORGANISATION:NUMBER:HASH", help="a tip of the audit, noted earlier"
    )
    looking.set_defaults(work=_doctor)

    commands.add_parser("openapi", help="print what each address takes and answers, as OpenAPI").set_defaults(work=_openapi)

    health = commands.add_parser("health", help="check that the database answers and the audit is whole")
    health.add_argument("organisation")
    health.set_defaults(work=_health)
    return parser


_OPTIONS: Final = {
    "database": "EWB_DATABASE",
    "host": "EWB_HOST",
    "port": "EWB_PORT",
    "workers": "EWB_WORKERS",
    "certificate": "EWB_TLS_CERTIFICATE",
    "key": "EWB_TLS_KEY",
    "proxies": "EWB_PROXIES",
    "address": "EWB_ADDRESS",
}


def _told(asked: argparse.Namespace) -> dict[str, str]:
    """Return the options that were typed, as settings: they go before the environment."""
    return {name: told for option, name in _OPTIONS.items() if (told := getattr(asked, option, None)) is not None}


def _takes_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key-file", type=Path, help="the key that the backup is sealed under; else EWB_BACKUP_KEY_FILE")


def _above_nothing(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("keep at least 1")
    return number


def _say(words: str) -> None:
    print(words)  # noqa: T201


def _in_database(settings: Settings, work: Callable[[Connection], T]) -> T:
    database = open_database(settings)
    try:
        with database.writing() as connection:
            return work(connection)
    finally:
        database.close()


def _serve(settings: Settings, asked: argparse.Namespace) -> None:
    # before anything listens: a database that does not answer, or is newer, is said here and once
    open_database(settings).close()
    start_logging()
    if settings.workers == 1:
        run(create_app(settings), settings)
        return
    with tempfile.TemporaryDirectory(prefix="ewb-figures-") as folder:
        # each worker reads the settings again, and all of them count in one place
        os.environ |= _told(asked) | {metrics.FOLDER: folder}
        run("sync.server.app:from_process_environment", settings, factory=True, workers=settings.workers)


def _migrate(settings: Settings, _asked: argparse.Namespace) -> None:
    open_database(settings).close()
    _say("The database is up to date.")


def _organisation(settings: Settings, asked: argparse.Namespace) -> None:
    _in_database(settings, lambda c: create_organisation(c, asked.organisation, asked.name, utc_now()))
    _say(f"Made {asked.organisation}. Next: ewb-server invite {asked.organisation} --name ... --role ... --areas ...")


def _invite(settings: Settings, asked: argparse.Namespace) -> None:
    # before a worker is made: what can be known to fail makes nothing
    if asked.qr is not None and not invitations.address_of(settings):
        raise NotPossible("a QR code needs the server's address: say --address, or set EWB_ADDRESS")
    if asked.qr is not None and (asked.qr.exists() or not invitations.is_picture(asked.qr)):
        raise NotPossible(f"{asked.qr} must be a new file whose name ends in .svg or .png")

    def make(connection: Connection) -> Invitation:
        if asked.worker:
            return invite_again(connection, asked.organisation, asked.worker, utc_now())
        if not (asked.name and asked.role and asked.areas):
            raise NotPossible("say --name, --role and --areas for a new worker, or --worker for one who is there already")
        return invite(connection, asked.organisation, asked.name, asked.role, asked.areas, utc_now())

    made = _in_database(settings, make)
    _say(f"Code: {made.code}\nFor one laptop, until {made.expires_at}. Worker: {made.worker}")
    own = certificates.fingerprint(settings.certificate) if settings.certificate is not None else None
    if own is not None:
        _say(f"Fingerprint: {grouped(own)}")
    line = invitations.invitation_line(settings, made.code)
    if not line:
        _say("For a QR code say --address, or set EWB_ADDRESS: what laptops call this server by.")
        return
    _say(f"In one line, to paste where the code is asked for: {line}")
    if not invitations.show(line, sys.stdout):
        _say("This terminal cannot show the QR code: say --qr FILE.png.")
    if asked.qr is not None:
        try:
            invitations.write_picture(line, asked.qr)
        except OSError as fault:
            raise NotPossible(f"{asked.qr} cannot be written: {fault.strerror}. The code above holds.") from fault
        _say(f"The QR code is in {asked.qr}. It lets one laptop in: hand it over as you would the code.")


def _worker(settings: Settings, asked: argparse.Namespace) -> None:
    active = None if asked.active is None else asked.active == "yes"
    _in_database(
        settings,
        lambda c: change_worker(
            c, asked.organisation, asked.worker, utc_now(), role=asked.role, areas=asked.areas, is_active=active
        ),
    )
    _say("Changed. It holds from the next round of her laptops.")


def _restored(settings: Settings, asked: argparse.Namespace) -> None:
    _in_database(settings, lambda c: begin_epoch(c, asked.organisation, utc_now()))
    _say("A new epoch has begun. Laptops offer again what the backup had not.")


def _laptops(settings: Settings, asked: argparse.Namespace) -> None:
    for laptop in _in_database(settings, lambda c: laptops(c, asked.organisation)):
        state = f"signed off {laptop.revoked_at}" if laptop.revoked_at else f"last seen {laptop.last_seen or 'never'}"
        _say(f"{laptop.id}  {laptop.name}  {laptop.worker} ({laptop.role})  {state}")


def _revoke(settings: Settings, asked: argparse.Namespace) -> None:
    _in_database(settings, lambda c: revoke(c, asked.organisation, asked.laptop, utc_now()))
    _say("Signed off. The laptop is told at its next round.")


def _held(settings: Settings, asked: argparse.Namespace) -> None:
    held = _in_database(settings, lambda c: what_was_on(c, asked.organisation, asked.laptop, utc_now()))
    try:
        write_holdings(held, asked.file)
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be written: {fault.strerror}") from fault
    last = f"given something last on {held.last_given[:10]}" if held.last_given else "never given anything"
    _say(f"{held.laptop} of {held.worker}, {last}. Records: {len(held.records)}. Members whom they are about: {held.members}.")
    _say(f"They are in {asked.file}, which names people: keep it as you keep the database. What was never sent is not in it.")


def _looked(settings: Settings, asked: argparse.Namespace) -> None:
    found = _in_database(
        settings, lambda c: who_looked(c, asked.organisation, asked.record, utc_now(), with_changes=asked.changes)
    )
    for line in readable(found):
        _say(line)
    _say(f"Lines: {len(found)}. What laptops have not sent yet is not among them.")


def _outbox(settings: Settings, asked: argparse.Namespace) -> None:
    try:
        file = asked.file.read_bytes()
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be read: {fault.strerror}") from fault
    taken = _in_database(
        settings,
        lambda c: take_outbox(c, asked.organisation, file, utc_now(), settings.change_bytes, role=asked.role, areas=asked.areas),
    )
    _say(f"From {taken.laptop} of {taken.worker}: {taken.new} taken, {taken.known} here already.")
    for reason, number in sorted(taken.refused.items()):
        _say(f"Not taken: {number}. {REFUSAL_ADVICE[reason]}")
    if taken.refused:
        raise NotPossible("Keep the file: it can be taken again, and what was taken stays as it is.")
    _say("Everything in the file is on the server. The file can go.")


def _backup(settings: Settings, asked: argparse.Namespace) -> None:
    key = _key(settings, asked)
    with closing(Database(settings)) as database:
        kept = back_up(database, asked.target, utc_now(), key=key, keep=asked.keep)
    _say(f"Kept in {kept.file}: {kept.rows['record']} records, {kept.rows['ledger']} lines of history. SHA-256 {kept.digest}")
    if key is None:
        _say("The file is not sealed: whoever reads it reads everything. Keep it as you keep the database, or name a --key-file.")


def _restore(settings: Settings, asked: argparse.Namespace) -> None:
    with closing(Database(settings)) as database:
        came = restore(database, asked.file, utc_now(), key=_key(settings, asked))
    _say(f"Restored as it was at {came.made_at}: {came.rows['record']} records, {came.rows['ledger']} lines of history.")
    _say("A new epoch has begun. Start the server: laptops offer again what the backup had not.")


def _backup_key(_settings: Settings, asked: argparse.Namespace) -> None:
    try:
        new_key(asked.file)
    except FileExistsError as fault:
        raise NotPossible(f"{asked.file} is there already, and backups may be sealed under it") from fault
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be written: {fault.strerror}") from fault
    _say(f"Made {asked.file}. Keep a copy of it away from this machine: without it no sealed backup can be opened.")


def _certificate(settings: Settings, asked: argparse.Namespace) -> None:
    hosts = asked.hosts or certificates.own_hosts()
    try:
        made = certificates.make(asked.folder, hosts, utc_now())
    except FileExistsError as fault:
        raise NotPossible(f"{fault.filename} is there already, and laptops may know this server by it") from fault
    except (OSError, ValueError) as fault:
        raise NotPossible(f"no certificate could be made in {asked.folder}: {fault}") from fault
    _say(f"Made {made.certificate} and {made.key} for {', '.join(hosts)}.")
    _say(f"Fingerprint: {grouped(made.fingerprint)}")
    _say("Whoever joins types it beside the address: it is how her laptop knows this server from any other.")
    address = f"https://{hosts[-1]}:{settings.port}"
    _say(f"Next: ewb-server serve --host 0.0.0.0 --certificate {made.certificate} --key {made.key}, and give out {address}")


def _key(settings: Settings, asked: argparse.Namespace) -> bytes | None:
    file = asked.key_file or settings.backup_key
    try:
        return read_key(file) if file else None
    except CopyUnreadable as fault:
        raise NotPossible(str(fault)) from fault


def _doctor(settings: Settings, asked: argparse.Namespace) -> None:
    noted = dict(_read_tip(text) for text in asked.tip)
    with closing(Database(settings)) as database:
        faults = 0
        for finding in examine(database, settings, utc_now(), noted):
            faults += not finding.is_well
            _say(f"{'well ' if finding.is_well else 'FAULT'}  {finding.subject}: {finding.words}")
    if faults:
        raise NotPossible(f"{faults} to see to.")


def _read_tip(text: str) -> tuple[str, audit.Tip]:
    organisation, _, rest = text.partition(":")
    number, _, seal = rest.partition(":")
    if not (number.isdigit() and len(seal) == len(audit.FIRST)):
        raise NotPossible(f"{text!r} is no tip: give it as `doctor` told it")
    return organisation, audit.Tip(int(number), seal)


def _openapi(settings: Settings, _asked: argparse.Namespace) -> None:
    _say(orjson.dumps(describe(create_app(settings)), option=orjson.OPT_INDENT_2).decode())


def _health(settings: Settings, asked: argparse.Namespace) -> None:
    def check(connection: Connection) -> int | None:
        laptops(connection, asked.organisation)
        return audit.first_broken(connection, asked.organisation)

    broken = _in_database(settings, check)
    if broken is not None:
        raise NotPossible(f"the audit is broken at entry {broken}: somebody altered it outside this program")
    _say("The database answers and the audit is whole.")


if __name__ == "__main__":
    sys.exit(main())
