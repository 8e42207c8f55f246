"""The paper a leaflet is printed on, read from data: its size, its margins, and how many pages lie on one sheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
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
    """Where a page lies: the sheet's side (from 0) and the column on it."""

    side: int
    column: int


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

    @property
    def size(self) -> tuple[float, float]:
        """What goes through the printer, in points."""
        return self.page[0] * self.across, self.page[1]

    def sides(self, pages: int) -> int:
        """Return how many sides are printed for ``pages``."""
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
        found.append(
            Sheet(
                data["id"], data["name"], data["order"], (wide, high), margins, data.get("across", 1), data.get("folded", False)
            )
        )
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
