"""Strokes shared by the painted widgets: rounded boxes, words and their size when they are wrapped."""

from __future__ import annotations

import re
from math import ceil
from unicodedata import bidirectional

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption

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
    if draw_against_right(painter, rect, flags, unturned(words)):
        return
    direction = painter.layoutDirection()
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(rect, flags, unturned(words))
    painter.setLayoutDirection(direction)


def runs_right_to_left(words: str) -> bool:
    """Say whether the first letter that has a direction runs from right to left, as Qt does."""
    return not words.isascii() and next((way for way in map(bidirectional, words) if way in ("L", "R", "AL")), "L") != "L"


def draw_against_right(painter: QPainter, rect: QRect, flags: int | Qt.AlignmentFlag, words: str) -> bool:
    """Draw words of a script from right to left that wrap against the right side; say whether they are such words.

    Qt's own drawing takes the blank at which a line ends off twice there: lines stand away from the side, and lose letters at
    the other one.
    """
    asked = int(getattr(flags, "value", flags))
    if not (asked & WRAP and asked & Qt.AlignmentFlag.AlignRight.value and runs_right_to_left(words)):
        return False
    layout = QTextLayout(words.replace("\n", "\u2028"), painter.font())
    option = QTextOption(Qt.AlignmentFlag.AlignRight)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    leading = max(0, painter.fontMetrics().leading())
    layout.beginLayout()
    tall = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(rect.width())
        line.setPosition(QPointF(0, ceil(tall)))
        tall = ceil(tall) + line.height() + leading
    layout.endLayout()
    spare = rect.height() - ceil(tall - leading)
    down = (
        spare // 2 if asked & Qt.AlignmentFlag.AlignVCenter.value else spare if asked & Qt.AlignmentFlag.AlignBottom.value else 0
    )
    layout.draw(painter, QPointF(rect.x(), rect.y() + down))
    return True


def widest_word(metrics: QFontMetrics, text: str) -> int:
    """Return the width in pixels below which ``text`` can wrap no further."""
    return max((metrics.horizontalAdvance(word) for word in text.replace(BREAK, " ").split()), default=0)


def wrapped_height(metrics: QFontMetrics, text: str, width: int) -> int:
    """Return the height in pixels of ``text`` wrapped to ``width``."""
    flags = int(Qt.AlignmentFlag.AlignLeft.value) | WRAP
    return metrics.boundingRect(QRect(0, 0, max(1, width), 100_000), flags, text).height()
