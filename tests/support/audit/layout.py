"""Room for words and fingers: WCAG 1.4.4, 1.4.10, 2.5.8, and mirroring for languages written right to left."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QWidget,
)  # fmt: skip

from ewb_desktop.ui.widgets.text import refit_all
from tests.support.audit.fault import Fault
from tests.support.audit.parts import Parts, settle, text_of

LEAST_PX = 24


def targets(parts: Parts) -> Iterator[Fault]:
    """Yield what is too small to hit."""
    for widget in parts.controls:
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit) and min(widget.width(), widget.height()) < LEAST_PX:
            size = f"{widget.width()}x{widget.height()}"
            yield parts.fault("2.5.8", "target-size", f"{parts.name(widget)!r} is {size} px, want 24", widget)


def cut(parts: Parts, when: str) -> Iterator[Fault]:
    """Yield words that have less room than they need, and pages that scroll sideways."""
    for widget in parts.all:
        if isinstance(widget, QScrollArea) and widget.horizontalScrollBar().maximum() > 0:
            yield parts.fault("1.4.10", "scrolls-sideways", f"by {widget.horizontalScrollBar().maximum()} px {when}", widget)
        words = text_of(widget)
        if not words or not isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox):
            continue
        least = widget.minimumSizeHint()
        tall = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else least.height()
        wide = least.width()
        if isinstance(widget, QLabel) and not widget.wordWrap():
            wide = widget.sizeHint().width()
        elif type(widget).__module__.startswith("PySide6") and not isinstance(widget, QLineEdit | QComboBox):
            # a painted widget of our own measures what it paints; a stock one can be told any size
            flags = int(Qt.TextFlag.TextWordWrap.value)
            wide = max(wide, max(widget.fontMetrics().size(flags, word).width() for word in words.split()))
        if isinstance(widget, QLineEdit | QComboBox):
            tall, wide = widget.fontMetrics().height(), 0
        if wide > widget.width() + 2 or tall > widget.height() + 2:
            has = f"{widget.width()}x{widget.height()}"
            yield parts.fault("1.4.4", "text-cut", f"{words[:30]!r} needs {wide}x{tall} {when}, has {has}", widget)


def doubled(window: QWidget) -> list[Fault]:
    """Double the text size while the window is open; return what did not grow and what is cut then."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return []
    parts = Parts(window)
    before = [(widget, widget.fontInfo().pixelSize()) for widget in parts.all if text_of(widget)]
    font = QFont(app.font())
    if font.pixelSize() >= 30:
        return []  # already at 200 %
    large = QFont(font)
    large.setPixelSize(font.pixelSize() * 2)
    app.setFont(large)
    refit_all()
    settle(window)
    found = [
        parts.fault("1.4.4", "text-not-scaled", f"{text_of(widget)[:30]!r} stays {px} px", widget)
        for widget, px in before
        if px and widget.fontInfo().pixelSize() < px * 1.7
    ]
    found += cut(Parts(window), "at 200 %")
    app.setFont(font)
    refit_all()
    settle(window)
    return found


def mirrored(window: QWidget) -> list[Fault]:
    """Turn the window round; return what stays on its side."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return []
    parts = Parts(window)
    before = []
    for widget in parts.all:
        parent = widget.parentWidget()
        if parent is not None:
            before.append((widget, parent, widget.x(), widget.width(), parent.width()))
    was = app.layoutDirection()
    other = Qt.LayoutDirection.LeftToRight if was == Qt.LayoutDirection.RightToLeft else Qt.LayoutDirection.RightToLeft
    app.setLayoutDirection(other)
    settle(window)
    found = []
    for widget, parent, x, width, room in before:
        if isinstance(parent, QAbstractScrollArea | QStackedWidget) or (parent.width(), widget.width()) != (room, width):
            continue
        want = room - x - width
        if abs(x - want) > 8 and abs(widget.x() - want) > 8:
            found.append(parts.fault("i18n", "not-mirrored", f"stays at x={widget.x()}, want {want}", widget))
    app.setLayoutDirection(was)
    settle(window)
    return found
