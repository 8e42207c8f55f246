"""Asks the server for a member outside the worker's area, and lays her records into the file for the hours that it gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ewb_desktop.storage.exchange.incoming import lay_page
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.holding.opened import keep_opened
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire
from sync.protocol.messages import OpenReply, OpenRequest, Sought
from sync.protocol.version import PROTOCOL

MOST_TURNS = 100
"""Pages for one member at most: far more than anybody's records fill."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is wanted, the code of a reason and the worker's own words for it.

    By ``name`` and what else she knows about them, as it stands on their record: a day of birth, a telephone number or a
    postcode; or by id.
    """

    reason: str
    words: str
    name: str = ""
    born: date | None = None
    person: str | None = None
    telephone: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: the member's id when she is here now, or is in the worker's own area."""

    sought: Sought
    person: str = ""


def open_person(store: Store, asked: Asked, open_wire: OpenWire = Wire) -> Came:
    """Ask for a member; her records are in the file when this returns, if the server opened them.

    The server writes down who asked and why, and her coordinator reads it. Raises a ``RoundFailed`` that says what was in the
    way; what had come by then stays until the time is over.
    """
    with store.read() as connection:
        enrolment = read_enrolment(connection)
    if enrolment is None:
        return Came(Sought.NOT_ALLOWED)
    wire = open_wire(enrolment.address, enrolment.credential)
    try:
        reply = wire.open(
            OpenRequest(
                protocol=PROTOCOL, reason=asked.reason, words=asked.words, name=asked.name, person=asked.person,
                born=asked.born.isoformat() if asked.born is not None else "", telephone=asked.telephone, postcode=asked.postcode,
            )
        )  # fmt: skip
        if reply.sought is not Sought.OPENED:
            return Came(reply.sought, reply.person)
        for _turn in range(MOST_TURNS):
            _lay(store, reply)
            if not reply.page.more:
                break
            reply = wire.open(OpenRequest(protocol=PROTOCOL, opening=reply.opening, after=reply.page.next))
            if reply.sought is not Sought.OPENED:
                break
    finally:
        wire.close()
    return Came(reply.sought, reply.person)


def _lay(store: Store, reply: OpenReply) -> None:
    with store.write() as writing:
        keep_opened(writing, reply.opening, reply.person, reply.seconds)
        lay_page(writing, reply.page.columns, reply.page.rows)
