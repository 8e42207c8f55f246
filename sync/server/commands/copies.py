"""Commands about copies of everything."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sync.server.backup import back_up, restore
from sync.server.clock import utc_now
from sync.server.commands.words import above_nothing, in_database, key_of, say, takes_key
from sync.server.copies import new_key
from sync.server.database import Database
from sync.server.people import NotPossible, begin_epoch
from sync.server.settings import Settings

if TYPE_CHECKING:
    from sync.server.commands.words import Commands


def add(commands: Commands) -> None:
    """Let them be typed."""
    keeping = commands.add_parser("backup", help="write everything, as it stands at one moment, to one file")
    keeping.add_argument("target", type=Path, help="a new file, or a folder for a file named by the moment")
    keeping.add_argument("--keep", type=above_nothing, help="in a folder: keep this many backups, the oldest go")
    takes_key(keeping)
    keeping.set_defaults(work=_backup)

    bringing = commands.add_parser("restore", help="fill an empty database from a backup; laptops then offer again what it lacks")
    bringing.add_argument("file", type=Path)
    takes_key(bringing)
    bringing.set_defaults(work=_restore, makes_database=True)

    making = commands.add_parser(
        "backup-key", help="make a key that backups are sealed under; keep a copy away from this machine"
    )
    making.add_argument("file", type=Path, help="a new file")
    making.set_defaults(work=_backup_key, makes_database=True)

    restored = commands.add_parser("restored", help="say that the database was restored from a backup")
    restored.add_argument("organisation")
    restored.set_defaults(work=_restored)


def _backup(settings: Settings, asked: argparse.Namespace) -> None:
    key = key_of(settings, asked)
    with closing(Database(settings)) as database:
        kept = back_up(database, asked.target, utc_now(), key=key, keep=asked.keep)
    say(f"Kept in {kept.file}: {kept.rows['record']} records, {kept.rows['ledger']} lines of history. SHA-256 {kept.digest}")
    if key is None:
        say("The file is not sealed: whoever reads it reads everything. Keep it as you keep the database, or name a --key-file.")


def _restore(settings: Settings, asked: argparse.Namespace) -> None:
    with closing(Database(settings)) as database:
        came = restore(database, asked.file, utc_now(), key=key_of(settings, asked))
    say(f"Restored as it was at {came.made_at}: {came.rows['record']} records, {came.rows['ledger']} lines of history.")
    say("A new epoch has begun. Start the server: laptops offer again what the backup had not.")


def _backup_key(_settings: Settings, asked: argparse.Namespace) -> None:
    try:
        new_key(asked.file)
    except FileExistsError as fault:
        raise NotPossible(f"{asked.file} is there already, and backups may be sealed under it") from fault
    except OSError as fault:
        raise NotPossible(f"{asked.file} cannot be written: {fault.strerror}") from fault
    say(f"Made {asked.file}. Keep a copy of it away from this machine: without it no sealed backup can be opened.")


def _restored(settings: Settings, asked: argparse.Namespace) -> None:
    in_database(settings, lambda c: begin_epoch(c, asked.organisation, utc_now()))
    say("A new epoch has begun. Laptops offer again what the backup had not.")
