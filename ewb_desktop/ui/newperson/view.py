"""The pages of the front door: someone new, and correcting what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from ewb_desktop.domain.words import isolated
from ewb_desktop.library import Library
from ewb_desktop.ui.beside_fields import BesideFields
from ewb_desktop.ui.destinations import Destination, ToEditPerson, ToNewPerson, ToPerson
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.newperson.form import PersonForm
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.widgets.bar import Bar
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.card import Card, stacked
from ewb_desktop.ui.widgets.choices import CheckChoices, Choice
from ewb_desktop.ui.widgets.field import TextField
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import ErrorSummary, Notice, Tone
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.rows import RowList
from ewb_desktop.ui.widgets.text import Kind, Text


class _FormPage(Page):
    """What both pages share: the form, its draft, and what to put right."""

    typed = Signal(dict, dict)
    """What was typed (for the draft) and what it says (for looking up)."""
    started_again = Signal()

    def __init__(self, title: str, name: str, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(title, name, parent=parent)
        self.presenter: object = None
        self.form = PersonForm(library, today, name, self)
        self._timer = DraftTimer(self)
        self._timer.due.connect(self._keep)
        self.form.edited.connect(self._timer.touch)
        self._head = PageHead(title)
        self.sheet.add(self._head)
        self._summary = ErrorSummary()
        self.sheet.add(self._summary)
        self._kept = Notice(
            self.tr("What you typed before is still here"),
            self.tr("It is kept on this laptop, but is not in the record yet. Go on, or start again."),
            Tone.INFO,
        )
        again = Button(self.tr("Start again"), name=f"{name}.start_again")
        again.clicked.connect(self._start_again)
        self._kept.add(Flow([again]))
        self._kept.hide()
        self.sheet.add(self._kept)

    def leaving(self) -> None:
        """Keep what was typed."""
        self._timer.flush()

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """Show what is known."""
        self._clear()
        self.form.set_facts(facts)

    def show_typed(self, typed: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Show a draft over what is known, and say that it was kept."""
        self._clear()
        self.form.set_facts(facts)
        self.form.set_typed(typed)
        self._kept.show()
        self.lead_to(self.form.begun())

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""
        self.form.clear_errors()
        known = [(words, self.form.fields[name]) for name, words in faults.items() if name in self.form.fields]
        self._summary.show_errors(known)
        self.sheet.show_top()

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""
        self._timer.forget()
        self.said.emit(said)
        self.go.emit(destination)

    def _clear(self) -> None:
        self._timer.forget()
        self._summary.clear()
        self.form.clear_errors()
        self._kept.hide()
        self.default_focus = self.form.fields["preferred_name"]
        self.sheet.show_top()

    def _keep(self) -> None:
        self.typed.emit(self.form.typed(), self.form.facts())

    def _start_again(self) -> None:
        self._timer.forget()
        self.started_again.emit()
        if self.default_focus is not None:
            self.default_focus.setFocus()


class NewPersonPage(_FormPage):
    """Someone new is here."""

    came = Signal(object, str)
    """The visit they were counted as (or None), and the name that was searched for."""
    save_asked = Signal(dict, dict, bool)
    """What stands in the form, what cannot be read in it, and whether a conversation should begin."""

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Someone new is here"), "newperson", library, today, parent)
        self._same = Card(self.tr("Could it be one of these?"), name="newperson.same")
        self._same_words = Text("", Kind.MUTED)
        self._same_rows = RowList(name="newperson.same_rows")
        # the rows get their place only when the layout under way is done
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(0)
        self._settled.timeout.connect(lambda: self.sheet.show_near(self._same))
        self._same_rows.acted.connect(lambda key: self.go.emit(ToPerson(str(key))))
        self._same.add(self._same_words)
        self._same.add(self._same_rows)
        left = stacked(self.form.names_card(), self.form.where_card(), self.form.arrival_card())
        right = stacked(self._same, self.form.contact_card(), self.form.reading_card())
        self.sheet.add(Columns([left, right], (1, 1), stack_under=820))
        self.sheet.fill()
        self._pressed = ""
        """What the button says that was pressed last to add somebody."""
        save = Button(self.tr("Add and open their page"), Look.PRIMARY, name="newperson.save")
        talk = Button(self.tr("Add and start a conversation"), Look.SECONDARY, name="newperson.talk")
        cancel = Button(self.tr("Cancel"), name="newperson.cancel")
        save.clicked.connect(lambda: self._ask_to_save(talk=False))
        talk.clicked.connect(lambda: self._ask_to_save(talk=True))
        self._adding = {False: save, True: talk}
        cancel.clicked.connect(self._cancel)
        self._counts = CheckChoices(
            [Choice(True, self.tr("Count as a visit"))], says=self.tr("Visits"), name="newperson.count"
        )  # fmt: skip
        self._counts.values = [True]
        self._counted = Text(self.tr("Counted as a visit already."), Kind.HINT)
        self._counted.hide()
        layout = self.layout()
        if layout is not None:
            layout.addWidget(Bar(Flow([self._counts, self._counted, save, talk, cancel], spacing=12, at_end=3)))
        self.act(self.tr("Cancel; what you typed is kept"), "Esc", self._cancel, "newperson.cancel_action")
        self.act(self.tr("Save"), "Ctrl+S", lambda: self._ask_to_save(talk=False), "newperson.save_action")
        self.act(
            self.tr("Add and open their page"), "Ctrl+Return", lambda: self._ask_to_save(talk=False), "newperson.add_action"
        )  # fmt: skip
        for field in self.form.fields.values():
            if isinstance(field, TextField):
                field.line.returnPressed.connect(lambda: self._ask_to_save(talk=False))

    def opened(self, destination: Destination) -> None:
        """Begin, with a counted visit or a name that was searched for."""
        if isinstance(destination, ToNewPerson):
            self.came.emit(destination.visit, destination.name)

    @property
    def came_today(self) -> bool:
        """Whether adding them counts a visit."""
        return bool(self._counts.values)

    def show_counted(self, *, already: bool) -> None:
        """Offer to count the visit, or say that it was counted already."""
        self._counts.values = [] if already else [True]
        self._counts.setVisible(not already)
        self._counted.setVisible(already)

    def offer_areas(self, areas: Sequence[str]) -> None:
        """Offer the areas that they can belong to, and say what is needed."""
        self.form.offer_areas(areas)
        self._head.set_line(
            self.tr("A name and their area are enough. No address and no ID are needed.")
            if len(areas) > 1
            else self.tr("A name is enough. No address and no ID are needed.")
        )

    def _cancel(self) -> None:
        """Go back. What was typed stays as a draft, and is there with "Start again" when the page is opened next."""
        self._timer.flush()
        self.said.emit(self.tr("Nobody was added. What you typed is kept until you come back."))
        self.back.emit()

    def show_likely_same(self, rows: Sequence[Row], *, before_saving: bool) -> None:
        """Show members who may be the same person; ``before_saving`` asks for a decision."""
        self._same.setVisible(bool(rows))
        self._same_rows.set_rows(list(rows))
        self._same_words.setText(
            self.tr(
                "Look before you add. If it is one of them, press “Open their page” beside the name: nobody is added. "
                "If it is someone else, press “{0}” again: a new member is added."
            ).format(self._pressed)
            if before_saving
            else self.tr("If it is one of them, press “Open their page” beside the name. If it is someone else, go on writing.")
        )
        if before_saving and rows:
            self.said.emit(self.tr("Could it be someone who is here already? Look before you add."))
            self._settled.start()
            self._same_rows.setFocus()

    def _ask_to_save(self, *, talk: bool) -> None:
        self._pressed = self._adding[talk].words()
        self.save_asked.emit(self.form.facts(), self.form.faults(), talk)


class EditPersonPage(_FormPage):
    """Correcting what is known about a member."""

    person_asked = Signal(str)
    save_asked = Signal(dict, dict)

    def __init__(self, library: Library, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("What we know"), "editperson", library, today, parent)
        self._person = ""
        self.beside = BesideFields(self, self.form.places, lambda: self._person)
        left = stacked(self.form.names_card(), self.form.contact_card(), self.form.whose_card(), self.form.arrival_card())
        right = stacked(self.form.reading_card(), self.form.communication_card(), self.form.more_card())
        self._gone = Notice(
            self.tr("This record is not on this laptop"),
            self.tr("It was taken off, or has left with its area. What was typed and not saved about them is not lost."),
            Tone.INFO,
            name="editperson.gone",
        )
        self._gone.hide()
        self.sheet.add(self._gone)
        self._columns = Columns([left, right], (1, 1), stack_under=820)
        self.sheet.add(self._columns)
        save = Button(self.tr("Save"), Look.PRIMARY, key="Ctrl+S", name="editperson.save")
        save.clicked.connect(self._ask_to_save)
        back = Button(self.tr("Back without saving"), name="editperson.back")
        back.clicked.connect(self._back)
        self.sheet.fill()
        layout = self.layout()
        if layout is not None:
            self._ending = Bar(Flow([save, back], spacing=12))
            layout.addWidget(self._ending)
        self._saving = self.act(self.tr("Save"), "Ctrl+S", self._ask_to_save, "editperson.save_action")

    def opened(self, destination: Destination) -> None:
        """Show the member's record."""
        if isinstance(destination, ToEditPerson):
            self._person = destination.person
            self.person_asked.emit(destination.person)

    def show_whom(self, name: str, identifiers: str) -> None:
        """Show whose record it is, by two identifiers."""
        self.keep_in_sight(f"{isolated(name)} · {identifiers}")

    def show_gone(self, *, gone: bool) -> None:
        """Say in the place of the form that the record is not on this laptop, or show the form."""
        self._gone.setVisible(gone)
        for part in (self._columns, self._ending):
            part.setVisible(not gone)
        self._saving.setEnabled(not gone)
        if gone:
            self._clear()
            self.keep_in_sight("")

    def offer(self, areas: Sequence[str], peers: Sequence[tuple[str, str]]) -> None:
        """Offer the areas that they can move to, and who can support them."""
        self.form.offer(areas, peers)

    def renew_facts(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Show what is known since, where nothing was typed; return what was typed in the other fields."""
        self.form.renew_facts(facts)
        return self.form.changed()

    def _keep(self) -> None:
        self.typed.emit(self.form.changed(), {})

    def _ask_to_save(self) -> None:
        facts = self.form.facts()
        self.save_asked.emit({name: facts[name] for name in self.form.changed()}, self.form.faults())

    def _back(self) -> None:
        self._timer.forget()
        self.started_again.emit()
        self.go.emit(ToPerson(self._person))
