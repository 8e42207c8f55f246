"""Words that are painted keep the direction of their own script, whichever way the window goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.painting import WRAP, draw_words, wrapped_height
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


ARABIC = "تتصل بأختها وتمشي مع الكلب كل صباح ثم تتصل بأختها وتمشي مع الكلب كل صباح ثم تتصل بأختها"


def ends(image: QImage, lines: int) -> list[tuple[int, int]]:
    """Return where the ink of each line begins and ends, measured from the two sides of the picture."""
    tall = image.height() / lines
    inked = []
    for line in range(lines):
        rows = range(round(line * tall), round((line + 1) * tall))
        columns = [x for x in range(image.width()) if any(image.pixelColor(x, y).lightness() < 128 for y in rows)]
        inked.append((columns[0], image.width() - 1 - columns[-1]))
    return inked


def label_drawn(qtbot: QtBot, width: int) -> tuple[QImage, int]:
    """Return a picture of a label from right to left that wraps at this width, and its number of lines."""
    label = Text(ARABIC)
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.addWidget(label)
    tall = label.heightForWidth(width)
    label.resize(width, tall)
    image = label.grab().toImage()
    return image, round(tall / label.fontMetrics().lineSpacing())


@pytest.mark.parametrize("width", [200, 237, 263, 300])
def test_lines_from_right_to_left_begin_at_the_side_and_lose_no_letter_at_the_other(qtbot: QtBot, width: int) -> None:
    found = ends(*label_drawn(qtbot, width))
    assert len(found) > 1
    assert max(right for _, right in found) <= 2


def test_painted_words_from_right_to_left_begin_at_the_side(qapp: QApplication) -> None:
    metrics = QFontMetrics(qapp.font())
    tall = wrapped_height(metrics, ARABIC, 260)
    image = QImage(260, tall, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(qapp.font())
    at_the_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignTop
    draw_words(painter, QRect(0, 0, 260, tall), at_the_right.value | WRAP, ARABIC)
    painter.end()
    found = ends(image, round(tall / metrics.lineSpacing()))
    assert len(found) > 1
    assert max(right for _, right in found) <= 2


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
