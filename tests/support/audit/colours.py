"""Contrast as it is drawn: WCAG 1.4.3 for text, 1.4.11 for the edges of inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTextEdit,
    QWidget,
)  # fmt: skip

from tests.support.audit.fault import Fault
from tests.support.audit.parts import INPUTS, Parts, text_of
from tests.support.audit.pixels import Colour, Shot, ratio


def best_stroke(counts: Counter[Colour]) -> float:
    """Return the contrast between the commonest colour and the strongest that holds a real share of strokes."""
    if len(counts) < 2:
        return 21.0
    ground = counts.most_common(1)[0][0]
    need, got = max(6, sum(counts.values()) * 0.0004), 0
    ranked = sorted(((ratio(colour, ground), colour) for colour in counts if colour != ground), reverse=True)
    for strength, colour in ranked:
        got += counts[colour]
        if got >= need:
            return strength
    return 1.0


def faults(parts: Parts) -> Iterator[Fault]:
    """Yield text under 4.5:1 (3:1 when large) and inputs whose edge is under 3:1."""
    focused = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()
    QApplication.processEvents()
    shot = Shot(parts.window)
    for widget in parts.all:
        if not widget.isEnabled():
            continue
        yield from _text(parts, shot, widget)
        if isinstance(widget, (*INPUTS, QRadioButton)):
            yield from _edge(parts, shot, widget)


def _text(parts: Parts, shot: Shot, widget: QWidget) -> Iterator[Fault]:
    words = text_of(widget)
    if isinstance(widget, QAbstractItemView):
        model = widget.model()
        for number in range(min(4, model.rowCount())):
            index = model.index(number, 0)
            row = widget.visualRect(index).intersected(widget.viewport().rect())
            area = QRect(widget.viewport().mapTo(parts.window, row.topLeft()), row.size())
            if row.height() > 8 and (found := best_stroke(shot.count(area))) < 4.45:
                yield parts.fault("1.4.3", "text-contrast", f"row {number} has {found:.2f}:1", widget)
        return
    if not words or not isinstance(widget, QLabel | QAbstractButton | QLineEdit | QComboBox):
        return
    inset = 0 if isinstance(widget, QLabel) else 5
    area = parts.shown(widget).adjusted(inset, inset, -inset, -inset)
    if area.width() < 4 or area.height() < 4:
        return
    large = widget.fontInfo().pixelSize() >= 24 or (widget.fontInfo().pixelSize() >= 19 and widget.fontInfo().bold())
    want = 3.0 if large else 4.5
    found = best_stroke(shot.count(area))
    if found < want - 0.05:
        yield parts.fault("1.4.3", "text-contrast", f"{words[:30]!r} has {found:.2f}:1, want {want}:1", widget)


def _edge(parts: Parts, shot: Shot, widget: QWidget) -> Iterator[Fault]:
    area = parts.whole(widget)
    if parts.shown(widget).size() != area.size() or (isinstance(widget, QTextEdit | QPlainTextEdit) and area.height() < 9):
        return
    above = shot.count(QRect(area.left() + area.width() // 4, area.top() - 3, area.width() // 2, 1))
    if not above:
        return
    page = above.most_common(1)[0][0]
    best = 1.0
    for y in range(area.top(), area.top() + 4):
        line = shot.count(QRect(area.left() + area.width() // 4, y, area.width() // 2, 1))
        if line:
            best = max(best, ratio(line.most_common(1)[0][0], page))
    if best < 2.95:
        yield parts.fault("1.4.11", "edge-contrast", f"edge has {best:.2f}:1 against the page, want 3:1", widget)
