"""The list of topics: rows whose titles wrap, because a title that is cut cannot be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from ewb_desktop.ui.widgets.look import Tokens
from ewb_desktop.ui.widgets.painting import WRAP, draw_words, wrapped_height
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.text import sized
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE, RowDelegate, VirtualList

_Index = QModelIndex | QPersistentModelIndex
_WIDE = 56
"""Letters across from which the list has a page's whole width, as when the page is stacked."""


class TopicModel(QAbstractListModel):
    """The rows that the presenter made."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many topics there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = 0) -> object:
        """Return the row, or its words for a screen reader."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        return row.spoken() if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class _Delegate(RowDelegate):
    """Wraps title and detail; the chosen topic's title is bold."""

    SIDE = 16

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def _beside(self, row: Row, width: int) -> bool:
        """Return whether title and detail have room on one line: large letters then leave more topics in sight."""
        if not row.detail:
            return False
        title, detail = QFontMetrics(sized(17, bold=True)), QFontMetrics(sized(15))
        return title.horizontalAdvance(row.title) + detail.horizontalAdvance(row.detail) + 3 * self.SIDE <= width

    def _heights(self, row: Row, width: int) -> tuple[int, int]:
        title = wrapped_height(QFontMetrics(sized(17, bold=True)), row.title, width)
        beside = not row.detail or self._beside(row, width)
        return title, 0 if beside else wrapped_height(QFontMetrics(sized(15)), row.detail, width) + 2

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As tall as the wrapped words."""
        row = index.data(ROW_ROLE)
        width = self._view.viewport().width()
        tall = sum(self._heights(row, width - 2 * self.SIDE)) if isinstance(row, Row) else 0
        return QSize(width, tall + 2 * self.PAD)

    def _content(self, painter: QPainter, area: QRect, row: Row, tokens: Tokens, option: QStyleOptionViewItem) -> None:
        state: Any = option.state
        chosen = bool(state & option.state.State_Selected)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = int((side | Qt.AlignmentFlag.AlignAbsolute).value) | WRAP
        # the row keeps room for the bold title, and the detail follows the title as it is drawn
        title = wrapped_height(QFontMetrics(_title_font(chosen)), row.title, area.width())
        painter.setFont(_title_font(chosen))
        painter.setPen(QColor(tokens.on_soft if chosen else tokens.text))
        draw_words(painter, QRect(area.x(), area.y(), area.width(), title), flags, row.title)
        painter.setFont(sized(15))
        painter.setPen(QColor(tokens.muted))
        if self._beside(row, area.width()):
            other = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
            ends = int((other | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter).value)
            draw_words(painter, QRect(area.x(), area.y(), area.width(), title), ends, row.detail)
            return
        draw_words(painter, QRect(area.x(), area.y() + title + 2, area.width(), area.height() - title), flags, row.detail)


def _title_font(chosen: bool) -> QFont:
    return sized(17, bold=chosen)


class TopicList(VirtualList):
    """Shows topics and keeps the chosen one marked; ``picked(row)`` follows the worker, never the program."""

    def __init__(self, says: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(says, name=name, parent=parent)
        self.setUniformItemSizes(False)
        self.setItemDelegate(_Delegate(self))
        self._topics = TopicModel(self)
        self.setModel(self._topics)

    def show_rows(self, rows: Sequence[Row], chosen: object) -> None:
        """Show these topics and mark ``chosen``."""
        was = self.blockSignals(True)
        self._topics.show(rows)
        for number, row in enumerate(rows):
            if row.key == chosen:
                self.setCurrentIndex(self._topics.index(number, 0))
        self.blockSignals(was)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the titles anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
            self.scheduleDelayedItemsLayout()

    def doItemsLayout(self) -> None:
        """Keep the chosen topic in sight when the rows become taller or shorter."""
        super().doItemsLayout()
        if self.currentIndex().isValid():
            # in a list as wide as the page the lower rows may lie under the foot of the window
            hint = QAbstractItemView.ScrollHint
            self.scrollTo(self.currentIndex(), hint.PositionAtTop if self._wide() else hint.EnsureVisible)

    def minimumSizeHint(self) -> QSize:
        """Show four topics at least, each with a line under it; where the page is stacked, what the window holds."""
        row = QFontMetrics(sized(17, bold=True)).height() + 2 * _Delegate.PAD
        under = QFontMetrics(sized(15)).height() + 2
        tall = 3 * row + _Delegate.PAD if self._wide() else 4 * (row + under)
        return QSize(11 * self.fontMetrics().averageCharWidth(), tall)

    def _wide(self) -> bool:
        return self.width() >= _WIDE * QFontMetrics(sized(17)).averageCharWidth()
