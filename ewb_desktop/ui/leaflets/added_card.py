"""What stands on the leaflet beside its topic: services of the directory, and what happens next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.leaflets.service_form import ServiceForm
from ewb_desktop.ui.leaflets.wish import ServiceLook, Step
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.date_field import DateField
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.reading_order import has_keyboard
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.text import Kind, Text

MOST_ROWS = 12
"""Services that are shown: more make no leaflet that anybody reads, and a list of hundreds would hold up the window."""


class AddedCard(Card):
    """Services that can be added and taken off, and the next step, which opens when it is asked for."""

    searched = Signal(str)
    service_added = Signal(object)
    service_taken_off = Signal(object)
    service_opened = Signal(object)
    service_changed = Signal(object)
    service_moved_up = Signal(object)
    step_changed = Signal(object)
    all_taken_off = Signal()
    directory_asked = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("AddedCard", "On it as well"), name="leaflets.added", parent=parent)
        self._services = RowList(look=Look.QUIET, stack_under=480, name="leaflets.services")
        self._services.acted.connect(self._take_off)
        self._services.opened.connect(self.service_opened)
        self._more = Text("", Kind.HINT)
        self._more.hide()
        self._all_off = Button(self.tr("Take all services off"), name="leaflets.services_off")
        self._all_off.clicked.connect(self._take_all_off)
        self._all_off.hide()
        self._form = ServiceForm()
        self._form.changed.connect(self.service_changed)
        self._form.moved.connect(self.service_moved_up)
        self._form.closed.connect(self._back_to_services)
        self._search = SearchBox(
            self.tr("Add a service from the directory"), shown=self.tr("Add a service"), name="leaflets.find_service"
        )
        self._search.searched.connect(self.searched)
        self._found = RowList(stack_under=260, name="leaflets.found")
        self._found.acted.connect(self._add)
        self._none = Text("", Kind.HINT)
        self._none.hide()
        directory = Button(self.tr("Look in the directory"), Look.LINK, name="leaflets.to_directory")
        directory.clicked.connect(self.directory_asked)
        for part in (self._services, self._more, self._all_off, self._form, self._search, self._found, self._none, directory):
            self.add(part)
        self._open_step = Button(self.tr("Add the next step"), icon="plus", name="leaflets.add_step")
        self._named = False
        self._open_step.clicked.connect(self._begin_step)
        self.add(self._open_step)
        self.add(self._step_fields(today))
        self._timer = DraftTimer(self)
        self._timer.due.connect(self._tell_step)

    def _step_fields(self, today: Callable[[], date]) -> QWidget:
        self._step = QWidget()
        column = QVBoxLayout(self._step)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self._words = TextField(self.tr("Next step"), self.tr("For example: Rowan rings on Monday"), name="leaflets.step")
        self._contact = SelectField(self.tr("Who to ask for"), name="leaflets.contact")
        self._contact.chosen.connect(self._name_contact)
        self._on = DateField(self.tr("On"), optional=True, earliest=today, name="leaflets.on")
        self._telephone = TextField(self.tr("Telephone"), optional=True, name="leaflets.telephone")
        off = Button(self.tr("Take the next step off"), name="leaflets.step_off")
        off.clicked.connect(self._end_step)
        for field in (self._words, self._contact, self._on, self._telephone):
            column.addWidget(field)
            field.edited.connect(self._touch)
        column.addWidget(off)
        self._step.hide()
        return self._step

    def show_services(self, rows: Sequence[Row]) -> None:
        """Show the services on the leaflet."""
        self._services.set_rows(rows[:MOST_ROWS])
        self._services.setVisible(bool(rows))
        hidden = len(rows) > MOST_ROWS
        self._more.setText(
            self.tr("The first {0} of {1} are shown. All are printed.").format(MOST_ROWS, len(rows)) if hidden else ""
        )
        for part in (self._more, self._all_off):
            part.setVisible(hidden)
        keys = [row.key for row in rows]
        if self._form.service not in keys:
            self._form.shut()
        else:
            self._form.show_first(first=self._form.service == keys[0])

    def show_service(self, name: str, look: ServiceLook, where: str, *, first: bool) -> None:
        """Show what of one service is printed."""
        self._form.open(name, look, where, first=first)

    def show_found(self, rows: Sequence[Row], typed: str) -> None:
        """Show the services found."""
        self._found.set_rows(rows)
        self._found.setVisible(bool(rows))
        nothing = bool(typed) and not rows
        self._none.setText(self.tr("Nothing more found. Try fewer letters.") if nothing else "")
        self._none.setVisible(nothing)
        if typed:
            announce(self._search, self.tr("%n found", "", len(rows)))

    def show_step(self, step: Step, contacts: Sequence[tuple[str, str]]) -> None:
        """Show the next step; without words its fields stay closed."""
        self._contact.set_options(contacts)
        self._words.value, self._contact.value = step.words, step.worker
        self._on.value, self._telephone.value = step.on, step.telephone
        self._on.show_error()
        self._named = step.named
        if step.wanted:
            self._open(True)
        elif not self._words.line.hasFocus() and not self._contact.combo.hasFocus():
            self._open(False)

    def begin_anew(self) -> None:
        """Give up what was typed and not yet told, and what was looked for: it was for another leaflet."""
        self._timer.forget()
        self._form.shut()
        self._words.value = ""
        self._search.set_text("")
        self.show_found((), "")

    def flush(self) -> None:
        """Tell at once what was typed last."""
        self._form.flush()
        self._timer.flush()

    def _open(self, on: bool) -> None:
        self._step.setVisible(on)
        self._open_step.setVisible(not on)

    def _begin_step(self) -> None:
        self._open(True)
        self._words.line.setFocus()

    def _end_step(self) -> None:
        self._timer.forget()
        self._words.value = ""
        self._on.value = None
        self._named = False
        self._tell_step()
        self._open(False)
        self._open_step.setFocus()

    def _touch(self) -> None:
        self._timer.touch()

    def _tell_step(self) -> None:
        day, wrong = self._on.read()
        # nobody is told off in the middle of a date
        self._on.show_error("" if self._in_the_date() else wrong)
        self.step_changed.emit(Step(self._words.value, self._contact.value or "", day, self._telephone.value, self._named))

    def _name_contact(self, _worker: object) -> None:
        self._named = True

    def _in_the_date(self) -> bool:
        return has_keyboard(self._on)

    def _take_off(self, service: object) -> None:
        self.service_taken_off.emit(service)
        # the button that was pressed is gone
        self._search.setFocus()

    def _take_all_off(self) -> None:
        self.all_taken_off.emit()
        self._search.setFocus()

    def _back_to_services(self) -> None:
        self._search.setFocus()

    def _add(self, service: str) -> None:
        self._search.set_text("")
        self.show_found((), "")
        self._search.setFocus()
        self.service_added.emit(service)
