"""Parts that wrap or stack when the window is narrow: a flow, columns, and a stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QMargins, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QSizePolicy, QVBoxLayout, QWidget


class FlowLayout(QLayout):
    """Puts items in lines, in reading order, mirrored right to left; a line that is full begins another.

    The last ``at_end`` items stand at the end of the line as long as all fit into one.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = 8, at_end: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._at_end = at_end
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item (Qt calls this)."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return the item, or nothing past the end, as Qt asks for."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give the item up."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Lines depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(0, len(shown) - 1)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """The widest item."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, int]]]:
        lines: list[list[tuple[QLayoutItem, int]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = max(item.minimumSize().width(), min(item.sizeHint().width(), width))
            if not lines or used + self.spacing() + wide > width:
                lines.append([])
                used = wide
            else:
                used += self.spacing() + wide
            lines[-1].append((item, wide))
        return lines

    def _place(self, rect: QRect, *, move: bool) -> int:
        parent = self.parentWidget()
        mirrored = parent is not None and parent.isRightToLeft()
        y = rect.y()
        lines = self._lines(rect.width())
        for line in lines:
            heights = [item.heightForWidth(wide) if item.hasHeightForWidth() else item.sizeHint().height() for item, wide in line]
            tall = max(heights)
            x = rect.x()
            room = rect.width() - sum(wide + self.spacing() for _, wide in line) + self.spacing()
            for place, ((item, wide), high) in enumerate(zip(line, heights, strict=True)):
                if len(lines) == 1 and place == len(line) - self._at_end:
                    x += max(0, room)
                if move:
                    left = rect.right() + 1 - (x - rect.x()) - wide if mirrored else x
                    item.setGeometry(QRect(left, y + (tall - high) // 2, wide, high))
                x += wide + self.spacing()
            y += tall + self.spacing()
        return max(0, y - self.spacing() - rect.y())


class Flow(QWidget):
    """Tags, chips or buttons in a line that wraps; the last ``at_end`` at its end while there is room for all."""

    def __init__(
        self, parts: Iterable[QWidget] = (), *, spacing: int = 8, at_end: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, spacing, at_end)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for part in parts:
            self.add(part)

    def add(self, part: QWidget) -> None:
        """Put a widget at the end."""
        self._flow.addWidget(part)

    def clear(self) -> None:
        """Take every widget out and let it go."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()


MOST_OF = 0.6
"""The share of the width that a column at its own width may take before its parts wrap."""


class Columns(QWidget):
    """Widgets side by side that stack when there is less than ``stack_under`` pixels (at 100 % text) for them.

    ``shares`` are the columns' stretches; ``0`` keeps a column at its own width hint. ``turned(stacked)`` follows each change.
    """

    turned = Signal(bool)

    def __init__(
        self, parts: Sequence[QWidget], shares: Sequence[int] = (), *, stack_under: int = 760, spacing: int = 20,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._under = stack_under
        self._shares = list(shares) or [1] * len(parts)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(spacing)
        for part, share in zip(parts, self._shares, strict=True):
            self._box.addWidget(part, share)

    @property
    def stacked(self) -> bool:
        """Whether the columns stand one under the other now."""
        return self._box.direction() == QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the widest column, as they can always be stacked."""
        wide = tall = 0
        for index in range(self._box.count()):
            item = self._box.itemAt(index)
            part = item.widget() if item is not None else None
            size = item.minimumSize() if item is not None else QSize()
            if part is not None and not self._shares[index]:
                # its width is kept by _arrange; asked for here is what it could shrink to
                size = QSize(part.minimumSizeHint().width(), size.height())
            wide, tall = max(wide, size.width()), tall + size.height()
        return QSize(wide, super().minimumSizeHint().height())

    def _arrange(self, width: int) -> None:
        limit = self._under * self.fontMetrics().height() / 20
        side_by_side = -self._box.spacing()
        kept: list[tuple[QWidget, int]] = []
        for index, share in enumerate(self._shares):
            item = self._box.itemAt(index)
            part = item.widget() if item is not None else None
            if item is None or part is None:
                continue
            wide = item.minimumSize().width()
            if not share:
                # buttons are not squeezed by words that could wrap instead
                wide = max(part.minimumSizeHint().width(), min(part.sizeHint().width(), int(width * MOST_OF)))
                kept.append((part, wide))
            # measured the same way when stacked: else a part that is too wide would turn the columns to and fro for ever
            side_by_side += 0 if item.isEmpty() else wide + self._box.spacing()
        want = QBoxLayout.Direction.TopToBottom if width < max(limit, side_by_side) else QBoxLayout.Direction.LeftToRight
        for part, wide in kept:
            part.setMinimumWidth(0 if want == QBoxLayout.Direction.TopToBottom else wide)
        if self._box.direction() != want:
            self._box.setDirection(want)
            self.turned.emit(self.stacked)
            for index, share in enumerate(self._shares):
                self._box.setStretch(index, 0 if want == QBoxLayout.Direction.TopToBottom else share)

    def event(self, event: QEvent) -> bool:
        """Think again when a part has other words."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange(self.width())
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack or unstack."""
        self._arrange(event.size().width())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Think again at once when the text size changes: the width may stay as it is."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange(self.width())


class Stack(QWidget):
    """Widgets under one another, from the top."""

    def __init__(self, parts: Iterable[QWidget] = (), *, spacing: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(spacing)
        for part in parts:
            box.addWidget(part)
        box.addStretch(1)
