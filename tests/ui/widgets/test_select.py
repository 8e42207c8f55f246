"""A list that opens: while it is shut its words keep clear of its arrow."""

from __future__ import annotations

from PySide6.QtWidgets import QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.field import SelectField


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
