"""The ring round what has the keyboard: it lies on no letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.text import Text

INNER = 8
"""Pixels from the ring's outer edge to the end of its innermost line."""


def link() -> QWidget:
    return Button("See how this came about", Look.LINK)


def words() -> QWidget:
    text = Text("Read it together")
    text.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return text


@pytest.mark.parametrize("make", [link, words])
def test_round_words_without_a_frame_the_ring_leaves_room_at_both_ends(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    window = QWidget()
    ring = FocusRing(window)
    target = make()
    target.setParent(window)
    target.move(40, 40)
    qtbot.addWidget(window)
    window.resize(500, 200)
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    target.setFocus()
    inside = ring.geometry().adjusted(INNER, 0, -INNER, 0)
    assert inside.contains(QRect(target.mapTo(window, QPoint(0, 0)), target.size()))
