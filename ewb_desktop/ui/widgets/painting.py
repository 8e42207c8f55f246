"""Strokes shared by the painted widgets: rounded boxes, words and their size when they are wrapped."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

WRAP = int(Qt.TextFlag.TextWordWrap.value)

BREAK = "\u200b"
"""Zero width: a place where a line may end within a word."""

LONGEST_WORD, BREAK_EVERY = 40, 16
"""Letters: a word longer than the first may end a line after each of the second."""

_LONG_WORD = re.compile(rf"[^\s{BREAK}]{{{LONGEST_WORD + 1},}}")
_PIECE = re.compile(rf"(.{{{BREAK_EVERY}}})(?=.)")


_TURN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""What turns words round. The program writes none; in what came from elsewhere it would turn the rest of the sentence too."""


def unturned(text: str) -> str:
    """Return ``text`` without signs that say in which direction it runs: its own letters say it."""
    return text if text.isascii() else text.translate(_TURN)


def breakable(text: str) -> str:
    """Return ``text`` with places where its longest words may be broken; a layout would grow as wide as such a word.

    What would turn it round is left out.
    """
    text = unturned(text)
    return _LONG_WORD.sub(lambda word: _PIECE.sub(rf"\1{BREAK}", word.group()), text) if len(text) > LONGEST_WORD else text


def draw_box(painter: QPainter, rect: QRect, fill: str, edge: str = "", width: float = 1, radius: float = 8) -> None:
    """Fill a rounded box; the edge lies inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if edge else 0
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def draw_words(painter: QPainter, rect: QRect, flags: int | Qt.AlignmentFlag, words: str) -> None:
    """Draw words in the direction of their own script, as labels do; ``flags`` say the side as it is seen, in both directions.

    In a window from right to left the dots or the full stop of an English sentence stay at its end.
    """
    direction = painter.layoutDirection()
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(rect, flags, unturned(words))
    painter.setLayoutDirection(direction)


def widest_word(metrics: QFontMetrics, text: str) -> int:
    """Return the width in pixels below which ``text`` can wrap no further."""
    return max((metrics.horizontalAdvance(word) for word in text.replace(BREAK, " ").split()), default=0)


def wrapped_height(metrics: QFontMetrics, text: str, width: int) -> int:
    """Return the height in pixels of ``text`` wrapped to ``width``."""
    flags = int(Qt.AlignmentFlag.AlignLeft.value) | WRAP
    return metrics.boundingRect(QRect(0, 0, max(1, width), 100_000), flags, text).height()
