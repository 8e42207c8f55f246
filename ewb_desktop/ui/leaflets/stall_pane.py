"""Leaflets for a stall: which ones, so many of each, how they look, and how far the printing is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.ui.leaflets.stall import MOST_COPIES, Pile
from ewb_desktop.ui.leaflets.stall_presenter import PileLine, StallLooks
from ewb_desktop.ui.widgets.announce import announce
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.flow import Columns
from ewb_desktop.ui.widgets.notice import ProgressPanel
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text

COPIES = (1, 2, 3, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, MOST_COPIES)


class PileRow(QWidget):
    """One pile: its title, copies, format and language, a hint, and what came of it."""

    changed = Signal(str, str, object)

    def __init__(self, line: PileLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.topic = line.topic
        self._title = Heading(line.title, Level.SECTION)
        self._hint = Text("", Kind.HINT)
        self._state = Text("", Kind.BOLD)
        name = f"leaflets.stall.{line.topic}"
        self._copies = self._field(self.tr("Copies"), f"{name}.copies", "copies", line.title)
        self._style = self._field(self.tr("Format"), f"{name}.style", "style", line.title)
        self._language = self._field(self.tr("Language"), f"{name}.language", "language", line.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(4)
        choices = Columns([self._copies, self._style, self._language], (2, 5, 3), stack_under=520, spacing=12)
        for part in (self._title, choices, self._hint, self._state):
            column.addWidget(part)
        self.show_line(line)

    def _field(self, label: str, name: str, what: str, title: str) -> SelectField:
        field = SelectField(label, name=name)
        field.label.set_bold(False)
        field.combo.setAccessibleName(f"{label}: {title}")
        field.combo.setMinimumContentsLength(3)
        field.chosen.connect(lambda value: self.changed.emit(self.topic, what, value))
        return field

    def show_line(self, line: PileLine) -> None:
        """Show what is chosen now."""
        copies = sorted({*COPIES, line.copies})
        for field, options, value in (
            (self._copies, [(each, str(each)) for each in copies], line.copies),
            (self._style, line.styles, line.style),
            (self._language, line.languages, line.language),
        ):
            field.set_options(options)
            field.value = value
        for part, words in ((self._hint, line.hint), (self._state, line.state)):
            part.setText(words)
            part.setVisible(bool(words))


class StallPane(QWidget):
    """The pane; the bar with its buttons is the page's."""

    topics_chosen = Signal(list)
    pile_changed = Signal(str, str, object)
    all_changed = Signal(str, object)
    look_changed = Signal(str, object)
    stop_asked = Signal()
    go_changed = Signal(str)
    busy = Signal(bool)
    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, PileRow] = {}
        self._topics = CheckChoices(says=self.tr("Which leaflets"), name="leaflets.stall.topics")
        self._topics.box.setSpacing(6)
        self._topics.changed.connect(self.topics_chosen)
        which = Card(self.tr("Which leaflets"), name="leaflets.stall.which")
        which.add(self._topics)
        self.progress = ProgressPanel(self.tr("Printing"))
        self.progress.setObjectName("leaflets.stall.progress")
        self.progress.cancelled.connect(self.stop_asked)
        self.progress.hide()
        self._piles = Card(self.tr("Of each"), name="leaflets.stall.piles")
        self._none = Text(self.tr("Tick the leaflets that you want to lay out. They are printed one after another."), Kind.MUTED)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._piles.add(self._none)
        self._piles.add(self._list)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for part in (self.progress, self._all(), self._piles):
            column.addWidget(part)
        column.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(Columns([which, right], (2, 3), stack_under=760))
        self.default_focus = self._topics

    def _all(self) -> QWidget:
        card = Card(self.tr("All of them"), name="leaflets.stall.all")
        self._copies = self._for_all(self.tr("Copies of each"), "copies")
        self._copies.set_options([(each, str(each)) for each in COPIES])
        self._style = self._for_all(self.tr("Format of all"), "style")
        self._language = self._for_all(self.tr("Language of all"), "language")
        self._palette = self._for_all(self.tr("Colours"), "palette")
        self._sheet = self._for_all(self.tr("Paper"), "sheet")
        beside = [_under(self._copies, self._language), _under(self._style, self._palette, self._sheet)]
        card.add(Columns(beside, (2, 3), stack_under=440))
        return card

    def _for_all(self, label: str, what: str) -> SelectField:
        field = SelectField(label, name=f"leaflets.stall.{what}")
        field.label.set_bold(False)
        signal = self.look_changed if what in ("palette", "sheet") else self.all_changed
        field.chosen.connect(lambda value: signal.emit(what, value))
        return field

    # -- what the presenter shows

    def show_topics(self, topics: Sequence[tuple[str, str, str]], chosen: Sequence[str]) -> None:
        """Show every topic, those on the stall ticked."""
        self._topics.set_choices([Choice(topic, title, hint) for topic, title, hint in topics])
        self._topics.values = chosen

    def show_looks(self, looks: StallLooks) -> None:
        """Show what can be chosen for all."""
        for field, options, value in (
            (self._style, looks.styles, None),
            (self._language, looks.languages, None),
            (self._palette, looks.palettes, looks.palette),
            (self._sheet, looks.sheets, looks.sheet),
        ):
            field.set_options(options)
            field.value = value

    def show_piles(self, piles: Sequence[PileLine], alike: Pile, go: str) -> None:
        """Show the piles; one that stays keeps its place and the keyboard on it."""
        self._none.setVisible(not piles)
        wanted = [pile.topic for pile in piles]
        for topic in [topic for topic in self._rows if topic not in wanted]:
            row = self._rows.pop(topic)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, pile in enumerate(piles):
            known = self._rows.get(pile.topic)
            if known is None:
                known = self._rows[pile.topic] = PileRow(pile)
                known.changed.connect(self.pile_changed)
                self._list.insertWidget(place, known)
            else:
                known.show_line(pile)
        for field, value in ((self._copies, alike.copies), (self._style, alike.style), (self._language, alike.language)):
            field.value = value or None
        self.go_changed.emit(go)

    def show_progress(self, done: int, total: int, words: str) -> None:
        """Show how far it is."""
        self.progress.set_progress(done, total, words)
        self.progress.show()
        self.busy.emit(True)
        announce(self.progress, words)

    def show_idle(self) -> None:
        """Show that nothing is being printed or saved."""
        self.progress.hide()
        self.busy.emit(False)

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self.told.emit(sentence)


def _under(*parts: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return holder
