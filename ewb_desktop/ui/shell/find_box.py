"""Finding a person or a service from anywhere: a line in the top of the window and what it found under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import draw_key
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.row import Row, Tint
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.tag import tag_size
from ewb_desktop.ui.widgets.text import Kind, Text, sized
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE, VirtualList


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: what to show, what kind of thing it is, and where it opens."""

    title: str
    detail: str
    kind: str
    destination: Destination


Find = Callable[[str], Sequence[Found]]
"""Searches people and services; called in the window's thread, so it answers in milliseconds."""


_AROUND = 2 * (16 + 16) + 12
"""Pixels beside the words of a row: the list's and the card's own air, and room for a bar to scroll by."""


def _width_of(found: Found) -> int:
    """Return how wide the list has to be for one thing found to be read whole."""
    title, detail = QFontMetrics(sized(17, bold=True)), QFontMetrics(sized(15))
    first = title.horizontalAdvance(found.title) + 12 + tag_size(found.kind).width()
    return max(first, detail.horizontalAdvance(found.detail)) + _AROUND


class _FoundModel(QAbstractListModel):
    """The few things found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.found: Sequence[Found] = ()

    def show(self, found: Sequence[Found]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        entry = self.found[index.row()]
        row = Row(entry.destination, entry.title, entry.detail, tag=entry.kind, tint=Tint.GREY)
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return None


class _Line(SearchBox):
    """The search line; shows its key while it is empty."""

    down = Signal()
    left_empty = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
            return
        if event.key() == Qt.Key.Key_Escape and not self.text():
            self.left_empty.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        metrics = QFontMetrics(sized(13))
        cap = QSize(metrics.horizontalAdvance("Ctrl K") + 14, metrics.height() + 4)
        placeholder = self.fontMetrics().horizontalAdvance(self.placeholderText())
        if self.text() or self.width() < placeholder + cap.width() + 90:
            return
        left = 12 if self.isRightToLeft() else self.width() - 12 - cap.width()
        painter = QPainter(self)
        tokens = tokens_of(self)
        box = QRect(QPoint(left, (self.height() - cap.height()) // 2), cap)
        draw_key(painter, box, "Ctrl K", tokens.muted, tokens.edge)
        painter.end()


class FindBox(QWidget):
    """``chosen(destination)`` follows Enter or a click on something found. ``says`` is what can be found."""

    chosen = Signal(object)
    MOST = 8

    def __init__(self, find: Find, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self.line = _Line(says, name="find")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)
        self._popup: Card | None = None
        self._model = _FoundModel(self)
        self.line.searched.connect(self._search)
        self.line.down.connect(self._into_list)
        self.line.left_empty.connect(self.close_popup)
        self.line.returnPressed.connect(self._first)

    def _card(self) -> Card:
        """Make what shows the answers the first time it is needed: its parent is the whole window."""
        if self._popup is None:
            self._popup = Card(parent=self.window())
            self._popup.setObjectName("found")
            self._view = VirtualList(self.tr("Found"), name="found.list")
            self._view.setModel(self._model)
            self._view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self._view.opened.connect(self._open_row)
            self._view.clicked.connect(lambda index: self._open_row(self._view.row_at(index)))
            self._view.installEventFilter(self)
            self._none = Text("", Kind.MUTED)
            self._popup.add(self._none)
            self._popup.add(self._view, 1)
            app = QApplication.instance()
            if isinstance(app, QApplication):
                app.focusChanged.connect(self._focus_moved)
        return self._popup

    def _search(self, text: str) -> None:
        if not text:
            self.close_popup()
            return
        found = list(self._find(text))[: self.MOST]
        popup = self._card()
        self._model.show(found)
        self._view.setVisible(bool(found))
        self._none.setVisible(not found)
        self._none.setText(self.tr("Nothing found for “{0}”. Try fewer letters.").format(text))
        row = self._view.sizeHintForRow(0) if found else 60
        window = self.window()
        # in large letters the list is wider than the line: what a row does is not cut off
        wide = min(max(self.width(), 460, *map(_width_of, found)), window.width() - 24)
        corner = self.mapTo(window, QPoint(0, self.height() + 8))
        left = corner.x() + self.width() - wide if self.isRightToLeft() else corner.x()
        left = max(12, min(left, window.width() - wide - 12))
        tall = min(row * max(1, len(found)) + 34, window.height() - corner.y() - 16)
        popup.setGeometry(left, corner.y(), wide, tall)
        popup.raise_()
        popup.show()
        announce(self.line, self.tr("{0} found").format(len(found)) if found else self._none.text())

    def close_popup(self) -> None:
        """Put what was found away."""
        if self._popup is not None:
            self._popup.hide()

    def _into_list(self) -> None:
        if self._popup is not None and self._popup.isVisible() and self._model.found:
            self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._view.setCurrentIndex(self._model.index(0, 0))

    def _first(self) -> None:
        if self._popup is not None and self._popup.isVisible() and self._model.found:
            self._open(self._model.found[0].destination)

    def _open_row(self, row: object) -> None:
        if isinstance(row, Row):
            self._open(row.key)

    def _open(self, destination: object) -> None:
        self.close_popup()
        self.line.set_text("")
        self.chosen.emit(destination)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._popup is None or new is None:
            return
        if new is not self.line and not self._popup.isAncestorOf(new):
            self.close_popup()
            self.line.set_text("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Escape in the list go back to the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.close_popup()
            return True
        return super().eventFilter(watched, event)
