"""A list of rows as Qt sees it, for a list that shows all that it is given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE

_Index = QModelIndex | QPersistentModelIndex


class RowModel(QAbstractListModel):
    """Shows the rows that it is given; the truth stays in the store."""

    _rows: Sequence[Row] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = 0) -> object:
        """Return the row, or its words for a screen reader."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return None
