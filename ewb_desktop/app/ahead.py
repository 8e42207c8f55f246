"""Loads what is behind the door while the passphrase is typed: the store takes a second to load, the pages half of one."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Sequence

BEHIND_THE_DOOR = ("ewb_desktop.storage.vault", "ewb_desktop.storage.store", "ewb_desktop.app.office")
"""In the order in which an unlocking asks for them: one that comes before its turn waits for Python's own lock on it."""


def load_ahead(rooms: Sequence[str] = BEHIND_THE_DOOR) -> threading.Thread:
    """Begin to load ``rooms`` beside the window; return the thread. Called once the first window is painted."""

    def load() -> None:
        for room in rooms:
            importlib.import_module(room)

    thread = threading.Thread(target=load, name="load-ahead")
    thread.start()
    return thread
