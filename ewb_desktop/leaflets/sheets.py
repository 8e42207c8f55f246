"""The paper a leaflet is printed on, read from data: its size, its margins, and how many pages lie on one sheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

MILLIMETRE = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Margins:
    """Empty paper at the sides, the top and the foot, in points."""

    side: float
    top: float
    foot: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page lies: the sheet's side, the column and the row on it, all from 0."""

    side: int
    column: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of paper. ``page`` is what is read, in points; ``across`` of them lie side by side on what is printed.

    ``margins`` are ``None`` where the style's own are meant. A ``folded`` sheet is printed on both sides and read as a booklet.
    """

    id: str
    name: str
    order: int
    page: tuple[float, float]
    margins: Margins | None = None
    across: int = 1
    folded: bool = False
    down: int = 1
    whole: tuple[float, float] | None = None

    @property
    def cards(self) -> bool:
        """Whether it is cut into cards: the same again and again, each face beside the one that lies on its back."""
        return self.down > 1

    @property
    def size(self) -> tuple[float, float]:
        """What goes through the printer, in points."""
        return self.whole or (self.page[0] * self.across, self.page[1] * self.down)

    def corner(self, place: Place) -> tuple[float, float]:
        """Return how far from the sheet's left and top edge a page lies; all together lie in the middle of it."""
        wide, high = self.size
        left, top = (wide - self.page[0] * self.across) / 2, (high - self.page[1] * self.down) / 2
        return left + place.column * self.page[0], top + place.row * self.page[1]

    def slots(self) -> list[Place]:
        """Return every card of a sheet that is cut."""
        return [Place(0, column, row) for row in range(self.down) for column in range(self.across)] if self.cards else []

    def copies(self, pages: int, *, right_to_left: bool = False) -> list[list[Place]]:
        """Return where the pages lie, once for each time that they have room on the sheet. Empty when they have none."""
        if not self.cards:
            return [self.places(pages, right_to_left=right_to_left)]
        slots = self.slots()
        if right_to_left:
            slots = [Place(slot.side, self.across - 1 - slot.column, slot.row) for slot in slots]
        each = -(-pages // self.across) * self.across
        return [slots[start : start + pages] for start in range(0, len(slots) - each + 1, each)]

    def sides(self, pages: int) -> int:
        """Return how many sides are printed for ``pages``."""
        if self.cards:
            return 1
        return (pages + 3) // 4 * 2 if self.folded else -(-pages // self.across)

    def places(self, pages: int, *, right_to_left: bool = False) -> list[Place]:
        """Return where each page lies, in reading order. A booklet's sheets lie inside each other; some pages stay empty."""
        if not self.folded:
            return [Place(number // self.across, number % self.across) for number in range(pages)]
        places = dict(_folded(pages))
        turned = [Place(place.side, 1 - place.column) if right_to_left else place for _, place in sorted(places.items())]
        return turned[:pages]


def load_sheets(folder: Path) -> dict[str, Sheet]:
    """Read every kind of paper in ``folder`` by id, in their order."""
    found: list[Sheet] = []
    for path in folder.glob("*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        told = data.get("margins_mm")
        margins = Margins(**{name: each * MILLIMETRE for name, each in told.items()}) if told else None
        wide, high = (each * MILLIMETRE for each in data["page_mm"])
        sheet = Sheet(
            data["id"], data["name"], data["order"], (wide, high), margins, data.get("across", 1), data.get("folded", False)
        )
        whole = data.get("sheet_mm")
        size = (whole[0] * MILLIMETRE, whole[1] * MILLIMETRE) if whole else None
        found.append(replace(sheet, down=data.get("down", 1), whole=size))
    return {sheet.id: sheet for sheet in sorted(found, key=lambda sheet: sheet.order)}


def _folded(pages: int) -> Iterator[tuple[int, Place]]:
    """Yield each page of a booklet that is folded in the middle, and its place: the last lies beside the first."""
    whole = (pages + 3) // 4 * 4
    for leaf in range(whole // 4):
        front, back = 2 * leaf, 2 * leaf + 1
        yield whole - 1 - 2 * leaf, Place(front, 0)
        yield 2 * leaf, Place(front, 1)
        yield 2 * leaf + 1, Place(back, 0)
        yield whole - 2 - 2 * leaf, Place(back, 1)
