"""Tab follows the reading order: found from the layouts when Tab is pressed, so that rows made later stand in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

_WHOLE = (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractButton)
"""What Qt makes of several widgets and gives the keyboard to as one."""


def in_reading_order(root: QWidget) -> Iterator[QWidget]:
    """Yield ``root`` and every widget in it that is shown, as they are read: each layout from its start to its end, part by part.

    A part without a layout is read line by line, by where its widgets lie. Nothing is promised of what Qt makes inside a field.
    """
    yield root
    if isinstance(root, _WHOLE):
        return
    if isinstance(root, QScrollArea):
        inside = root.widget()
        parts = [inside] if inside is not None else []
    elif isinstance(root, QAbstractScrollArea):
        return
    elif isinstance(root, QStackedWidget):
        current = root.currentWidget()
        parts = [current] if current is not None else []
    else:
        layout = root.layout()
        parts = list(_in_layout(layout)) if layout is not None else []
        laid = {id(part) for part in parts}
        loose = [
            child for child in root.children() if isinstance(child, QWidget) and id(child) not in laid and not child.isWindow()
        ]
        parts += sorted(loose, key=_place) if len(loose) > 1 else loose
    for part in parts:
        if part.isVisible():
            yield from in_reading_order(part)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in _indices(layout):
        item = layout.itemAt(index)
        if item is None:
            continue
        widget = item.widget()
        if widget is not None:
            yield widget
            continue
        inner = item.layout()
        if inner is not None:
            yield from _in_layout(inner)


def _indices(layout: QLayout) -> list[int]:
    """Return the places of a layout's items as they are read: a grid line by line, whatever was put in first."""
    indices = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        # its stubs call the answer an object: row, column, rows and columns
        positions: list[Any] = [layout.getItemPosition(index) for index in indices]
        indices.sort(key=lambda index: (positions[index][0], positions[index][1]))
    return indices


def _place(widget: QWidget) -> tuple[int, int]:
    return widget.y(), -widget.x() if widget.isRightToLeft() else widget.x()


def tab_stops(root: QWidget) -> list[QWidget]:
    """Return where Tab stops in ``root``, in reading order.

    The round choices of one question are one stop, at the one chosen; the arrow keys walk in it.
    """
    stops: list[QWidget] = []
    questions: dict[QButtonGroup, int] = {}
    for widget in in_reading_order(root):
        if not takes_tab(widget):
            continue
        question = _question_of(widget)
        if question is None:
            stops.append(widget)
        elif question not in questions:
            questions[question] = len(stops)
            stops.append(widget)
        elif isinstance(widget, QAbstractButton) and (widget.isChecked() or widget.hasFocus()):
            kept = stops[questions[question]]
            if not (isinstance(kept, QAbstractButton) and kept.hasFocus()):
                stops[questions[question]] = widget
    return stops


def takes_tab(widget: QWidget) -> bool:
    """Say whether Tab may stop at a widget that is shown."""
    # Qt takes the policy away from all round choices of a question but the one that had the keyboard last
    wanted = Qt.FocusPolicy.StrongFocus if _question_of(widget) is not None else Qt.FocusPolicy.TabFocus
    return bool(widget.focusPolicy() & wanted) and widget.isEnabled() and widget.focusProxy() is None


def _question_of(widget: QWidget) -> QButtonGroup | None:
    if isinstance(widget, QRadioButton):
        group: QButtonGroup | None = widget.group()
        if group is not None and group.exclusive():
            return group
    return None


def has_keyboard(part: QWidget) -> bool:
    """Say whether the keyboard is on ``part`` or on something in it."""
    here = QApplication.focusWidget()
    return here is not None and (here is part or part.isAncestorOf(here))


def step(window: QWidget, first: QWidget | None, *, forward: bool) -> bool:
    """Move the keyboard to the next stop of ``window``, or the one before; round at the ends.

    Where nothing has the keyboard it goes to the first stop in ``first``. Returns whether there was anywhere to go.
    """
    try:
        stops = tab_stops(window)
    except RuntimeError:
        # a part of the window goes away at this moment; an error that left what Qt calls would end the program
        return False
    if not stops:
        return False
    here = QApplication.focusWidget()
    target = _beside(window, stops, here, forward=forward)
    if target is None:
        inside = [stop for stop in stops if first is not None and first.isAncestorOf(stop)] or stops
        target = inside[0 if forward else -1]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _beside(window: QWidget, stops: list[QWidget], here: QWidget | None, *, forward: bool) -> QWidget | None:
    if here is None or here is window:
        return None
    places = {id(stop): at for at, stop in enumerate(stops)}
    at = places.get(id(here))
    if at is not None:
        return stops[(at + (1 if forward else -1)) % len(stops)]
    # what has the keyboard and is no stop (words that were put in front of somebody): go on from where it is read
    passed = -1
    for widget in in_reading_order(window):
        if widget is here:
            return stops[(passed + 1 if forward else passed) % len(stops)]
        passed = places.get(id(widget), passed)
    return None


def lies_in(part: QWidget, whole: QWidget) -> bool:
    """Say whether ``part`` has a place in ``whole``: only then can one be measured from the other."""
    return part is whole or whole.isAncestorOf(part)


def top_in(part: QWidget, whole: QWidget) -> int:
    """Return how far under the top of ``whole`` ``part`` begins, in pixels."""
    return part.mapTo(whole, QPoint(0, 0)).y()
