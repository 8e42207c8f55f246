"""A list as long as its model, painted like the rows of a card, for 100,000 rows and more."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ewb_desktop.ui.widgets.icon import draw_icon
from ewb_desktop.ui.widgets.look import Tokens, tokens_of
from ewb_desktop.ui.widgets.painting import draw_words
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.tag import draw_initials, draw_tag, tag_size
from ewb_desktop.ui.widgets.text import sized

ROW_ROLE = int(Qt.ItemDataRole.UserRole.value) + 1
"""The role under which a model gives the :class:`Row` of an index."""

AIR = 12
"""Pixels kept free above and under the row that a page goes along with."""

_Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints a :class:`Row`: initials or day, title over detail, tag over trailing words, the mark at the lower end."""

    PAD = 12

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Every row is as tall as a title, a detail and their air."""
        title, detail = QFontMetrics(sized(17, bold=True)), QFontMetrics(sized(15))
        return QSize(200, title.height() + detail.height() + 4 + 2 * self.PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        rect = QRect(option.rect)
        palette = option.palette
        state = option.state
        tokens = tokens_of(palette)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.soft))
            bar = QRect(rect.x(), rect.y(), 4, rect.height())
            painter.fillRect(self._mirrored(bar, rect, option), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_HasFocus:
            # the keyboard is on a row that is not chosen
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(rect.adjusted(3, 3, -3, -4), 8, 8)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(rect.left() + 16, rect.bottom(), rect.right() - 16, rect.bottom())
        self._content(painter, rect.adjusted(16, self.PAD, -16, -self.PAD), row, tokens, option)
        painter.restore()

    def _mirrored(self, part: QRect, whole: QRect, option: QStyleOptionViewItem) -> QRect:
        direction = option.direction
        if direction != Qt.LayoutDirection.RightToLeft:
            return part
        return QRect(whole.right() - (part.left() - whole.left()) - part.width() + 1, part.y(), part.width(), part.height())

    def _content(self, painter: QPainter, area: QRect, row: Row, tokens: Tokens, option: QStyleOptionViewItem) -> None:
        def placed(part: QRect) -> QRect:
            return self._mirrored(part, area, option)

        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        near = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        far = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        absolute = Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        left, right = area.left(), area.right() + 1
        title, detail = QFontMetrics(sized(17, bold=True)), QFontMetrics(sized(15))
        if row.initials:
            # half as fast as the text, like the circles beside other rows
            side = min(round(44 * (1 + (title.height() / 20 - 1) / 2)), area.height())
            draw_initials(painter, placed(QRect(left, area.y(), side, area.height())), row.initials, tokens)
            left += side + 14
        elif row.lead:
            wide = max(detail.horizontalAdvance("00 September"), detail.horizontalAdvance(row.lead))
            painter.setFont(sized(15))
            painter.setPen(QColor(tokens.muted))
            draw_words(painter, placed(QRect(left, area.y(), wide, area.height())), near | absolute, row.lead)
            left += wide + 14
        first = QRect(left, area.y(), right - left, title.height())
        second = QRect(left, area.bottom() + 1 - detail.height(), right - left, detail.height())
        if row.tag:
            size = tag_size(row.tag)
            box = QRect(right - size.width(), first.center().y() - size.height() // 2 + 1, size.width(), size.height())
            draw_tag(painter, placed(box), row.tag, row.tint, tokens)
            first.setRight(box.left() - 12)
        if row.trailing:
            wide = detail.horizontalAdvance(row.trailing) + 2
            painter.setFont(sized(15))
            painter.setPen(QColor(tokens.muted))
            where = second if row.tag else first
            draw_words(painter, placed(QRect(right - wide, where.y(), wide, where.height())), far | absolute, row.trailing)
            where.setRight(right - wide - 12)
        if row.mark is not None:
            side = round(detail.height() * 0.8)
            wide = side + 6 + detail.horizontalAdvance(row.mark.text) + 2
            # the icon alone where the words would push the detail, by which people are told apart, out of sight
            wide = wide if wide * 2 < second.width() else side
            start = second.right() + 1 - wide
            draw_icon(painter, row.mark.icon, placed(QRect(start, second.y(), side, second.height())), tokens.muted)
            if wide > side:
                painter.setFont(sized(15))
                painter.setPen(QColor(tokens.muted))
                words = QRect(start + side + 6, second.y(), wide - side - 6, second.height())
                draw_words(painter, placed(words), near | absolute, row.mark.text)
            second.setRight(start - 12)
        painter.setFont(sized(17, bold=True))
        painter.setPen(QColor(tokens.text))
        elided = title.elidedText(row.title, Qt.TextElideMode.ElideRight, first.width())
        draw_words(painter, placed(first), near | absolute, elided)
        painter.setFont(sized(15))
        painter.setPen(QColor(tokens.muted))
        elided = detail.elidedText(row.detail, Qt.TextElideMode.ElideRight, second.width())
        draw_words(painter, placed(second), near | absolute, elided)


class VirtualList(QListView):
    """Shows the rows of a model. ``picked(row)`` follows the selection, ``opened(row)`` Enter or a double click.

    The keyboard can come to a list in which nothing is chosen: its row is outlined then, and an arrow, Space or Enter chooses.
    In a list that is taller than the page around it, the page goes along with the row that the keyboard is on.
    The model gives a :class:`Row` under ``ROW_ROLE`` and ``row.spoken()`` under DisplayRole and AccessibleTextRole.
    """

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, says: str, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self._delegate = RowDelegate(self)
        self.setItemDelegate(self._delegate)
        self.activated.connect(self._open)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show another model."""
        super().setModel(model)
        chosen = self.selectionModel()
        if chosen is not None:
            # not the current row: the list makes one current when the keyboard only comes by
            chosen.selectionChanged.connect(self._pick)

    def row_at(self, index: QModelIndex) -> Row | None:
        """Return the row of ``index``, or None."""
        row: Any = index.data(ROW_ROLE) if index.isValid() else None
        return row if isinstance(row, Row) else None

    def _pick(self, chosen: QItemSelection, _before: QItemSelection) -> None:
        row = next((self.row_at(index) for index in chosen.indexes()), None)
        if row is not None:
            self.picked.emit(row)

    def _open(self, index: QModelIndex) -> None:
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        row = self.row_at(index)
        if row is not None:
            self.opened.emit(row)

    def currentChanged(self, now: _Index, before: _Index) -> None:
        """Bring the row that the keyboard goes to into sight, in the list and in the page around it."""
        super().currentChanged(now, before)
        # what is pressed with the mouse stays under the pointer
        if self.hasFocus() and not QApplication.mouseButtons():
            self._bring_into_page(now)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Bring the row on which the keyboard arrives into sight."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._bring_into_page(self.currentIndex())

    def doItemsLayout(self) -> None:
        """Tell the focus ring, which stands round the rows, when there are more or fewer of them."""
        super().doItemsLayout()
        if self.hasFocus():
            QApplication.postEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _bring_into_page(self, index: _Index) -> None:
        around = self.parentWidget()
        while around is not None and index.isValid():
            inside = around.widget() if isinstance(around, QScrollArea) else None
            if isinstance(around, QScrollArea) and inside is not None and inside.isAncestorOf(self):
                line = self.visualRect(index)
                middle = self.viewport().mapTo(inside, line.center())
                around.ensureVisible(around.horizontalScrollBar().value(), middle.y(), 0, line.height() // 2 + AIR)
            around = around.parentWidget()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the rows again when the text size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.model() is not None:
            self.scheduleDelayedItemsLayout()
