"""Lets laptops in: by the credential that each has, or once by a code."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Select, insert, select, update

from sync.protocol.errors import Trouble
from sync.protocol.messages import EnrolReply, EnrolRequest
from sync.server.admission.credentials import LONGEST_CODE, digest, hash_of_code, new_credential, organisation_of
from sync.server.admission.losses import is_signed_off, told_active, was_signed_off
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in, is_instant, is_text, object_in, shown, texts_in
from sync.server.database.questions import Question, given
from sync.server.records import audit
from sync.server.records.following import with_matched
from sync.server.records.scope import ROLES, Grant
from sync.server.trouble import RoundRefused


def _asked() -> Select[Any]:
    device, worker, house, counter = tables.device.c, tables.worker.c, tables.organisation.c, tables.counter.c
    return (
        select(
            device.id, device.credential_hash, device.worker, device.revoked_at, device.last_seen, worker.role, worker.areas,
            worker.active, house.epoch, house.epoch_number, counter.number, counter.organisation.label("counted"),
        )
        .join_from(tables.device, tables.worker)
        .join(tables.organisation, house.organisation == device.organisation)
        # where it is lost the laptop is known all the same
        .outerjoin(tables.counter, counter.organisation == device.organisation)
        .where(device.organisation == given("at_organisation"), device.credential_hash == given("at_hash"))
    )  # fmt: skip


_ASKED: Final = Question(_asked())


@dataclass(frozen=True, slots=True)
class Admitted:
    """A laptop that was let in, with what is true of its organisation now."""

    grant: Grant
    epoch: str
    epoch_number: int
    last_number: int
    """The last number that was given when it was let in."""
    last_seen: str | None
    """When it was noted last that the laptop was here."""


class WorkerUnreadable(RoundRefused):
    """What a worker may do or see cannot be read: nothing is answered, which keeps what her laptop holds."""

    def __init__(self, organisation: str, worker: str) -> None:
        super().__init__(Trouble.SERVER_FAULT, "a worker's role or areas cannot be read: see `ewb-server doctor`")
        self.organisation, self.worker = organisation, worker


class CounterLost(RoundRefused):
    """The counter of a laptop's organisation is not here: it is known, and waits until the counter is made again."""

    def __init__(self, organisation: str) -> None:
        super().__init__(Trouble.SERVER_FAULT, "the counter of this organisation is lost: see `ewb-server doctor`")
        self.organisation = organisation


def bearer(header: str | None) -> str:
    """Return the credential in an ``Authorization`` header; raise :class:`RoundRefused` without one."""
    kind, _, credential = (header or "").partition(" ")
    if kind.lower() != "bearer" or not credential.strip():
        raise RoundRefused(Trouble.UNKNOWN_LAPTOP, "no credential")
    return credential.strip()


def admit(connection: Connection, credential: str) -> Admitted:
    """Return whose laptop this is; raise :class:`RoundRefused` when it is unknown or was signed off."""
    organisation = organisation_of(credential)
    if organisation is None:
        raise RoundRefused(Trouble.UNKNOWN_LAPTOP, "this is no credential")
    kept = digest(credential)
    found = next(iter(_ASKED.ask(connection, {"at_organisation": organisation, "at_hash": kept})), None)
    if found is None or not hmac.compare_digest(found.credential_hash, kept):
        raise RoundRefused(Trouble.UNKNOWN_LAPTOP, "no laptop has this credential")
    areas = texts_in(found.areas)
    if not (is_text(found.id) and (found.revoked_at is None or is_instant(found.revoked_at))):
        # a laptop that is told it was signed off destroys its keys: a cell that the disk altered must not say so
        raise RoundRefused(Trouble.SERVER_FAULT, "what is kept of this laptop cannot be read: see `ewb-server doctor`")
    if found.revoked_at is not None or not found.active:
        _keep_out(connection, organisation, found)
    if found.counted is None:
        raise CounterLost(organisation)
    if found.role not in ROLES or areas is None:
        raise WorkerUnreadable(organisation, found.worker)
    grant = Grant(organisation, found.id, found.worker, found.role, tuple(areas))
    grant = with_matched(connection, grant)
    return Admitted(grant, found.epoch, found.epoch_number, found.number, found.last_seen)


def _keep_out(connection: Connection, organisation: str, found: Any) -> NoReturn:
    """Tell a laptop that it was signed off where one more says so than one cell; else it keeps its keys, and is told nothing."""
    has_left = not found.active and not _is_said_to_work_here(connection, organisation, found.worker)
    if has_left or (found.revoked_at is not None and is_signed_off(connection, organisation, found.id)):
        raise RoundRefused(Trouble.REVOKED, "this laptop was signed off")
    if found.revoked_at is not None:
        raise RoundRefused(Trouble.SERVER_FAULT, "nobody signed this laptop off, and its row says so: see `ewb-server doctor`")
    raise WorkerUnreadable(organisation, found.worker)


def _is_said_to_work_here(connection: Connection, organisation: str, worker: str) -> bool:
    """Tell whether a worker's record says that she has not left: both are written together, and one bit must not destroy keys."""
    row = tables.record.c
    query = select(row.fields).where(row.organisation == organisation, row.id == worker)
    return (object_in(connection.execute(query).scalar()) or {}).get("active") == 1


def enrol(connection: Connection, request: EnrolRequest, now: datetime) -> EnrolReply:
    """Exchange a one-time code for a credential; raise :class:`RoundRefused` when the code is wrong, used or too old."""
    read = hash_of_code(request.code)
    if read is None:
        raise RoundRefused(Trouble.BAD_CODE, "this is no code")
    organisation, kept = read
    code, moment = tables.enrol_code.c, instant_text(now)
    # one statement: of two laptops that come with one code at one moment, one finds it unused
    used = connection.execute(
        update(tables.enrol_code)
        .where(
            code.organisation == organisation,
            code.code_hash == kept,
            code.used_at.is_(None),
            code.expires_at > moment,
            code.expires_at <= instant_text(now + LONGEST_CODE),
        )
        .values(used_at=moment)
        .returning(code.worker)
    ).scalar_one_or_none()
    if used is None:
        raise RoundRefused(Trouble.BAD_CODE, "wrong, used or expired")
    worker, house = tables.worker.c, tables.organisation.c
    who = connection.execute(
        select(worker.name, worker.role, worker.areas, house.name.label("house"), house.epoch)
        .join_from(tables.worker, tables.organisation, house.organisation == worker.organisation)
        .where(worker.organisation == organisation, worker.id == used, worker.active == 1)
    ).one_or_none()
    if who is None:
        raise RoundRefused(Trouble.BAD_CODE, "the worker is not active")
    if who.role not in ROLES or texts_in(who.areas) is None:
        raise WorkerUnreadable(organisation, used)
    credential = new_credential(organisation)
    # the counter is held before a laptop's row, as a round does that notes in it at its end that the laptop was here
    tip = audit.held_tip(connection, organisation)
    _keep_device(connection, organisation, request, used, digest(credential), moment)
    audit.write(connection, organisation, moment, [audit.Entry(used, request.device, "enrol")], tip)
    grant = Grant(organisation, request.device, used, who.role, tuple(areas_in(who.areas)))
    return EnrolReply(
        protocol=request.protocol, credential=credential, epoch=who.epoch, scope=grant.as_scope(), worker_name=shown(who.name),
        organisation_name=shown(who.house),
    )  # fmt: skip


def _keep_device(connection: Connection, organisation: str, request: EnrolRequest, worker: str, kept: str, moment: str) -> None:
    device = tables.device.c
    mine = (device.organisation == organisation) & (device.id == request.device)
    asked = select(device.worker, device.revoked_at, device.credential_hash).where(mine).with_for_update()
    old = connection.execute(asked).one_or_none()
    if old is None and was_signed_off(connection, organisation, request.device):
        # its row was lost: by another code it would come back as if it had never been signed off
        raise RoundRefused(Trouble.BAD_CODE, "this laptop was signed off")
    if old is None:
        connection.execute(
            insert(tables.device).values(
                organisation=organisation, id=request.device, credential_hash=kept, worker=worker, name=request.device_name,
                enrolled_at=moment,
            )
        )  # fmt: skip
        return
    is_off = old.revoked_at is not None and (
        told_active(connection, organisation, request.device) != 1 or was_signed_off(connection, organisation, request.device)
    )
    if old.worker != worker or is_off:
        # a laptop stays its worker's; one that was signed off starts anew, with an id of its own
        raise RoundRefused(Trouble.BAD_CODE, "this laptop belongs to another worker or was signed off")
    connection.execute(
        insert(tables.former_credential).values(
            organisation=organisation, credential_hash=old.credential_hash, device=request.device, replaced_at=moment
        )
    )
    connection.execute(update(tables.device).where(mine).values(credential_hash=kept, name=request.device_name, revoked_at=None))
