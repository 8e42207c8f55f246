"""Bring a file to this program's version: a verified copy first, then all steps or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.engine import register_functions
from ewb_desktop.storage.errors import DamagedFile, NewerFile
from ewb_desktop.storage.file.backups import back_up
from ewb_desktop.storage.file.keyed import connect_keyed, translated
from ewb_desktop.storage.migrations import STEPS
from ewb_desktop.storage.schema import check_schema, create_schema, make_triggers
from ewb_desktop.storage.search_index import rebuild_search

Step = Callable[[Any], None]


def bring_up_to_date(
    path: Path, key: bytes | bytearray, clock: Clock, steps: Mapping[int, Step] = STEPS, *, create: bool = False
) -> int:
    """Take an older file through the steps it lacks, or, to ``create``, make the schema in an empty one; return its version.

    ``steps`` holds, by the version it leads to, each step: a function of the driver's connection, inside a transaction.
    A step that raises leaves file and version as they were. Raises :class:`NewerFile` for a file of a newer program,
    :class:`DamagedFile` for one that is empty or missing, and ``BrokenSchema`` when triggers are missing.
    """
    newest = max(steps, default=1)
    if not create and (not path.exists() or not path.stat().st_size):
        raise DamagedFile("Your file on this laptop is empty or missing")
    connection = connect_keyed(path, key)
    try:
        with translated():
            register_functions(connection, clock)
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > newest:
                raise NewerFile
            if version == 0 and not create:
                raise DamagedFile
            if version == 0:
                _whole(connection, newest, [create_schema])
            elif version < newest:
                back_up(path, key, path.parent / "backups", clock, why=f"before-version-{newest}")
                _whole(connection, newest, [steps[number] for number in range(version + 1, newest + 1)])
            else:
                check_schema(connection)
        return newest
    finally:
        connection.close()


def _whole(connection: Any, version: int, steps: list[Step]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps:
            step(connection)
        make_triggers(connection)
        rebuild_search(connection)
        check_schema(connection)
        connection.execute(f"PRAGMA user_version = {version:d}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
