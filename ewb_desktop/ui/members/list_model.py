"""The list of members as Qt sees it: as long as the members, reading a page of lines only where somebody looks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt

from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE

PAGE = 200
KEPT_PAGES = 20
"""Pages kept in memory: enough for scrolling to and fro."""

_Index = QModelIndex | QPersistentModelIndex


class MembersModel(QStringListModel):
    """Holds ids only. ``read`` gives the rows for some of them; the truth stays in the store.

    A list of strings to Qt, because a view asks for the place of every row each time the list is another one: in Python that
    took a third of a second among 100,000.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: Sequence[str] = ()
        self._read: Callable[[Sequence[str]], Sequence[Row]] = lambda _ids: ()
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def show(self, ids: Sequence[str], read: Callable[[Sequence[str]], Sequence[Row]]) -> None:
        """Show these members."""
        self._ids, self._read = ids, read
        self._pages.clear()
        self.setStringList(ids)

    def forget_lines(self) -> None:
        """Read the lines again where somebody looks; the members are the same."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    def position(self, person: str) -> int:
        """Return the row of a member, or -1."""
        return self._ids.index(person) if person in self._ids else -1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Say that a row can be chosen and not written in."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = 0) -> object:
        """Return the row, or its words for a screen reader."""
        if not index.isValid():
            return None
        if role == ROW_ROLE:
            return self._row(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self._row(index.row())
            return row.spoken() if row else None
        return None

    def _row(self, number: int) -> Row | None:
        page = number // PAGE
        if page not in self._pages:
            self._pages[page] = self._read(self._ids[page * PAGE : (page + 1) * PAGE])
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        rows, place = self._pages[page], number % PAGE
        return rows[place] if place < len(rows) else None
