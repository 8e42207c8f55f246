"""Asks a server that was restored anew who changed what: what was heard before stood under numbers that mean nothing now."""

from __future__ import annotations

from typing import Final

from ewb_desktop.storage.cards.history import keep_heard, note_heard_of, records_to_hear_of
from ewb_desktop.storage.exchange.sync_state import is_settled
from ewb_desktop.storage.holding.opened import read_opened
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.by_name import ask_by_name
from ewb_desktop.syncing.pull import heard_in
from ewb_desktop.syncing.troubles import Revoked, RoundFailed, UnknownLaptop
from ewb_desktop.syncing.wire import Wire

AT_ONCE: Final = 100
"""Records whose history one request asks for: about 100 kB of it, and no more than a page."""


def hear_again(store: Store, wire: Wire) -> None:
    """Ask for the history of those records of which this laptop knew more before the restore than it does now.

    What a line that breaks leaves out is asked for after the next round; what is too large for the answer is left to be asked
    for when somebody opens the record. Raises a ``RoundFailed`` only where this laptop was signed off.
    """
    with store.read() as connection:
        wanted, opened = records_to_hear_of(connection), tuple(one.opening for one in read_opened(connection))
        if not is_settled(connection):
            return
    try:
        for some, reply in ask_by_name(wire, wanted, opened, AT_ONCE, history=True):
            with store.write() as writing:
                keep_heard(writing, heard_in(reply.page) if reply is not None else ())
                note_heard_of(writing, some)
    except (Revoked, UnknownLaptop):
        raise
    except RoundFailed:
        return
