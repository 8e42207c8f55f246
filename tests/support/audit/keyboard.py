"""The keyboard: WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QRadioButton, QWidget

from tests.support.audit.fault import Fault
from tests.support.audit.parts import Parts, settle
from tests.support.audit.pixels import strongly_changed

REACH = 7
"""How far outside a widget its focus ring may stand, in pixels."""


def _round(parts: Parts) -> tuple[list[QWidget], list[Fault]]:
    """Press Tab until it comes round; return what was visited in order, and traps."""
    order: list[QWidget] = []
    traps: list[Fault] = []
    parts.controls[0].setFocus(Qt.FocusReason.TabFocusReason)
    settle(parts.window)
    same = 0
    for _ in range(len(parts.controls) * 3 + 20):
        focused = QApplication.focusWidget()
        if focused is None or focused.window() is not parts.window.window():
            break
        if order and focused is order[-1]:
            same += 1
            if same > 3 and len(parts.controls) > 1:
                traps.append(parts.fault("2.1.2", "tab-trap", "Tab does not leave", focused))
                following = [w for w in parts.controls if w not in order]
                if not following:
                    break
                following[0].setFocus(Qt.FocusReason.TabFocusReason)
                same = 0
                continue
        else:
            same = 0
            if order and focused is order[0]:
                break
            order.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return order, traps


def reach(parts: Parts) -> list[Fault]:
    """Return controls that Tab never reaches, does not leave, or reaches against the reading order."""
    if not parts.controls:
        return []
    order, found = _round(parts)
    for widget in parts.controls:
        if widget in order or any(widget.isAncestorOf(seen) for seen in order):
            continue
        if isinstance(widget, QRadioButton):
            group = widget.group()
            if any(isinstance(seen, QRadioButton) and seen.group() is group for seen in order):
                continue
        found.append(parts.fault("2.1.1", "not-reached", f"Tab never reaches {parts.name(widget)!r}", widget))
    for widget in parts.all:
        if isinstance(widget, QAbstractButton) and widget.isEnabled() and widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            found.append(parts.fault("2.1.1", "mouse-only", f"{parts.name(widget)!r} cannot take the focus", widget))
    for one, other in pairwise(order):
        if one.parentWidget() is other.parentWidget():
            up = other.mapTo(parts.window, QPoint(0, other.height())).y() <= one.mapTo(parts.window, QPoint(0, 0)).y()
            if up:
                found.append(parts.fault("2.4.3", "tab-order", f"Tab goes up to {parts.name(other)!r}", other))
    return found


def focus_seen(parts: Parts) -> Iterator[Fault]:
    """Yield controls on which too little changes, or too faintly, when they take the focus."""
    for widget in parts.controls:
        other = next((w for w in parts.controls if w is not widget and w.parentWidget() is not widget), None)
        if other is None:
            continue
        other.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        area = parts.whole(widget).adjusted(-REACH, -REACH, REACH, REACH).intersected(parts.window.rect())
        before = parts.window.grab(area).toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        after = parts.window.grab(area).toImage()
        if not widget.hasFocus():
            continue
        # the middle holds only cursor and selection
        strong = strongly_changed(before, after, REACH + 3)
        if strong < (area.width() + area.height()):
            message = f"{strong} px change at 3:1 when {parts.name(widget)!r} takes the focus"
            yield parts.fault("2.4.7", "focus-invisible", message, widget)
