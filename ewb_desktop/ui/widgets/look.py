"""The colours of the three schemes, with measured contrast, found again from a widget's own palette."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.widgets.row import Tint

BODY_PX = 17
"""Height in pixels of body text at 100 %; every other size is a share of it."""

RADIUS = 8
"""Corner of buttons and fields, in pixels; a card's is half as much again."""


class Scheme(StrEnum):
    """The three looks; which one is worn follows the system unless the worker chose."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Ink:
    """A background and what is written on it."""

    fill: str
    text: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """One scheme's colours by what they are for. Text has 4.5:1 on page, card and soft; edges 3:1."""

    page: str
    card: str
    line: str
    text: str
    muted: str
    edge: str
    accent: str
    accent_deep: str
    on_accent: str
    soft: str
    on_soft: str
    crisis: str
    error: str
    good: str
    focus: str
    focus_edge: str
    notice: Ink
    notice_edge: str
    tints: dict[Tint, Ink]


LIGHT = Tokens(
    page="#f3f6f7", card="#ffffff", line="#c9d3d8", text="#212b32", muted="#4c6272", edge="#6f818d",
    accent="#005eb8", accent_deep="#004a93", on_accent="#ffffff", soft="#e8f1fa", on_soft="#003d78",
    crisis="#9b1c12", error="#b3200f", good="#007f3b", focus="#ffeb3b", focus_edge="#212b32",
    notice=Ink("#fff4d6", "#212b32"), notice_edge="#a8842c",
    tints={
        Tint.BLUE: Ink("#e8f1fa", "#003d78"), Tint.GREEN: Ink("#e6f3ec", "#00562a"),
        Tint.AMBER: Ink("#fff4d6", "#7a4a00"), Tint.VIOLET: Ink("#f0ebf8", "#5c3d8f"),
        Tint.GREY: Ink("#eef2f4", "#4c6272"),
    },
)  # fmt: skip

DARK = Tokens(
    page="#161d21", card="#1f282d", line="#3d4b53", text="#f4f7f8", muted="#bcc8ce", edge="#8b9ba5",
    accent="#8fc3ff", accent_deep="#b7d9ff", on_accent="#0d1a26", soft="#20354a", on_soft="#d4e8ff",
    crisis="#ffaea6", error="#ffaea6", good="#84dea9", focus="#ffeb3b", focus_edge="#000000",
    notice=Ink("#3a3217", "#f9f1d8"), notice_edge="#a8915a",
    tints={
        Tint.BLUE: Ink("#1d3850", "#cfe5ff"), Tint.GREEN: Ink("#1b3d2b", "#c4f0d6"),
        Tint.AMBER: Ink("#433512", "#ffe3a3"), Tint.VIOLET: Ink("#382b4f", "#e2d6fa"),
        Tint.GREY: Ink("#2f3a41", "#d5dde1"),
    },
)  # fmt: skip

_PLAIN = Ink("#000000", "#ffffff")
CONTRAST = Tokens(
    page="#000000", card="#000000", line="#ffffff", text="#ffffff", muted="#ffffff", edge="#ffffff",
    accent="#ffff00", accent_deep="#ffffff", on_accent="#000000", soft="#1f1f00", on_soft="#ffff00",
    crisis="#ffffff", error="#ffff00", good="#00ff00", focus="#00ffff", focus_edge="#000000",
    notice=_PLAIN, notice_edge="#ffff00", tints=dict.fromkeys(Tint, _PLAIN),
)  # fmt: skip

TOKENS = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.CONTRAST: CONTRAST}
_BY_PAGE = {QColor(tokens.page).rgb(): tokens for tokens in TOKENS.values()}


def tokens_of(widget: QWidget | QPalette) -> Tokens:
    """Return the colours of the scheme that the widget (or palette) wears now; light when it wears none of ours."""
    palette = widget if isinstance(widget, QPalette) else widget.palette()
    return _BY_PAGE.get(palette.color(QPalette.ColorRole.Window).rgb(), LIGHT)


def luminance(colour: QColor) -> float:
    """Return the relative luminance by WCAG 2.2, 0 (black) to 1 (white)."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio by WCAG 2.2, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
