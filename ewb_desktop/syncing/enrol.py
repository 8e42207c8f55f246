"""A laptop joins: a one-time code becomes its credential, which stays in the encrypted file and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ewb_desktop.domain.laptop import readable_name
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.exchange.adopting import adopt_area, adopt_worker, know_worker
from ewb_desktop.storage.exchange.journal import offer_again
from ewb_desktop.storage.exchange.laptops import make_keys
from ewb_desktop.storage.exchange.looks import tell_looks_again
from ewb_desktop.storage.exchange.sync_state import (
    Enrolment,
    Progress,
    note_enrolment,
    note_progress,
    read_enrolment,
    read_progress,
)
from ewb_desktop.storage.settling.brought_held import offer_carried_again
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.troubles import NoWholeCode, OtherOrganisation
from ewb_desktop.syncing.wire import Wire, checked_address
from sync.one_time_code import read_code, spelt
from sync.protocol.messages import EnrolReply, EnrolRequest
from sync.protocol.version import PROTOCOL


@dataclass(frozen=True, slots=True)
class Joined:
    """Whom the server says that this laptop is for."""

    worker: str
    worker_name: str
    organisation_name: str
    role: str
    areas: tuple[str, ...]


def enrol(store: Store, address: str, code: str, device_name: str, open_wire: OpenWire = Wire) -> Joined:
    """Exchange ``code`` for this laptop's credential and keep it in the file; raises a ``RoundFailed`` and then keeps nothing.

    ``device_name`` is what colleagues and administrators read of this laptop.

    The worker of the file becomes the one whom the administrator invited: what was written before under another id is hers, and
    what was written in no area of the server goes to her first one. A laptop that joins its organisation again goes on as the one
    it was: what a restored server lost is offered again, and what its worker may no longer hold goes.
    """
    with store.read() as connection:
        before = read_enrolment(connection)
    told = read_code(code)
    if told is None:
        raise NoWholeCode
    if before is not None and _organisation(before.credential) != told[0]:
        # asked before the code is used up; nothing of one organisation may come to another, sent or not
        raise OtherOrganisation
    called = readable_name(device_name)
    line = open_wire(checked_address(address), None)
    try:
        reply = line.enrol(EnrolRequest(protocol=PROTOCOL, code=spelt(*told), device=store.device, device_name=called))
    finally:
        line.close()
    scope = reply.scope
    with store.write() as writing:
        again = _earlier(before, reply)
        known = read_progress(writing.connection)
        epoch, last_sent = (known.epoch, known.last_sent) if again else (None, None)
        if epoch is not None and epoch != reply.epoch:
            # before they are made hers: the restored server may know her under another id
            offer_again(writing, 0)
            offer_carried_again(writing)
            tell_looks_again(writing)
        adopt_worker(writing, store.author, scope.worker)
        adopt_area(writing, scope.areas[0] if scope.areas else EVERYWHERE)
        know_worker(writing, scope.worker, reply.worker_name, scope.role, scope.areas)
        note_enrolment(
            writing,
            Enrolment(line.address, reply.credential, scope.worker, reply.worker_name, reply.organisation_name, called),
        )
        # its public halves are told to the server in the first round
        make_keys(writing)
        # known before the first round, so that what is written until then stands in an area of the server
        now = Progress(epoch=epoch, role=scope.role, areas=scope.areas, classes=scope.classes, scope_changed=again)
        note_progress(writing, replace(now, last_sent=last_sent))
    store.author = scope.worker
    return Joined(scope.worker, reply.worker_name, reply.organisation_name, scope.role, scope.areas)


def _earlier(before: Enrolment | None, reply: EnrolReply) -> bool:
    """Say whether this file belonged to the same organisation before: what it took is never told to another."""
    if before is None or before.organisation_name != reply.organisation_name:
        return False
    return _organisation(before.credential) == reply.scope.organisation


def _organisation(credential: str) -> str:
    return credential.partition(".")[0]
