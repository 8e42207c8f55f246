"""A search line that waits for a short pause in typing, and the filters beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from ewb_desktop.ui.widgets.button import enter_pressed
from ewb_desktop.ui.widgets.icon import draw_icon
from ewb_desktop.ui.widgets.look import RADIUS, tokens_of
from ewb_desktop.ui.widgets.painting import draw_box, draw_words
from ewb_desktop.ui.widgets.text import sized


class SearchBox(QLineEdit):
    """``searched(text)`` comes 120 ms after the last key, at once on Enter; Escape empties the box."""

    searched = Signal(str)
    PAUSE_MS = 120

    def __init__(self, says: str, *, shown: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setPlaceholderText(shown or says)
        self._last = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.PAUSE_MS)
        self._timer.timeout.connect(self._tell)
        self.textEdited.connect(self._wait)
        self.returnPressed.connect(self._tell)

    def _wait(self, _text: str) -> None:
        self._timer.start()

    def _tell(self) -> None:
        self._timer.stop()
        text = self.text().strip()
        if text != self._last:
            self._last = text
            self.searched.emit(text)

    def set_text(self, text: str) -> None:
        """Show ``text`` without searching for it."""
        self._timer.stop()
        self._last = text.strip()
        self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the box on Escape."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._tell()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Wide enough for a name."""
        return QSize(20 * self.fontMetrics().averageCharWidth() + 60, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """A search line may become short."""
        return QSize(10 * self.fontMetrics().averageCharWidth() + 60, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a magnifying glass at the start of the line."""
        square = round(self.fontMetrics().height() * 0.9)
        margin = square + 6
        before = 0 if self.isRightToLeft() else margin
        if self.textMargins().left() != before or self.textMargins().right() != margin - before:
            self.setTextMargins(before, 0, margin - before, 0)
        # left alone, the placeholder follows the script of its words and not the window
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        wanted = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        if self.alignment() != wanted:
            self.setAlignment(wanted)
        super().paintEvent(event)
        painter = QPainter(self)
        box = self.rect().adjusted(11, 0, -11, 0)
        box.setWidth(square)
        if self.isRightToLeft():
            box.moveRight(self.width() - 12)
        draw_icon(painter, "search", box, tokens_of(self).muted)
        painter.end()


class FilterChip(QPushButton):
    """A filter that is on or off; a tick and a bold word show that it is on. Use ``toggled(bool)``."""

    def __init__(self, text: str, *, on: bool = False, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self.setChecked(on)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter as by Space."""
        if not enter_pressed(self, event):
            super().keyPressEvent(event)

    def _font(self) -> QFont:
        return sized(17, bold=self.isChecked())

    def sizeHint(self) -> QSize:
        """As wide as with its tick, so that it does not jump when it is pressed."""
        metrics = self.fontMetrics()
        return QSize(round(metrics.horizontalAdvance(self.text()) * 1.08) + metrics.height() + 23, metrics.height() + 22)

    def minimumSizeHint(self) -> QSize:
        """Never be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        """Draw the chip."""
        tokens, on = tokens_of(self), self.isChecked()
        painter = QPainter(self)
        fill = tokens.soft if on or self.underMouse() else tokens.card
        draw_box(painter, self.rect(), fill, tokens.accent if on else tokens.edge, 2, RADIUS)
        painter.setFont(self._font())
        painter.setPen(QColor(tokens.on_soft if on else tokens.text))
        room = self.rect().adjusted(10, 0, -10, 0)
        if on:
            side = self.fontMetrics().height()
            tick = self.rect().adjusted(10, 0, 0, 0)
            tick.setWidth(side)
            room.adjust(side + 2, 0, 0, 0)
            if self.isRightToLeft():
                tick.moveRight(self.width() - 10)
                room.translate(-side - 2, 0)
            draw_icon(painter, "check", tick, tokens.on_soft)
        draw_words(painter, room, Qt.AlignmentFlag.AlignCenter, self.text().replace("&&", "&"))
        painter.end()
