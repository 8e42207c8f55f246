"""A fault that a page has in one look only is found, and so is one that shows only on the way to a look or as it is made."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.look import TOKENS, Scheme, tokens_of
from ewb_desktop.ui.widgets.text import Kind, Text
from tests.support.looks import IN_TURN, MADE_IN, Look, expect_accessible

WORDS = "Words to read"


class FaintIn(QLabel):
    """Grey on grey in one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        super().__init__(WORDS)
        self._scheme = scheme

    def paintEvent(self, event: QPaintEvent) -> None:
        if tokens_of(self) is not TOKENS[self._scheme]:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#666666"))
        painter.setPen(QColor("#777777"))
        painter.drawText(self.rect(), WORDS)
        painter.end()


class RoomForPlainWords(QLabel):
    """Takes more room only when the text size changes, not when it is made at a large one."""

    def __init__(self) -> None:
        super().__init__(WORDS)
        self.setFixedSize(240, 24)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.isVisible():
            self.setFixedSize(480, 48)


def small() -> QWidget:
    label = QLabel(WORDS)
    font = label.font()
    font.setPixelSize(17)
    label.setFont(font)
    return label


def cramped() -> QWidget:
    label = Text(WORDS, Kind.BODY)
    label.setFixedSize(240, 24)
    return label


def at_the_left() -> QWidget:
    box = QWidget()
    box.setMinimumHeight(120)
    Button("At the left", parent=box).setGeometry(5, 5, 300, 90)
    return box


def page_of(part: Callable[[], QWidget]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(Button("First", name="first"))
        column.addWidget(part())
        column.addWidget(Button("Last", name="last"))
        column.addStretch(1)
        return page

    return make


@pytest.mark.parametrize("look", [IN_TURN, MADE_IN])
def test_a_page_without_faults_has_none_in_any_look(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, page_of(lambda: Text(WORDS, Kind.BODY)))


@pytest.mark.parametrize(
    ("part", "look", "said"),
    [
        (lambda: FaintIn(Scheme.LIGHT), IN_TURN, "light-200-rtl: .* text-contrast"),
        (lambda: FaintIn(Scheme.DARK), IN_TURN, "dark-200-ltr: .* text-contrast"),
        (lambda: FaintIn(Scheme.CONTRAST), IN_TURN, "contrast-100-ltr: .* text-contrast"),
        (lambda: FaintIn(Scheme.CONTRAST), MADE_IN, "contrast-200-rtl: .* text-contrast"),
        (small, IN_TURN, "light-200-ltr: .* text-not-scaled"),
        (small, IN_TURN, "dark-200-rtl: .* text-not-scaled"),
        (cramped, IN_TURN, "dark-200-rtl: .* text-cut"),
        (RoomForPlainWords, MADE_IN, "contrast-200-rtl: .* text-cut"),
        (at_the_left, IN_TURN, "light-200-rtl: .* not-mirrored"),
        (at_the_left, IN_TURN, "dark-100-rtl: .* not-mirrored"),
        (at_the_left, MADE_IN, "contrast-200-rtl: .* not-mirrored"),
    ],
)  # fmt: skip
def test_a_fault_of_one_look_is_found_in_it(qtbot: QtBot, part: Callable[[], QWidget], look: Look, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        expect_accessible(qtbot, look, page_of(part))
