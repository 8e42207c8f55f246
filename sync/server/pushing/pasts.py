"""What a push has read of the past of a record: its history is read and told once, and grows by what the push itself says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import orjson
from pydantic import JsonValue

from sync.protocol.change import ChangeKind
from sync.protocol.merge import Retelling
from sync.server.records.history import LINE_BYTES, Line

ROOM: Final = 64 << 20
"""So many bytes of histories one push keeps: beyond them the past that was asked for longest ago is read again if needed.

A push may be about hundreds of records, each with thousands of lines: all of them together may be more than the memory.
"""


class Stood(NamedTuple):
    """A line after which a field said something that everybody saw, and what it said."""

    line: Line
    value: JsonValue


class Past:
    """The past of one record. Hundreds of edits of one push may ask it: nothing of it is told anew for each of them."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines: list[Line] = []
        self.heard = 0
        """So many lines of the push were looked at, whether they are of this record."""
        self.size = 0
        """So many bytes it counts where the pasts of a push are kept within a room."""
        self._said: dict[str, list[Line]] = {}
        self._stood: dict[str, list[Stood]] = {}
        self._retelling, self._retold = Retelling(), 0
        for line in lines:
            self.add(line)

    def add(self, line: Line) -> None:
        """Add what was said after everything else."""
        self.lines.append(line)
        self.size += LINE_BYTES + len(orjson.dumps(line.fields))
        for name in line.fields:
            self._said.setdefault(name, []).append(line)

    def said(self, name: str) -> Sequence[Line]:
        """Return the lines that said something of a field, oldest first."""
        return self._said.get(name, ())

    def stood(self, name: str) -> Sequence[Stood]:
        """Return what a field said after each line that set it, oldest first; an answer that waits for a choice set nothing."""
        self.retold()
        return self._stood.get(name, ())

    def retold(self) -> Retelling:
        """Return the history as it came about, up to the last line."""
        while self._retold < len(self.lines):
            line = self.lines[self._retold]
            merged = self._retelling.fold(line.number, line.change())
            self._retold += 1
            clashing = {clash.field for clash in merged.clashes}
            for name in line.fields.keys() - clashing:
                if name in merged.overtaken and merged.record.changed.get(name) != line.number:
                    # it came too late to stand
                    continue
                self._stood.setdefault(name, []).append(Stood(line, merged.record.fields.get(name)))
        return self._retelling

    def last_turn(self, *, gone: bool) -> int:
        """Return the number of the last line that took the record off the screens, or left it on them; 0 where none did."""
        return next((line.number for line in reversed(self.lines) if (line.kind == ChangeKind.TOMBSTONE) is gone), 0)
