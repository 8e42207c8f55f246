"""Asks the server for the whole history of a record, and keeps it in the file for when there is no line."""

from __future__ import annotations

from ewb_desktop.storage.cards.history import keep_heard
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.pull import HISTORY_LINE
from ewb_desktop.syncing.wire import Wire
from sync.protocol.messages import HistoryRequest
from sync.protocol.version import PROTOCOL

MOST_TURNS = 40
"""Requests for one record at most: 20,000 lines."""


def fetch_history(store: Store, record: str, open_wire: OpenWire = Wire) -> int:
    """Ask for everything that was done to ``record``; return how many lines came. The server writes down who looked.

    Nothing comes for a record that this worker may not hold. Raises a ``RoundFailed`` that says what was in the way.
    """
    with store.read() as connection:
        enrolment = read_enrolment(connection)
    if enrolment is None:
        return 0
    wire = open_wire(enrolment.address, enrolment.credential)
    came, after = 0, 0
    try:
        for _turn in range(MOST_TURNS):
            reply = wire.history(HistoryRequest(protocol=PROTOCOL, record=record, after=after))
            lines = [line for line in reply.lines if len(line) == HISTORY_LINE and line[2] == record]
            with store.write() as writing:
                came += keep_heard(writing, lines)
            if not reply.more or not lines:
                break
            after = int(lines[-1][0])
    finally:
        wire.close()
    return came
