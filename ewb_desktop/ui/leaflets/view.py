"""The page of leaflets: topics, the leaflet as it will be printed, how it should look, what is on it as well, and paper.

It has two more sides: several leaflets for a stall, and what was printed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.destinations import Destination, ToLeaflets, ToOwnLeaflets
from ewb_desktop.ui.leaflets.added_card import AddedCard
from ewb_desktop.ui.leaflets.looks_card import LooksCard, beside
from ewb_desktop.ui.leaflets.preview_pane import PreviewPane
from ewb_desktop.ui.leaflets.printed_pane import PrintedPane
from ewb_desktop.ui.leaflets.sending_card import SendingCard
from ewb_desktop.ui.leaflets.shown import Looks, Options
from ewb_desktop.ui.leaflets.stall_pane import StallPane
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.leaflets.wish import ServiceLook, Step
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.bar import Bar
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import Notice
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.text import Kind, Text

COPIES = (*range(1, 11), 15, 20, 30, 50, 100)


class Side(Enum):
    """What the page shows: one leaflet, several for a stall, or what was printed."""

    ONE = "one"
    STALL = "stall"
    PRINTED = "printed"


class LeafletsPage(Page):
    """Shows one leaflet in the making. With ``unlocked`` off there is nothing about members or services on it; ``own`` leads to
    the organisation's own leaflets.
    """

    person_asked = Signal(object, object, str, str, str)
    topics_searched = Signal(str)
    topic_chosen = Signal(object)
    nobody_asked = Signal()
    copies_chosen = Signal(object)
    print_asked = Signal()
    save_asked = Signal()
    view_asked = Signal()
    stall_opened = Signal()
    print_all_asked = Signal()
    save_all_asked = Signal()
    printed_opened = Signal()
    left = Signal()

    def __init__(
        self, today: Callable[[], date], *, unlocked: bool = True, own: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Leaflets"), "leaflets", parent=parent)
        self.presenter: object = None
        self.sides: list[object] = []
        """The presenters of the other two sides: the page keeps them."""
        self._unlocked = unlocked
        self._own = own
        self._side = Side.ONE
        self._line = ""
        self._for_somebody = False
        self._head = PageHead(self.tr("Leaflets"), "", self._head_buttons())
        self.sheet.add(self._head)
        self.looks = LooksCard()
        self.added = AddedCard(today)
        self.added.setVisible(unlocked)
        self.sending = SendingCard()
        self.sending.setVisible(unlocked)
        self.preview = PreviewPane()
        self._warning = Notice("", name="leaflets.warning")
        self._warning.hide()
        middle, right = QWidget(), QWidget()
        self._middle = _column(middle, self.preview)
        self._right = _column(right, self._warning, self.looks, self.added, self.sending)
        self._right.addStretch(1)
        self._one = Columns([self._topics_card(), middle, right], (29, 42, 33), stack_under=900)
        # not in the middle of a layout
        self._one.turned.connect(self._place_warning, Qt.ConnectionType.QueuedConnection)
        self.stall = StallPane()
        self.stall.told.connect(self.tell)
        self.stall.go_changed.connect(self._name_print_all)
        for changed in (self.stall.topics_chosen, self.stall.pile_changed, self.stall.all_changed, self.stall.look_changed):
            changed.connect(lambda *_: self._take_back())
        self.stall.busy.connect(lambda busy: self._print_all.setDisabled(busy))
        self.printed = PrintedPane()
        self.printed.told.connect(self.tell)
        self.sheet.add(self._one, 1)
        self.sheet.add(self.stall, 1)
        self.sheet.add(self.printed, 1)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._bar())
        self.act(self.tr("Print the leaflet"), "Ctrl+P", self._ask_print, "leaflets.print_action")
        self.act(self.tr("Save the leaflet"), "Ctrl+S", self._ask_save, "leaflets.save_action")
        self.act(self.tr("Next page of the leaflet"), "Alt+PgDown", lambda: self.preview.turn(1), "leaflets.after_action")
        self.act(self.tr("Page before of the leaflet"), "Alt+PgUp", lambda: self.preview.turn(-1), "leaflets.before_action")
        self.default_focus = self._search
        self.show_side(Side.ONE)

    def _head_buttons(self) -> list[QWidget]:
        self._nobody = Button(self.tr("For nobody in particular"), name="leaflets.nobody")
        self._nobody.clicked.connect(self.nobody_asked)
        self._to_stall = Button(self.tr("Several for a stall"), icon="files", name="leaflets.to_stall")
        self._to_stall.clicked.connect(lambda: self.show_side(Side.STALL))
        self._to_printed = Button(self.tr("What was printed"), icon="list", name="leaflets.to_printed")
        self._to_printed.clicked.connect(lambda: self.show_side(Side.PRINTED))
        self._to_one = Button(self.tr("Back to one leaflet"), icon="arrow-left", name="leaflets.to_one")
        self._to_one.clicked.connect(lambda: self.show_side(Side.ONE))
        back = Button(self.tr("Back to the lock screen"), icon="arrow-left", name="leaflets.back")
        back.clicked.connect(self.back)
        back.setVisible(not self._unlocked)
        self._to_own = Button(self.tr("Our own leaflets"), name="leaflets.to_own")
        self._to_own.clicked.connect(lambda: self.go.emit(ToOwnLeaflets()))
        return [self._nobody, self._to_one, self._to_stall, self._to_printed, self._to_own, back]

    def _topics_card(self) -> QWidget:
        card = Card(name="leaflets.topics_card")
        card.body.setContentsMargins(1, 16, 1, 8)
        self._search = SearchBox(self.tr("Find a topic"), name="leaflets.search")
        self._search.searched.connect(self.topics_searched)
        inset = QVBoxLayout()
        inset.setContentsMargins(15, 0, 15, 0)
        inset.addWidget(self._search)
        card.add(inset)
        self._topics = TopicList(self.tr("Topics"), name="leaflets.topics")
        self._topics.picked.connect(self._pick)
        self._no_topic = Text(self.tr("No topic found. Try fewer letters."), Kind.HINT)
        self._no_topic.setObjectName("leaflets.no_topic")
        self._no_topic.setContentsMargins(15, 0, 15, 0)
        self._no_topic.hide()
        # over the list: under it nobody sees it
        card.add(self._no_topic)
        card.add(self._topics, 1)
        self._own_trouble = Text("", Kind.HINT)
        self._own_trouble.setObjectName("leaflets.own_trouble")
        self._own_trouble.setContentsMargins(15, 0, 15, 0)
        self._own_trouble.hide()
        card.add(self._own_trouble)
        return card

    def _place_warning(self, stacked: bool) -> None:
        """Keep the warning where it is come by before printing: over the looks, or over the leaflet when all is stacked."""
        # under the card of the looks it would lie below the edge of the window
        (self._middle if stacked else self._right).insertWidget(0, self._warning)

    def _bar(self) -> QWidget:
        self._told = Text("", Kind.MUTED)
        self._copies = beside(SelectField(self.tr("Copies"), [(each, str(each)) for each in COPIES], name="leaflets.copies"))
        self._copies.box.setContentsMargins(0, 0, 0, 0)
        self._copies.combo.setMinimumContentsLength(3)
        self._copies.chosen.connect(self.copies_chosen)
        view = Button(self.tr("Open"), says=self.tr("Open the leaflet in the viewer"), icon="eye", name="leaflets.view")
        view.clicked.connect(self._ask_view)
        view.setVisible(self._unlocked)
        save = Button(self.tr("Save"), says=self.tr("Save the leaflet as a file"), icon="download", name="leaflets.save")
        save.clicked.connect(self._ask_save)
        self._print = Button(self.tr("Print 1 copy"), Look.PRIMARY, icon="printer", key="Ctrl+P", name="leaflets.print")
        self._print.clicked.connect(self._ask_print)
        save_all = Button(self.tr("Save all in a folder"), icon="download", name="leaflets.save_all")
        save_all.clicked.connect(self.save_all_asked)
        self._print_all = Button(self.tr("Print"), Look.PRIMARY, icon="printer", key="Ctrl+P", name="leaflets.print_all")
        self._print_all.clicked.connect(self.print_all_asked)
        self._ways = {
            Side.ONE: Flow([self._copies, view, save, self._print], spacing=12),
            Side.STALL: Flow([save_all, self._print_all], spacing=12),
        }
        self._foot = Bar(Columns([self._told, *self._ways.values()], (1, 0, 0), stack_under=760, spacing=16))
        return self._foot

    def show_side(self, side: Side) -> None:
        """Show one leaflet, several for a stall, or what was printed; the keyboard goes where one begins there."""
        was, self._side = self._side, side
        titles = {
            Side.ONE: self.tr("Leaflets"),
            Side.STALL: self.tr("Leaflets for a stall"),
            Side.PRINTED: self.tr("What was printed here"),
        }
        lines = {
            Side.ONE: self._line,
            Side.STALL: " ".join(
                [
                    self.tr("Nothing on them says who takes one."),
                    *([self.tr("What you choose is kept for the next stall.")] if self._unlocked else []),
                ]
            ),
            Side.PRINTED: self.tr("Counted without anybody's name, on all laptops that this one has heard from."),
        }
        self._head.set_title(titles[side])
        self._head.set_line(lines[side])
        self.title = titles[side]
        for each, part in ((Side.ONE, self._one), (Side.STALL, self.stall), (Side.PRINTED, self.printed)):
            part.setVisible(each is side)
        for each, ways in self._ways.items():
            ways.setVisible(each is side)
        self._foot.setVisible(side in self._ways)
        self._nobody.setVisible(side is Side.ONE and self._for_somebody)
        self._to_one.setVisible(side is not Side.ONE)
        # beside a member's name there is room for what concerns the member
        at_large = side is Side.ONE and not self._for_somebody
        self._to_stall.setVisible(at_large)
        self._to_printed.setVisible(at_large and self._unlocked)
        self._to_own.setVisible(at_large and self._own)
        if was is side:
            return
        self._told.setText("")
        self.turned.emit()
        self.sheet.show_top()
        if side is Side.STALL:
            self.stall_opened.emit()
        elif side is Side.PRINTED:
            self.printed_opened.emit()
        begins = {Side.ONE: self._to_stall if was is Side.STALL else self._to_printed}
        (begins.get(side) or self._to_one).setFocus()

    def _name_print_all(self, words: str) -> None:
        self._print_all.set_text(words)

    # -- what the worker does

    def opened(self, destination: Destination) -> None:
        """Begin a leaflet for whom and with what the destination says."""
        asked = destination if isinstance(destination, ToLeaflets) else ToLeaflets()
        self.show_side(Side.ONE)
        self._search.set_text("")
        self._told.setText("")
        self.added.begin_anew()
        self.person_asked.emit(asked.person, asked.services, asked.topic, asked.style, asked.language)

    def leaving(self) -> None:
        """Keep what was added."""
        self.added.flush()
        self.left.emit()

    def _pick(self, row: Row) -> None:
        self._take_back()
        self.topic_chosen.emit(row.key)

    def _take_back(self) -> None:
        """Say no more what was said of the leaflets before: it is not true of these."""
        if self._told.text():
            self._told.setText("")
            self.said.emit("")

    def _ask_print(self) -> None:
        if self._side is Side.STALL:
            self._print_all.click()
        if self._side is not Side.ONE:
            return
        self.added.flush()
        self.print_asked.emit()

    def _ask_save(self) -> None:
        if self._side is Side.STALL:
            self.save_all_asked.emit()
        if self._side is not Side.ONE:
            return
        self.added.flush()
        self.save_asked.emit()

    def _ask_view(self) -> None:
        self.added.flush()
        self.view_asked.emit()

    # -- what the presenter shows

    def begin_anew(self) -> None:
        """Empty what was typed or found and not yet told, and take back what was said: the leaflet is another one now."""
        self._search.set_text("")
        self.added.begin_anew()
        self._take_back()

    def show_whom(self, name: str, line: str) -> None:
        """Say for whom the leaflet is; no name: for nobody in particular."""
        nobody = self.tr("For nobody in particular. Nothing on it or in the count says who took it.")
        self._line = self.tr("For {0} · {1}").format(name, line) if name else nobody
        self._for_somebody = bool(name)
        self.show_side(self._side)

    def show_topics(self, rows: Sequence[Row], chosen: object) -> None:
        """Show the topics, the chosen one marked."""
        self._topics.show_rows(rows, chosen)
        if not rows and self._no_topic.isHidden():
            announce(self._search, self._no_topic.text())
        self._no_topic.setVisible(not rows)

    def show_looks(self, looks: Looks) -> None:
        """Show format, language and cover."""
        self.looks.show_looks(looks)

    def show_own_trouble(self, sentence: str) -> None:
        """Say under the topics which leaflets of our own cannot be printed, to those who can look why."""
        self._own_trouble.setText(sentence)
        self._own_trouble.setVisible(bool(sentence) and self._own)

    def show_warnings(self, sentences: Sequence[str]) -> None:
        """Show what to look at before printing; none takes the notice away."""
        words = "\n".join(sentences)
        if words == self._warning.text.text():
            return
        self._warning.set_words(self.tr("Before you print") if words else "", words)
        self._warning.setVisible(bool(words))
        if words:
            announce(self._warning, words)

    def show_services(self, rows: Sequence[Row]) -> None:
        """Show the services on the leaflet."""
        self.added.show_services(rows)

    def show_service(self, name: str, look: ServiceLook, where: str, *, first: bool) -> None:
        """Show what of one service is printed."""
        self.added.show_service(name, look, where, first=first)

    def show_found(self, rows: Sequence[Row], typed: str) -> None:
        """Show the services found for what was typed."""
        self.added.show_found(rows, typed)

    def show_step(self, step: Step, contacts: Options) -> None:
        """Show the next step and whom one could ask for."""
        self.added.show_step(step, contacts)

    def show_waiting(self) -> None:
        """Say that the leaflet is being made."""
        self.preview.show_waiting()

    def show_nothing(self) -> None:
        """Take the leaflet that is shown away."""
        self.preview.show_nothing()

    def show_proof(self, title: str, pages: Sequence[PageImage], text: str) -> None:
        """Show the finished leaflet."""
        self.preview.show_proof(title, pages, text)

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no leaflet to look at."""
        self.preview.show_trouble(sentence)

    def show_copies(self, copies: int) -> None:
        """Say how many will be printed."""
        self._copies.value = copies
        self._print.set_text(self.tr("Print 1 copy") if copies == 1 else self.tr("Print {0} copies").format(copies))

    def leave_for(self, destination: Destination) -> None:
        """Go to another page."""
        self.go.emit(destination)

    def note(self, sentence: str) -> None:
        """Say what goes on, until its end is told."""
        self._told.setText(sentence)

    def tell(self, sentence: str) -> None:
        """Say what was done, here and at the foot of the window."""
        self._told.setText(sentence)
        self._foot.setVisible(True)
        announce(self._told, sentence)
        self.said.emit(sentence)

    def take_back(self, sentence: str) -> None:
        """Say a sentence no more, if it is still there."""
        if self._told.text() == sentence:
            self._take_back()


def _column(holder: QWidget, *parts: QWidget) -> QVBoxLayout:
    """Put parts one under the other into ``holder``, and return their layout."""
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(14)
    for part in parts:
        column.addWidget(part)
    return column
