"""A list that opens: while it is shut its words keep clear of its arrow."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.look import Scheme


def test_words_that_are_too_long_for_a_shut_list_are_cut_before_its_arrow(qtbot: QtBot) -> None:
    words = "a need that somebody told at some length " * 4
    field = SelectField("What it is about", [(1, words), (2, "short")])
    qtbot.addWidget(field)
    field.resize(300, 80)
    field.show()
    option = QStyleOptionComboBox()
    field.combo.initStyleOption(option)
    assert option.currentText.endswith("…")
    assert field.combo.fontMetrics().horizontalAdvance(option.currentText) < field.combo.width() - 20
    assert field.combo.currentText() == words
    field.value = 2
    field.combo.initStyleOption(option)
    assert option.currentText == "short"


@pytest.mark.parametrize("right_to_left", [False, True])
def test_long_words_leave_the_arrow_of_a_shut_list_as_it_is(qtbot: QtBot, qapp: QApplication, right_to_left: bool) -> None:
    theme.apply(qapp, Scheme.LIGHT, 100, right_to_left=right_to_left)
    field = SelectField("What it is about", [(1, "a need that somebody told at some length " * 4), (2, "")])
    qtbot.addWidget(field)
    field.resize(300, 80)
    field.show()
    field.value = 1
    arrow = field.combo.rect().adjusted(0, 0, -275, 0) if right_to_left else field.combo.rect().adjusted(275, 0, 0, 0)
    assert arrow.width() == 25
    beside_words = field.combo.grab(arrow).toImage()
    field.value = 2
    assert field.combo.grab(arrow).toImage() == beside_words
    theme.apply(qapp, Scheme.LIGHT, 100)


def arrow_width(qtbot: QtBot, qapp: QApplication, percent: int) -> int:
    """Return how many columns of pixels the arrow of a list without words is drawn in."""
    theme.apply(qapp, Scheme.LIGHT, percent)
    field = SelectField("What it is about", [(1, ""), (2, "Words")])
    qtbot.addWidget(field)
    field.resize(500, 160)
    field.show()
    inside = field.combo.rect().adjusted(8, 8, -8, -8)
    image = field.combo.grab(inside).toImage()
    ground = image.pixel(0, 0)
    drawn = [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))]
    return drawn[-1] - drawn[0] + 1


def test_the_arrow_grows_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    small, large = arrow_width(qtbot, qapp, 100), arrow_width(qtbot, qapp, 200)
    theme.apply(qapp, Scheme.LIGHT, 100)
    assert 1.8 * small < large < 2.2 * small
