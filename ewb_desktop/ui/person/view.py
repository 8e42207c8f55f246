"""The page of one person: flags at the top, what happened, what matters, and the small forms that change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ewb_desktop.library import Library
from ewb_desktop.ui.beside_fields import BesideFields
from ewb_desktop.ui.destinations import (
    Destination,
    ToConflicts,
    ToConversation,
    ToDirectory,
    ToEditPerson,
    ToHandover,
    ToHistory,
    ToLeaflets,
    ToPerson,
    ToSafety,
)  # fmt: skip
from ewb_desktop.ui.draft_timer import DraftTimer
from ewb_desktop.ui.held_words import WAITS
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.cards import FeelingsCard, HappenedCard, MattersCard, MembershipCard, NeedsCard, SharingCardBox
from ewb_desktop.ui.person.forms import ContactForm, CoordinatorForm, MembershipForm, SharingForm, SmallForm
from ewb_desktop.ui.person.outcomes import NeedForm, RatingForm
from ewb_desktop.ui.person.shown import CONTACT, COORDINATOR, GOAL, MEMBERSHIP, NEED, SHARING
from ewb_desktop.ui.person.shown import Page as Shown
from ewb_desktop.ui.reading_again import ReadingAgain
from ewb_desktop.ui.widgets.button import Button, Look
from ewb_desktop.ui.widgets.flow import Columns, Flow
from ewb_desktop.ui.widgets.notice import Notice, Tone, UndoBar
from ewb_desktop.ui.widgets.page_head import PageHead
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.tag import Tag
from ewb_desktop.ui.widgets.text import Text


class PersonPage(Page):
    """Shows one person and tells what was asked for."""

    person_asked = Signal(str, bool, object, object)
    asked_again = Signal()
    filter_chosen = Signal(str)
    earlier_asked = Signal()
    form_asked = Signal(str)
    """One of the forms that are kept as they are typed, by its name in the presenter; so are the next two."""
    typed = Signal(str, dict)
    given_up = Signal(str)
    contact_saved = Signal(dict)
    outcome_asked = Signal(str, str)
    """The form that is opened, and the need or the goal that it is about, by its id."""
    sharing_saved = Signal(dict)
    sharing_taken_back = Signal(object)
    coordinator_saved = Signal(str)
    membership_saved = Signal(str, dict)
    take_off_asked = Signal()
    bring_back_asked = Signal()
    undo_asked = Signal()
    let_go_asked = Signal(str)
    words_let_go_asked = Signal(str)

    def __init__(self, today: Callable[[], date], library: Library, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("A member"), "person", parent=parent)
        self.presenter: object = None
        self._person = ""
        self._shown: Shown | None = None
        self._again = ReadingAgain(self)
        self._again.timeout.connect(self.asked_again)
        self.beside = BesideFields(self, self._places, lambda: self._person)
        self._undo = UndoBar()
        self._undo.undone.connect(self.undo_asked)
        self._gone = self._gone_notice()
        self._begins: tuple[Button, ...] = ()
        """What something new begins with."""
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._make_head())
        column.addWidget(self._make_flags())
        column.addWidget(self._make_more())
        self._make_forms(today, library)
        for form in self._forms:
            column.addWidget(form)
        column.addSpacing(4)
        column.addWidget(self._make_columns(), 1)
        self._staying_safe = self._safety_notice()
        self._here_until = self._until_notice()
        for part in (self._undo, self._gone, self._here_until, self._staying_safe):
            self.sheet.add(part)
        self.sheet.add(self._body, 1)
        self.default_focus = self._talk

    # -- the parts

    def _gone_notice(self) -> Notice:
        notice = Notice(
            self.tr("This record is not on the screens"),
            self.tr("It was taken off, or is not on this laptop any more. A record taken off can be brought back for 30 days."),
            Tone.INFO, name="person.gone",
        )  # fmt: skip
        back = Button(self.tr("Bring it back"), Look.SECONDARY, name="person.bring_back")
        back.clicked.connect(self.bring_back_asked)
        notice.add(Flow([back]))
        notice.hide()
        return notice

    def _safety_notice(self) -> Notice:
        notice = Notice("", "", Tone.INFO, name="person.staying_safe")
        go = Button(self.tr("Open the safety conversation"), Look.SECONDARY, name="person.safety")
        go.clicked.connect(lambda: self.go.emit(ToSafety(self._person, self._shown.talk if self._shown is not None else None)))
        notice.add(Flow([go]))
        notice.hide()
        return notice

    def _until_notice(self) -> Notice:
        notice = Notice("", "", Tone.INFO, name="person.here_until")
        end = Button(self.tr("Let it go now"), Look.SECONDARY, name="person.let_go")
        end.clicked.connect(self._let_go)
        self._go_on = Button(self.tr("Go on with what you typed"), Look.SECONDARY, name="person.go_on")
        self._go_on.clicked.connect(self._go_where_it_waits)
        notice.add(Flow([self._go_on, end]))
        notice.hide()
        return notice

    def _let_go(self) -> None:
        # kept first, so that it goes the way of all that is written about them, and no timer writes it down afterwards
        self._keep()
        if self._shown is not None and self._shown.waits:
            self.words_let_go_asked.emit(self._person)
        else:
            self.let_go_asked.emit(self._person)

    def _go_where_it_waits(self) -> None:
        if self._shown is None or self._shown.waits_at is None:
            return
        if self._shown.waits_at == ToPerson(self._person, contact=True):
            self._ask_for(CONTACT)
        else:
            self.go.emit(self._shown.waits_at)

    def _make_head(self) -> QWidget:
        self._print = Button("", icon="printer", name="person.print")
        signpost = Button(self.tr("Signpost"), Look.SECONDARY, name="person.signpost")
        self._talk = Button("", Look.PRIMARY, name="person.talk")
        self._print.clicked.connect(lambda: self.go.emit(ToLeaflets(person=self._person)))
        signpost.clicked.connect(lambda: self.go.emit(ToDirectory(person=self._person)))
        self._talk.clicked.connect(self._go_talk)
        self._begins += (self._print, signpost, self._talk)
        self._head = PageHead(" ", "", [self._print, signpost, self._talk], initials_for="?")
        return self._head

    def _make_flags(self) -> QWidget:
        self._flags = Flow(spacing=8)
        self._coordinator = Text("")
        self._coordinator.setWordWrap(False)
        says = self.tr("Change the coordinator")
        self._change = Button(self.tr("Change"), Look.LINK, says=says, name="person.change_coordinator")
        self._change.clicked.connect(lambda: self._ask_for(COORDINATOR))
        self._two = Button(self.tr("Two answers: choose"), Look.LINK, icon="refresh-cw", name="person.two_answers")
        self._two.clicked.connect(lambda: self.go.emit(ToConflicts(self._person)))
        who = Flow([self._coordinator, self._change, self._two], spacing=10)
        return Columns([self._flags, who], (1, 0), stack_under=700, spacing=12)

    def _make_more(self) -> QWidget:
        contact = Button(self.tr("Record a contact"), Look.LINK, icon="phone", name="person.record_contact")
        hand = Button(self.tr("Hand over"), Look.LINK, icon="handshake", name="person.hand_over")
        edit = Button(self.tr("Edit what we know"), Look.LINK, icon="pencil", name="person.edit")
        contact.clicked.connect(lambda: self._ask_for(CONTACT))
        hand.clicked.connect(lambda: self.go.emit(ToHandover(self._person)))
        edit.clicked.connect(lambda: self.go.emit(ToEditPerson(self._person)))
        changed = Button(self.tr("See what changed"), Look.LINK, icon="clock", name="person.history")
        changed.clicked.connect(lambda: self.go.emit(ToHistory("person", self._person, self._person)))
        self._begins += (contact, hand, edit)
        return Flow([contact, hand, edit, changed], spacing=24)

    def _make_forms(self, today: Callable[[], date], library: Library) -> None:
        self.contact = ContactForm(library.list("contact_ways"), library.list("contact_results"))
        self._sharing_form = SharingForm(today)
        self._coordinator_form = CoordinatorForm()
        self._membership_form = MembershipForm(today)
        self.rating = RatingForm(library.list("goal_outcomes"))
        self.need = NeedForm(library.list("need_outcomes"), library.list("unmet_reasons"))
        self._forms: tuple[SmallForm, ...] = (
            self.contact, self._sharing_form, self._coordinator_form, self._membership_form, self.rating, self.need,
        )  # fmt: skip
        for form in self._forms:
            form.closed.connect(self._close_by_hand)
        self._kept: dict[str, SmallForm] = {
            CONTACT: self.contact, SHARING: self._sharing_form, COORDINATOR: self._coordinator_form,
            MEMBERSHIP: self._membership_form,
        }  # fmt: skip
        self._named = self._kept | {GOAL: self.rating, NEED: self.need}
        self._timers = {name: DraftTimer(form) for name, form in self._kept.items()}
        for name, timer in self._timers.items():
            timer.due.connect(partial(self._tell_typed, name))
            self._kept[name].edited.connect(timer.touch)
            self._kept[name].closed.connect(partial(self.given_up.emit, name))
        self.contact.saved.connect(lambda: self.contact_saved.emit(self.contact.typed))
        self._sharing_form.saved.connect(self._save_sharing)
        self._coordinator_form.saved.connect(lambda: self.coordinator_saved.emit(self._coordinator_form.who.value or ""))
        self._membership_form.saved.connect(self._save_membership)

    def _make_columns(self) -> QWidget:
        self._happened = HappenedCard()
        self._happened.chosen.connect(self.filter_chosen)
        self._happened.opened.connect(self.go)
        self._happened.earlier.connect(self.earlier_asked)
        self._matters, self._needs, self._feelings = MattersCard(), NeedsCard(), FeelingsCard()
        self._sharing, self._membership = SharingCardBox(), MembershipCard()
        self._needs.rate_asked.connect(self._open_rating)
        self._needs.outcome_asked.connect(self._open_need)
        self._needs.add_asked.connect(self._go_talk)
        self._sharing.take_back.connect(self.sharing_taken_back)
        self._sharing.add_asked.connect(lambda: self._ask_for(SHARING))
        self._membership.change_asked.connect(lambda: self._ask_for(MEMBERSHIP))
        self._membership.take_off_asked.connect(self.take_off_asked)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for card in (self._matters, self._needs, self._feelings, self._sharing, self._membership):
            column.addWidget(card)
        column.addStretch(1)
        return Columns([self._happened, side], (15, 7), stack_under=860)

    # -- what the window asks

    def opened(self, destination: Destination) -> None:
        """Show a person."""
        if isinstance(destination, ToPerson):
            if destination.person != self._person:
                self._undo.hide()
            self._person = destination.person
            self.person_asked.emit(destination.person, destination.contact, destination.follow_up, destination.done)

    def leaving(self) -> None:
        """Keep what was typed."""
        self._keep()

    def _keep(self) -> None:
        for timer in self._timers.values():
            timer.flush()

    def _tell_typed(self, name: str) -> None:
        self.typed.emit(name, self._kept[name].typed)

    def refresh_soon(self) -> None:
        """Ask for fresh data in a moment, once for many changes."""
        self._again.ask()

    # -- what the presenter shows

    def show_person(self, page: Shown) -> None:
        """Show everything but the timeline."""
        self._shown = page
        head = page.head
        self._gone.hide()
        self._body.show()
        self._here_until.set_words(
            WAITS if page.waits else self.tr("Here until {0}").format(page.here_until) if page.here_until else "",
            page.waits
            or self.tr(
                "This page is from another area and leaves this laptop by itself at that time. What you save is sent and kept. "
                "What you type and do not save waits for you."
            ),
        )
        self._here_until.setVisible(bool(page.waits or page.here_until))
        # whoever is here for three hours does not choose who in the area reads of it
        self._change.setVisible(not (page.waits or page.here_until))
        # about somebody who has left nothing begins: what was begun is finished
        self._go_on.setVisible(bool(page.waits))
        for button in self._begins:
            button.setVisible(not page.waits)
        self.default_focus = self._go_on if page.waits else self._talk
        self._staying_safe.set_words(self.tr("A safety conversation is open") if page.talk else "", page.talk_words)
        self._staying_safe.setVisible(bool(page.talk))
        self._head.set_title(head.name)
        self._head.set_line(head.line)
        self._print.set_text(self.tr("Print for {0}").format(head.first))
        self._talk.set_text(self.tr("Go on with the conversation") if page.resume else self.tr("Start a conversation"))
        self._flags.clear()
        for flag in head.flags:
            self._flags.add(Tag(flag.text, flag.tint))
        self._flags.updateGeometry()
        self._coordinator.setText(self.tr("Coordinator: {0}").format(head.coordinator or self.tr("not known here")))
        self._two.setVisible(head.two_answers)
        self.contact.reach.set_facts(head.reach)
        self._matters.show_words(head.first, page.matters, page.matters_when)
        self._needs.show_rows(page.needs, page.goals)
        self._feelings.show_series(page.series)
        self._sharing.show_rows(page.sharing)
        self._membership.show_membership(page.membership)

    def show_happened(self, rows: Sequence[Row], *, more: bool, chosen: str) -> None:
        """Show what happened; ``more`` says that there are earlier entries."""
        self._happened.show_rows(rows, more=more, chosen=chosen)

    def show_taken_off(self) -> None:
        """Say that the record is off the screens or not here, and offer to bring it back."""
        self._body.hide()
        self._here_until.hide()
        self._staying_safe.hide()
        self._gone.show()

    def open_form(self) -> str:
        """Return the name of the form that is open, or nothing."""
        return next((name for name, form in self._named.items() if not form.isHidden()), "")

    def changed_in(self, form: str) -> Mapping[str, Any]:
        """Return what was typed into a form; what a contact and a membership become is always a word of the worker's."""
        changed = self._named[form].changed
        return {**changed, "state": self._membership_form.state.value} if form == MEMBERSHIP else changed

    def renew_form(self, form: str, now: Mapping[str, Any]) -> None:
        """Show what stands in these fields now, where nothing was typed."""
        self._named[form].renew(now)

    def _places(self) -> Mapping[str, QWidget]:
        form = self.open_form()
        return self._named[form].places if form else {}

    def show_contact_form(self, typed: Mapping[str, Any]) -> None:
        """Open the form of a contact, with what was typed before."""
        self.contact.clear()
        self.contact.typed = {}
        self.contact.stand()
        self.contact.typed = typed
        self._open(self.contact)

    def show_form(self, name: str, typed: Mapping[str, Any]) -> None:
        """Open one of the other forms of this name, with what was typed before, if anything was."""
        if self._shown is None:
            return
        form = self._kept[name]
        form.clear()
        form.typed = {}
        if name == COORDINATOR:
            self._coordinator_form.who.set_options(self._shown.workers)
            self._coordinator_form.who.value = self._shown.coordinator
        elif name == MEMBERSHIP:
            self._membership_form.offer(self._shown.membership)
        form.stand()
        if typed:
            form.typed = typed
        self._open(form)

    def show_warning_of_way(self, words: str) -> None:
        """Warn that a way is not safe; no words take the warning away."""
        self.contact.warn(words)

    def show_faults(self, form: str, faults: Mapping[str, str]) -> None:
        """Tell what needs another look in one of the forms, by field."""
        self._named[form].show_faults(faults)

    def close_form(self) -> None:
        """Close the form that is open."""
        for timer in self._timers.values():
            timer.forget()
        for form in self._forms:
            form.hide()
        self.default_focus = self._talk

    def offer_undo(self, words: str) -> None:
        """Say what was done and offer to undo it."""
        self._undo.offer(words)
        self.sheet.show_top()
        self._undo.button.setFocus()

    def tell(self, words: str) -> None:
        """Say what was done."""
        self.said.emit(words)

    # -- what is pressed

    def _open(self, form: SmallForm) -> None:
        # the last letters in the one that was open
        self._keep()
        for other in self._forms:
            other.setVisible(other is form)
        self.sheet.show_top()
        # the window gives this the focus once the page is shown
        self.default_focus = form.first
        form.first.setFocus()
        # once laid out: a form that opens lower than the window is scrolled to
        QTimer.singleShot(0, form, lambda: self.sheet.ensureWidgetVisible(form, 0, 12))

    def _ask_for(self, form: str) -> None:
        # what is being typed just now is kept first: the form may be open already
        self._keep()
        self.form_asked.emit(form)

    def _close_by_hand(self) -> None:
        self.close_form()
        self._talk.setFocus()

    def _go_talk(self) -> None:
        if self._shown is not None and self._shown.waits:
            self._go_where_it_waits()
            return
        self.go.emit(ToConversation(self._person, self._shown.resume if self._shown is not None else None))

    def _open_rating(self, goal: str) -> None:
        if self._shown is not None:
            words = next((row.title for row in self._shown.goals if row.key == goal), "")
            self.rating.ask(goal, words, self._shown.outcomes.get(goal, ("", ""))[0])
            self._open(self.rating)
            self.outcome_asked.emit(GOAL, goal)

    def _open_need(self, need: str) -> None:
        if self._shown is not None:
            words = next((row.title for row in self._shown.needs if row.key == need), "")
            self.need.ask(need, words, *self._shown.outcomes.get(need, ("", "")))
            self._open(self.need)
            self.outcome_asked.emit(NEED, need)

    def _save_sharing(self) -> None:
        faults = self._sharing_form.faults()
        if faults:
            self._sharing_form.show_faults(faults)
        else:
            self.sharing_saved.emit(self._sharing_form.facts)

    def _save_membership(self) -> None:
        faults = self._membership_form.faults()
        if faults:
            self._membership_form.show_faults(faults)
        else:
            self.membership_saved.emit(str(self._membership_form.state.value or ""), self._membership_form.facts)
