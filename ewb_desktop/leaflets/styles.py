"""How a leaflet looks: sizes, spaces, colours and faces, read from data and checked against the rules of clear print."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ewb_desktop.leaflets.errors import LeafletError
from ewb_desktop.leaflets.text.faces import Face, FaceStack

Colour = tuple[float, float, float]

MILLIMETRE = 72 / 25.4
FLOOR = 12.0
"""No text is smaller, in points (RNIB clear print)."""
LARGE = 16.0
"""From here on it is large print (UKAAF G003), in which nothing is smaller than the text."""
LEAST_CONTRAST = 7.0
"""Every pair of colours has at least this contrast (WCAG 2.2, success criterion 1.4.6)."""
_PAGES = {"A4": (210 * MILLIMETRE, 297 * MILLIMETRE), "A5": (148 * MILLIMETRE, 210 * MILLIMETRE)}


@dataclass(frozen=True, slots=True)
class Style:
    """One format. Lengths are in points; ``headings`` are the sizes of levels 1 to 3; ``leading`` is times the size."""

    id: str
    name: str
    page: tuple[float, float]
    side: float
    top: float
    foot: float
    size: float
    small: float
    leading: float
    headings: tuple[float, float, float]
    heading_leading: float
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


def load_styles(folder: Path, faces_folder: Path) -> dict[str, Style]:
    """Read every style in ``folder`` with faces from ``faces_folder``, each face once, by id.

    Raises ``LeafletError`` naming the file when a style breaks the rules of clear print.
    """
    faces: dict[str, Face] = {}

    def stack(names: list[str]) -> FaceStack:
        for name in names:
            if name not in faces:
                faces[name] = Face(faces_folder / name)
        return FaceStack(tuple(faces[name] for name in names))

    styles: dict[str, Style] = {}
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        style = _style(data, stack)
        _check(style, path.name)
        styles[style.id] = style
    return styles


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(text: str) -> Colour:
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def _style(data: dict[str, Any], stack: Any) -> Style:
    margins, sizes, colours = data["margins_mm"], data["sizes"], data["colours"]
    return Style(
        id=data["id"],
        name=data["name"],
        page=_PAGES[data["page"]],
        side=margins["side"] * MILLIMETRE,
        top=margins["top"] * MILLIMETRE,
        foot=margins["foot"] * MILLIMETRE,
        size=float(sizes["text"]),
        small=float(sizes["small"]),
        leading=float(sizes["leading"]),
        headings=(float(sizes["heading_1"]), float(sizes["heading_2"]), float(sizes["heading_3"])),
        heading_leading=float(sizes["heading_leading"]),
        ink=_colour(colours["ink"]),
        paper=_colour(colours["paper"]),
        accent=_colour(colours["accent"]),
        tint=_colour(colours["tint"]),
        regular=stack(data["faces"]["regular"]),
        bold=stack(data["faces"]["bold"]),
    )


def _check(style: Style, file: str) -> None:
    floor = style.size if style.size >= LARGE else FLOOR
    if min(style.size, style.small, *style.headings) < floor:
        raise LeafletError(f"The style {file} has text under {floor:g} points. Nothing was loaded from it.")
    for ink in (style.ink, style.accent):
        for ground in (style.paper, style.tint):
            if contrast(ink, ground) < LEAST_CONTRAST:
                raise LeafletError(f"The style {file} has colours with a contrast under {LEAST_CONTRAST:g} to 1.")
