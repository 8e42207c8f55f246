"""A short list in a card: rows with lines between them whose columns line up at the far edge, and that stack when narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.icon import IconView
from ewb_desktop.ui.widgets.look import tokens_of
from ewb_desktop.ui.widgets.row import Mark, Row
from ewb_desktop.ui.widgets.tag import Initials, Tag
from ewb_desktop.ui.widgets.text import Kind, Text


class MarkLine(QWidget):
    """A row's mark: an icon and its words in full, under the detail."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(IconView(mark.icon, 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(mark.words[:1].upper() + mark.words[1:], Kind.SMALL), 1)


class _Cells:
    """The widgets of one row."""

    def __init__(self, row: Row, owner: RowList, index: int) -> None:
        self.row = row
        self.lead: QWidget | None = None
        if row.initials:
            self.lead = Initials(row.initials)
        elif row.lead:
            lead = Text(row.lead, Kind.HINT)
            lead.setWordWrap(False)
            self.lead = lead
        self.body = QWidget()
        self.body.setAccessibleName(row.spoken())
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.title: QWidget
        if row.opens:
            link = Button(row.title, Look.LINK, name=f"{owner.objectName()}.open.{index}" if owner.objectName() else "")
            link.clicked.connect(lambda: owner.opened.emit(row.key))
            link.setAccessibleDescription(". ".join(p for p in (row.detail, row.tag, row.trailing, _marked(row)) if p))
            self.title = link
        else:
            self.title = Text(row.title, Kind.BOLD if row.detail or row.lead or row.initials else Kind.BODY)
        column.addWidget(self.title)
        if row.detail:
            column.addWidget(Text(row.detail, Kind.HINT))
        if row.mark is not None:
            column.addWidget(MarkLine(row.mark))
        self.tag = Tag(row.tag, row.tint) if row.tag else None
        self.trailing: Text | None = None
        if row.trailing:
            self.trailing = Text(row.trailing, Kind.HINT)
            self.trailing.setWordWrap(False)
        self.opener: Button | None = None
        if row.opener:
            name = f"{owner.objectName()}.opener.{index}" if owner.objectName() else ""
            self.opener = Button(row.opener, owner.look, says=f"{row.opener}: {row.title}", name=name)
            self.opener.clicked.connect(lambda: owner.opened.emit(row.key))
        self.action: Button | None = None
        if row.action:
            name = f"{owner.objectName()}.act.{index}" if owner.objectName() else ""
            # two rows may be about one person: the tag tells their buttons apart
            says = ", ".join(part for part in (f"{row.action}: {row.title}", row.tag) if part)
            self.action = Button(row.action, owner.look, says=says, name=name)
            self.action.clicked.connect(lambda: owner.acted.emit(row.key))

    def stops(self) -> tuple[QWidget | None, ...]:
        """What the keyboard can be on, the row's button first."""
        return self.action, self.opener, self.title

    def parts(self) -> list[QWidget]:
        return [p for p in (self.lead, self.body, self.tag, self.trailing, self.opener, self.action) if p is not None]


class RowList(QWidget):
    """Rows made from :class:`Row`. ``acted(key)`` follows a row's button, ``opened(key)`` its title
    or opener.

    Meant for up to about 30 rows; a long list is a ``VirtualList``.
    """

    acted = Signal(object)
    opened = Signal(object)

    def __init__(
        self, rows: Sequence[Row] = (), *, look: Look = Look.SECONDARY, stack_under: int = 520, name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(name)
        self.look = look
        self._under = stack_under
        self._stacked: bool | None = None
        self._cells: list[_Cells] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.set_rows(rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; the keyboard stays on the same button of the same row when that row is still there."""
        if list(rows) == [cells.row for cells in self._cells]:
            # the same rows made anew would only take what a screen reader is at away from it
            return
        kept = self._focused()
        for cells in self._cells:
            for part in cells.parts():
                self._grid.removeWidget(part)
                part.hide()
                part.setParent(None)
                part.deleteLater()
        self._cells = [_Cells(row, self, index) for index, row in enumerate(rows)]
        self._lay(stacked=bool(self._stacked))
        if kept is not None:
            self._focus(*kept)

    def _focused(self) -> tuple[Any, int] | None:
        for cells in self._cells:
            for at, stop in enumerate(cells.stops()):
                if stop is not None and stop.hasFocus():
                    return cells.row.key, at
        return None

    def _focus(self, key: Any, at: int) -> None:
        for cells in self._cells:
            if cells.row.key == key:
                (cells.stops()[at] or cells.action or cells.title).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay(self, *, stacked: bool) -> None:
        self._stacked = stacked
        for cells in self._cells:
            for part in cells.parts():
                self._grid.removeWidget(part)
        for spare in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(spare, 0)
        for column in range(6):
            self._grid.setColumnStretch(column, 1 if column == 1 else 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        line = 0
        middle = Qt.AlignmentFlag.AlignVCenter
        leading, trailing = Qt.AlignmentFlag.AlignLeading, Qt.AlignmentFlag.AlignTrailing
        for cells in self._cells:
            self._grid.setRowMinimumHeight(line, 12)
            if cells.lead is not None:
                where = Qt.AlignmentFlag.AlignTop if stacked else middle
                self._grid.addWidget(cells.lead, line + 1, 0, where)
            self._grid.addWidget(cells.body, line + 1, 1, 1, 5 if stacked else 1, Qt.AlignmentFlag(0) if stacked else middle)
            rest = [part for part in (cells.tag, cells.trailing, cells.opener, cells.action) if part is not None]
            for offset, part in enumerate(rest):
                if stacked:
                    self._grid.setRowMinimumHeight(line + 2 + 2 * offset, 6)
                    self._grid.addWidget(part, line + 3 + 2 * offset, 1, 1, 5, leading)
                elif part in (cells.opener, cells.action):
                    self._grid.addWidget(part, line + 1, 4 if part is cells.opener else 5, middle)
                    part.setSizePolicy(_filling())
                else:
                    self._grid.addWidget(part, line + 1, 2 if part is cells.tag else 3, middle | trailing)
            self._grid.setRowMinimumHeight(line + 10, 12)
            line += 11
        for cells in self._cells:
            for part in cells.parts():
                part.show()
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Ask only for the width of stacked rows."""
        hint = super().minimumSizeHint()
        lead = max((c.lead.minimumSizeHint().width() + 16 for c in self._cells if c.lead is not None), default=0)
        wide = max((p.minimumSizeHint().width() for c in self._cells for p in c.parts() if p is not c.lead), default=0)
        return QSize(min(hint.width(), lead + wide), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack or unstack."""
        self._choose(event.size().width())
        super().resizeEvent(event)

    def _choose(self, width: int) -> None:
        stacked = width < self._under * self.fontMetrics().height() / 20
        if stacked != self._stacked:
            self._lay(stacked=stacked)

    def changeEvent(self, event: QEvent) -> None:
        """Think again when the text size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._cells:
            self._choose(self.width())

    def paintEvent(self, _event: object) -> None:
        """Draw the lines between rows."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens_of(self).line), 1))
        for index in range(1, len(self._cells)):
            y = min(part.y() for part in self._cells[index].parts()) - 12
            painter.drawLine(QPoint(0, y), QPoint(self.width(), y))
        painter.end()


def _marked(row: Row) -> str:
    return row.mark.words if row.mark is not None else ""


def _filling() -> QSizePolicy:
    """Return the policy that makes the buttons of one column equally wide."""
    policy = QSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy
