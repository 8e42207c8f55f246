"""What became of every row of an import: kept, mended or left, with the reason and the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ewb_desktop.domain.directory.listing import Listing

Fate = Literal["kept", "mended", "left"]
"""Kept as published; kept after something in it was put right; not taken in."""


class DirectoryUnreadableError(Exception):
    """Nothing could be read from what was chosen. Its text says what is wrong, that nothing changed, what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its fate. A kept row may carry reasons too: things to check that were left as published."""

    where: str
    name: str
    source_id: str
    fate: Fate
    reasons: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """One line for the screen: where, which, what became of it and why."""
        title = f"{self.where}: {self.name or 'no name'}"
        fate = "left out" if self.fate == "left" else self.fate
        return f"{title} – {fate}. {' '.join(self.reasons)}".rstrip()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every row of what was chosen, each exactly once, and notes about the files as a whole.

    ``partial``: pages or services are missing from what was chosen, so that nothing follows from what is not in it.
    """

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    partial: bool = False

    def with_fate(self, fate: Fate) -> tuple[Row, ...]:
        """Return the rows of one fate, in the order they were read."""
        return tuple(row for row in self.rows if row.fate == fate)

    @property
    def kept(self) -> int:
        """How many rows were taken as published."""
        return len(self.with_fate("kept"))

    @property
    def mended(self) -> int:
        """How many rows were taken after something in them was put right."""
        return len(self.with_fate("mended"))

    @property
    def left(self) -> int:
        """How many rows were not taken in."""
        return len(self.with_fate("left"))

    @property
    def to_check(self) -> tuple[Row, ...]:
        """The rows somebody should look at: whatever was left, mended, or kept with a doubt."""
        return tuple(row for row in self.rows if row.reasons)

    @property
    def summary(self) -> str:
        """One sentence for the screen with the three counts."""
        total = len(self.rows)
        read = f"{total} {'row' if total == 1 else 'rows'} read"
        return f"{read}: {self.kept} kept, {self.mended} mended, {self.left} left out."

    def words(self) -> str:
        """Return the whole report as text: the counts, the notes, and each row that needs a look."""
        return "\n".join([self.summary, *self.notes, *(row.words for row in self.to_check)])


@dataclass(frozen=True, slots=True)
class Import:
    """What one import found: the listings to keep and the report of every row. One listing for each row not left."""

    listings: tuple[Listing, ...]
    report: ImportReport
