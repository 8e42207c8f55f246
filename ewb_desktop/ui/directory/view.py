"""The page of the directory: a search line with filters, the services found, and one of them in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.domain.roles import Duty
from ewb_desktop.library import Library
from ewb_desktop.storage.cards.services import Filters
from ewb_desktop.ui.destinations import Destination, ToDirectory, ToDirectoryImport, ToPerson, ToService
from ewb_desktop.ui.directory.presenter import Whom
from ewb_desktop.ui.directory.service_card import ServiceCardView
from ewb_desktop.ui.directory.sheet import Sheet
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import EmptyState, Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.row_model import RowModel
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from ewb_desktop.ui.widgets.text import Kind, Text
from ewb_desktop.ui.widgets.virtual_list import VirtualList


class DirectoryPage(Page):
    """Shows services and tells what was typed, filtered, chosen and asked for.

    ``may`` says what the worker's role does: nothing is offered that it does not.
    """

    came = Signal(str, object, object)
    came_back = Signal()
    searched = Signal(str)
    filtered = Signal(object, bool, bool)
    chosen = Signal(str)
    made_up_asked = Signal()
    made_up_unwanted = Signal()

    def __init__(self, library: Library, may: Callable[[Duty], bool], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Directory"), "directory", parent=parent)
        self.presenter: object = None
        self._library = library
        self._whom: Whom | None = None
        self._opened_for: Destination | None = None
        add = Button(self.tr("Add or import"), icon="upload", name="directory.import")
        add.clicked.connect(lambda: self.go.emit(ToDirectoryImport()))
        self._to_person = Button(self.tr("Back to their page"), name="directory.person")
        self._to_person.clicked.connect(self._go_person)
        self._may_write = may(Duty.DIRECTORY)
        add.setVisible(self._may_write)
        self._head = PageHead(self.tr("Directory"), "", [self._to_person, add])
        self.sheet.add(self._head)
        self._made_up = Notice(
            self.tr("Some of these services are made up"),
            self.tr("They are here to try things out with. Send nobody there, and take them out before you work with people."),
            name="directory.made-up",
        )
        out = Button(self.tr("Take the made-up services out"), Look.SECONDARY, name="directory.made-up-out")
        out.clicked.connect(self.made_up_unwanted)
        self._made_up.add(Flow([out]))
        self._made_up.hide()
        self.sheet.add(self._made_up)
        self._search = SearchBox(self.tr("Find a service"), shown=self.tr("For example: debt letters"), name="directory.search")
        self._search.searched.connect(self.searched)
        self.sheet.add(self._filters())
        self._more_filters = self._selects()
        self.sheet.add(self._more_filters)
        self.service = ServiceCardView(may)
        self.service.change_asked.connect(lambda service: self.go.emit(ToDirectoryImport(service)))
        self._columns = Columns([self._list_card(), self.service], (11, 10), stack_under=760)
        self.sheet.add(self._columns, 1)
        self.default_focus = self._search

    def _filters(self) -> QWidget:
        self._near = FilterChip(self.tr("Within 2 miles"), name="directory.near")
        self._open = FilterChip(self.tr("Open now"), name="directory.open")
        self._steps = FilterChip(self.tr("Step-free"), name="directory.steps")
        self._language = FilterChip("", name="directory.language")
        self._free = FilterChip(self.tr("Free"), name="directory.free")
        self._more = FilterChip(self.tr("More"), name="directory.more")
        self._more.setAccessibleName(self.tr("More filters"))
        chips = [self._near, self._open, self._steps, self._language, self._free]
        for chip in chips:
            chip.toggled.connect(self._tell_filters)
        self._more.toggled.connect(self._show_more)
        self._language.hide()
        return Columns([self._search, Flow([*chips, self._more])], (1, 0), stack_under=900, spacing=12)

    def _selects(self) -> QWidget:
        needs, languages = self._library.list("needs"), self._library.list("languages")
        self._need = SelectField(
            self.tr("Helps with"), [("", self.tr("Anything")), *((e.key, e.words) for e in needs.entries)], name="directory.need"
        )
        self._speaks = SelectField(
            self.tr("Language spoken"), [("", self.tr("Any language")), *((e.key, e.words) for e in languages.entries)],
            name="directory.speaks",
        )  # fmt: skip
        self._order = SelectField(
            self.tr("Order"), [(False, self.tr("Best match first")), (True, self.tr("Nearest first"))], name="directory.order"
        )
        for select in (self._need, self._speaks, self._order):
            select.value = select.combo.count() and (False if select is self._order else "")
            select.chosen.connect(self._tell_filters)
        row = Columns([self._need, self._speaks, self._order], (1, 1, 1), stack_under=620)
        row.hide()
        return row

    def _list_card(self) -> QWidget:
        card = Card()
        self._count = Text("", Kind.HINT)
        card.add(self._count)
        self._model = RowModel(self)
        self._list = VirtualList(self.tr("Services found"), name="directory.list")
        self._list.setModel(self._model)
        self._list.setMinimumHeight(320)
        self._list.picked.connect(lambda row: self.chosen.emit(row.key))
        self._clear = Button(self.tr("Take the filters off"), Look.SECONDARY, name="directory.clear")
        self._clear.clicked.connect(self._clear_filters)
        self._first = Button(self.tr("Read in a directory"), Look.SECONDARY, name="directory.first")
        self._first.clicked.connect(lambda: self.go.emit(ToDirectoryImport()))
        self._try = Button(self.tr("Read in the made-up directory, to try things out"), name="directory.try")
        self._try.clicked.connect(self.made_up_asked)
        self._nothing = EmptyState("", "", icon="search")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list, 1)
        column.addWidget(self._nothing)
        column.addWidget(Flow([self._clear, self._first, self._try]))
        column.addStretch(0)
        card.add(holder, 1)
        return card

    # -- the window

    def opened(self, destination: Destination) -> None:
        """Search for what the destination names, on behalf of the person it names."""
        self._opened_for = destination
        if isinstance(destination, ToService):
            self._search.set_text("")
            self.came.emit("", destination.person, destination.service)
        elif isinstance(destination, ToDirectory):
            self._search.set_text(destination.search)
            self.came.emit(destination.search, destination.person, None)

    def returned(self, destination: Destination) -> bool:
        """Show the same search, filters and service, at the same place, after a look at another page."""
        if destination != self._opened_for:
            return super().returned(destination)
        bar = self._list.verticalScrollBar()
        at = bar.value()
        self.came_back.emit()
        bar.setValue(at)
        return True

    # -- the presenter

    def show_head(self, line: str, *, located: bool) -> None:
        """Show how large the directory is."""
        self._head.set_line(line)
        self._near.setVisible(located)
        self._order.setVisible(located)
        if not located:
            self._near.setChecked(False)

    def show_whom(self, whom: Whom | None) -> None:
        """Show for whom somebody looks."""
        self._whom = whom
        self._head.set_trail(self.tr("For {0}, {1}").format(whom.name, whom.identifiers) if whom else "")
        self._to_person.setVisible(whom is not None)
        if whom:
            self._to_person.set_text(self.tr("Back to {0}").format(whom.called))
        words = whom.language_words if whom else ""
        if not words:
            self._language.setChecked(False)
        self._language.setText(words)
        self._language.setAccessibleName(self.tr("{0} spoken").format(words) if words else "")
        self._language.setVisible(bool(words))
        self._language.updateGeometry()
        self.service.show_whom(whom.called if whom else "")

    def show_found(self, found: Sequence[Row], words: str, chosen: int) -> None:
        """Show the services found."""
        changed = words != self._count.text()
        self._count.setText(words)
        self._list.show()
        for part in (self._nothing, self._clear, self._first, self._try):
            part.hide()
        blocked = self._list.blockSignals(True)
        self._model.show(found)
        if chosen >= 0:
            self._list.setCurrentIndex(self._model.index(chosen, 0))
        self._list.blockSignals(blocked)
        if changed and self.isVisible():
            announce(self, words)

    def show_made_up(self, there: bool) -> None:
        """Say whether made-up services are among the real ones."""
        self._made_up.setVisible(there)

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""
        self.said.emit(sentence)

    def show_nothing(self, title: str, words: str, *, filtered: bool, empty: bool, may_try: bool) -> None:
        """Say that nothing was found and what to do."""
        self._count.setText("")
        self._model.show([])
        self._list.hide()
        self._nothing.set_words(title, words)
        self._nothing.show()
        self._clear.setVisible(filtered)
        self._try.setVisible(may_try and self._may_write)
        self._first.setVisible(empty and self._may_write)
        if self.isVisible():
            announce(self, f"{title}. {words}")

    def show_service(self, sheet: Sheet | None) -> None:
        """Show one service in full."""
        self.service.show_sheet(sheet)

    def show_wrong_fault(self, sentence: str) -> None:
        """Say what is missing in the note."""
        self.service.show_wrong_fault(sentence)

    def note_kept(self) -> None:
        """Say that the note was kept."""
        self.service.note_kept()

    def offer_undo(self, words: str) -> None:
        """Say what was done and offer to undo it."""
        self.service.offer_undo(words)

    def leave_for(self, destination: Destination) -> None:
        """Go to another page."""
        self.go.emit(destination)

    # -- what the worker does

    def _tell_filters(self, *_: object) -> None:
        language = self._whom.language if self._whom and self._language.isChecked() else self._speaks.value or ""
        filters = Filters(
            need=self._need.value or "", open_now=self._open.isChecked(), step_free=self._steps.isChecked(),
            free=self._free.isChecked(), language=language,
        )  # fmt: skip
        self.filtered.emit(filters, self._near.isChecked(), bool(self._order.value))

    def _show_more(self, on: bool) -> None:
        self._more_filters.setVisible(on)
        if on:
            self._need.setFocus()
        else:
            self._need.value = self._speaks.value = ""
            self._order.value = False
            self._tell_filters()

    def _clear_filters(self) -> None:
        for chip in (self._near, self._open, self._steps, self._language, self._free):
            blocked = chip.blockSignals(True)
            chip.setChecked(False)
            chip.blockSignals(blocked)
        self._need.value = self._speaks.value = ""
        self._tell_filters()
        self._search.setFocus()

    def _go_person(self) -> None:
        if self._whom:
            self.go.emit(ToPerson(self._whom.id))
