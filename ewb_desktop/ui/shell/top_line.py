"""The line at the top of the window: where we are, find, crisis help, lock, and who is working."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.shell.find_box import Find, FindBox
from ewb_desktop.ui.widgets.button import Button, Look, enter_pressed
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.tag import draw_initials, initials_of
from ewb_desktop.ui.widgets.text import Kind, Text


class WorkerButton(QPushButton):
    """The worker's initials; opens a menu."""

    def __init__(self, worker: str) -> None:
        super().__init__(initials_of(worker))
        self.setObjectName("worker")
        self.setAccessibleName(self.tr("{0}: your menu").format(worker))
        self.setToolTip(worker)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.entries = QMenu(self)
        self.clicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter as by Space."""
        if not enter_pressed(self, event):
            super().keyPressEvent(event)

    def _open(self) -> None:
        self.entries.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def sizeHint(self) -> QSize:
        """A circle that grows with the text."""
        side = round(20 + self.fontMetrics().height() * 0.9)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        """Draw the initials."""
        painter = QPainter(self)
        draw_initials(painter, self.rect(), self.text(), tokens_of(self))
        painter.end()


class TopLine(QWidget):
    """Everything that is always at hand."""

    crisis = Signal()
    lock = Signal()

    def __init__(self, place: str, worker: str, find: Find, find_says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.brand = Text("EWB Desktop", Kind.BOLD)
        self.brand.setWordWrap(False)
        self.place = Text(place, Kind.SMALL)
        self.place.setWordWrap(False)
        column.addWidget(self.brand)
        column.addWidget(self.place)
        self.words = words
        self.find_box = FindBox(find, find_says)
        self.find_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.crisis_button = Button(self.tr("Crisis help"), Look.CRISIS, key="F2", name="crisis")
        self.lock_button = Button(self.tr("Lock"), key="Ctrl L", name="lock")
        self.worker = WorkerButton(worker)
        self.crisis_button.clicked.connect(self.crisis)
        self.lock_button.clicked.connect(self.lock)
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 6, 16, 7)
        across.setSpacing(16)
        across.addWidget(words)
        across.addWidget(self.find_box, 1)
        across.addStretch(0)
        across.addWidget(self.crisis_button)
        across.addWidget(self.lock_button)
        across.addWidget(self.worker)

    def add_to_menu(self, action: QAction) -> None:
        """Put an action into the worker's menu."""
        self.worker.entries.addAction(action)

    def align_with(self, rail_width: int) -> None:
        """Let the find box begin where the page does."""
        self.words.setMinimumWidth(max(0, rail_width - 4))
        self.find_box.setMaximumWidth(round(460 * self.fontMetrics().height() / 21))

    def paintEvent(self, _event: object) -> None:
        """Draw the ground and the line below."""
        tokens = tokens_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.card))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
