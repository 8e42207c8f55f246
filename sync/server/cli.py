"""``ewb-server``: what the administrator types. Settings come from the environment, what to do from the arguments."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import Final

from sqlalchemy.exc import DatabaseError, IntegrityError

from sync.server.admission.people import NotPossible
from sync.server.commands import copies, house, laptops, workers
from sync.server.commands.words import typed
from sync.server.damage.indexes import MEND_FILE
from sync.server.damage.lost_file import why_lost
from sync.server.database import full_disk
from sync.server.database.around_pages import is_corrupt
from sync.server.database.engine import NewerDatabase
from sync.server.database.full_disk import is_disk_full
from sync.server.records import audit
from sync.server.settings import Settings, SettingsIncomplete, from_environment

_SILENT: Final = logging.NullHandler()
_END_LOST: Final = (
    "Where the audit ends cannot be read, so nothing can be noted in it, and nothing was done: `ewb-server doctor` tells what is "
    "the matter with the counter."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` ask; return 0 when it is done, 2 when it cannot be."""
    # what a failing disk altered may be no text at all, and is shown all the same
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # what went wrong is said in words of its own, and where the server runs it is logged
    logging.getLogger("sqlalchemy").addHandler(_SILENT)
    asked = _parser().parse_args(arguments)
    try:
        settings = from_environment({**os.environ, **typed(asked)}, listens=asked.listens)
        if not asked.makes_database:
            _must_be_there(settings)
        work: Callable[[Settings, argparse.Namespace], None] = asked.work
        work(settings, asked)
    except audit.EndLost:
        print(_END_LOST, file=sys.stderr)  # noqa: T201
        return 2
    except (SettingsIncomplete, NotPossible, NewerDatabase) as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 2
    except DatabaseError as fault:
        print(why_lost(settings.file, fault) or why_not(fault), file=sys.stderr)  # noqa: T201
        return 2
    except OSError as fault:
        print(f"{fault.filename or 'A file'} cannot be used: {fault.strerror}.", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def why_not(fault: DatabaseError) -> str:
    """Return what a fault of the database means, without the words of the driver, which may quote a password or a note."""
    if is_disk_full(fault):
        return full_disk.WORDS
    if is_corrupt(fault):
        return f"The file of the database is damaged. Nothing was done: {MEND_FILE}."
    if isinstance(fault, IntegrityError):
        return (
            "The database turned away what was to be written: rows of it are the same, or one rests on another that is not there."
            " Nothing of it was done, and no record is lost: see what `ewb-server doctor` says."
        )
    kind = type(fault.orig).__name__ if fault.orig else type(fault).__name__
    return (
        f"The database does not answer as it should ({kind}): see whether it runs and EWB_DATABASE is right. Nothing of it was "
        "done, and no record is changed."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ewb-server", description="Puts everyone's changes in one order.")
    parser.add_argument("--database", help="sqlite:///FILE or postgresql://...; else EWB_DATABASE")
    parser.set_defaults(listens=False, makes_database=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for subject in (house, workers, laptops, copies):
        subject.add(commands)
    return parser


def _must_be_there(settings: Settings) -> None:
    """Keep a mistyped name from being made: whoever asks about laptops means a database that has some."""
    file = settings.file
    if file is not None and not file.is_file():
        raise NotPossible(
            f"there is no database {file}: see --database and EWB_DATABASE, or make a new one with `ewb-server migrate`"
        )


if __name__ == "__main__":
    sys.exit(main())
