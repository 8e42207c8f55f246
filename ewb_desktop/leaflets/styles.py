"""How a leaflet looks: sizes, spaces, colours and faces, read from data and checked against the rules of clear print."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.palettes import Colour, Palette
from ewb_desktop.leaflets.sheets import MILLIMETRE, Margins, Sheet
from ewb_desktop.leaflets.text.faces import Face, FaceStack, Script

FLOOR = 12.0
"""No text is smaller, in points (RNIB clear print)."""
LARGE = 16.0
"""From here on it is large print (UKAAF G003), in which nothing is smaller than the text."""


@dataclass(frozen=True, slots=True)
class Style:
    """One format. Lengths are in points; ``headings`` are the sizes of levels 1 to 3; ``leading`` is times the size.

    ``sheets`` are the ids of the paper it may be printed on. ``asked`` are the formats a person may have asked for that mean
    this style; a style without any is chosen by its size. ``topics`` are what it can print; none means everything;
    ``source`` is the format of the leaflets it prints, with each picture beside its sentence in easy read. ``rule``
    says whether a short line stands under the title. ``page`` and the colours are those of the paper it lies on now;
    ``own`` are the margins where that paper has none of its own.
    """

    id: str
    name: str
    sheets: tuple[str, ...]
    asked: tuple[str, ...]
    topics: tuple[str, ...]
    source: str
    own: Margins
    page: tuple[float, float]
    side: float
    top: float
    foot: float
    size: float
    small: float
    leading: float
    headings: tuple[float, float, float]
    heading_leading: float
    rule: bool
    ink: Colour
    paper: Colour
    accent: Colour
    tint: Colour
    regular: FaceStack
    bold: FaceStack

    @property
    def measure(self) -> float:
        """The width of the text, in points."""
        return self.page[0] - 2 * self.side

    def on(self, sheet: Sheet, palette: Palette) -> Style:
        """Return the same format on other paper and in other colours."""
        room = sheet.margins or self.own
        return replace(
            self, page=sheet.page, side=room.side, top=room.top, foot=room.foot,
            ink=palette.ink, paper=palette.paper, accent=palette.accent, tint=palette.tint,
        )  # fmt: skip


def load_styles(folder: Path, faces_folder: Path, sheet: Sheet, palette: Palette) -> dict[str, Style]:
    """Read every style in ``folder`` with faces from ``faces_folder``, each face once, by id, as it is on ``sheet``.

    Raises ``LeafletError`` naming the file when a style breaks the rules of clear print.
    """
    faces: dict[str, Face] = {}

    def face(name: str, *, ligatures: bool = True) -> Face:
        if name not in faces:
            faces[name] = Face(faces_folder / name, ligatures=ligatures)
        return faces[name]

    scripts = _scripts(tomllib.loads((faces_folder / "scripts.toml").read_text(encoding="utf-8"))["script"], face)

    def stack(named: dict[str, Any], weight: str) -> FaceStack:
        read = (face(name, ligatures=named.get("ligatures", True)) for name in named[weight])
        return FaceStack(tuple(read), scripts[weight])

    styles: dict[str, Style] = {}
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        style = _style(data, stack, sheet, palette)
        _check(style, path.name)
        styles[style.id] = style
    return styles


def _scripts(entries: list[dict[str, Any]], face: Callable[[str], Face]) -> dict[str, tuple[Script, ...]]:
    """Return the scripts by weight. What a bold face lacks is taken from the regular one."""
    weights = {
        weight: tuple(
            Script(
                face(entry[weight]), frozenset(entry["languages"]), entry.get("leading", 0.0), frozenset(entry.get("signs", ""))
            )
            for entry in entries
        )
        for weight in ("regular", "bold")
    }
    weights["bold"] += tuple(Script(script.face) for script in weights["regular"])
    return weights


def _style(data: dict[str, Any], stack: Any, sheet: Sheet, palette: Palette) -> Style:
    sizes = data["sizes"]
    own = Margins(**{name: each * MILLIMETRE for name, each in data["margins_mm"].items()})
    return Style(
        id=data["id"],
        name=data["name"],
        sheets=tuple(data["sheets"]),
        asked=tuple(data.get("asked", ())),
        topics=tuple(data.get("topics", ())),
        source=data.get("source", ""),
        own=own,
        page=sheet.page,
        side=own.side,
        top=own.top,
        foot=own.foot,
        size=float(sizes["text"]),
        small=float(sizes["small"]),
        leading=float(sizes["leading"]),
        headings=(float(sizes["heading_1"]), float(sizes["heading_2"]), float(sizes["heading_3"])),
        heading_leading=float(sizes["heading_leading"]),
        rule=data.get("rule", True),
        ink=palette.ink,
        paper=palette.paper,
        accent=palette.accent,
        tint=palette.tint,
        regular=stack(data["faces"], "regular"),
        bold=stack(data["faces"], "bold"),
    )


def _check(style: Style, file: str) -> None:
    floor = style.size if style.size >= LARGE else FLOOR
    if min(style.size, style.small, *style.headings) < floor:
        raise LeafletError(f"The style {file} has text under {floor:g} points. Nothing was loaded from it.")
