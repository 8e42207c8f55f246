"""The colours a leaflet is printed in, read from data; every pair has enough contrast or the palette is refused."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from ewb_desktop.leaflets.errors import LeafletError

Colour = tuple[float, float, float]

LEAST_CONTRAST = 7.0
"""Every pair of colours has at least this contrast (WCAG 2.2, success criterion 1.4.6)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Ink and accent stand on paper and tint, each on each. ``order`` is its place in a list of choices.

    ``asked`` are the formats a person may have asked for that mean this palette.
    """

    id: str
    name: str
    order: int
    ink: Colour
    paper: Colour
    accent: Colour
    tint: Colour
    asked: tuple[str, ...] = ()


def load_palettes(folder: Path) -> dict[str, Palette]:
    """Read every palette in ``folder`` by id, in their order. Raises ``LeafletError`` naming one that is hard to read."""
    found: list[Palette] = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        ink, paper, accent, tint = (_colour(data[key]) for key in ("ink", "paper", "accent", "tint"))
        palette = Palette(data["id"], data["name"], data["order"], ink, paper, accent, tint, tuple(data.get("asked", ())))
        if min(contrast(dark, ground) for dark in (ink, accent) for ground in (paper, tint)) < LEAST_CONTRAST:
            raise LeafletError(f"The palette {path.name} has colours with a contrast under {LEAST_CONTRAST:g} to 1.")
        found.append(palette)
    return {palette.id: palette for palette in sorted(found, key=lambda palette: palette.order)}


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(text: str) -> Colour:
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)
