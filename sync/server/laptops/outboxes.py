"""Opens the sealed files of laptops that could not send, by the hashes that are kept here, and takes the work in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.carrying import NotSigned
from sync.carrying import read as read_carried
from sync.outbox import NothingReadable, Outbox, OutboxUnreadable, is_newer, unseal
from sync.protocol.change import KINDS, Change
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.protocol.version import PUSH_CHANGES
from sync.server.admission.people import NotPossible, must_exist, must_fit
from sync.server.admission.taken_files import TakenFile, digest_of, entry_of
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import areas_in, shown
from sync.server.laptops.carried import Courier, carry
from sync.server.laptops.looks import keep_looks
from sync.server.pushing.checking import is_id, read_change
from sync.server.pushing.ledger import take
from sync.server.records import audit
from sync.server.records.epochs import as_of_now, heard_in
from sync.server.records.scope import Grant

_ROLE: Final = "The worker's role or areas do not allow it now. Name those that she had: --role and --areas."
REFUSAL_ADVICE: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.UNKNOWN_ENTITY: "This server does not know this kind of record. Update it and take the file again.",
        Refusal.MALFORMED: "A value is not of the kind that it should be.",
        Refusal.NOT_ALLOWED: _ROLE,
        Refusal.AUTHOR_MISMATCH: "It was made by another worker than the laptop's.",
        Refusal.MISSING_RECORD: (
            "The record that it belongs to is not here. It may be in another file: take that one first. After a restore a laptop "
            "may still bring it: take this file again once all have been here."
        ),
        Refusal.WAITING_FOR: "It comes after a change that is not here. It may be in another file: take that one first.",
        Refusal.TOO_LARGE: "It is larger than this server takes. Raise EWB_CHANGE_BYTES and take the file again.",
        Refusal.NOT_SIGNED: "It is not signed by the laptop that it says it comes from.",
        Refusal.SIGNED_OFF: "It was carried for a laptop that is signed off.",
    }
)
"""What the administrator reads of changes that could not be taken; never what is in them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a sealed file: whose it was, how many changes were new, here already, or not taken and why.

    ``unread`` names what in it this program cannot read. ``taken`` is what is kept of the file outside the database.
    ``is_in_use``: nobody has signed the laptop off.
    """

    laptop: str
    worker: str
    new: int
    known: int
    refused: Mapping[Refusal, int]
    unread: Sequence[str]
    taken: TakenFile
    is_in_use: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """What is in a sealed file, and never what was written: whose it is, and how many changes of which kind to what records.

    ``own`` and ``carried`` count by the kind of record and the kind of change; ``days`` are the first and the last on which
    something was written, by the clocks of the laptops.
    """

    laptop: str
    laptop_id: str
    worker: str
    own: Mapping[tuple[str, str], int]
    carried: Mapping[tuple[str, str], int]
    looks: int
    unread: int
    days: tuple[str, str] | None


def look_into(connection: Connection, organisation: str, file: bytes) -> Inside:
    """Tell what is in ``file`` and take nothing of it. Raises :class:`NotPossible` as :func:`take_outbox` does."""
    must_exist(connection, organisation)
    laptop, unsent = _open(connection, organisation, file)
    own = [change.model_dump(mode="json") for change in unsent.changes]
    carried, unread = [], len(unsent.unread)
    for each in unsent.carried:
        try:
            carried.append(read_carried(each).raw)
        except NotSigned:
            unread += 1
    days = sorted(day for raw in (*own, *carried) if (day := _day_of(raw)) is not None)
    return Inside(
        laptop.name, laptop.id, laptop.who, Counter(map(_kind_of, own)), Counter(map(_kind_of, carried)), len(unsent.looks),
        unread, (days[0], days[-1]) if days else None,
    )  # fmt: skip


def _kind_of(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kinds of record and change; a word that is none might be anything that was written."""
    entity, kind = str(raw.get("entity")), str(raw.get("kind"))
    return entity if entity in ENTITIES else "of an unknown kind", kind if kind in KINDS else "unknown"


def _day_of(raw: Mapping[str, Any]) -> str | None:
    try:
        return datetime.fromisoformat(str(raw.get("at"))).date().isoformat()
    except ValueError:
        return None


def take_outbox(
    connection: Connection,
    organisation: str,
    file: bytes,
    now: datetime,
    change_bytes: int,
    *,
    role: str | None = None,
    areas: Sequence[str] | None = None,
) -> Opened:
    """Take the work in ``file``, and into the audit who had looked at what; taking it twice does nothing more.

    What the laptop carried for colleagues is taken too, from laptops that were signed off as well: the administrator vouches
    that it was written before that. Each stays its author's, and its laptop must have signed it. What cannot be read keeps
    nothing else out.
    ``role`` and ``areas`` stand for those of the laptop's worker, who may have lost them after the work was done. Raises
    :class:`NotPossible` when no laptop of the organisation has sealed the file, or when it was altered.
    """
    must_exist(connection, organisation)
    areas = None if areas is None else [area.strip() for area in areas]
    laptop, unsent = _open(connection, organisation, file)
    grant = Grant(
        organisation,
        laptop.id,
        laptop.worker,
        role or laptop.role,
        tuple(areas if areas is not None else areas_in(laptop.areas)),
    )
    must_fit(grant.role, grant.areas)
    epoch = _epoch(connection, organisation)
    # sealed before the database was put back
    heard = None if unsent.epoch in (None, epoch) else heard_in(connection, organisation, unsent.epoch or "")
    found: Counter[VerdictKind] = Counter()
    refused: Counter[Refusal] = Counter()
    for start in range(0, len(unsent.changes), PUSH_CHANGES):
        read = [
            read_change(change.model_dump(mode="json"), change_bytes) for change in unsent.changes[start : start + PUSH_CHANGES]
        ]
        refused.update(each for each in read if isinstance(each, Refusal))
        changes = [each for each in read if isinstance(each, Change)]
        if heard is not None:
            changes = [as_of_now(each, heard) for each in changes]
        verdicts = take(connection, grant, changes, instant_text(now)).verdicts
        found.update(verdict.kind for verdict in verdicts.values())
        refused.update(verdict.reason for verdict in verdicts.values() if verdict.reason is not None)
    if unsent.carried:
        for verdict in _take_carried(connection, grant, unsent, change_bytes, instant_text(now), role, areas).values():
            found[verdict.kind] += 1
            if verdict.reason is not None:
                refused[verdict.reason] += 1
    looks = [look.model_dump(mode="json", warnings=False) for look in unsent.looks]
    named = [look for look in looks if is_id(look.get("id"))]
    keep_looks(connection, grant, named, instant_text(now))
    audit.write(connection, organisation, instant_text(now), [entry_of(grant.device, digest_of(file))])
    known = found.pop(VerdictKind.KNOWN, 0)
    found.pop(VerdictKind.REFUSED, 0)
    nameless = [look for look in looks if look not in named]
    unread = [_named(number, each) for number, each in enumerate([*unsent.unread, *nameless], start=1)]
    taken = TakenFile(organisation, digest_of(file), laptop.id, instant_text(now))
    return Opened(laptop.name, laptop.who, found.total(), known, dict(refused), unread, taken, laptop.revoked_at is None)


def _named(number: int, raw: object) -> str:
    """Return what to call something that cannot be read: by ids and kinds that are some, never by what was written."""
    said = raw if isinstance(raw, dict) else {}
    id_, entity, record = (str(said.get(name, "")) for name in ("id", "entity", "record"))
    name = f"change {id_}" if is_id(id_) else f"number {number} of them, without an id"
    about = f" of {entity} {record}" if entity in ENTITIES and is_id(record) else ""
    return name + about


def _take_carried(
    connection: Connection,
    grant: Grant,
    unsent: Outbox,
    change_bytes: int,
    moment: str,
    role: str | None,
    areas: Sequence[str] | None,
) -> dict[str, Verdict]:
    known = tuple(areas) if areas is not None else None
    courier = Courier(grant, _epoch(connection, grant.organisation), believes=True, role=role, areas=known)
    verdicts: dict[str, Verdict] = {}
    for start in range(0, len(unsent.carried), PUSH_CHANGES):
        some = [each.model_dump(mode="json") for each in unsent.carried[start : start + PUSH_CHANGES]]
        verdicts |= carry(connection, courier, some, change_bytes, moment)
    return verdicts


def _epoch(connection: Connection, organisation: str) -> str:
    house = tables.organisation.c
    return str(connection.execute(select(house.epoch).where(house.organisation == organisation)).scalar_one())


def _open(connection: Connection, organisation: str, file: bytes) -> tuple[Any, Outbox]:
    device, worker, former = tables.device.c, tables.worker.c, tables.former_credential.c
    query = (
        select(
            device.id, device.name, device.worker, device.credential_hash, device.revoked_at,
            worker.name.label("who"), worker.role, worker.areas, former.credential_hash.label("former_hash"),
        )
        .join_from(tables.device, tables.worker)
        .outerjoin(
            tables.former_credential, (former.organisation == device.organisation) & (former.device == device.id)
        )
        .where(device.organisation == organisation)
    )  # fmt: skip
    for laptop in connection.execute(query):
        # a laptop that joined again may have sealed the file under what it had before
        for kept in filter(None, (laptop.credential_hash, laptop.former_hash)):
            try:
                return laptop, unseal(file, kept)
            except NothingReadable as error:
                raise NotPossible(
                    f"the laptop {shown(laptop.name)} sealed this file, and nothing in it can be read: keep it, and ask who "
                    "looks after this program"
                ) from error
            except OutboxUnreadable:
                continue
    if is_newer(file):
        raise NotPossible("a newer program sealed this file: keep it, update this server, and take it then")
    raise NotPossible("no laptop of this organisation sealed this file, or it was altered since")
