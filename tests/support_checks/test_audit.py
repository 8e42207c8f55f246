"""The accessibility gate finds each fault that is planted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QFont, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.focus_ring import FocusRing
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.scroll_page import ScrollPage
from tests.support.audit import faults


def nameless(page: QWidget) -> None:
    button = QPushButton("")
    button.setMinimumSize(40, 40)
    _add(page, button)


def unbound(page: QWidget) -> None:
    _add(page, QLineEdit())


def picture(page: QWidget) -> None:
    label = QLabel()
    pixmap = QPixmap(30, 30)
    pixmap.fill(QColor("teal"))
    label.setPixmap(pixmap)
    _add(page, label)


def twins(page: QWidget) -> None:
    _add(page, Button("Edit"))
    _add(page, Button("Edit"))


def trap(page: QWidget) -> None:
    area = QPlainTextEdit()
    area.setAccessibleName("Notes")
    _add(page, area)


def mouse_only(page: QWidget) -> None:
    button = Button("Only by mouse")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    _add(page, button)


def faint(page: QWidget) -> None:
    label = QLabel("Grey words that are hard to read")
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#b0b0b0"))
    label.setPalette(palette)
    _add(page, label)


def edgeless(page: QWidget) -> None:
    line = QLineEdit()
    line.setAccessibleName("No edge")
    line.setFrame(False)
    line.setStyleSheet("border: 1px solid #dddddd; background: white")
    _add(page, line)


def tiny(page: QWidget) -> None:
    button = QPushButton("x")
    button.setFixedSize(16, 16)
    _add(page, button)


def cut(page: QWidget) -> None:
    label = QLabel("These words do not fit in here")
    label.setFixedSize(80, 20)
    _add(page, label)


def squeezed(page: QWidget) -> None:
    label = QLabel("These words were left no height at all")
    label.setFixedHeight(0)
    _add(page, label)


def frozen(page: QWidget) -> None:
    label = QLabel("Stays small")
    font = QFont()
    font.setPixelSize(17)
    label.setFont(font)
    _add(page, label)


def fixed_place(page: QWidget) -> None:
    button = Button("At the left", parent=page)
    button.setGeometry(5, 5, 160, 44)


def one_key(page: QWidget) -> None:
    action = QAction("Print", page)
    action.setShortcut("P")
    page.addAction(action)


def wide(page: QWidget) -> None:
    area = ScrollPage()
    inside = QWidget()
    inside.setMinimumWidth(3000)
    area.add(inside)
    area.setMinimumHeight(60)
    _add(page, area)


def _add(page: QWidget, widget: QWidget) -> None:
    layout = page.layout()
    assert layout is not None
    layout.addWidget(widget)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> QWidget:
    theme.apply(qapp, Scheme.LIGHT, 100)
    page = QWidget()
    page.resize(700, 500)
    box = QVBoxLayout(page)
    box.addSpacing(60)
    row = QHBoxLayout()
    row.addWidget(Button("First", name="first"))
    row.addWidget(Button("Last", name="last"))
    box.addLayout(row)
    qtbot.addWidget(page)
    return page


def test_a_page_without_faults_has_none_found(page: QWidget) -> None:
    assert faults(page) == []


@pytest.mark.parametrize(
    ("plant", "rule"),
    [
        (nameless, "no-name"), (unbound, "label-not-bound"), (picture, "image-name"), (twins, "same-name"),
        (trap, "tab-trap"), (mouse_only, "mouse-only"), (faint, "text-contrast"), (edgeless, "edge-contrast"),
        (tiny, "target-size"), (cut, "text-cut"), (squeezed, "text-cut"), (frozen, "text-not-scaled"),
        (fixed_place, "not-mirrored"), (one_key, "one-key-shortcut"), (wide, "scrolls-sideways"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(page: QWidget, plant: Callable[[QWidget], None], rule: str) -> None:
    plant(page)
    assert rule in {fault.rule for fault in faults(page)}


def test_a_control_on_which_nothing_shows_the_focus_is_found(page: QWidget) -> None:
    ring = FocusRing(page)
    ring.setMaximumSize(0, 0)
    assert "focus-invisible" in {fault.rule for fault in faults(page)}
