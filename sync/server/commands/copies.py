"""Commands about copies of everything."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from sync.server.admission.people import NotPossible, begin_epoch, must_exist, organisations
from sync.server.admission.signed_off import Again, Noted, keep_out, read_noted
from sync.server.backups.backup import Kept, back_up, is_damaged, restore
from sync.server.backups.copies import new_key
from sync.server.backups.refilling import Refilled
from sync.server.clock import utc_now
from sync.server.commands.words import above_nothing, in_database, key_of, note_sign_offs, say, takes_key
from sync.server.database.around_pages import is_corrupt
from sync.server.database.engine import Database
from sync.server.pushing.ledger import lock
from sync.server.records.epochs import begun_just_now
from sync.server.records.legible import in_a_row
from sync.server.settings import Settings

if TYPE_CHECKING:
    from sync.server.commands.words import Commands


_NAMED: Final = 20
"""Most rows that are named of one table."""


def add(commands: Commands) -> None:
    """Let them be typed."""
    keeping = commands.add_parser("backup", help="write everything, as it stands at one moment, to one file")
    keeping.add_argument("target", type=Path, help="a new file, or a folder for a file named by the moment")
    keeping.add_argument("--keep", type=above_nothing, help="in a folder: keep this many backups, the oldest go")
    takes_key(keeping)
    keeping.set_defaults(work=_backup)

    bringing = commands.add_parser("restore", help="fill an empty database from a backup; laptops then offer again what it lacks")
    bringing.add_argument("file", type=Path)
    bringing.add_argument("--signed-off", type=Path, metavar="FILE", help="the list of sign-offs; else EWB_SIGNED_OFF")
    takes_key(bringing)
    bringing.set_defaults(work=_restore, makes_database=True)

    making = commands.add_parser(
        "backup-key", help="make a key that backups are sealed under; keep a copy away from this machine"
    )
    making.add_argument("file", type=Path, help="a new file")
    making.set_defaults(work=_backup_key, makes_database=True)

    restored = commands.add_parser("restored", help="say that the database was restored from a backup")
    restored.add_argument("organisation")
    restored.add_argument("--again", action="store_true", help="it was put back once more since it was said a moment ago")
    restored.add_argument("--signed-off", type=Path, metavar="FILE", help="the list of sign-offs; else EWB_SIGNED_OFF")
    takes_key(restored)
    restored.set_defaults(work=_restored)


def _backup(settings: Settings, asked: argparse.Namespace) -> None:
    key = key_of(settings, asked)
    with closing(Database(settings)) as database:
        kept = back_up(database, asked.target, utc_now(), key=key, keep=asked.keep)
    say(f"Kept in {kept.file}: {kept.rows['record']} records, {kept.rows['ledger']} lines of history. SHA-256 {kept.digest}")
    if kept.is_newer:
        say("The database is newer than this program: only the newer program can restore this backup. Keep that one at hand.")
    if key is None:
        say("The file is not sealed: whoever reads it reads everything. Keep it as you keep the database, or name a --key-file.")
    _say_unreadable(kept)
    if kept.larger is not None:
        say(
            f"It is less than half as large as {kept.larger.name}, which stays until you delete it. If much was not taken out on "
            "purpose, see whether EWB_DATABASE names the right database: `ewb-server doctor`."
        )
    try:
        note_sign_offs(settings, key=key)
    except DatabaseError as fault:
        if not is_corrupt(fault):
            raise
        say(f"The backup stands. Who was signed off or left since the last one could not be noted in {settings.sign_offs}.")


def _say_unreadable(kept: Kept) -> None:
    for table, number in kept.passed.items():
        say(f"Passed over: about {number} rows of {table}, on pages that cannot be read. They are not in this backup.")
    if kept.passed:
        say(
            "Everything else stands in it. Stop the server, put the database aside (the file; on PostgreSQL make a new one, and "
            "name it in the settings) and restore the last backup without -damaged in its name, which has those rows: laptops "
            "offer again what they sent in the past 90 days. Restore this one only where that one is older, or there is none."
        )
    elif kept.is_file_damaged:
        say(
            "The file of the database is damaged. Every row of it was read and stands in this backup: stop the server and run "
            "`ewb-server migrate`. Where that does not help, put the file aside and restore this one, though named -damaged."
        )
    for table, places in kept.unreadable.items():
        named = in_a_row(places, _NAMED)
        say(f"Cannot be read: {len(places)} rows of {table} ({named}). They are kept as they are, and everything else as ever.")
    for table, places in kept.doubled.items():
        named = in_a_row(places, _NAMED)
        say(f"Stand twice: {len(places)} rows of {table} ({named}). All are in the backup; a restore puts each back once.")
    if kept.lost:
        named = in_a_row(kept.lost, _NAMED)
        say(f"Lost before this backup, and not in it: {named}. An earlier backup may have them.")
    if kept.unreadable or kept.doubled or kept.lost:
        say("`ewb-server doctor` says what to do. --keep never takes away the last backup in which everything could be read.")


def _restore(settings: Settings, asked: argparse.Namespace) -> None:
    # before a database is made
    key, noted = key_of(settings, asked), _noted(settings, asked)
    with closing(Database(settings)) as database:
        came = restore(database, asked.file, utc_now(), key=key, noted=noted)
        with database.reading() as connection:
            houses = organisations(connection)
    say(f"Restored as it was at {came.made_at}: {came.rows['record']} records, {came.rows['ledger']} lines of history.")
    _say_refilled(came.refilled)
    if is_damaged(asked.file):
        say("Some of it could not be read when the backup was made, stood twice or was lost. `ewb-server doctor` names it.")
    _say_again(came.again, noted, asked.signed_off or settings.sign_offs)
    _say_files(came.again, noted)
    say(f"Everything else is as it was at {came.made_at}, roles and unused codes too. Before the server starts, look at")
    for house in houses:
        say(f"  ewb-server workers {house}\n  ewb-server laptops {house}")
    say("A new epoch has begun. Start the server: laptops offer again what the backup had not.")


def _say_refilled(refilled: Refilled | None) -> None:
    """Say what of the backup was not put back as it stood in it."""
    if refilled is None:
        return
    for table, number in refilled.twice.items():
        say(f"Left out: {number} rows of {table} that stood twice in the backup. Each is put back once.")
    if refilled.anew:
        say(f"{refilled.anew} lines of history stood twice under one id: all are here, the later ones under ids of their own.")
    for table, number in refilled.alone.items():
        say(
            f"Left out: {number} rows of {table} that rest on what was lost before the backup was made, or lack what each must "
            "hold. An earlier backup may have it."
        )


def _noted(settings: Settings, asked: argparse.Namespace) -> Noted | None:
    """Return the list of sign-offs; None when none was named and none is there, or it is empty. Raises ``OSError``."""
    file = asked.signed_off or settings.sign_offs
    # a full disk may have kept its first line from it
    return read_noted(file) if asked.signed_off or (file.exists() and file.stat().st_size) else None


def _say_again(again: Again, noted: Noted | None, file: Path) -> None:
    if noted is None:
        none = "There is nothing in the list" if file.exists() else "There is no list"
        say(f"{none} {file}: who was signed off, left or was given another role since then is let in again as before.")
        return
    for house, laptop in again.laptops:
        say(f"Signed off again: laptop {laptop} of {house}")
    for house, laptop in again.newer:
        say(f"Joined after the backup, and signed off again: laptop {laptop} of {house}")
    for house, worker in again.leavers:
        say(f"Has left again: worker {worker} of {house}")
    if again.commands:
        say("Changed since, and for you to say again:")
    for command in again.commands:
        say(f"  {command}")
    for number in noted.unreadable:
        say(f"Line {number} of {file} cannot be read. Whom it kept out is let in: look at the lists below with care.")
    if again.unknown:
        say(f"Not in the backup, so nobody lets them in: {again.unknown} of the list.")
    if not (again.laptops or again.newer or again.leavers or again.commands):
        say(f"{file} names nobody whom the backup would let in again.")


def _say_files(again: Again, noted: Noted | None) -> None:
    """Name the sealed files whose work is not here any more: their laptops cannot offer it again."""
    if noted is None:
        say("Files that were taken in with `ewb-server outbox` since then have to be taken again.")
    for each in again.files:
        say(f"To take again: the sealed file of laptop {each.laptop}, taken in on {each.at[:10]}, SHA-256 {each.digest}...:")
        say(f"  ewb-server outbox {each.organisation} FILE")


def _backup_key(_settings: Settings, asked: argparse.Namespace) -> None:
    try:
        new_key(asked.file)
    except FileExistsError as fault:
        raise NotPossible(f"{asked.file} is there already, and backups may be sealed under it") from fault
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be written: {fault.strerror}") from fault
    say(f"Made {asked.file}. Keep a copy of it away from this machine: without it no sealed backup can be opened.")


def _restored(settings: Settings, asked: argparse.Namespace) -> None:
    key, noted = key_of(settings, asked), _noted(settings, asked)

    def begin(connection: Connection) -> tuple[str | None, Again]:
        must_exist(connection, asked.organisation)
        # of two who type it at one moment the second sees what the first has done
        lock(connection, asked.organisation)
        begun = None if asked.again else begun_just_now(connection, asked.organisation, utc_now())
        if begun is None:
            begin_epoch(connection, asked.organisation, utc_now())
        out = keep_out(connection, noted, utc_now(), asked.organisation, key=key) if noted is not None else Again()
        return begun, out

    begun, again = in_database(settings, begin)
    _say_again(again, noted, asked.signed_off or settings.sign_offs)
    _say_files(again, noted)
    if begun is None:
        say("A new epoch has begun. Laptops offer again what the backup had not.")
        return
    say(
        f"A new epoch began a moment ago, at {begun}, so no other was begun. If the database was put back once more since then, "
        f"say so: `ewb-server restored {asked.organisation} --again`."
    )
