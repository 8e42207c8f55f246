"""What was printed here, for a choice of days."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.leaflets.printed import LAST_MONTH, MONTH, TODAY, WEEK
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text


class PrintedPane(QWidget):
    """A list by leaflet, the most copies first."""

    period_chosen = Signal(object)
    save_asked = Signal()
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._period = SelectField(
            self.tr("Printed"),
            [
                (TODAY, self.tr("Today")),
                (WEEK, self.tr("In the last 7 days")),
                (MONTH, self.tr("This month")),
                (LAST_MONTH, self.tr("Last month")),
            ],
            name="leaflets.period",
        )
        self._period.chosen.connect(self.period_chosen)
        save = Button(self.tr("Save as a table"), icon="download", name="leaflets.save_printed")
        save.clicked.connect(self.save_asked)
        holder = QWidget()
        beside = QVBoxLayout(holder)
        beside.setContentsMargins(0, 0, 0, 8)
        beside.addStretch(1)
        beside.addWidget(save)
        self._line = Text("", Kind.MUTED)
        self._rows = RowList(stack_under=420, name="leaflets.printed_rows")
        card = Card(name="leaflets.printed")
        card.add(Columns([self._period, holder], (1, 0), stack_under=420))
        card.add(self._line)
        card.add(self._rows)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)
        box.addStretch(1)
        self.default_focus = self._period

    def show_printed(self, period: str, line: str, rows: Sequence[Row]) -> None:
        """Show what was printed in a period."""
        self._period.value = period
        self._line.setText(line)
        self._rows.set_rows(rows)
        self._rows.setVisible(bool(rows))
        announce(self._line, line)

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self.told.emit(sentence)
