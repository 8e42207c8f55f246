"""The page of a record's history: the edits in words, the newest first, a button to ask the server for everything, and
a choice of which record about the member it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.words import isolated
from ewb_desktop.ui.destinations import Destination, ToHistory
from ewb_desktop.ui.history.presenter import HistoryPresenter
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.notice import EmptyState, Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text


class HistoryPage(Page):
    """Shows what was done to one record."""

    asked = Signal(object)
    earlier_asked = Signal()
    server_asked = Signal()
    chosen = Signal(object)
    """Which other record about the same member is to be told of."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What changed"), "history", parent=parent)
        self.presenter: HistoryPresenter | None = None
        self._server = Button(self.tr("Look on the server"), Look.PRIMARY, icon="refresh-cw", name="history.server")
        self._server.clicked.connect(self.server_asked)
        self._back = Button(self.tr("Back"), name="history.back")
        self._back.clicked.connect(self.back)
        self._head = PageHead(self.tr("What changed"), "", [self._back, self._server])
        self.sheet.add(self._head)
        self._trouble = Notice(self.tr("The server could not be asked"), name="history.trouble")
        self.sheet.add(self._trouble)
        card = Card(name="history.card")
        self._about = SelectField(self.tr("What it is about"), name="history.about")
        self._about.chosen.connect(self.chosen)
        self._abouts: list[tuple[ToHistory, str]] = []
        card.add(self._about)
        self._source = Text("", Kind.MUTED)
        card.add(self._source)
        self._rows = RowList(name="history.rows")
        card.add(self._rows)
        self._none = EmptyState(self.tr("Nothing is known of it here"), icon="circle-check")
        card.add(self._none)
        self._earlier = Button("", Look.LINK, name="history.earlier")
        self._earlier.clicked.connect(self.earlier_asked)
        card.add(self._earlier)
        self.sheet.add(card)
        self.sheet.fill()
        self.default_focus = self._back

    def opened(self, destination: Destination) -> None:
        """Show the history of a record."""
        if isinstance(destination, ToHistory):
            self.asked.emit(destination)

    def show_whose(self, name: str, record: str) -> None:
        """Say whom the record is about and what it is."""
        self._head.set_line(f"{isolated(name)} · {record}" if name else record)

    def show_abouts(self, abouts: Sequence[tuple[ToHistory, str]], chosen: ToHistory) -> None:
        """Offer the records about the same member that can be told of, each with its words; none where there is no other."""
        if self._abouts != list(abouts):
            # an open list would close, and the keyboard's place in it be lost
            self._abouts = list(abouts)
            self._about.set_options(self._abouts)
        self._about.value = chosen
        self._about.setVisible(bool(abouts))

    def show_steps(self, rows: Sequence[Row], earlier: int) -> None:
        """Show the edits; ``earlier`` are not shown yet."""
        self._rows.set_rows(rows)
        self._rows.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._earlier.set_text(self.tr("Show earlier: {0} more").format(earlier))
        self._earlier.setVisible(earlier > 0)

    def show_source(self, words: str, *, can_ask: bool, asking: bool) -> None:
        """Say how much this is, and whether the server can be asked."""
        self._source.setText(words)
        self._server.setVisible(can_ask)
        self._server.show_busy(asking, self.tr("Asking the server") if asking else self.tr("Look on the server"))

    def show_trouble(self, sentence: str) -> None:
        """Say why the server could not be asked; nothing takes it away."""
        self._trouble.set_words(self.tr("The server could not be asked") if sentence else "", sentence)
        self._trouble.setVisible(bool(sentence))

    def say(self, sentence: str) -> None:
        """Say what was done at the foot of the window."""
        self.said.emit(sentence)
