"""The page of members: find one, open one, or say that someone new is here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ewb_desktop.ui.destinations import Destination, ToMembers, ToNewPerson, ToOpening, ToPerson
from ewb_desktop.ui.members.list_model import MembersModel
from ewb_desktop.ui.members.presenter import ReadRows
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.notice import EmptyState, UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.search_box import FilterChip, SearchBox
from ewb_desktop.ui.widgets.virtual_list import VirtualList


class MembersPage(Page):
    """Shows members and tells what was typed, chosen and asked for."""

    searched = Signal(str)
    mine_asked = Signal(bool)
    visit_counted = Signal()
    visit_taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Members"), "members", parent=parent)
        self.presenter: object = None
        count = Button(self.tr("Count a visit"), key="F6", name="members.count")
        count.clicked.connect(self.visit_counted)
        new = Button(self.tr("Someone new is here"), Look.PRIMARY, key="F7", name="members.new")
        new.clicked.connect(self._go_new)
        self._head = PageHead(self.tr("Members"), "", [count, new])
        self.sheet.add(self._head)
        self.act(self.tr("Count a visit"), "F6", self.visit_counted, "members.count_action")
        self.act(self.tr("Someone new is here"), "F7", self._go_new, "members.new_action")

        self._search = SearchBox(self.tr("Find a member by name, telephone or postcode"), name="members.search")
        self._search.searched.connect(self.searched)
        self._mine = FilterChip(self.tr("I coordinate"), name="members.mine")
        self._mine.toggled.connect(self.mine_asked)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._search, 1)
        line.addWidget(self._mine)
        self.sheet.add(line)

        self._undo = UndoBar()
        self._undo.undone.connect(self.visit_taken_back)
        self.sheet.add(self._undo)
        self.sheet.add(self._list_card(), 1)
        self.default_focus = self._search

    def _list_card(self) -> QWidget:
        card = Card()
        self._model = MembersModel(self)
        self._list = VirtualList(self.tr("Members found"), name="members.list")
        self._list.setModel(self._model)
        self._list.setMinimumHeight(320)
        self._list.opened.connect(self._open)
        self._list.clicked.connect(lambda index: self._open(self._list.row_at(index)))
        first = Button(self.tr("Someone new is here"), Look.SECONDARY, name="members.new_first")
        first.clicked.connect(self._go_new)
        self._nobody = EmptyState("", "", first, icon="users")
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list, 1)
        column.addWidget(self._nobody)
        self._further = Button(self.tr("Not on this laptop: look on the server"), Look.LINK, name="members.look_further")
        self._further.clicked.connect(lambda: self.go.emit(ToOpening(self._search.text().strip())))
        self._further.hide()
        column.addWidget(Flow([self._further]))
        card.add(holder, 1)
        return card

    def opened(self, destination: Destination) -> None:
        """Search for what the destination names, or show everybody."""
        typed = destination.search if isinstance(destination, ToMembers) else ""
        if isinstance(destination, ToMembers) and destination.mine:
            self._mine.setChecked(True)
        self._search.set_text(typed)
        self.searched.emit(typed)

    def show_members(self, ids: Sequence[str], read: ReadRows) -> None:
        """Show these members in this order."""
        self._model.show(ids, read)
        self._list.setVisible(bool(ids))
        self._nobody.setVisible(not ids)

    def read_lines_again(self) -> None:
        """Read the lines again that are looked at."""
        self._model.forget_lines()

    def show_count(self, shown: int, everyone: int, typed: str, *, more_come: bool) -> None:
        """Say how many are shown of how many; with ``more_come`` nobody is taken for new who is on their way."""
        if typed:
            words = self.tr("{0} found on this laptop").format(f"{shown:,}")
            empty = (self.tr("Nobody found"), self.tr("Try fewer letters, or add them: a name is enough."))
        else:
            words = self.tr("{0} on this laptop").format(f"{everyone:,}")
            empty = (self.tr("Nobody yet"), self.tr("When someone comes in, press F7. A name is enough, any name."))
        if more_come:
            words = self.tr("{0} so far. More are still to come").format(words)
            empty = (
                self.tr("More members are still to come"),
                self.tr("Whoever you look for may be among them. Look once more before you add them."),
            )
        self._head.set_line(words)
        self._nobody.set_words(*empty)

    def offer_to_look_further(self, offered: bool, *, is_found: bool) -> None:
        """Offer to look on the server for who is not on this laptop; with ``is_found`` somebody of that name is."""
        self._further.set_text(
            self.tr("Somebody else of that name: look on the server")
            if is_found
            else self.tr("Not on this laptop: look on the server")
        )
        self._further.setVisible(offered)

    def offer_undo_of_visit(self) -> None:
        """Say that a visit was counted and offer to take it back."""
        self._undo.offer(self.tr("One visit counted, without a name."))

    def _open(self, row: Row | None) -> None:
        if row is not None:
            self.go.emit(ToPerson(row.key))

    def _go_new(self) -> None:
        self.go.emit(ToNewPerson(name=self._search.text().strip()))
