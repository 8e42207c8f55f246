"""Words that are painted keep the direction of their own script, whichever way the window goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from ewb_desktop.ui.widgets.painting import draw_words

AT_THE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute


def drawn(words: str, direction: Qt.LayoutDirection) -> QImage:
    """Return a picture of the words in a window of this direction."""
    image = QImage(400, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    draw_words(painter, QRect(0, 0, 400, 40), AT_THE_LEFT, words)
    assert painter.layoutDirection() == direction
    painter.end()
    return image


@pytest.mark.parametrize("words", ["A sentence that was c…", "Ask first: calls.", "(now) and later…", "عنوان طويل جدا…"])
def test_the_end_of_a_sentence_stays_at_its_end(qapp: QApplication, words: str) -> None:
    assert qapp is not None
    assert drawn(words, Qt.LayoutDirection.RightToLeft) == drawn(words, Qt.LayoutDirection.LeftToRight)
