"""Words that are painted keep the direction of their own script, whichever way the window goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.painting import draw_words
from ewb_desktop.ui.widgets.text import Kind, Text

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


@pytest.mark.parametrize("sign", [*"\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"], ids=ascii)
def test_a_name_from_elsewhere_turns_no_sentence_round(qtbot: QtBot, sign: str) -> None:
    label = Text(f"You met {sign}Amina on Tuesday", Kind.BODY)
    qtbot.addWidget(label)
    assert label.text() == "You met Amina on Tuesday"
    label.setText(f"{sign}Amina")
    assert label.text() == "Amina"


def test_what_is_drawn_in_a_list_is_not_turned_round(qapp: QApplication) -> None:
    assert qapp is not None
    assert drawn("\u202eAmina Hasim", Qt.LayoutDirection.LeftToRight) == drawn("Amina Hasim", Qt.LayoutDirection.LeftToRight)
