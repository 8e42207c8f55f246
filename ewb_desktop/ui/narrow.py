"""One calm column in the middle of a page, as wide as a short line of text at any text size."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget


class _Inner(QWidget):
    """Asks for the width of a short line; takes less where there is less."""

    def __init__(self, width_at_100: int) -> None:
        super().__init__()
        self._width = width_at_100

    def sizeHint(self) -> QSize:
        """The width that is wanted, at the text size worn now."""
        return QSize(round(self._width * self.fontMetrics().height() / 20), super().sizeHint().height())


class NarrowColumn(QWidget):
    """Holds parts one under the other, ``width_at_100`` pixels wide (at 100 % text) where there is room, in the middle."""

    def __init__(self, width_at_100: int = 460, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = _Inner(width_at_100)
        self.body = QVBoxLayout(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(16)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(inner)
        across.addStretch(1)

    def add(self, part: QWidget | QLayout) -> None:
        """Put a part at the end."""
        if isinstance(part, QWidget):
            self.body.addWidget(part)
        else:
            self.body.addLayout(part)
