"""The visits counted today: counting several people at once, and the way to a member when somebody gives a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.domain.roles import Duty
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.flow import Flow, Stack
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text


class VisitsCard(Card):
    """Shows counted visits. ``went`` is where a row leads: to a member, or to a new one from this visit.

    ``may`` says what the worker's role does: who does not count reads them only.
    """

    counted = Signal(str, str)
    all_asked = Signal()
    went = Signal(object)

    def __init__(self, reasons: WordList, may: Callable[[Duty], bool], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Visits today"), name="today.visits_card", parent=parent)
        can_count = may(Duty.COUNT)
        if may(Duty.MEMBERS):
            self.set_hint(self.tr("People who came in. Someone new is counted when added; press F6 for others."))
        elif can_count:
            self.set_hint(self.tr("People who came in. Press F6 for each of them; no name is needed."))
        else:
            self.set_hint(self.tr("People who came in, counted without names."))
        self._none = Text(self.tr("None counted yet."), Kind.MUTED)
        self._rows = RowList(look=Look.QUIET, stack_under=220, name="today.visits")
        self._rows.acted.connect(self.went)
        self._rows.opened.connect(self.went)
        self._all = Button("", Look.LINK, name="today.visits_all")
        self._all.clicked.connect(self.all_asked)
        self._several = Button(self.tr("Count several people"), Look.LINK, name="today.several")
        self._several.clicked.connect(self._open_form)
        self.people = TextField(self.tr("How many came?"), chars=4, name="today.several_people")
        self.reason = SelectField(
            self.tr("What for?"), [("", self.tr("Not said")), *((each.key, each.words) for each in reasons.entries)],
            optional=True, name="today.several_reason",
        )  # fmt: skip
        count = Button(self.tr("Count them"), Look.SECONDARY, name="today.several_count")
        count.clicked.connect(self._count)
        self.people.line.returnPressed.connect(self._count)
        close = Button(self.tr("Close"), says=self.tr("Close without counting"), name="today.several_close")
        close.clicked.connect(self._close_by_hand)
        self._form = Stack([self.people, self.reason, Flow([count, close], spacing=12)], spacing=8)
        self._form.hide()
        for part in (self._none, self._rows, self._all, self._several, self._form):
            self.add(part)
        self._several.setVisible(can_count)

    def show_rows(self, rows: Sequence[Row], more: int) -> None:
        """Show visits; ``more`` are not shown yet."""
        self._rows.set_rows(rows)
        self._rows.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._all.setVisible(more > 0)
        self._all.set_text(self.tr("Show earlier ones ({0})").format(more))

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong with the number."""
        self.people.show_error(sentence)
        self.people.setFocus()

    def close_form(self) -> None:
        """Empty and close the form."""
        self.people.value = ""
        self.reason.value = ""
        self.people.show_error()
        self._form.hide()
        self._several.show()

    def _open_form(self) -> None:
        self._several.hide()
        self.reason.value = ""
        self._form.show()
        self.people.setFocus()

    def _close_by_hand(self) -> None:
        self.close_form()
        self._several.setFocus()

    def _count(self) -> None:
        self.people.show_error()
        self.counted.emit(self.people.value, self.reason.value or "")
