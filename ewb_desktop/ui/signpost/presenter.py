"""What signposting does: a form that is kept as it is typed, and later the questions of how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import note_wrong
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.follow_ups import answer_follow_up, open_again, put_off, tick_off
from ewb_desktop.actions.needs import needs_to_choose
from ewb_desktop.actions.signposting import ServiceClosed, signpost, take_back_signpost
from ewb_desktop.domain.signposting import follow_up_dates
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import day_words, full_day, in_days
from ewb_desktop.storage.cards import follow_ups as kinds
from ewb_desktop.storage.cards.follow_ups import FollowUpCard
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.storage.cards.signposts import SignpostCard, signpost_card
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.ui.destinations import Destination, Did, Done, ToDirectory, ToPerson
from ewb_desktop.ui.meanwhile import Meanwhile, MeanwhileView
from ewb_desktop.ui.renewed_person import is_taken_off, renewed
from ewb_desktop.ui.widgets.row import Row, Tint

SEEN = "seen_at"
"""Where a draft of answers keeps what its writer had seen of the follow-up and the signpost."""
THEN_DONE = "If you save, both answers wait until somebody chooses."
THEN_PUT_OFF = "If you put it off too, both days wait until somebody chooses."
LATER_DAYS = 7
"""How far "ask in a week" puts a follow-up off."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom it is about, by two identifiers."""

    name: str
    identifiers: str


class SignpostView(Protocol):
    """What the presenter needs of the page."""

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside the questions."""

    def show_taken_off(self) -> None:
        """Say that a colleague took the member off the screens."""

    def renew_whom(self, whom: Whom) -> None:
        """Say whom it is about as it stands now."""

    def show_choose(self, whom: Whom) -> None:
        """Ask to choose a service first."""

    def show_form(
        self, whom: Whom, service: str, facts: Sequence[tuple[str, str]], needs: Sequence[tuple[str, str]], promise: str
    ) -> None:
        """Show the empty form for a service."""

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""

    def show_closed(self, sentence: str) -> None:
        """Say that nobody can be signposted there; no words take it away."""

    def show_answering(
        self, whom: Whom, title: str, facts: Sequence[tuple[str, str]], steps: Sequence[Row], question: str, *, asks: bool
    ) -> None:
        """Show what was agreed and ask how it went; not ``asks``: only to be ticked off; no question: all is done."""

    def renew_agreed(self, facts: Sequence[tuple[str, str]], steps: Sequence[Row]) -> None:
        """Show what was agreed and how keeping in touch stands now; what is asked stays."""

    def answers(self) -> Mapping[str, Any]:
        """Return what was answered so far, by the names of the questions."""

    def offer_correction(self, service: str) -> None:
        """Ask what is wrong with the directory's entry."""

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""


class SignpostPresenter:
    """Drives the form for a new signpost, and the questions about one that was made."""

    def __init__(self, desk: Desk, view: SignpostView) -> None:
        self._desk = desk
        self._view = view
        self._person: PersonRecord | None = None
        self._service: ServiceCard | None = None
        self._signpost: SignpostCard | None = None
        self._follow_up: FollowUpCard | None = None
        self._meanwhile = Meanwhile(desk, view.beside)
        self._met = ""
        """What is said of a colleague's answers once the directory's entry was asked about."""

    def open(self, person: str, service: str | None, made: str | None) -> None:
        """Begin a signpost to ``service``, or ask about one that was made."""
        self._meanwhile.end()
        with self._desk.store.read() as connection:
            self._person = person_record(connection, person)
            self._signpost = signpost_card(connection, made) if made else None
            wanted = self._signpost.service if self._signpost else service
            self._service = service_card(connection, wanted) if wanted else None
        if self._person is None:
            self._view.leave_for(ToPerson(person), "This member's record is not on this laptop any more.")
        elif self._signpost is not None:
            self._ask(self._signpost)
        elif self._service is None:
            self._view.show_choose(self._whom(self._person))
        else:
            self._show_form(self._person, self._service, needs_to_choose(self._desk, person))

    def hear(self, changes: Changes) -> None:
        """Show a name that arrived, and tell what a colleague answered while the questions are open."""
        person = renewed(self._desk, self._person, changes)
        if person is not None:
            self._person = person
            self._view.renew_whom(self._whom(person))
        if is_taken_off(self._desk, self._person, changes):
            self._view.show_taken_off()
        self._renew_agreed(changes)
        if self._meanwhile.concerns(changes):
            self._meanwhile.hear(self._view.answers())

    def _renew_agreed(self, changes: Changes) -> None:
        """Show what a colleague did about the signpost that is asked about; the questions stay under the hands."""
        if self._signpost is None or not changes.concerns("signpost", "follow_up"):
            return
        with self._desk.store.read() as connection:
            made = signpost_card(connection, self._signpost.id)
        if made is not None:
            self._view.renew_agreed(self._facts(made), self._steps(made))

    # -- a new signpost

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what is typed."""
        seen: dict[str, Any] = {SEEN: self._meanwhile.kept()} if self._signpost is not None else {}
        save_draft(self._desk.store, self._draft(), {**typed, **seen})

    def save(self, facts: Mapping[str, Any], faults: Mapping[str, str]) -> None:
        """Save the signpost with its follow-ups."""
        person, service = self._person, self._service
        if person is None or service is None:
            return
        self._view.show_closed("")
        if faults:
            self._view.show_faults(faults)
            return
        try:
            made = signpost(self._desk, person.id, service.id, **facts)
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
            return
        except ServiceClosed as closed:
            self._view.show_closed(str(closed))
            return
        drop_draft(self._desk.store, self._draft())
        first, _ = follow_up_dates(self._desk.clock.today(), self._desk.library.times)
        said = f"Signposted to {service.name}. You are reminded on {day_words(first)} to ask how it went."
        self._leave("", Done(Did.SIGNPOSTED, made, said))

    def choose_service(self) -> None:
        """Go to the directory for this person."""
        if self._person:
            self._view.leave_for(ToDirectory(person=self._person.id), "")

    # -- how it went

    def answer(self, arrived: str, still_going: str, was_good: str, note: str) -> None:
        """Save how it went; a bad answer leads to the directory's entry."""
        if self._follow_up is None or self._person is None or self._signpost is None:
            return
        self._met = met = self._meanwhile.met(self._saved("arrived", "still_going", "was_good", "note", "done_by"))
        try:
            with self._meanwhile.saving():
                answered = answer_follow_up(
                    self._desk, self._follow_up.id, arrived=arrived, still_going=still_going, was_good=was_good, note=note,
                    seen_at=self._seen_at(), signpost_seen_at=self._meanwhile.seen_at(self._signpost.id),
                )  # fmt: skip
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
            return
        self._meanwhile.end()
        drop_draft(self._desk.store, self._draft())
        if answered.check_entry and self._service is not None:
            self._view.offer_correction(self._service.name)
        else:
            self._leave("", self._followed_up("Saved. Thank you for asking." + met))

    def tick(self, note: str) -> None:
        """Say that what was promised is done."""
        if self._follow_up is not None:
            met = self._meanwhile.met(self._saved("note", "done_by"))
            with self._meanwhile.saving():
                tick_off(self._desk, self._follow_up.id, note, seen_at=self._seen_at())
            drop_draft(self._desk.store, self._draft())
            self._leave("", self._followed_up("Done." + met))

    def open_again(self, follow_up: str) -> None:
        """Open a follow-up again that was done by mistake; the page asks it once more."""
        open_again(self._desk, follow_up)
        if self._person and self._signpost:
            self.open(self._person.id, None, self._signpost.id)

    def take_back(self) -> None:
        """Take a signpost that was made by mistake off the screens."""
        if self._signpost is not None:
            take_back_signpost(self._desk, self._signpost.id)
            self._leave("", Done(Did.SIGNPOST_OFF, self._signpost.id, "The signpost is off the screens."))

    def later(self) -> None:
        """Ask again in a week."""
        if self._follow_up is not None:
            day = self._desk.clock.today() + timedelta(days=LATER_DAYS)
            met = self._meanwhile.met(["due_on"])
            with self._meanwhile.saving():
                put_off(self._desk, self._follow_up.id, day, seen_at=self._seen_at())
            self._leave(f"You are reminded on {day_words(day)}.{met}")

    def correct(self, words: str) -> None:
        """Keep what is wrong with the directory's entry; no words: nothing is."""
        if words.strip() and self._service is not None:
            note_wrong(self._desk, self._service.id, words)
            self._leave("", self._followed_up(f"Saved, with a note for the directory.{self._met}"))
        else:
            self._leave("", self._followed_up(f"Saved.{self._met}"))

    def _followed_up(self, words: str) -> Done | None:
        return Done(Did.FOLLOWED_UP, self._follow_up.id, words) if self._follow_up else None

    def _leave(self, said: str, done: Done | None = None) -> None:
        if self._person:
            self._view.leave_for(ToPerson(self._person.id, done=done), said)

    def _show_form(self, person: PersonRecord, service: ServiceCard, needs: Sequence[tuple[str, str]]) -> None:
        today = self._desk.clock.today()
        first, second = follow_up_dates(today, self._desk.library.times)
        promise = f"You are reminded to ask how it went on {day_words(first)} (4 weeks) and {full_day(second)} (12 weeks)."
        opening = service.opening(local(self._desk.clock.now()).replace(tzinfo=None))
        when = "\n".join(service.when)
        if when and opening.open_now is not None:
            when = f"{when}\n{opening.words[0].upper()}{opening.words[1:]}"
        facts = (
            ("When", when or "Not given. Call first."),
            ("Where", ", ".join(part for part in (service.address, service.postcode) if part)),
            ("Telephone", service.telephone),
        )
        self._view.show_form(self._whom(person), service.name, facts, needs, promise)
        kept = load_draft(self._desk.store, self._draft())
        if isinstance(kept, dict):
            self._view.show_typed(kept)

    def _ask(self, made: SignpostCard) -> None:
        person = self._person
        assert person is not None  # noqa: S101  # open() went elsewhere without one
        self._follow_up = next((each for each in made.follow_ups if each.is_open), None)
        next_step = self._follow_up
        question = self._list("follow_up_kinds", next_step.kind) if next_step else ""
        asks = next_step is not None and next_step.kind in (kinds.FOUR_WEEKS, kinds.TWELVE_WEEKS)
        facts, steps = self._facts(made), self._steps(made)
        self._view.show_answering(self._whom(person), made.service_name, facts, steps, question, asks=asks)
        kept: Any = load_draft(self._desk.store, self._draft())
        kept = kept if isinstance(kept, dict) else {}
        seen = kept.pop(SEEN, None)
        if kept:
            self._view.show_typed(kept)
        if next_step is not None:
            self._meanwhile.begin(
                self._spots(made, next_step, asks=asks), renews=False, typed=self._view.answers(), kept=seen,
                places={"done_by": "save", "due_on": "save"}, then={"done_by": THEN_DONE, "due_on": THEN_PUT_OFF},
            )  # fmt: skip

    def _facts(self, made: SignpostCard) -> Sequence[tuple[str, str]]:
        return (
            ("Told", full_day(local(made.made_at).date()) if made.made_at else ""),
            ("How", self._list("signpost_ways", made.how) if made.how else ""),
            ("Need", made.need_words or (self._list("needs", made.need_code) if made.need_code else "")),
            ("Reason", made.reason),
            ("Got there?", self._list("arrival_answers", made.arrived) if made.arrived else ""),
            ("Still going?", self._list("still_going_answers", made.still_going) if made.still_going else ""),
            ("Any good?", self._list("was_it_good_answers", made.was_good) if made.was_good else ""),
            ("Note", made.outcome_note),
        )

    def _spots(self, made: SignpostCard, next_step: FollowUpCard, *, asks: bool) -> dict[str, Spot]:
        """Return what the answers are written into. What is written twice, once for the follow-up, is told once."""
        of_step = {name: Spot("follow_up", next_step.id, name) for name in ("note", "done_by", "due_on")}
        names = {"arrived": "arrived", "still_going": "still_going", "was_good": "was_good", "note": "outcome_note"}
        return of_step | ({key: Spot("signpost", made.id, name) for key, name in names.items()} if asks else {})

    def _seen_at(self) -> dict[str, int]:
        return self._meanwhile.seen_at(self._follow_up.id, "done_at", "answer", "note") if self._follow_up is not None else {}

    def _saved(self, *names: str) -> list[str]:
        """Return which of these are written: an answer that was not given leaves a colleague's."""
        answers = self._view.answers()
        return [name for name in names if name in answers or name == "done_by"]

    def _steps(self, made: SignpostCard) -> list[Row]:
        return [self._step(each, self._desk.clock.today()) for each in made.follow_ups]

    def _step(self, each: FollowUpCard, today: date) -> Row:
        tag, tint = ("done", Tint.GREEN) if not each.is_open else (in_days(each.due_on, today), Tint.BLUE)
        return Row(
            key=each.id,
            title=self._list("follow_up_kinds", each.kind),
            detail=each.note,
            tag=tag,
            tint=tint,
            trailing=full_day(each.due_on),
            # what is asked on this page is open on it, also where a colleague has done it meanwhile
            action="" if each.is_open or (self._follow_up is not None and each.id == self._follow_up.id) else "Open again",
        )

    def _list(self, name: str, key: str) -> str:
        return self._desk.library.list(name).words(key)

    def _draft(self) -> str:
        person = self._person.id if self._person else ""
        about = self._follow_up.id if self._signpost and self._follow_up else self._service.id if self._service else ""
        return f"signpost/{person}/{about}"

    @staticmethod
    def _whom(person: PersonRecord) -> Whom:
        return Whom(person.name, person.identifiers)
