"""What a person's page shows, and what can be done on it without leaving: contacts, ratings, choices, coordinator, membership."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ewb_desktop.actions.contacts import record_contact, take_back_contact, warn_of_way
from ewb_desktop.actions.conversations import conversation_to_resume
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.goals import rate_goal, record_goal_outcome
from ewb_desktop.actions.needs import STILL_OPEN, record_need_outcome
from ewb_desktop.actions.people import bring_back, change_coordinator, change_membership, take_off
from ewb_desktop.actions.sharing import record_sharing, share_again, withdraw_sharing
from ewb_desktop.actions.totals import present_series, with_totals
from ewb_desktop.domain.membership import MoveNotPossible, states
from ewb_desktop.domain.person import SAFE_WAYS
from ewb_desktop.domain.time import local
from ewb_desktop.storage.cards.assessments import answered_before
from ewb_desktop.storage.cards.conflicts import answers_about, count_open_conflicts
from ewb_desktop.storage.cards.goals import GoalCard, goals_of
from ewb_desktop.storage.cards.needs import NeedCard, help_given, needs_of
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.safety_talks import open_talk_of
from ewb_desktop.storage.cards.sharing import sharing_choices
from ewb_desktop.storage.cards.standing import Standing, standing_about
from ewb_desktop.storage.cards.timeline import TimelineEntry, timeline
from ewb_desktop.storage.cards.workers import coordinators_for, worker_names
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.exchange.journal import counts_about
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.holding.in_hand import words_by_person
from ewb_desktop.storage.holding.leaving import held_members
from ewb_desktop.storage.holding.opened import opened_until
from ewb_desktop.ui.destinations import Done
from ewb_desktop.ui.held_words import page_words, place_of
from ewb_desktop.ui.person.beside import (
    CHARTED,
    goal_row,
    membership_of,
    need_row,
    said_when,
    series_of,
    sharing_row,
    talk_words,
    with_marks,
)  # fmt: skip
from ewb_desktop.ui.person.happened import FILTERS, happened_row, short_name
from ewb_desktop.ui.person.head import head_of
from ewb_desktop.ui.person.open_form import OpenForm
from ewb_desktop.ui.person.shown import CONTACT, COORDINATOR, MEMBERSHIP, SHARING, Page, PersonView
from ewb_desktop.ui.person.undoing import undoing
from ewb_desktop.ui.standing_words import marked

SEEN = "seen_at"
"""Where a draft keeps what its writer had seen of what the form writes into."""
WHAT_MATTERS = "matters"
"""The question of the first conversation that asks what matters."""

_CONCERNS = (
    "person", "worker", "sharing_choice", "conversation", "assessment", "answer", "need", "goal", "goal_rating", "safety_talk",
    "signpost", "handover", "contact", "leaflet_given", "conflict", "follow_up",
)  # fmt: skip


class PersonPresenter:
    """Shows one member at a time."""

    def __init__(self, desk: Desk, view: PersonView) -> None:
        self._desk = desk
        self._view = view
        self._person = ""
        self._follow_up: str | None = None
        self._is_way_chosen = False
        self._record: PersonRecord | None = None
        """With the careful answer where workers differ on a way of contact; these are ``_disputed``."""
        self._disputed: frozenset[str] = frozenset()
        self._filter = "all"
        self._entries: tuple[TimelineEntry, ...] = ()
        self._undo: Callable[[], None] | None = None
        self._offered: Done | None = None
        self._outcomes: dict[str, tuple[str, str]] = {}
        self._cards: dict[str, NeedCard | GoalCard] = {}
        self._asked: NeedCard | GoalCard | None = None
        """The need or the goal whose form is open, as it stood when it was opened."""
        self._form = OpenForm(desk, view)
        self._way, self._warned = "", ""
        """The way of contact that stands in the form, and what is warned of there."""
        self._standings: dict[str, Standing] = {}

    def open(self, person: str, contact: bool, follow_up: str | None, done: Done | None = None) -> None:
        """Show a member; with ``contact`` the form of a contact is open, which may answer ``follow_up``.

        What was just ``done`` elsewhere can be undone; it is offered once, not again on the way back.
        """
        if person != self._person:
            self._filter = "all"
            self._undo = None
        self._person, self._follow_up = person, follow_up
        self._view.close_form()
        self.refresh()
        begun = [form for form in (CONTACT, SHARING, COORDINATOR, MEMBERSHIP) if self._kept(form)]
        if self._record is not None and (contact or begun):
            self.open_form(CONTACT if contact else begun[0])
        if self._record is not None and done is not None and done != self._offered:
            self._offered = done
            self._undo = undoing(self._desk, person, done)
            self._view.offer_undo(done.words)

    def hear(self, changes: Changes) -> None:
        """Read again soon when something on this page may have changed."""
        if changes.concerns(*_CONCERNS):
            self._view.refresh_soon()

    def refresh(self) -> None:
        """Read everything again; the timeline stays as long as it was."""
        page = self._read()
        if page is None:
            self._view.show_taken_off()
            return
        self._view.show_person(page)
        self._read_timeline(len(self._entries))
        self._form.hear()
        if self._view.open_form() == CONTACT:
            self._warn_anew()

    # -- the timeline

    def narrow(self, chosen: str) -> None:
        """Show one kind of entries, or all."""
        self._filter = chosen
        self._read_timeline(0)

    def show_earlier(self) -> None:
        """Show a page more of the timeline."""
        with self._desk.store.read() as connection:
            last = self._entries[-1] if self._entries else None
            page = timeline(connection, self._person, FILTERS[self._filter], before=last)
            self._standings = standing_about(connection, self._person)
        self._entries += with_totals(self._desk, self._person, page.entries)
        self._show_timeline(more=page.more)

    def _read_timeline(self, at_least: int) -> None:
        with self._desk.store.read() as connection:
            page = timeline(connection, self._person, FILTERS[self._filter], limit=max(at_least, 20))
            self._standings = standing_about(connection, self._person)
        self._entries = with_totals(self._desk, self._person, page.entries)
        self._show_timeline(more=page.more)

    def _show_timeline(self, *, more: bool) -> None:
        today = self._desk.clock.today()
        rows = [happened_row(entry, self._desk.library, today, self._person) for entry in self._entries]
        rows = marked(rows, self._standings, [entry.id for entry in self._entries])
        self._view.show_happened(rows, more=more, chosen=self._filter)

    # -- the forms that are kept as they are typed

    def open_form(self, form: str) -> None:
        """Open a form, with what was typed there before a lock or another page."""
        if form == CONTACT:
            self._open_contact_form()
        else:
            kept = self._kept(form)
            seen = kept.pop(SEEN, None)
            self._view.show_form(form, kept)
            self._form.begin(form, self._person if form in (COORDINATOR, MEMBERSHIP) else "", seen)

    def keep(self, form: str, typed: Mapping[str, Any]) -> None:
        """Keep what was typed into a form."""
        beside: dict[str, Any] = {"follow_up": self._follow_up} if form == CONTACT else {}
        # a way that nobody chose is no word of the worker's
        kept = {name: value for name, value in typed.items() if form != CONTACT or name != "how" or self._is_way_chosen}
        save_draft(self._desk.store, self._key(form), {**kept, **beside, SEEN: self._form.kept()})

    def give_up(self, form: str) -> None:
        """Close a form without writing anything down."""
        self._drop(form)
        self._view.close_form()

    def _kept(self, form: str) -> dict[str, Any]:
        kept = load_draft(self._desk.store, self._key(form))
        return dict(kept) if isinstance(kept, dict) else {}

    def _drop(self, form: str) -> None:
        drop_draft(self._desk.store, self._key(form))

    def _key(self, form: str) -> str:
        return f"{form}/{self._person}"

    # -- contacts

    def _open_contact_form(self) -> None:
        kept = self._kept(CONTACT)
        self._is_way_chosen = bool(kept.get("how"))
        typed = kept if self._is_way_chosen else kept | {"how": "" if self._warning("ring") else "ring"}
        self._follow_up = typed.pop("follow_up", None) or self._follow_up
        seen = typed.pop(SEEN, None)
        self._view.show_contact_form(typed)
        self._form.begin(CONTACT, self._follow_up or "", seen)
        # the number stands beside it: that a call is not safe is told before a way is chosen
        self._warn_of(str(typed.get("how") or "ring"))

    def choose_way(self, how: str) -> None:
        """Take this way of reaching them, and warn when it is not safe."""
        self._is_way_chosen = True
        self._warn_of(how)

    def _warn_of(self, how: str) -> None:
        self._way, self._warned = how, self._warning(how)
        self._view.show_warning_of_way(self._warned)

    def _warn_anew(self) -> None:
        """Warn of what a colleague wrote of the way that stands in the open form: nobody chooses it a second time."""
        before = self._warned
        self._warn_of(self._way)
        if self._warned and self._warned != before:
            self._view.tell(self._warned)

    def _warning(self, how: str) -> str:
        return warn_of_way(self._desk, self._record, how, self._disputed) if self._record is not None else ""

    def save_contact(self, typed: Mapping[str, Any]) -> None:
        """Write the contact down."""
        follow_up, reached = self._follow_up, str(typed["reached"] or "")
        met = self._form.met(reached)
        try:
            contact = record_contact(
                self._desk, self._person, str(typed["how"] or ""), reached, str(typed["note"]), follow_up=follow_up,
                seen_at=self._form.seen_at("done_at"),
            )  # fmt: skip
        except FaultyFields as fault:
            self._view.show_faults(CONTACT, fault.sentences)
            return
        self._drop(CONTACT)
        self._follow_up = None
        words = self._desk.library.list("contact_results").words(reached).lower()
        self._done(f"Written down: {words}.{met}", lambda: take_back_contact(self._desk, contact, follow_up))

    # -- the other forms

    def rate(self, goal: str, rating: int) -> None:
        """Note how near a goal feels today."""
        rate_goal(self._desk, self._person, goal, rating)
        self._view.close_form()
        self._view.tell(f"Saved: {rating} of 10.")
        self.refresh()

    def ask_about(self, form: str, id: str) -> None:
        """Note how a need or a goal stands now that its form is opened: what comes under the form is not seen there."""
        self._asked = self._cards.get(id)
        self._form.begin(form, id)

    def save_need(self, need: str, outcome: str, reason: str) -> None:
        """Note what became of a need."""
        before, reason_before = self._outcomes.get(need, ("", ""))
        met = self._form.met()
        shown = self._asked if isinstance(self._asked, NeedCard) and self._asked.id == need else None
        if shown is not None and not met:
            # what came before anything was chosen was seen too
            shown = replace(shown, outcome=self._form.seen("outcome"), unmet_reason=self._form.seen("reason"))
        try:
            record_need_outcome(self._desk, need, outcome, reason, shown=shown, seen_at=self._form.seen_at())
        except FaultyFields as fault:
            self._view.show_faults("need", fault.sentences)
            return
        words = self._desk.library.list("need_outcomes").words(outcome).lower()
        self._done(f"Saved: {words}.{met}", lambda: record_need_outcome(self._desk, need, before or STILL_OPEN, reason_before))

    def save_goal(self, goal: str, outcome: str) -> None:
        """Note what became of a goal; without an outcome it is gone on with."""
        before, _ = self._outcomes.get(goal, ("", ""))
        met = self._form.met()
        record_goal_outcome(self._desk, goal, outcome, seen_at=self._form.seen_at())
        words = self._desk.library.list("goal_outcomes").words(outcome).lower() if outcome else "we go on with it"
        self._done(f"Saved: {words}.{met}", lambda: record_goal_outcome(self._desk, goal, before))

    def save_sharing(self, typed: Mapping[str, Any]) -> None:
        """Write down a sharing choice."""
        try:
            choice = record_sharing(self._desk, self._person, **typed)
        except FaultyFields as fault:
            self._view.show_faults(SHARING, fault.sentences)
            return
        self._drop(SHARING)
        self._done("The choice is written down.", lambda: withdraw_sharing(self._desk, choice))

    def take_back_sharing(self, choice: str) -> None:
        """Take a sharing choice back from now on."""
        withdraw_sharing(self._desk, choice)
        self._done("The choice was taken back. What was shared before stays on record.", lambda: share_again(self._desk, choice))

    def save_coordinator(self, worker: str) -> None:
        """Hand the coordination to somebody else."""
        before, met = self._record.coordinator if self._record is not None else None, self._form.met()
        try:
            change_coordinator(self._desk, self._person, worker or "", seen_at=self._form.seen_at())
        except MoveNotPossible as fault:
            self._view.show_faults(COORDINATOR, {"coordinator": str(fault)})
            return
        self._drop(COORDINATOR)
        self._done(f"The coordinator was changed.{met}", lambda: change_coordinator(self._desk, self._person, before or ""))

    def save_membership(self, state: str, facts: Mapping[str, date | None]) -> None:
        """Move the membership to another state."""
        met = self._form.met()
        try:
            change_membership(self._desk, self._person, state, facts, seen_at=self._form.seen_at())
        except MoveNotPossible as fault:
            self._view.show_faults(MEMBERSHIP, {"state": str(fault)})
            return
        self._drop(MEMBERSHIP)
        self._view.close_form()
        self._view.tell(f"Saved.{met}")
        self.refresh()

    def take_off(self) -> None:
        """Take a record that was made by mistake off the screens."""
        person = self._person
        take_off(self._desk, person)
        self._done("This record is off the screens. It can be brought back for 30 days.", lambda: bring_back(self._desk, person))

    def bring_back(self) -> None:
        """Bring the record back to the screens."""
        bring_back(self._desk, self._person)
        self._undo = None
        self.refresh()

    def undo(self) -> None:
        """Undo what was done last."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()
            self.refresh()

    def _done(self, words: str, undo: Callable[[], None]) -> None:
        self._undo = undo
        self._view.close_form()
        self.refresh()
        self._view.offer_undo(words)

    # -- reading

    def _read(self) -> Page | None:
        desk, person, today = self._desk, self._person, self._desk.clock.today()
        library = desk.library
        with desk.store.read() as connection:
            self._record = record = person_record(connection, person)
            if record is None:
                return None
            self._disputed = frozenset(answers_about(connection, person)).intersection(SAFE_WAYS)
            names = worker_names(connection)
            known = {one.id: one.name for one in coordinators_for(connection, record.area)}
            choices = sharing_choices(connection, person)
            helped = help_given(connection, person)
            needs, goals = needs_of(connection, person), goals_of(connection, person)
            said = answered_before(connection, person, [WHAT_MATTERS], limit=1)
            talk = open_talk_of(connection, person)
            two_answers = bool(count_open_conflicts(connection, person))
            until = opened_until(connection, person)
            held = next((one for one in held_members(connection) if one.person == person), None)
            keys = words_by_person(connection).get(person, ()) if held is not None else ()
            waiting = counts_about(connection, person) if read_enrolment(connection) is not None else None
            standings = standing_about(connection, person)
        lines = [series_of(short_name(each, library), present_series(desk, person, each)) for each in CHARTED]
        self._outcomes = {need.id: (need.outcome, need.unmet_reason) for need in needs}
        self._outcomes |= {goal.id: (goal.outcome, "") for goal in goals}
        self._cards = {need.id: need for need in needs} | {goal.id: goal for goal in goals}
        coordinator = record.coordinator or ""
        coordinates = names.get(coordinator, "")
        if coordinator and coordinator not in known:
            # one who has left, or works elsewhere now, still coordinates until somebody else does
            known[coordinator] = coordinates
            coordinates = f"{coordinates}, who cannot open this page now" if coordinates else ""
        return Page(
            head=head_of(
                record,
                choices,
                library,
                today,
                coordinates,
                two_answers=two_answers,
                disputed=self._disputed,
                waiting=waiting,
            ),
            resume=conversation_to_resume(desk, person),
            workers=tuple(known.items()),
            coordinator=coordinator,
            matters=str(said[0].value) if said else "",
            matters_when=said_when(said[0]) if said else "",
            needs=with_marks([need_row(need, helped.get(need.id, ()), library, today) for need in needs], standings),
            goals=with_marks([goal_row(goal, library) for goal in goals], standings),
            outcomes=self._outcomes,
            series=tuple(line for line in lines if line.points),
            sharing=with_marks([sharing_row(choice, today) for choice in choices], standings),
            membership=membership_of(dict(states(library.list("states"))), record.membership or "", record.joined_on),
            talk=talk.id if talk is not None else "",
            talk_words=talk_words(talk) if talk is not None else "",
            here_until=f"{local(until):%H:%M}" if until is not None else "",
            waits=page_words(held, today) if held is not None else "",
            waits_at=place_of(person, keys) if held is not None else None,
        )
