"""A laptop joins: a one-time code becomes its credential, which stays in the encrypted file and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from ewb_desktop.storage.adopting import adopt_area, adopt_worker, know_worker
from ewb_desktop.storage.areas import EVERYWHERE
from ewb_desktop.storage.laptops import make_keys
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.sync_state import Enrolment, Progress, note_enrolment, note_progress
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire, checked_address
from sync.protocol.messages import EnrolRequest
from sync.protocol.version import PROTOCOL

_LONGEST_NAME = 80


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

    The worker of the file becomes the one whom the administrator invited: what was written before under another id is hers, and
    what was written in no area of the server goes to her first one.
    """
    line = open_wire(checked_address(address), None)
    try:
        reply = line.enrol(
            EnrolRequest(protocol=PROTOCOL, code=code.strip(), device=store.device, device_name=device_name[:_LONGEST_NAME])
        )
    finally:
        line.close()
    scope = reply.scope
    with store.write() as writing:
        adopt_worker(writing, store.author, scope.worker)
        adopt_area(writing, scope.areas[0] if scope.areas else EVERYWHERE)
        know_worker(writing, scope.worker, reply.worker_name, scope.role, scope.areas)
        note_enrolment(
            writing,
            Enrolment(line.address, reply.credential, scope.worker, reply.worker_name, reply.organisation_name),
        )
        # its public halves are told to the server in the first round
        make_keys(writing)
        # known before the first round, so that what is written until then stands in an area of the server
        note_progress(writing, Progress(role=scope.role, areas=scope.areas, classes=scope.classes))
    store.author = scope.worker
    return Joined(scope.worker, reply.worker_name, reply.organisation_name, scope.role, scope.areas)
