"""A line of parts that wraps: where its last parts stand, with room for all and without."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.widgets.flow import Flow


def placed(qtbot: QtBot, width: int, *, right_to_left: bool = False) -> list[tuple[int, int]]:
    """Return where three parts of 100 by 20 stand, of which the last two belong at the end."""
    parts = [QWidget() for _ in range(3)]
    for part in parts:
        part.setFixedSize(100, 20)
    flow = Flow(parts, spacing=10, at_end=2)
    qtbot.addWidget(flow)
    if right_to_left:
        flow.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    flow.resize(width, 100)
    flow.show()
    return [(part.x(), part.y()) for part in parts]


@pytest.mark.parametrize(("right_to_left", "expected"), [(False, [0, 290, 400]), (True, [400, 110, 0])])
def test_the_last_parts_stand_at_the_end_of_a_line_that_holds_all(qtbot: QtBot, right_to_left: bool, expected: list[int]) -> None:
    assert [x for x, _ in placed(qtbot, 500, right_to_left=right_to_left)] == expected


def test_in_several_lines_all_stand_at_the_beginning(qtbot: QtBot) -> None:
    assert placed(qtbot, 250) == [(0, 0), (110, 0), (0, 30)]
