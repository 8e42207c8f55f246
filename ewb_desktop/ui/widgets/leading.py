"""At which side the lines of a text box begin: at the right for Arabic, at the left for English, as in boxes of one line."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit


def begin_where_the_words_do(area: QPlainTextEdit) -> None:
    """Have what stands in ``area`` begin at the side from which it is read, now and whenever it changes.

    Qt's own plain text boxes begin every line at the left, also those that are read from the right.
    """
    area.textChanged.connect(lambda: lead(area))
    lead(area)


def lead(area: QPlainTextEdit) -> None:
    """Align the lines of ``area`` now. The first letter with a direction decides for all; where there is none, the window."""
    rightward = _is_from_the_right(area.toPlainText())
    if rightward is None:
        rightward = area.isRightToLeft()
    side = Qt.AlignmentFlag.AlignRight if rightward else Qt.AlignmentFlag.AlignLeft
    option = area.document().defaultTextOption()
    if option.alignment() != side:
        option.setAlignment(side)
        area.document().setDefaultTextOption(option)


def _is_from_the_right(text: str) -> bool | None:
    directions = (unicodedata.bidirectional(letter) for letter in text)
    first = next((each for each in directions if each in {"L", "R", "AL"}), None)
    return None if first is None else first != "L"
