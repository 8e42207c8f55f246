"""A long list: it reads only what is seen, and the keyboard chooses in it only when a key says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.virtual_list import VirtualList
from tests.support.gallery import Rows


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT, 100)


def shown(qtbot: QtBot, view: VirtualList) -> None:
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    QApplication.processEvents()


def test_a_list_of_a_hundred_thousand_reads_only_what_is_seen(qtbot: QtBot) -> None:
    view = VirtualList("Services")
    view.setModel(Rows(100_000, view))
    view.resize(500, 400)
    shown(qtbot, view)
    view.setFocus()
    with qtbot.waitSignal(view.picked) as told:
        QTest.keyClick(view, Qt.Key.Key_End)
    assert told.args is not None
    assert told.args[0].key == 99_999


def come_by(qtbot: QtBot) -> tuple[VirtualList, list[object], list[object]]:
    """Return a list in which nothing is chosen, with the keyboard on it, and what it tells as picked and as opened."""
    view = VirtualList("Services")
    view.setModel(Rows(5, view))
    picked: list[object] = []
    opened: list[object] = []
    view.picked.connect(lambda row: picked.append(row.key))
    view.opened.connect(lambda row: opened.append(row.key))
    shown(qtbot, view)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    return view, picked, opened


def test_a_list_that_the_keyboard_comes_by_chooses_nothing(qtbot: QtBot) -> None:
    view, picked, _opened = come_by(qtbot)
    assert (picked, view.selectedIndexes()) == ([], [])


@pytest.mark.parametrize(
    ("key", "row", "opens"), [(Qt.Key.Key_Space, 0, []), (Qt.Key.Key_Return, 0, [0]), (Qt.Key.Key_Down, 1, [])]
)
def test_a_key_chooses_in_a_list_and_marks_the_row(qtbot: QtBot, key: Qt.Key, row: int, opens: list[object]) -> None:
    view, picked, opened = come_by(qtbot)
    QTest.keyClick(view, key)
    assert (picked, [index.row() for index in view.selectedIndexes()], opened) == ([row], [row], opens)


def test_the_row_that_the_keyboard_is_on_is_outlined_while_nothing_is_chosen(qtbot: QtBot) -> None:
    view, _picked, _opened = come_by(qtbot)
    with_keyboard = view.grab().toImage()
    view.clearFocus()
    QApplication.processEvents()
    assert with_keyboard != view.grab().toImage()


def test_the_ring_stands_round_the_rows_and_not_round_the_room_under_them(qtbot: QtBot) -> None:
    holder = QWidget()
    ring = FocusRing(holder)
    view = VirtualList("Services", parent=holder)
    view.setGeometry(20, 20, 400, 600)
    view.setModel(Rows(2, view))
    qtbot.addWidget(holder)
    holder.resize(500, 700)
    holder.show()
    holder.activateWindow()
    QApplication.processEvents()
    view.setFocus()
    row = view.sizeHintForRow(0)
    assert ring.height() == 2 * row + 2 * FocusRing.REACH
    view.setModel(Rows(4, view))
    qtbot.waitUntil(lambda: ring.height() == 4 * row + 2 * FocusRing.REACH)
    view.setModel(Rows(40, view))
    qtbot.waitUntil(lambda: ring.height() == 600 + 2 * FocusRing.REACH)
