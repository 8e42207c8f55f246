"""What all commands share: how they speak, how they reach the database and the key of backups, what numbers they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection

from sync.server.admission.opened import open_database
from sync.server.admission.people import NotPossible
from sync.server.admission.signed_off import note
from sync.server.backups.copies import CopyUnreadable, read_key
from sync.server.clock import utc_now
from sync.server.database.engine import Database, NewerDatabase, known_revisions, revision_of
from sync.server.settings import Settings

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse gives it no other name

T = TypeVar("T")

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


def typed(asked: argparse.Namespace) -> dict[str, str]:
    """Return the options that were typed, as settings: they go before the environment."""
    return {name: told for option, name in _OPTIONS.items() if (told := getattr(asked, option, None)) is not None}


def say(words: str) -> None:
    """Tell the administrator."""
    print(words)  # noqa: T201


def in_database(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in one transaction on the database of ``settings``, its tables brought to this version."""
    database = open_database(settings)
    try:
        with database.writing() as connection:
            return work(connection)
    finally:
        database.close()


def looking_at(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Do ``work``, which only reads, on the database as it stands at one moment, and keep nobody waiting meanwhile.

    Raises :class:`NotPossible` when its tables are not those of this version: whoever only looks does not bring them there.
    """
    with closing(Database(settings)) as database, database.copying() as connection:
        must_be_of_this_version(connection)
        return work(connection)


def must_be_of_this_version(connection: Connection) -> None:
    """Raise :class:`NotPossible`, or :class:`NewerDatabase`, when the tables are not those of this version."""
    revision, known = revision_of(connection), known_revisions()
    if revision is not None and revision not in known:
        raise NewerDatabase
    if revision != known[-1]:
        raise NotPossible("The database has no tables of this version yet: run `ewb-server migrate` first. Nothing was changed.")


def note_sign_offs(settings: Settings, *, changed: str = "", key: bytes | None = None) -> None:
    """Note outside the database whoever is kept out, and how the worker ``changed`` works now; under ``key``, else the settings'.

    The tables are read as they are: a backup before an update changes nothing. Raises :class:`NotPossible`.
    """
    file = settings.sign_offs
    try:
        with closing(Database(settings)) as database, database.reading() as connection:
            note(file, connection, utc_now(), changed=changed, key=key or settings_key(settings))
    except OSError as fault:
        raise NotPossible(
            f"It is done, but it cannot be noted in {file} ({fault.strerror}): the restore of an older backup would undo it. "
            "See to that file; the next backup notes it too."
        ) from fault


def takes_key(parser: argparse.ArgumentParser) -> None:
    """Let the key of a backup be named."""
    parser.add_argument("--key-file", type=Path, help="the key that the backup is sealed under; else EWB_BACKUP_KEY_FILE")


def key_of(settings: Settings, asked: argparse.Namespace) -> bytes | None:
    """Return the key that was named, or that of the settings; raise :class:`NotPossible` when it cannot be read."""
    file = asked.key_file or settings.backup_key
    try:
        return read_key(file) if file else None
    except CopyUnreadable as fault:
        raise NotPossible(str(fault)) from fault


def must_hold_key(settings: Settings) -> None:
    """Raise :class:`NotPossible` where the settings name a key of backups and the file holds none: every night would fail."""
    try:
        if settings.backup_key is not None:
            read_key(settings.backup_key)
    except CopyUnreadable as fault:
        raise NotPossible(f"EWB_BACKUP_KEY_FILE: {fault}") from fault


def settings_key(settings: Settings) -> bytes | None:
    """Return the key of the settings, if it can be read: a laptop is signed off without it too."""
    try:
        return read_key(settings.backup_key) if settings.backup_key else None
    except CopyUnreadable:
        return None


def above_nothing(text: str) -> int:
    """Return a whole number of 1 or more, for ``argparse``."""
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number of 1 or more")
    return int(text)
