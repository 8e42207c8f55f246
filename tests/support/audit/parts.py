"""The widgets of a window that people meet, and what each says."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QTextEdit,
    QWidget,
)  # fmt: skip

from tests.support.audit.fault import Fault

INPUTS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_NO_CONTROL = (QMainWindow, QScrollBar, QScrollArea, QMenu)
_PLAIN = (QWidget, QFrame, QStackedWidget)


def settle(window: QWidget) -> None:
    """Let fonts, size hints and layouts come to rest."""
    for _ in range(5):
        QApplication.processEvents()


def unfold(window: QWidget) -> None:
    """Make the window as tall as what its scroll areas hold."""
    for _ in range(4):
        more = 0
        for area in window.findChildren(QScrollArea):
            if area.isVisibleTo(window):
                more = max(more, area.verticalScrollBar().maximum())
        if not more:
            return
        window.resize(window.width(), min(window.height() + more, 6000))
        settle(window)


def where(widget: QWidget) -> str:
    """Return the widget and those round it."""
    names: list[str] = []
    walk: QWidget | None = widget
    while walk is not None and len(names) < 4:
        names.append(type(walk).__name__ + (f"#{walk.objectName()}" if walk.objectName() else ""))
        walk = walk.parentWidget()
    return " < ".join(names)


def text_of(widget: QWidget) -> str:
    """Return the words shown."""
    if isinstance(widget, QLabel | QAbstractButton):
        return re.sub(r"&(.)", r"\1", widget.text()).strip()
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return ""


def inner(widget: QWidget) -> bool:
    """Whether Qt made the widget as a part of another and answers for it itself."""
    if widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    if isinstance(parent, QAbstractScrollArea) and (widget is parent.viewport() or isinstance(widget, QScrollBar)):
        return True
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit):
            return True
        parent = parent.parentWidget()
    return False


class Parts:
    """What of a window is visible now; ``laid`` is also what is scrolled out of sight or was left no room."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.laid = [
            widget
            for widget in window.findChildren(QWidget)
            if widget.isVisibleTo(window) and widget.window() is window.window() and not inner(widget)
            and widget.objectName() != "focus_ring"
        ]  # fmt: skip
        self.all = [widget for widget in self.laid if not widget.visibleRegion().isEmpty()]
        self.labels = {label.buddy(): label for label in window.findChildren(QLabel) if label.buddy() is not None}
        self.controls = [
            widget
            for widget in self.all
            if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not isinstance(widget, _NO_CONTROL) and type(widget) not in _PLAIN and widget.focusProxy() is None
        ]  # fmt: skip

    def name(self, widget: QWidget) -> str:
        """Return what a screen reader calls the widget."""
        if isinstance(widget, (*INPUTS, QAbstractItemView)):
            label = self.labels.get(widget)
            return widget.accessibleName() or (text_of(label) if label is not None else "")
        interface = QAccessible.queryAccessibleInterface(widget)
        spoken = interface.text(QAccessible.Text.Name)
        return (spoken or widget.accessibleName() or text_of(widget)).strip()

    def shown(self, widget: QWidget) -> QRect:
        """Return the part of the widget that shows, in the window's coordinates."""
        area = widget.visibleRegion().boundingRect()
        return QRect(widget.mapTo(self.window, area.topLeft()), area.size())

    def whole(self, widget: QWidget) -> QRect:
        """Return where the widget is, in the window's coordinates."""
        return QRect(widget.mapTo(self.window, QPoint(0, 0)), widget.size())

    def fault(self, criterion: str, rule: str, message: str, widget: QWidget) -> Fault:
        """Return a fault of one widget."""
        return Fault(criterion, rule, message, where(widget))
