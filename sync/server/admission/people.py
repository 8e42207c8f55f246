"""What the administrator does: organisations, workers, one-time codes, and signing laptops off. What there is: ``roster.py``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import uuid_utils
from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.one_time_code import is_organisation_id
from sync.protocol.change import ChangeKind
from sync.server.admission.credentials import CODE_LASTS, digest, new_code
from sync.server.admission.laptop_keys import sign_off
from sync.server.admission.losses import is_signed_off
from sync.server.admission.sealed_laptops import Laptop
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in, is_text, object_in, shown, texts_in
from sync.server.pushing.ledger import lock
from sync.server.pushing.mending import MEND
from sync.server.pushing.own_records import write_own
from sync.server.records import audit
from sync.server.records.epochs import RESTORED, End, ended
from sync.server.records.history import history
from sync.server.records.rows import refresh_rows
from sync.server.records.scope import ADMINISTRATOR, ROLES, SERVER
from sync.server.records.wire import COLUMNS

_RESTORED: Final = audit.Entry(ADMINISTRATOR, SERVER, RESTORED)


NAME_LETTERS: Final = 120
AREA_LETTERS: Final = 80
"""As many as the protocol takes."""
_JOINERS: Final = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Nobody sees them, and names in some languages are not written without."""
_SPACES: Final = re.compile(" {2,}")
_SHOWN: Final = 60


class NotPossible(ValueError):
    """What the administrator asked for cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A worker, and the code that lets one laptop in within 24 hours. The code is nowhere else: only its hash is kept."""

    worker: str
    code: str
    expires_at: str


def create_organisation(connection: Connection, organisation: str, name: str, now: datetime) -> None:
    """Make an organisation with its counter and first epoch."""
    if not is_organisation_id(organisation):
        raise NotPossible(f"{organisation!r} cannot name an organisation: use 2 to 20 small letters and digits")
    name = _named(name, "an organisation")
    house = tables.organisation.c
    if connection.execute(select(house.name).where(house.organisation == organisation)).first() is not None:
        raise NotPossible(f"there is an organisation {organisation!r} already")
    connection.execute(
        insert(tables.organisation).values(
            organisation=organisation, name=name, epoch=str(uuid_utils.uuid7()), epoch_number=0, wire_shape=_shape(),
            made_at=instant_text(now),
        )
    )  # fmt: skip
    connection.execute(insert(tables.counter).values(organisation=organisation, number=0, audit_number=0, audit_hash=audit.FIRST))


def invite(connection: Connection, organisation: str, name: str, role: str, areas: Sequence[str], now: datetime) -> Invitation:
    """Make a worker, whom every colleague's laptop then knows by name, and a one-time code for her laptop."""
    must_exist(connection, organisation)
    name = _named(name, "a worker")
    areas = read_areas(areas)
    must_fit(role, areas)
    worker = str(uuid_utils.uuid7())
    said: dict[str, object] = {"name": name, "role": role, "areas": areas, "active": 1}
    _keep_worker(connection, organisation, worker, said, instant_text(now))
    return _new_code(connection, organisation, worker, now, f"role {role}; areas {_word(areas)}")


def invite_again(connection: Connection, organisation: str, worker: str, now: datetime) -> Invitation:
    """Make another code for a worker who is there already: a second laptop, or a code that was lost."""
    must_exist(connection, organisation)
    if not worker_there(connection, organisation, worker, now).active:
        raise NotPossible(f"she has left. If she is back, say first: `ewb-server worker {organisation} {worker} --active yes`")
    return _new_code(connection, organisation, worker, now, "another code")


def withdraw(connection: Connection, organisation: str, worker: str, now: datetime) -> int:
    """Make every code of a worker that nobody has used good for nothing; return how many there were."""
    must_exist(connection, organisation)
    worker_there(connection, organisation, worker, now)
    code = tables.enrol_code.c
    taken = connection.execute(
        delete(tables.enrol_code).where(code.organisation == organisation, code.worker == worker, code.used_at.is_(None))
    ).rowcount
    audit.write(connection, organisation, instant_text(now), [typed("withdraw", "worker", worker, f"codes: {taken}")])
    return taken


def revoke(connection: Connection, organisation: str, device: str, now: datetime) -> None:
    """Sign a laptop off: at its next round it is told so and destroys its keys."""
    must_exist(connection, organisation)
    # whoever writes holds the counter first: a round that holds it notes afterwards, in the same row, that the laptop was here
    lock(connection, organisation)
    row = tables.device.c
    mine = (row.organisation == organisation) & (row.id == device)
    found = connection.execute(select(row.revoked_at).where(mine)).one_or_none()
    # one whose row alone says so was not signed off yet
    if found is None or (found.revoked_at is not None and is_signed_off(connection, organisation, device)):
        raise NotPossible(f"there is no laptop {device!r} that is still signed on: `ewb-server laptops` lists them")
    connection.execute(update(tables.device).where(mine).values(revoked_at=instant_text(now)))
    audit.write(connection, organisation, instant_text(now), [typed("revoke", "laptop", device)])
    sign_off(connection, organisation, device, instant_text(now))


def let_know(connection: Connection, organisation: str, device: str, laptop: Laptop, now: datetime) -> None:
    """Make a laptop known again that joined after the backup which was restored: signed off, and told so at its next round.

    Where the backup has not her whose it was either, she is there again too, as somebody who has left.
    """
    moment = instant_text(now)
    lock(connection, organisation)
    row = tables.worker.c
    if connection.execute(select(row.id).where(row.organisation == organisation, row.id == laptop.worker)).first() is None:
        said = {"name": laptop.worker_name, "role": laptop.role, "areas": list(laptop.areas), "active": 0}
        _keep_worker(connection, organisation, laptop.worker, said, moment)
    connection.execute(
        insert(tables.device).values(
            organisation=organisation, id=device, credential_hash=laptop.credential_hash, worker=laptop.worker, name=laptop.name,
            enrolled_at=laptop.enrolled_at, revoked_at=moment,
        )
    )  # fmt: skip
    audit.write(connection, organisation, moment, [typed("revoke", "laptop", device, "joined after the backup")])


def begin_epoch(
    connection: Connection, organisation: str, now: datetime, entry: audit.Entry = _RESTORED, *, is_exact: bool = False
) -> str:
    """Say that the database was restored from a backup: from here on its numbers may mean something else than laptops remember.

    ``entry`` says in the audit how that is known, ``is_exact`` that nothing was numbered since it was put back. Return the new
    epoch. Laptops learn of it at their next round and offer again what the backup had not.
    """
    must_exist(connection, organisation)
    epoch, number = str(uuid_utils.uuid7()), lock(connection, organisation)
    house = tables.organisation.c
    before = connection.execute(select(house.epoch).where(house.organisation == organisation)).scalar_one()
    connection.execute(
        update(tables.organisation).where(house.organisation == organisation).values(epoch=epoch, epoch_number=number)
    )
    over = ended(entry.worker, entry.device, before if is_text(before) else "", End(number, is_exact))
    audit.write(connection, organisation, instant_text(now), [entry, over])
    return epoch


def change_worker(
    connection: Connection,
    organisation: str,
    worker: str,
    now: datetime,
    *,
    role: str | None = None,
    areas: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> None:
    """Give a worker another role or other areas, or say that she has left: it holds from her laptops' next round.

    Once she has left, her laptops seal what they had not sent, and destroy their keys.
    """
    must_exist(connection, organisation)
    lock(connection, organisation)
    found = worker_there(connection, organisation, worker, now, is_held=True)
    role = role or found.role
    # what she has already stays, whatever it is: somebody with an area from before must still be able to leave
    areas = read_areas(areas) if areas is not None else areas_in(found.areas)
    active = found.active if is_active is None else int(is_active)
    must_fit(role, areas)
    row = tables.worker.c
    mine = (row.organisation == organisation) & (row.id == worker)
    connection.execute(update(tables.worker).where(mine).values(role=role, areas=orjson.dumps(areas).decode(), active=active))
    moment = instant_text(now)
    was = {"role": shown(found.role), "areas": areas_in(found.areas), "active": found.active}
    now_is: dict[str, object] = {"role": role, "areas": areas, "active": active}
    told = "; ".join(f"{name} {_word(was[name])} -> {_word(now_is[name])}" for name in was if was[name] != now_is[name])
    audit.write(connection, organisation, moment, [typed("change_worker", "worker", worker, told)])
    _tell_colleagues(connection, organisation, worker, ChangeKind.EDIT, now_is, moment)


def refresh_shapes(connection: Connection) -> None:
    """Make ready-made rows again where this program's columns are not those they were made with.

    Waits for pushes that are under way and keeps others waiting: a record that is read here is the one that is written again.
    """
    house = tables.organisation.c
    for organisation in organisations(connection):
        if _shape_of(connection, organisation) == _shape():
            continue
        lock(connection, organisation)
        # whoever held the counter before may have made them ready
        shape = _shape_of(connection, organisation)
        if shape == _shape():
            continue
        # what cannot be read any more is none of this program's
        old = object_in(shape) or {}
        refresh_rows(connection, organisation, [name for name, columns in COLUMNS.items() if old.get(name) != list(columns)])
        connection.execute(update(tables.organisation).where(house.organisation == organisation).values(wire_shape=_shape()))


def has_own_rows(connection: Connection, organisation: str) -> bool:
    """Tell whether the ready-made rows have this program's columns."""
    return _shape_of(connection, organisation) == _shape()


def _shape_of(connection: Connection, organisation: str) -> str:
    house = tables.organisation.c
    shape: str = connection.execute(select(house.wire_shape).where(house.organisation == organisation)).scalar_one()
    return shape


def _shape() -> str:
    return orjson.dumps(dict(COLUMNS)).decode()


def organisations(connection: Connection) -> list[str]:
    """Return the ids of all organisations, in their order: whoever locks several does it in the same one."""
    house = tables.organisation.c
    found = connection.execute(select(house.organisation).order_by(house.organisation)).scalars()
    # one whose name the disk altered is nobody's: no laptop and no command can ask for it, and `doctor` tells of it
    return [each for each in found if is_text(each)]


def must_exist(connection: Connection, organisation: str) -> None:
    """Raise :class:`NotPossible` when there is no such organisation."""
    there = organisations(connection)
    if organisation not in there:
        so_far = f" There is: {', '.join(there)}." if there else ""
        raise NotPossible(f"there is no organisation {organisation!r}.{so_far} A new one is made with `ewb-server organisation`")


def worker_there(connection: Connection, organisation: str, worker: str, now: datetime, *, is_held: bool = False) -> Row[Any]:
    """Return a worker's row, held until the transaction ends where that is asked; raise :class:`NotPossible` without one.

    One that was lost is made again, for the administrator has named her.
    """
    row = tables.worker.c
    query = select(tables.worker).where(row.organisation == organisation, row.id == worker)
    found = connection.execute(query.with_for_update() if is_held else query).one_or_none()
    if found is None and _make_worker_again(connection, organisation, worker, instant_text(now)):
        found = connection.execute(query).one()
    if found is None:
        raise NotPossible(f"there is no worker {worker!r}: `ewb-server workers` lists them")
    return found


def _make_worker_again(connection: Connection, organisation: str, worker: str, moment: str) -> bool:
    """Make the lost row of a worker again as was typed, by the server's own lines in the history of her record; tell whether."""
    try:
        lines = [line for line in history(connection, organisation, worker) if (line.entity, line.device) == ("worker", SERVER)]
    except ValueError:
        return False
    told: dict[str, object] = {}
    for line in lines:
        told |= line.fields
    name, role, areas, active = (told.get(each) for each in ("name", "role", "areas", "active"))
    is_told = isinstance(name, str) and role in ROLES and texts_in(orjson.dumps(areas)) is not None and active in (0, 1)
    if not is_told:
        return False
    kept = {"name": name, "role": role, "areas": orjson.dumps(areas).decode(), "active": active, "made_at": lines[0].at}
    lock(connection, organisation)
    connection.execute(insert(tables.worker).values(organisation=organisation, id=worker, **kept))
    audit.write(connection, organisation, moment, [audit.Entry(SERVER, SERVER, MEND, "worker", worker, "lost")])
    return True


def must_fit(role: str, areas: Sequence[str]) -> None:
    """Raise :class:`NotPossible` when there is no such role or no area."""
    if role not in ROLES:
        raise NotPossible(f"{role!r} is no role: use one of {', '.join(ROLES)}")
    if not areas or not all(areas):
        raise NotPossible("name at least one area, or * for every area")


def read_areas(areas: Sequence[str]) -> list[str]:
    """Return areas as they are kept, each once. Raises :class:`NotPossible` for one that no laptop could send work for."""
    return list(dict.fromkeys(_plain(area, "an area", AREA_LETTERS) for area in areas))


def _named(name: str, whom: str) -> str:
    """Return a name as it is kept; colleagues read it on every page, so an empty one is not taken."""
    if not name.strip():
        raise NotPossible(f"{whom} needs a name: say --name")
    return _plain(name, f"the name of {whom}", NAME_LETTERS)


def _plain(told: str, what: str, most: int) -> str:
    """Return what was typed without what surrounds it, and with single spaces in it.

    Raises :class:`NotPossible` when it holds what cannot be seen, such as a tab that was pasted, or is too long for a page.
    """
    text = _SPACES.sub(" ", told.replace("\N{NO-BREAK SPACE}", " ").strip())
    if not all(sign.isprintable() or sign in _JOINERS for sign in text):
        raise NotPossible(f"{what} holds signs that nobody sees ({ascii(text)[:_SHOWN]}); nothing was done. Type it anew")
    if len(text) > most:
        raise NotPossible(f"{what} is {len(text)} letters long, and {most} are the most; nothing was done")
    return text


def _keep_worker(connection: Connection, organisation: str, worker: str, said: Mapping[str, object], moment: str) -> None:
    """Keep a worker who was not here, and let every colleague's laptop know her by name."""
    kept = {**said, "areas": orjson.dumps(said["areas"]).decode()}
    connection.execute(insert(tables.worker).values(organisation=organisation, id=worker, made_at=moment, **kept))
    _tell_colleagues(connection, organisation, worker, ChangeKind.CREATE, said, moment)


def _new_code(connection: Connection, organisation: str, worker: str, now: datetime, told: str) -> Invitation:
    code = new_code(organisation)
    expires = instant_text(now + CODE_LASTS)
    plain = organisation + "-" + code.removeprefix(organisation + "-").replace("-", "")
    connection.execute(
        insert(tables.enrol_code).values(
            organisation=organisation, code_hash=digest(plain), worker=worker, expires_at=expires, used_at=None
        )
    )
    audit.write(connection, organisation, instant_text(now), [typed("invite", "worker", worker, told)])
    return Invitation(worker, code, expires)


def typed(action: str, entity: str, record: str, detail: str = "") -> audit.Entry:
    """Return the audit's entry for what the administrator typed about a worker or a laptop: whom it befell did not do it."""
    return audit.Entry(ADMINISTRATOR, SERVER, action, entity, record, detail)


def _word(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _tell_colleagues(
    connection: Connection, organisation: str, worker: str, kind: ChangeKind, fields: Mapping[str, object], moment: str
) -> None:
    write_own(connection, organisation, "worker", worker, kind, fields, moment, author=ADMINISTRATOR)
