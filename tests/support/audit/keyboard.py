"""The keyboard: WCAG 2.1.1, 2.1.2, 2.4.3, 2.4.7."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
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
    return [*found, *against_reading(parts, order)]


def against_reading(parts: Parts, order: list[QWidget]) -> list[Fault]:
    """Return what Tab comes to too late: later than something that is read after it.

    Any two stops are looked at, whatever lies between them: where the parts of the window lie that hold the one and the other and
    that have the same parent. What lies wholly above is read first; of two side by side, the one at the start of the line.
    ``order`` is a round, so it may begin anywhere: the beginning is where the fewest are out of their order.
    """
    lines = [_line(widget, parts.window) for widget in order]
    count = len(order)
    late = [[one != other and _reads_before(lines[other], lines[one]) for other in range(count)] for one in range(count)]
    faults = sum(late[one][other] for one in range(count) for other in range(one + 1, count))
    least, first = faults, 0
    for start in range(1, count):
        moved = start - 1
        # what stood first stands last now
        faults += sum(late[other][moved] for other in range(count)) - sum(late[moved])
        if faults < least:
            least, first = faults, start
    turned = [*range(first, count), *range(first)]
    found = []
    for at, other in enumerate(turned):
        before = next((one for one in turned[:at] if late[one][other]), None)
        if before is not None:
            message = f"Tab comes to {parts.name(order[other])!r} only after {parts.name(order[before])!r}"
            found.append(parts.fault("2.4.3", "tab-order", message, order[other]))
    return found


_Line = list[tuple[QWidget, QRect, bool]]


def _line(widget: QWidget, window: QWidget) -> _Line:
    """Return the widget and all round it, the outermost first: each with its place in its parent, and whether it is mirrored."""
    line: _Line = []
    walk: QWidget | None = widget
    while walk is not None and walk is not window:
        line.append((walk, walk.geometry(), walk.isRightToLeft()))
        walk = walk.parentWidget()
    return line[::-1]


def _reads_before(one: _Line, other: _Line) -> bool:
    """Whether ``one`` is read before ``other``, by where their parts of the innermost widget round both lie."""
    for (part, place, mirrored), (beside, place_beside, _) in zip(one, other, strict=False):
        if part is beside:
            continue
        if place.bottom() < place_beside.top():
            return True
        if place_beside.bottom() < place.top():
            return False
        return place.left() > place_beside.right() if mirrored else place.right() < place_beside.left()
    return False


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
