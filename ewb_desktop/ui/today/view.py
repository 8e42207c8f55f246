"""The Today page: who needs a contact, for whoever holds members' records, what is next here, and what to print quickly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.lists import WordList
from ewb_desktop.domain.roles import Duty
from ewb_desktop.ui.destinations import Destination, ToConflicts, ToMembers, ToNewPerson, ToPerson, ToSettings
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.reading_again import ReadingAgain
from ewb_desktop.ui.today.presenter import HERE, LISTS, MINE, TEAM
from ewb_desktop.ui.today.visits_card import VisitsCard
from ewb_desktop.ui.today.wording import button_words, goes_to
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card, stacked
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import EmptyState, Notice, Tone, UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.search_box import FilterChip
from ewb_desktop.ui.widgets.text import Heading, Kind, Level, Text


class TodayPage(Page):
    """Shows what today asks for, and leads to it. ``counted`` tells how many wait for the worker, for the rail.

    ``may`` says what the worker's role does: nobody sees a part that is not for it.
    """

    counted = Signal(int)
    asked_again = Signal()
    list_chosen = Signal(str)
    more_asked = Signal()
    visit_counted = Signal()
    several_counted = Signal(str, str)
    all_visits_asked = Signal()
    visit_taken_back = Signal()
    opening_read = Signal(object)

    def __init__(self, reasons: WordList, may: Callable[[Duty], bool], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Today"), "today", parent=parent)
        self.presenter: object = None
        self._has_people = may(Duty.CARE)
        self._again = ReadingAgain(self)
        self._again.timeout.connect(self.asked_again)
        self._head = PageHead("", "", self._buttons(may))
        self.sheet.add(self._head)
        self._undo = UndoBar()
        self._undo.undone.connect(self.visit_taken_back)
        self.sheet.add(self._undo)
        self.sheet.add(self._choices_notice())
        self.sheet.add(self._openings_card())
        self.visits = VisitsCard(reasons, may)
        self.visits.counted.connect(self.several_counted)
        self.visits.all_asked.connect(self.all_visits_asked)
        self.visits.went.connect(self.go)
        following, printing = self._next_card(), self._print_card()
        if self._has_people:
            main, side, widths = self._people_card(), stacked(following, printing, self.visits), (7, 3)
        else:
            main, side, widths = stacked(self.visits), stacked(following, printing), (1, 1)
        if may(Duty.REPORTS):
            self.sheet.add(
                Notice(
                    self.tr("Reports come later"),
                    self.tr("This version has no reports yet. Until then you see today and the directory, without names."),
                    Tone.INFO,
                    name="today.reports",
                )
            )
        self.sheet.add(Columns([main, side], widths, stack_under=860), 1)

    def _buttons(self, may: Callable[[Duty], bool]) -> list[Button]:
        """Make the buttons and keys of the head; the most usual of them begins with the focus."""
        buttons = []
        if may(Duty.COUNT):
            look = Look.QUIET if may(Duty.MEMBERS) else Look.PRIMARY
            buttons.append(Button(self.tr("Count a visit"), look, key="F6", name="today.count"))
            buttons[-1].clicked.connect(self.visit_counted)
            self.act(self.tr("Count a visit"), "F6", self.visit_counted, "today.count_action")
        if may(Duty.MEMBERS):
            buttons.append(Button(self.tr("Someone new is here"), Look.PRIMARY, key="F7", name="today.new"))
            buttons[-1].clicked.connect(self._go_new)
            self.act(self.tr("Someone new is here"), "F7", self._go_new, "today.new_action")
        self.default_focus = buttons[-1] if buttons else None
        return buttons

    def _choices_notice(self) -> Notice:
        self._choices = Notice("", name="today.choices")
        choose = Button(self.tr("Choose"), Look.SECONDARY, says=self.tr("Choose between two answers"), name="today.choose")
        choose.clicked.connect(lambda: self.go.emit(ToConflicts()))
        self._choices.add(Flow([choose]))
        self._choices.hide()
        return self._choices

    def _openings_card(self) -> Card:
        self._openings_of = Card(
            self.tr("Opened from outside your area"),
            self.tr("Somebody needed to see a record for a few hours. Ask them if you wonder why."),
            name="today.openings_card",
        )
        self._openings = RowList(stack_under=560, name="today.openings")
        self._openings.acted.connect(self.opening_read)
        self._openings_of.add(self._openings)
        self._openings_of.hide()
        return self._openings_of

    def _people_card(self) -> QWidget:
        card = Card(name="today.people_card")
        card.setAccessibleName(self.tr("Who needs a contact"))
        self._chips = {which: FilterChip("", name=f"today.{which}") for which in LISTS}
        for which, chip in self._chips.items():
            chip.clicked.connect(lambda _on=False, which=which: self.list_chosen.emit(which))
        title = Heading(self.tr("Who needs a contact"), Level.CARD)
        card.add(Columns([title, Flow(list(self._chips.values()))], (1, 0), stack_under=600, spacing=8))
        self._people = RowList(stack_under=560, name="today.people")
        self._people.acted.connect(lambda item: self.go.emit(goes_to(item)))
        self._people.opened.connect(lambda item: self.go.emit(ToPerson(item.person)))
        card.add(self._people)
        self._nobody = EmptyState("", icon="circle-check")
        card.add(self._nobody)
        self._more = Button("", Look.LINK, name="today.more")
        self._more.clicked.connect(self.more_asked)
        card.add(self._more)
        self._everyone = Button("", Look.LINK, name="today.everyone")
        self._everyone.clicked.connect(lambda: self.go.emit(ToMembers(mine=self._chips[MINE].isChecked())))
        card.add(self._everyone)
        return card

    def _next_card(self) -> QWidget:
        self._next = Card(self.tr("Next here"), name="today.next_card")
        self._services = RowList(name="today.next")
        self._services.opened.connect(self.go)
        self._next.add(self._services)
        self._nothing = Text("", Kind.MUTED)
        self._next.add(self._nothing)
        self._choose_place = Button(self.tr("Choose today's place"), Look.SECONDARY, icon="map-pin", name="today.place")
        self._choose_place.clicked.connect(lambda: self.go.emit(ToSettings("place")))
        self._next.add(Flow([self._choose_place]))
        return self._next

    def _print_card(self) -> QWidget:
        card = Card(self.tr("Print quickly"), name="today.print_card")
        self._leaflets = RowList(look=Look.QUIET, stack_under=220, name="today.print")
        self._leaflets.acted.connect(self.go)
        card.add(self._leaflets)
        return card

    def opened(self, _destination: Destination) -> None:
        """Read everything afresh."""
        self._undo.withdraw()
        self.asked_again.emit()

    def hear(self, changes: object) -> None:
        """Pass on what the store announced, also while another page is shown: the count stands in the rail."""
        self.heard.emit(changes)

    def refresh_soon(self) -> None:
        """Ask for fresh data in a moment, once for many changes."""
        self._again.ask()

    def show_day(self, greeting: str, line: str) -> None:
        """Greet the worker and say what day it is."""
        self._head.set_title(greeting)
        self._head.set_line(line)

    def show_choices(self, number: int) -> None:
        """Say how many questions two people answered differently; none takes it away."""
        several = self.tr("{0} questions have two answers").format(number)
        title = self.tr("One question has two answers") if number == 1 else several
        self._choices.set_words(title, self.tr("Both are kept until somebody chooses."))
        self._choices.setVisible(number > 0)

    def show_openings(self, rows: Sequence[Row]) -> None:
        """Show who from outside the area opened a member's records; none takes it away."""
        self._openings.set_rows(rows)
        self._openings_of.setVisible(bool(rows))

    def show_counts(self, mine: int, team: int, here: int, chosen: str, *, more_come: bool) -> None:
        """Say how many need a contact in each list, and which list is shown."""
        if not self._has_people:
            return
        words = {
            MINE: self.tr("{0} for you").format(f"{mine:,}"),
            TEAM: self.tr("{0} for your team").format(f"{team:,}"),
            HERE: self.tr("{0} at this place").format(f"{here:,}"),
        }
        for which, chip in self._chips.items():
            chip.setText(words[which])
            chip.setChecked(which == chosen)
            chip.updateGeometry()
        title, text = {
            MINE: (self.tr("Nobody waits for you"), self.tr("When someone comes in, press F7. A name is enough.")),
            TEAM: (self.tr("Nobody waits for your team"), ""),
            HERE: (self.tr("Nobody waits at this place"), self.tr("People show here who talked with us at this place before.")),
        }[chosen]
        if more_come:
            title, text = self.tr("More members are still to come"), self.tr("The list fills while they arrive.")
        self._nobody.set_words(title, text)
        # the tick of what is done stands over no list that is still filling
        self._nobody.icon.show_icon("refresh-cw" if more_come else "circle-check")
        self.counted.emit(mine)

    def show_people(self, rows: Sequence[Row], more: int, beyond: int) -> None:
        """Show who needs a contact; ``more`` can be shown here, ``beyond`` stand only among all members."""
        if not self._has_people:
            return
        self._people.set_rows(rows)
        for index, row in enumerate(rows):
            button = self._people.findChild(Button, f"today.people.act.{index}")
            if isinstance(button, Button):
                button.setAccessibleName(button_words(row))
        self._people.setVisible(bool(rows))
        self._nobody.setVisible(not rows)
        self._more.setVisible(more > 0)
        self._more.set_text(self.tr("Show more ({0})").format(more + beyond))
        self._everyone.setVisible(beyond > 0 and more == 0)
        self._everyone.set_text(self.tr("And {0} more among all members").format(beyond))

    def show_place(self, name: str, services: Sequence[Row]) -> None:
        """Show what is next at the place; no name when none was chosen."""
        self._services.set_rows(services)
        self._services.setVisible(bool(services))
        self._choose_place.setVisible(not name)
        self._nothing.setVisible(not services)
        self._nothing.setText(
            self.tr("No service with known times is at {0} or near it.").format(name)
            if name
            else self.tr("Say where you are today, and this shows what is on here.")
        )

    def show_leaflets(self, rows: Sequence[Row]) -> None:
        """Show what can be printed quickly."""
        self._leaflets.set_rows(rows)

    def show_visits(self, rows: Sequence[Row], more: int) -> None:
        """Show the visits counted today, the latest first; ``more`` are not shown yet."""
        self.visits.show_rows(rows, more)

    def show_visit_fault(self, sentence: str) -> None:
        """Say what is wrong with the number of people."""
        self.visits.show_fault(sentence)

    def offer_undo_of_visit(self, people: int) -> None:
        """Say how many were counted and offer to take it back."""
        self.visits.close_form()
        words = self.tr("One visit counted, without a name.")
        self._undo.offer(words if people == 1 else self.tr("{0} visits counted, without names.").format(people))

    def _go_new(self) -> None:
        self.go.emit(ToNewPerson())
