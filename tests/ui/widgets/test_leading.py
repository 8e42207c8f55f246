"""A text box begins at the side from which its words are read."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.field import TextArea

LEFT, RIGHT = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft


def begins_at_the_right(field: TextArea) -> bool:
    """Tell where the first line begins, by where the cursor before its first letter stands."""
    cursor = QTextCursor(field.area.document())
    return field.area.cursorRect(cursor).center().x() > field.area.viewport().width() / 2


@pytest.mark.parametrize("window", [LEFT, RIGHT])
@pytest.mark.parametrize(("words", "at_the_right"), [("Sleeps badly", False), ("12: النوم سيئ", True)])
def test_words_begin_where_they_are_read_from(qtbot: QtBot, window: Qt.LayoutDirection, words: str, at_the_right: bool) -> None:
    field = TextArea("Their words")
    qtbot.addWidget(field)
    field.setLayoutDirection(window)
    field.show()
    field.value = words
    assert begins_at_the_right(field) is at_the_right


@pytest.mark.parametrize("window", [LEFT, RIGHT])
def test_an_empty_box_begins_where_the_window_does(qtbot: QtBot, window: Qt.LayoutDirection) -> None:
    field = TextArea("Their words")
    qtbot.addWidget(field)
    field.show()
    field.setLayoutDirection(window)
    assert begins_at_the_right(field) is (window == RIGHT)
