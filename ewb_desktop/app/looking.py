"""Writes down whose pages were opened, beside the window: the server's audit says who looked at what, also without a line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from ewb_desktop.storage.exchange.looks import note_look
from ewb_desktop.storage.store import Store
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.destinations import Destination, ToHistory
from sync.protocol.messages import LookKind


def looked_at(destination: Destination) -> tuple[LookKind, str, str] | None:
    """Return what is seen of whom at a destination: how, which kind of record, its id; None where nobody is seen."""
    if isinstance(destination, ToHistory):
        return (LookKind.HISTORY, destination.entity, destination.record) if destination.record else None
    person = getattr(destination, "person", None)
    return (LookKind.VIEW, "person", person) if person else None


def look_noter(store: Store, background: Background, owner: QObject) -> Callable[[Destination], None]:
    """Return what notes a look at a page that was opened; the page does not wait for it."""

    def note(destination: Destination) -> None:
        seen = looked_at(destination)
        if seen is not None:
            # not behind a round that fills the lane: the laptop may be locked before it ends
            background.run(lambda _job: note_look(store, *seen), owner=owner, in_lane=False)

    return note
