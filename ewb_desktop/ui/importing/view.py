"""The page on which files are read into the directory, with a report of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.ui.destinations import Destination, ToDirectory, ToDirectoryImport
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.importing.by_hand import ByHandForm
from ewb_desktop.ui.importing.presenter import NEW
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField, TextField
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import Notice, ProgressPanel, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.row_model import RowModel
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Kind, Text
from ewb_desktop.ui.widgets.virtual_list import VirtualList


class ImportingPage(Page):
    """Shows what was read and tells what was asked for."""

    came = Signal(object)
    typed = Signal(dict)
    read_asked = Signal(str, str)
    go_on_asked = Signal(str, str)
    other_chosen = Signal()
    stop_asked = Signal()
    save_asked = Signal()
    only_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Add services"), "importing", parent=parent)
        self.presenter: object = None
        self.by_hand_presenter: object = None
        done = Button(self.tr("To the directory"), icon="map-pin", name="importing.directory")
        done.clicked.connect(lambda: self.go.emit(ToDirectory()))
        self.sheet.add(
            PageHead(self.tr("Add services"), self.tr("From files, or one by hand. Nothing that is here is deleted."), [done])
        )
        self._trouble = Notice("", "", Tone.ATTENTION, name="importing.trouble")
        self._trouble.hide()
        self.sheet.add(self._trouble)
        self._progress = ProgressPanel(self.tr("Reading the files"))
        self._progress.cancelled.connect(self.stop_asked)
        self._progress.hide()
        self.sheet.add(self._progress)
        self._report = self._report_card()
        self.sheet.add(self._report)
        self._files = self._form()
        self.sheet.add(self._files)
        self.by_hand = ByHandForm()
        self.sheet.add(self.by_hand)
        self.sheet.fill()
        self._timer = DraftTimer(self)
        self._timer.due.connect(lambda: self.typed.emit(self.by_hand.typed))
        self.by_hand.edited.connect(self._timer.touch)

    def _form(self) -> Card:
        card = Card(
            self.tr("Choose the files"),
            self.tr(
                "Tables (CSV) and Open Referral UK files (JSON). A directory in pages is read whole when all pages are chosen."
            ),
        )
        self._names: list[str] = []
        self._known = SelectField(
            self.tr("Which directory is it?"), hint=self.tr("Choose the same one again, so that what has changed is found."),
            name="importing.known",
        )  # fmt: skip
        self._known.chosen.connect(self._show_name)
        self._known.chosen.connect(self.other_chosen)
        self._name = TextField(
            self.tr("Whose directory is it?"), self.tr("For example: Trafford Council. Left empty, the name of the file."),
            chars=32, name="importing.name",
        )  # fmt: skip
        self._plan = Notice("", "", Tone.ATTENTION, name="importing.plan")
        go_on = Button(self.tr("Read them in"), Look.PRIMARY, name="importing.go_on")
        go_on.clicked.connect(lambda: self.go_on_asked.emit(self._known.value or NEW, self._name.value))
        self._plan.add(Flow([go_on]))
        self._plan.hide()
        self._choose = Button(self.tr("Choose files"), Look.PRIMARY, icon="upload", name="importing.choose")
        self._choose.clicked.connect(lambda: self.read_asked.emit(self._known.value or NEW, self._name.value))
        for part in (self._known, self._name):
            card.add(part)
        card.add(Flow([self._choose]))
        card.add(self._plan)
        self.default_focus = self._name.input
        return card

    def _report_card(self) -> Card:
        card = Card("", name="importing.report")
        self._title = Text("", Kind.BOLD)
        self._words = Text("", selectable=True)
        chips = []
        for fate, text in (
            ("", self.tr("All rows")),
            ("kept", self.tr("Kept")),
            ("mended", self.tr("Mended")),
            ("left", self.tr("Left out")),
        ):
            chip = FilterChip(text, on=not fate, name=f"importing.only.{fate or 'all'}")
            chip.clicked.connect(lambda _on=False, fate=fate: self._only(fate))
            chips.append((fate, chip))
        self._chips = dict(chips)
        save = Button(self.tr("Save the report"), Look.SECONDARY, icon="download", name="importing.save")
        save.clicked.connect(self.save_asked)
        self._model = RowModel(self)
        self._list = VirtualList(self.tr("Rows of the report"), name="importing.rows")
        self._list.setModel(self._model)
        self._list.setMinimumHeight(280)
        self._row = Text("", selectable=True)
        self._list.picked.connect(self._show_row)
        self._none = Text(self.tr("There are no such rows."), Kind.MUTED)
        for part in (self._title, self._words, Flow([*self._chips.values(), save]), self._none, self._row):
            card.add(part)
        card.add(self._list, 1)
        card.hide()
        return card

    def opened(self, destination: Destination) -> None:
        """Show which directories there are, and the entry that is to be changed."""
        self._timer.forget()
        self.came.emit(destination.service if isinstance(destination, ToDirectoryImport) else None)

    def leaving(self) -> None:
        """Keep what was typed."""
        self._timer.flush()

    # -- the presenter

    def show_directories(self, known: Sequence[tuple[str, str]]) -> None:
        """Offer the directories that were read before."""
        before = self._known.value
        self._known.set_options([*known, (NEW, self.tr("Another one"))])
        names = self._names = [name for name, _ in known]
        self._known.value = before if before in names else NEW
        self._known.setVisible(bool(known))
        self.default_focus = self._known.input if known else self._name.input
        self._show_name()

    def show_by_hand(self, typed: Mapping[str, Any], *, new: bool) -> None:
        """Show the form of one service; an entry that is changed has the page for itself."""
        self.by_hand.begin(typed, new=new)
        self._files.setVisible(new)
        if not new:
            self._report.hide()
            self.default_focus = self.by_hand.fields["name"].input

    def show_by_hand_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""
        self.by_hand.show_faults(faults)

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""
        self._timer.forget()
        self.said.emit(said)
        self.go.emit(destination)

    def show_plan(self, source: str, title: str, words: str) -> None:
        """Choose the directory and say what reading into it would do, or take that away."""
        self._plan.set_words(title, words)
        self._plan.setVisible(bool(title))
        if title:
            self._known.value = source if source in self._names else NEW
            self._name.value = source if self._known.value == NEW else ""
            self._show_name()
            announce(self, f"{title}. {words}")

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say why nothing could be read."""
        self._trouble.set_words(title, sentence)
        self._trouble.setVisible(bool(title))
        if title:
            announce(self, f"{title}. {sentence}")

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""
        self._progress.set_progress(done, total, words)

    def show_busy(self, busy: bool) -> None:
        """Show or hide the progress."""
        self._progress.setVisible(busy)
        if busy:
            self._progress.set_progress(0, 0, self.tr("Reading the files"))

    def show_report(self, title: str, words: str, rows: Sequence[Row] | None) -> None:
        """Show the report, or hide it."""
        self._report.setVisible(rows is not None)
        self._title.setText(title)
        self._report.setAccessibleName(title)
        self._words.setText(words)
        self._row.setText("")
        self._model.show(rows or [])
        self._list.setVisible(bool(rows))
        self._none.setVisible(rows is not None and not rows)
        if rows is not None:
            self.sheet.show_top()
        if rows:
            self._list.setCurrentIndex(self._model.index(0, 0))

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""
        self.said.emit(sentence)

    # -- the worker

    def _show_name(self, *_: object) -> None:
        self._name.setVisible(self._known.value in (None, NEW))

    def _show_row(self, row: Row) -> None:
        self._row.setText(row.words)

    def _only(self, fate: str) -> None:
        for other, chip in self._chips.items():
            chip.setChecked(other == fate)
        self.only_asked.emit(fate)
