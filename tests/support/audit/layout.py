"""Room for words and fingers: WCAG 1.4.4, 1.4.10, 2.5.8, and mirroring for languages written right to left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from shiboken6 import isValid

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
    """Yield words that have less room than they need, scrolled out of sight too, and pages that scroll sideways."""
    for widget in parts.laid:
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


def heights(window: QWidget) -> list[tuple[QWidget, int]]:
    """Return what shows words, each with the height of its letters in pixels."""
    return [(widget, widget.fontInfo().pixelSize()) for widget in Parts(window).all if text_of(widget)]


def not_grown(window: QWidget, before: list[tuple[QWidget, int]]) -> list[Fault]:
    """Return what did not grow since ``before``, when the text size was doubled, and what is cut now."""
    parts = Parts(window)
    found = [
        parts.fault("1.4.4", "text-not-scaled", f"{text_of(widget)[:30]!r} stays {px} px", widget)
        for widget, px in before
        if isValid(widget) and px and widget.fontInfo().pixelSize() < px * 1.7
    ]
    found += cut(parts, "at 200 %")
    return found


def doubled(window: QWidget) -> list[Fault]:
    """Double the text size while the window is open; return what did not grow and what is cut then."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return []
    font = QFont(app.font())
    if font.pixelSize() >= 30:
        return []  # already at 200 %
    before = heights(window)
    large = QFont(font)
    large.setPixelSize(font.pixelSize() * 2)
    app.setFont(large)
    refit_all()
    settle(window)
    found = not_grown(window, before)
    app.setFont(font)
    refit_all()
    settle(window)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a widget stood in its parent, and how wide both were."""

    widget: QWidget
    parent: QWidget
    x: int
    width: int
    room: int


def places(window: QWidget) -> list[Place]:
    """Return where each visible part of a window stands."""
    return [
        Place(widget, parent, widget.x(), widget.width(), parent.width())
        for widget in Parts(window).all
        if (parent := widget.parentWidget()) is not None
    ]


def not_turned(window: QWidget, before: list[Place]) -> list[Fault]:
    """Return what stands on the same side as ``before``, when the window ran the other way."""
    parts = Parts(window)
    found = []
    for place in before:
        if (
            not isValid(place.widget)
            or not isValid(place.parent)
            or isinstance(place.parent, QAbstractScrollArea | QStackedWidget)
        ):
            continue
        if (place.parent.width(), place.widget.width()) != (place.room, place.width):
            continue
        want, now = place.room - place.x - place.width, place.widget.x()
        if abs(place.x - want) > 8 and abs(now - want) > 8:
            found.append(parts.fault("i18n", "not-mirrored", f"stays at x={now}, want {want}", place.widget))
    return found


def mirrored(window: QWidget) -> list[Fault]:
    """Turn the window round; return what stays on its side."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return []
    before = places(window)
    was = app.layoutDirection()
    other = Qt.LayoutDirection.LeftToRight if was == Qt.LayoutDirection.RightToLeft else Qt.LayoutDirection.RightToLeft
    app.setLayoutDirection(other)
    settle(window)
    found = not_turned(window, before)
    app.setLayoutDirection(was)
    settle(window)
    return found
