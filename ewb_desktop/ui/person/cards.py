"""The cards of a person's page: what happened, what matters, needs and goals, feelings, sharing, membership."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from ewb_desktop.ui.person.beside import Membership, Series, series_words
from ewb_desktop.ui.person.happened import FILTERS
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.flow import Flow
from ewb_desktop.ui.widgets.line_chart import Line, LineChart
from ewb_desktop.ui.widgets.notice import EmptyState
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class HappenedCard(Card):
    """The timeline with its filter."""

    chosen = Signal(str)
    opened = Signal(object)
    earlier = Signal()

    def __init__(self) -> None:
        super().__init__(name="person.happened_card")
        title = self.tr("What has happened")
        self.setAccessibleName(title)
        words = {
            "all": self.tr("All"), "conversations": self.tr("Conversations"), "signposts": self.tr("Signposts"),
            "handovers": self.tr("Handovers"), "measures": self.tr("Measures"),
        }  # fmt: skip
        self._chips = {kind: FilterChip(words[kind], name=f"person.filter.{kind}") for kind in FILTERS}
        for kind, chip in self._chips.items():
            chip.clicked.connect(lambda _on=False, kind=kind: self.chosen.emit(kind))
        self.add(Heading(title, Level.CARD))
        self.add(Flow(list(self._chips.values()), spacing=4))
        self._rows = RowList(stack_under=420, name="person.happened")
        self._rows.opened.connect(self.opened)
        self.add(self._rows)
        self._nothing = EmptyState(self.tr("Nothing yet"), self.tr("It shows here when you talk, signpost or hand over."))
        self.add(self._nothing)
        self._earlier = Button(self.tr("Show earlier"), name="person.earlier")
        self._earlier.clicked.connect(self.earlier)
        self.add(Flow([self._earlier]))

    def show_rows(self, rows: Sequence[Row], *, more: bool, chosen: str) -> None:
        """Show what happened."""
        self._rows.set_rows(rows)
        self._rows.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self._earlier.setVisible(more)
        for kind, chip in self._chips.items():
            chip.setChecked(kind == chosen)


class MattersCard(Card):
    """What matters to them, in their words."""

    def __init__(self) -> None:
        super().__init__(self.tr("What matters"), name="person.matters_card")
        self._words = Text("")
        self._when = Text("", Kind.HINT)
        self.add(self._words)
        self.add(self._when)

    def show_words(self, first: str, words: str, when: str) -> None:
        """Show the latest answer, and when it was given."""
        self.set_title(self.tr("What matters to {0}").format(first))
        self._words.setText(words or self.tr("Not asked yet. It is part of the first conversation."))
        self._when.setText(when)
        self._when.setVisible(bool(when))


class NeedsCard(Card):
    """Needs and goals, what became of them, and rating a goal."""

    rate_asked = Signal(object)
    outcome_asked = Signal(object)
    add_asked = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Needs and goals"), name="person.needs_card")
        self._none = Text(self.tr("None written down yet."), Kind.MUTED)
        self._hint = Text(self.tr("Press a need to say what became of it."), Kind.HINT)
        self._needs = RowList(stack_under=240, name="person.needs")
        self._needs.opened.connect(self.outcome_asked)
        self._goals = RowList(look=Look.QUIET, stack_under=290, name="person.goals")
        self._goals.acted.connect(self.rate_asked)
        self._add = Button(self.tr("Add in a conversation"), Look.LINK, name="person.add_need")
        self._add.clicked.connect(self.add_asked)
        for part in (self._none, self._needs, self._hint, self._goals, self._add):
            self.add(part)

    def show_rows(self, needs: Sequence[Row], goals: Sequence[Row]) -> None:
        """Show needs, then goals."""
        self._needs.set_rows(needs)
        self._goals.set_rows(goals)
        self._needs.setVisible(bool(needs))
        self._hint.setVisible(bool(needs))
        self._goals.setVisible(bool(goals))
        self._none.setVisible(not needs and not goals)


class FeelingsCard(Card):
    """Totals over time, as lines and as numbers."""

    def __init__(self) -> None:
        super().__init__(self.tr("Feelings over time"), name="person.feelings_card")
        self._chart = LineChart(says=self.tr("Feelings over time"))
        self._numbers = Text("", Kind.HINT)
        self.add(self._chart)
        self.add(self._numbers)

    def show_series(self, series: Sequence[Series]) -> None:
        """Draw the lines and write their numbers."""
        self._chart.set_lines([Line(each.name, each.points) for each in series])
        self._chart.setVisible(any(len(each.points) > 1 for each in series))
        numbers = "\n".join(series_words(each) for each in series)
        self._numbers.setText(numbers or self.tr("Nothing was filled in yet. Nobody has to."))


class SharingCardBox(Card):
    """Sharing choices, to add and to take back."""

    take_back = Signal(object)
    add_asked = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Sharing choices"), name="person.sharing_card")
        self._none = Text(self.tr("Nothing is shared with anyone outside."), Kind.MUTED)
        self._rows = RowList(look=Look.QUIET, stack_under=240, name="person.sharing")
        self._rows.acted.connect(self.take_back)
        self.button = Button(self.tr("Add a sharing choice"), Look.LINK, name="person.add_sharing")
        self.button.clicked.connect(self.add_asked)
        for part in (self._none, self._rows, self.button):
            self.add(part)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show the choices."""
        self._rows.set_rows(rows)
        for index, row in enumerate(rows):
            button = self._rows.findChild(Button, f"person.sharing.act.{index}")
            if isinstance(button, Button):
                # one person may have chosen twice for the same receiver
                button.setAccessibleName(", ".join(part for part in (f"{row.action}: {row.title}", row.detail) if part))
        self._rows.setVisible(bool(rows))
        self._none.setVisible(not rows)


class MembershipCard(Card):
    """What the membership is, and taking off a record made by mistake."""

    change_asked = Signal()
    take_off_asked = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("Membership"), name="person.membership_card")
        self._state = Text("", Kind.BOLD)
        self._since = Text("", Kind.HINT)
        self.button = Button(self.tr("Change the membership"), Look.LINK, name="person.change_membership")
        self.button.clicked.connect(self.change_asked)
        off = Button(self.tr("Made by mistake? Take this record off"), Look.LINK, name="person.take_off")
        off.clicked.connect(self.take_off_asked)
        for part in (self._state, self._since, self.button, off):
            self.add(part)

    def show_membership(self, membership: Membership) -> None:
        """Show what it is and since when."""
        self._state.setText(membership.words)
        self._since.setText(membership.since)
        self._since.setVisible(bool(membership.since))
