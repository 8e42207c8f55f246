"""Changes that one laptop carries for another, and what one sealed for another to carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from sync.carrying import NotSigned, is_from, read
from sync.protocol.change import Change
from sync.protocol.errors import Refusal
from sync.protocol.messages import Carried, Handed, Verdict, VerdictKind
from sync.server.admission.auth import Admitted
from sync.server.admission.laptop_keys import LAPTOP, signing_key_of
from sync.server.database import tables
from sync.server.database.bulk import select_rows
from sync.server.database.cells import areas_in
from sync.server.laptops.giving import HANDED
from sync.server.pushing.checking import is_id, read_change
from sync.server.pushing.ledger import take
from sync.server.records import audit
from sync.server.records.epochs import as_of_now, heard_in
from sync.server.records.scope import Grant


def note_handed(connection: Connection, grant: Grant, handed: Handed, moment: str) -> None:
    """Note in the audit what a laptop says that it sealed for another: it may be on that one, though the server gave it none."""
    device = tables.device.c
    mine = (device.organisation == grant.organisation) & (device.id == handed.laptop)
    if connection.execute(select(device.id).where(mine)).first() is None:
        return
    by = f"by {grant.device}"
    entries = [audit.Entry(grant.worker, handed.laptop, HANDED, record=record, detail=by) for record in handed.records]
    if handed.number:
        entries.append(audit.Entry(grant.worker, handed.laptop, HANDED, detail=f"numbers to {handed.number}, {by}"))
    audit.write(connection, grant.organisation, moment, entries)


def take_carried(
    connection: Connection, admitted: Admitted, pushed: Iterable[Mapping[str, Any]], change_bytes: int, moment: str
) -> dict[str, Verdict]:
    """Take changes that this laptop carries for others; return a verdict for each by its id.

    Each is taken as its author's laptop would have sent it: under her role and areas, and only when that laptop signed it and is
    not signed off. A change that came before, by whatever way, is known.
    """
    courier = Courier(admitted.grant, admitted.epoch)
    return carry(connection, courier, pushed, change_bytes, moment)


@dataclass(frozen=True, slots=True)
class Courier:
    """Who brings changes of other laptops: a laptop in a round, or the administrator with its sealed file.

    ``epoch`` is the organisation's. The administrator decides that a laptop is believed though it was signed off (``believes``),
    and with which ``role`` and ``areas`` it worked, where these changed since.
    """

    grant: Grant
    epoch: str
    believes: bool = False
    role: str | None = None
    areas: tuple[str, ...] | None = None


def carry(
    connection: Connection, courier: Courier, pushed: Iterable[Mapping[str, Any]], change_bytes: int, moment: str
) -> dict[str, Verdict]:
    """Take what a courier brings; return a verdict for each change by its id."""
    verdicts: dict[str, Verdict] = {}
    waiting: dict[str, list[Change]] = {}
    refused: dict[str, str] = {}
    grants: dict[str, Grant | Refusal] = {}
    keys: dict[str, str] = {}
    heard: dict[str, int] = {}
    organisation = courier.grant.organisation
    for raw in pushed:
        try:
            carried = Carried.model_validate(raw)
            brought = read(carried)
        except (ValidationError, NotSigned):
            verdicts[raw["id"]] = _refused(raw["id"], Refusal.MALFORMED)
            continue
        sender = brought.device
        if not is_id(sender):
            # what no laptop can be called is not asked of the database
            verdicts[carried.id] = _refused(carried.id, Refusal.MALFORMED)
            continue
        if sender not in grants:
            grants[sender] = _grant(connection, courier, sender)
            keys[sender] = signing_key_of(connection, organisation, sender)
        grant = grants[sender]
        is_ours = brought.organisation == organisation
        if not is_ours or not keys[sender] or not is_from(carried, keys[sender]):
            verdicts[carried.id] = _refused(carried.id, Refusal.NOT_SIGNED)
            continue
        change = read_change(brought.raw, change_bytes)
        if isinstance(grant, Refusal) or isinstance(change, Refusal):
            reason = grant if isinstance(grant, Refusal) else change
            verdicts[carried.id] = _refused(carried.id, reason if isinstance(reason, Refusal) else Refusal.MALFORMED)
            refused[carried.id] = sender
            continue
        if brought.epoch is not None and brought.epoch != courier.epoch:
            if brought.epoch not in heard:
                heard[brought.epoch] = heard_in(connection, organisation, brought.epoch)
            change = as_of_now(change, heard[brought.epoch])
        waiting.setdefault(sender, []).append(change)
    for sender, changes in waiting.items():
        grant = grants[sender]
        if isinstance(grant, Grant):
            verdicts |= take(connection, grant, changes, moment).verdicts
            _audit(connection, courier.grant, sender, [verdicts[change.id] for change in changes], moment)
    return verdicts | came_before(connection, organisation, refused)


def came_before(connection: Connection, organisation: str, refused: Mapping[str, str]) -> dict[str, Verdict]:
    """Return the verdicts on changes that are not taken, each id with its laptop, but came before or by another way.

    The laptop may be signed off since; or the change is larger than is taken, and an administrator let it in from a sealed file.
    """
    asked = {id_: device for id_, device in refused.items() if is_id(id_)}
    if not asked:
        return {}
    found = select_rows(connection, tables.ledger, ("change_id", "number", "device"), organisation, "change_id", asked)
    return {
        row.change_id: Verdict(id=row.change_id, kind=VerdictKind.KNOWN, number=row.number)
        for row in found
        if row.device == asked[row.change_id]
    }


def _audit(connection: Connection, courier: Grant, sender: str, verdicts: Sequence[Verdict], moment: str) -> None:
    new = sum(verdict.kind not in (VerdictKind.KNOWN, VerdictKind.REFUSED) for verdict in verdicts)
    if new:
        entry = audit.Entry(courier.worker, courier.device, "carry", LAPTOP, sender, f"{new} changes")
        audit.write(connection, courier.organisation, moment, [entry])


def _grant(connection: Connection, courier: Courier, sender: str) -> Grant | Refusal:
    organisation = courier.grant.organisation
    device, worker = tables.device.c, tables.worker.c
    found = connection.execute(
        select(device.worker, device.revoked_at, worker.role, worker.areas, worker.active)
        .join_from(tables.device, tables.worker)
        .where(device.organisation == organisation, device.id == sender)
    ).one_or_none()
    if found is None:
        return Refusal.NOT_SIGNED
    if not courier.believes and (found.revoked_at is not None or not found.active):
        return Refusal.SIGNED_OFF
    areas = courier.areas if courier.areas is not None else tuple(areas_in(found.areas))
    return Grant(organisation, sender, found.worker, courier.role or found.role, areas)


def _refused(id_: str, reason: Refusal) -> Verdict:
    return Verdict(id=id_, kind=VerdictKind.REFUSED, reason=reason)
