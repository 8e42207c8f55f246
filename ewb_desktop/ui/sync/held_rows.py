"""The rows of changes that the server did not take: each keeps its place, and the keyboard, while it is sent once more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ewb_desktop.storage.settling.held import HeldChange
from ewb_desktop.ui.widgets.row import Row

UNDER_WAY = "It is sent again now."


class HeldRows:
    """Gives rows keys that stay when a change is made anew under another id."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._ids: dict[str, str] = {}

    def id_of(self, key: str) -> str:
        """Return the change that a row stands for, itself where there is no such row."""
        return self._ids.get(key, key)

    def lay(self, held: Sequence[tuple[HeldChange, Row]], under_way: Collection[tuple[str, str]]) -> list[Row]:
        """Return the rows to show: those of ``held``, and where they stood those of the records ``under_way``."""
        now: dict[str, Row] = {}
        self._ids = {}
        for change, row in held:
            key = _free(f"{change.entity}/{change.record}", now)
            now[key] = replace(row, key=key)
            self._ids[key] = change.id
        waiting = {f"{entity}/{record}" for entity, record in under_way}.difference(now)
        kept = {key: replace(row, detail=UNDER_WAY, opener="") for key, row in self._rows.items() if key in waiting}
        places = {key: place for place, key in enumerate(self._rows)}
        self._rows = dict(sorted({**now, **kept}.items(), key=lambda one: places.get(one[0], len(places))))
        return list(self._rows.values())


def _free(key: str, taken: Collection[str]) -> str:
    number = 1
    while (free := key if number == 1 else f"{key}/{number}") in taken:
        number += 1
    return free
