"""Who was signed off and who left, kept in a file outside the database: the restore of an older backup must not undo it.

A line of JSON for each: the moment, the organisation, and a laptop, or a worker with her role, her areas and whether she works
here. Ids, never names. The file is not sealed, so nothing in it lets anybody in: sign-offs and leavers are done again, another
role is only told.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, select

from sync.server import tables
from sync.server.clock import instant_text
from sync.server.people import change_worker, revoke
from sync.server.scope import ROLES

_BYTES: Final = getattr(os, "O_BINARY", 0)  # Windows would turn ends of lines into its own
_Whose = tuple[str, str, str]
"""An organisation, ``laptop`` or ``worker``, and its id."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a list holds: the last line about each laptop and worker, and the numbers of lines that cannot be read."""

    lines: Mapping[_Whose, Mapping[str, Any]]
    unreadable: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What a list did to a restored database: whom it kept out, by organisation and id, and commands that only somebody may give.

    ``unknown`` counts those on the list whom the backup did not have: they are not let in anyway.
    """

    laptops: Sequence[tuple[str, str]] = ()
    leavers: Sequence[tuple[str, str]] = ()
    commands: Sequence[str] = ()
    unknown: int = 0


def read_noted(file: Path) -> Noted:
    """Return what stands in ``file``; raises ``OSError`` when it cannot be read."""
    lines: dict[_Whose, Mapping[str, Any]] = {}
    unreadable: list[int] = []
    for number, raw in enumerate(file.read_bytes().split(b"\n"), start=1):
        read = _read(raw)
        if read is not None:
            lines[read[0]] = read[1]
        elif raw.strip():
            unreadable.append(number)
    return Noted(lines, tuple(unreadable))


def note(file: Path, connection: Connection, now: datetime, *, changed: str = "") -> None:
    """Write into ``file`` who is signed off or has left and does not stand there yet, and how the worker ``changed`` works now.

    It is on the disk when this returns. Raises ``OSError`` when it cannot be read or written.
    """
    known = read_noted(file).lines if file.exists() else {}
    new = []
    for whose, said in _standing(connection, changed):
        if {**known.get(whose, {}), **said} != known.get(whose):
            organisation, kind, id_ = whose
            new.append({"at": instant_text(now), "organisation": organisation, kind: id_, **said})
    if new:
        _append(file, new)


def keep_out(connection: Connection, noted: Noted, now: datetime, organisation: str | None = None) -> Again:
    """Sign off and let leave again whom ``noted`` names, in every organisation or in one; return what was done, what is left."""
    laptops, leavers, commands, unknown = [], [], [], 0
    for (house, kind, id_), line in noted.lines.items():
        if organisation not in (None, house):
            continue
        row = _row(connection, house, kind, id_)
        if row is None:
            unknown += 1
        elif kind == "laptop":
            if row.revoked_at is None:
                revoke(connection, house, id_, now)
                laptops.append((house, id_))
        elif not line["active"]:
            if row.active:
                change_worker(connection, house, id_, now, is_active=False)
                leavers.append((house, id_))
        elif (command := _command(house, row, line)) is not None:
            commands.append(command)
    return Again(laptops, leavers, commands, unknown)


def _command(organisation: str, row: Row[Any], line: Mapping[str, Any]) -> str | None:
    """Return what gives a worker the role and areas that she had last; None when the backup has them, or she had left in it."""
    asked = []
    if line["role"] != row.role:
        asked += ["--role", line["role"]]
    if line["areas"] != orjson.loads(row.areas):
        asked += ["--areas", *line["areas"]]
    if not row.active:
        asked += ["--active", "yes"]
    return shlex.join(["ewb-server", "worker", organisation, row.id, *asked]) if asked else None


def _standing(connection: Connection, changed: str) -> list[tuple[_Whose, dict[str, Any]]]:
    device, worker = tables.device.c, tables.worker.c
    signed_off = select(device.organisation, device.id).where(device.revoked_at.is_not(None))
    who = select(worker.organisation, worker.id, worker.role, worker.areas, worker.active)
    found: list[tuple[_Whose, dict[str, Any]]] = [
        ((each.organisation, "laptop", each.id), {}) for each in connection.execute(signed_off.order_by(device.revoked_at))
    ]
    for each in connection.execute(who.where((worker.active == 0) | (worker.id == changed)).order_by(worker.id)):
        said = {"role": each.role, "areas": orjson.loads(each.areas), "active": bool(each.active)}
        found.append(((each.organisation, "worker", each.id), said))
    return found


def _row(connection: Connection, organisation: str, kind: str, id_: str) -> Row[Any] | None:
    table = tables.device if kind == "laptop" else tables.worker
    return connection.execute(select(table).where(table.c.organisation == organisation, table.c.id == id_)).one_or_none()


def _read(raw: bytes) -> tuple[_Whose, Mapping[str, Any]] | None:
    try:
        line = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(line, dict) or not isinstance(line.get("organisation"), str):
        return None
    organisation = line["organisation"]
    if isinstance(line.get("laptop"), str):
        return (organisation, "laptop", line["laptop"]), line
    areas = line.get("areas")
    is_whole = isinstance(line.get("active"), bool) and line.get("role") in ROLES
    if not is_whole or not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        return None
    return ((organisation, "worker", line["worker"]), line) if isinstance(line.get("worker"), str) else None


def _append(file: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BYTES, 0o600), "r+b") as out:
        # a power cut may have torn the last line: what follows stands on its own
        torn = out.seek(0, os.SEEK_END) and (out.seek(-1, os.SEEK_END), out.read(1))[1] != b"\n"
        out.write(b"\n" * bool(torn) + b"".join(orjson.dumps(line) + b"\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
