"""Who was signed off and who left, kept in a file outside the database: the restore of an older backup must not undo it.

Beside them stand the sealed files that were taken in (:mod:`sync.server.admission.taken_files`).

A line of JSON for each: the moment, the organisation, and a laptop, or a worker with her role, her areas and whether she works
here. Ids, never names. The file is not sealed, so nothing in it lets anybody in: sign-offs and leavers are done again, another
role is only told. What lets a server know a laptop that its backup has not is sealed under the key of the backups, line by line.
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
from sqlalchemy import Connection, Row, and_, false, or_, select, true

from sync.server.admission.losses import is_signed_off
from sync.server.admission.people import change_worker, let_know, revoke
from sync.server.admission.roster import areas_so_far
from sync.server.admission.sealed_laptops import Laptop, seal, unseal
from sync.server.admission.taken_files import TakenFile, not_here, read_line
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in
from sync.server.own_files import file_to_add_to
from sync.server.records.scope import EVERY_AREA, ROLES

_SIGNED_OFF: Final = "signed_off"
"""False of a laptop that is listed because its worker has left: she may come back, and her laptop with her."""
_SEALED: Final = "sealed"
_Whose = tuple[str, str, str]
"""An organisation, ``laptop`` or ``worker``, and its id."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a list holds: the last line about each laptop and worker, the numbers of unreadable lines, and files taken."""

    lines: Mapping[_Whose, Mapping[str, Any]]
    unreadable: tuple[int, ...]
    taken: Sequence[TakenFile] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """What a list did to a restored database: whom it kept out, by organisation and id, and commands that only somebody may give.

    ``unknown`` counts those on the list whom the backup did not have: they are not let in anyway.
    """

    laptops: Sequence[tuple[str, str]] = ()
    newer: Sequence[tuple[str, str]] = ()
    """Laptops that joined after the backup: the database knows them now, and that they are signed off."""
    leavers: Sequence[tuple[str, str]] = ()
    commands: Sequence[str] = ()
    unknown: int = 0
    files: Sequence[TakenFile] = ()
    """Sealed files whose work this database has not: they have to be taken in again."""


def read_noted(file: Path) -> Noted:
    """Return what stands in ``file``; raises ``OSError`` when it cannot be read."""
    lines: dict[_Whose, Mapping[str, Any]] = {}
    unreadable: list[int] = []
    taken: dict[str, TakenFile] = {}
    for number, raw in enumerate(file.read_bytes().split(b"\n"), start=1):
        read = _read(raw)
        if isinstance(read, TakenFile):
            taken.setdefault(read.digest, read)
        elif read is not None:
            lines[read[0]] = read[1]
        elif raw.strip():
            unreadable.append(number)
    return Noted(lines, tuple(unreadable), tuple(taken.values()))


def note_taken(file: Path, taken: TakenFile) -> None:
    """Write into ``file`` that a sealed file was taken in. Raises ``OSError`` when it cannot be read or written."""
    known = read_noted(file).taken if file.exists() else ()
    if all((each.organisation, each.digest) != (taken.organisation, taken.digest) for each in known):
        _append(file, [taken.line()])


def note(file: Path, connection: Connection, now: datetime, *, changed: str = "", key: bytes | None = None) -> None:
    """Write into ``file`` who is signed off or has left and does not stand there yet, and how the worker ``changed`` works now.

    With the ``key`` of the backups each laptop stands there so that a server whose backup is older knows it too. All is on the
    disk when this returns. Raises ``OSError`` when it cannot be read or written.
    """
    known = read_noted(file).lines if file.exists() else {}
    new = []
    for whose, said in [*_laptops(connection, known, key), *_workers(connection, changed)]:
        before = known.get(whose, {})
        if {_SIGNED_OFF: True, **before, **said} != {_SIGNED_OFF: True, **before} or not before:
            organisation, kind, id_ = whose
            new.append({"at": instant_text(now), "organisation": organisation, kind: id_, **said})
    if new:
        _append(file, new)


def keep_out(
    connection: Connection, noted: Noted, now: datetime, organisation: str | None = None, *, key: bytes | None = None
) -> Again:
    """Sign off and let leave again whom ``noted`` names, in every organisation or in one; return what was done, what is left.

    A laptop that joined after the backup is made known again, signed off, when the ``key`` opens what stands of it in the list.
    """
    laptops, newer, leavers, commands, unknown = [], [], [], [], 0
    # first: whose laptop is made known is known with it
    for (house, id_), line in _of_kind(noted, "laptop", organisation):
        row = _row(connection, house, "laptop", id_)
        if row is None:
            kept = _newer(connection, noted, house, id_, line, key)
            if kept is not None:
                let_know(connection, house, id_, kept, now)
                newer.append((house, id_))
            unknown += kept is None and line.get(_SIGNED_OFF, True)
        elif line.get(_SIGNED_OFF, True) and not (row.revoked_at is not None and is_signed_off(connection, house, id_)):
            revoke(connection, house, id_, now)
            laptops.append((house, id_))
    for (house, id_), line in _of_kind(noted, "worker", organisation):
        row = _row(connection, house, "worker", id_)
        if row is None:
            unknown += 1
        elif not line["active"]:
            if row.active:
                change_worker(connection, house, id_, now, is_active=False)
                leavers.append((house, id_))
        elif (command := _command(connection, house, row, line)) is not None:
            commands.append(command)
    return Again(laptops, newer, leavers, commands, unknown, not_here(connection, noted.taken, organisation))


def credential_kept(noted: Noted, organisation: str, id_: str, key: bytes | None) -> str | None:
    """Return the hash by which a laptop is known, where the list keeps it and the ``key`` opens it."""
    sealed = noted.lines.get((organisation, "laptop", id_), {}).get(_SEALED)
    kept = unseal(key, organisation, id_, sealed) if key is not None and isinstance(sealed, str) else None
    return None if kept is None else kept.credential_hash


def _of_kind(noted: Noted, kind: str, organisation: str | None) -> list[tuple[tuple[str, str], Mapping[str, Any]]]:
    found = [((house, id_), line) for (house, what, id_), line in noted.lines.items() if what == kind]
    return [each for each in found if organisation in (None, each[0][0])]


def _newer(
    connection: Connection, noted: Noted, organisation: str, id_: str, line: Mapping[str, Any], key: bytes | None
) -> Laptop | None:
    """Return what the list keeps of a laptop that the database does not know, where it was signed off or its worker has left."""
    house = tables.organisation.c
    is_here = connection.execute(select(house.name).where(house.organisation == organisation)).first() is not None
    sealed = line.get(_SEALED)
    kept = unseal(key, organisation, id_, sealed) if is_here and key is not None and isinstance(sealed, str) else None
    if kept is None or line.get(_SIGNED_OFF, True):
        return kept
    owner = noted.lines.get((organisation, "worker", kept.worker), {})
    return kept if owner.get("active") is False else None


def _command(connection: Connection, organisation: str, row: Row[Any], line: Mapping[str, Any]) -> str | None:
    """Return what gives a worker the role and areas that she had last; None when the backup has them, or she had left in it."""
    asked = []
    if line["role"] != row.role:
        asked += ["--role", line["role"]]
    if line["areas"] != areas_in(row.areas):
        asked += ["--areas", *line["areas"]]
        if set(line["areas"]) - {EVERY_AREA, *areas_so_far(connection, organisation)}:
            asked.append("--new-area")
    if not row.active:
        asked += ["--active", "yes"]
    return shlex.join(["ewb-server", "worker", organisation, row.id, *asked]) if asked else None


def _laptops(
    connection: Connection, known: Mapping[_Whose, Mapping[str, Any]], key: bytes | None
) -> list[tuple[_Whose, dict[str, Any]]]:
    """Return what is to stand of laptops that are signed off, and, where it can be sealed, of those whose workers have left."""
    device, worker = tables.device.c, tables.worker.c
    query = (
        select(tables.device, worker.name.label("worker_name"), worker.role, worker.areas, worker.active)
        .join_from(tables.device, tables.worker)
        .where(or_(device.revoked_at.is_not(None), and_(worker.active == 0, true() if key is not None else false())))
        .order_by(device.revoked_at, device.id)
    )
    found: list[tuple[_Whose, dict[str, Any]]] = []
    for each in connection.execute(query):
        whose = (each.organisation, "laptop", each.id)
        before = known.get(whose, {})
        # what the disk altered is not noted: by the list it would be signed off indeed when a backup is restored
        is_noted = bool(before) and before.get(_SIGNED_OFF, True)
        is_off = each.revoked_at is not None and (is_noted or is_signed_off(connection, each.organisation, each.id))
        if each.active and not is_off:
            continue
        sealed = before.get(_SEALED)
        if key is not None and (sealed is None or unseal(key, each.organisation, each.id, sealed) is None):
            sealed = seal(key, each.organisation, each.id, _as_kept(each))
        said = {_SIGNED_OFF: is_off}
        found.append((whose, said if sealed is None else {**said, _SEALED: sealed}))
    return found


def _as_kept(row: Row[Any]) -> Laptop:
    return Laptop(
        credential_hash=row.credential_hash, name=row.name, enrolled_at=row.enrolled_at, worker=row.worker,
        worker_name=row.worker_name, role=row.role, areas=tuple(areas_in(row.areas)),
    )  # fmt: skip


def _workers(connection: Connection, changed: str) -> list[tuple[_Whose, dict[str, Any]]]:
    worker = tables.worker.c
    who = select(worker.organisation, worker.id, worker.role, worker.areas, worker.active).order_by(worker.id)
    return [
        (
            (each.organisation, "worker", each.id),
            {"role": each.role, "areas": areas_in(each.areas), "active": bool(each.active)},
        )
        for each in connection.execute(who.where((worker.active == 0) | (worker.id == changed)))
    ]


def _row(connection: Connection, organisation: str, kind: str, id_: str) -> Row[Any] | None:
    table = tables.device if kind == "laptop" else tables.worker
    return connection.execute(select(table).where(table.c.organisation == organisation, table.c.id == id_)).one_or_none()


def _read(raw: bytes) -> tuple[_Whose, Mapping[str, Any]] | TakenFile | None:
    try:
        line = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(line, dict) or not isinstance(line.get("organisation"), str):
        return None
    organisation = line["organisation"]
    if (taken := read_line(line)) is not None:
        return taken
    if isinstance(line.get("laptop"), str):
        return (organisation, "laptop", line["laptop"]), line
    areas = line.get("areas")
    is_whole = isinstance(line.get("active"), bool) and line.get("role") in ROLES
    if not is_whole or not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        return None
    return ((organisation, "worker", line["worker"]), line) if isinstance(line.get("worker"), str) else None


def _append(file: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file_to_add_to(file) as out:
        # a power cut may have torn the last line: what follows stands on its own
        torn = out.seek(0, os.SEEK_END) and (out.seek(-1, os.SEEK_END), out.read(1))[1] != b"\n"
        out.write(b"\n" * bool(torn) + b"".join(orjson.dumps(line) + b"\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
