"""What handing over does: a form, a look at all of it before it is agreed, the receiver's answer, and the first meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.handover import hand_over, pass_coordination, record_answer, record_first_attended, take_back_handover
from ewb_desktop.actions.needs import needs_to_choose
from ewb_desktop.actions.signposting import ServiceClosed
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
from ewb_desktop.domain.words import day_words, full_day, list_words
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.handovers import HandoverCard, handover_card
from ewb_desktop.storage.people import PersonRecord, person_record
from ewb_desktop.storage.services import ServiceCard, service_card
from ewb_desktop.storage.sharing import SharingCard, sharing_choices
from ewb_desktop.storage.workers import WorkerCard, worker_names, workers
from ewb_desktop.ui.destinations import Destination, Did, Done, ToPerson
from ewb_desktop.ui.widgets.row import Tint

Facts = Sequence[tuple[str, str]]

SEEN = "seen_at"
"""Where a draft of an answer keeps at which numbers of the server its writer saw the handover and the member."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom it is about, by two identifiers, what they are called, what they need from us, and what they chose about sharing."""

    name: str
    identifiers: str
    called: str
    needs: str
    sharing: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a handover stands: its facts, the answer among them, and its clock in words."""

    receiver: str
    facts: tuple[tuple[str, str], ...]
    clock: str
    tint: Tint
    started: bool


class HandoverView(Protocol):
    """What the presenter needs of the page."""

    def show_form(self, whom: Whom, receiver: str, telephone: str, needs: Sequence[tuple[str, str]]) -> None:
        """Show the empty form; without a receiver it asks for one. ``needs`` can be chosen: which of them it is for."""

    def show_typed(self, typed: Mapping[str, Any]) -> None:
        """Show a draft again."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""

    def show_closed(self, sentence: str) -> None:
        """Say that nobody can be handed over there; no words take it away."""

    def show_check(self, facts: Facts, promise: str, consent: str) -> None:
        """Show all of it before it is agreed; ``consent`` asks whether the member agrees to what is shared, if anything is."""

    def show_standing(
        self, whom: Whom, standing: Standing, answer: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]
    ) -> None:
        """Show where a handover stands, and ask for the receiver's answer and the first meeting.

        ``coordinators`` can be chosen; the first of them coordinates now.
        """

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""


class HandoverPresenter:
    """Drives a new handover and one that was agreed."""

    def __init__(self, desk: Desk, view: HandoverView) -> None:
        self._desk = desk
        self._view = view
        self._person: PersonRecord | None = None
        self._service: ServiceCard | None = None
        self._handover: HandoverCard | None = None
        self._needs: dict[str, str] = {}
        self._told: dict[str, Any] = {}
        """What stood in the form of the answer before anything was typed there."""
        self._seen_at = (0, 0)
        """The server's numbers of the handover and of the member as they were seen when the form was filled."""

    def open(self, person: str, service: str | None, handover: str | None) -> None:
        """Begin a handover, or show one that was agreed."""
        with self._desk.store.read() as connection:
            self._person = person_record(connection, person)
            self._handover = handover_card(connection, handover) if handover else None
            self._service = service_card(connection, service) if service else None
            choices = sharing_choices(connection, person)
            names = worker_names(connection)
            colleagues = workers(connection)
        if self._person is None:
            self._view.leave_for(ToPerson(person), "This member's record is not on this laptop any more.")
            return
        whom = self._whom(self._person, choices)
        if self._handover is not None:
            self._show(whom, self._handover, names, colleagues)
        else:
            self._needs = dict(needs_to_choose(self._desk, person))
            receiver, telephone = (self._service.name, self._service.telephone) if self._service else ("", "")
            self._view.show_form(whom, receiver, telephone, tuple(self._needs.items()))
        kept = load_draft(self._desk.store, self._draft())
        if isinstance(kept, dict) and self._handover is not None:
            self._show_kept(kept)
        elif isinstance(kept, dict):
            self._view.show_typed(kept)

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what is typed; beside an answer that stands only what was changed: the rest may be another's newer words."""
        if self._handover is None:
            save_draft(self._desk.store, self._draft(), dict(typed))
            return
        changed = {name: value for name, value in typed.items() if (value or "") != self._told.get(name, "")}
        if changed:
            save_draft(self._desk.store, self._draft(), {**changed, SEEN: list(self._seen_at)})
        else:
            drop_draft(self._desk.store, self._draft())

    def check(self, facts: Mapping[str, Any], faults: Mapping[str, str]) -> None:
        """Show all of it before it is agreed, unless something needs another look."""
        missing = dict(faults)
        if not self._service and not facts["to_name"]:
            missing["to_name"] = "Write the name of who takes over."
        if not facts["reason"]:
            missing["reason"] = "Write why, in a few words, for example “wants help with debts”."
        if missing:
            self._view.show_faults(missing)
            return
        shares = self._desk.library.list("handover_shares")
        shared = [shares.words(key) for key in facts["shared"]]
        receiver = self._service.name if self._service else facts["to_name"]
        person = self._person
        called = (person.preferred_name or person.given_name or person.name) if person else ""
        shown = (
            ("To", receiver),
            ("Telephone", self._service.telephone if self._service else facts["to_telephone"]),
            ("For which need", self._needs.get(facts["need"] or "", "")),
            ("Why", facts["reason"]),
            (f"What {called} wants", facts["wanted"]),
            ("Summary", facts["summary"]),
            ("What is shared", "; ".join(shared) or "Nothing"),
            ("Who introduces", facts["introduced_by"]),
            ("Meeting together", day_words(facts["meeting_on"]) if facts["meeting_on"] else "Not agreed yet"),
        )
        promise = f"{receiver} takes part from today. {self._coordinator()} until {called} has met them."
        consent = f"{called} agrees that {receiver} is told this" if shared else ""
        self._view.show_check(shown, promise, consent)

    def agree(self, facts: Mapping[str, Any], agreed: bool) -> None:
        """Agree the handover."""
        if self._person is None:
            return
        service = self._service.id if self._service else None
        try:
            made = hand_over(self._desk, self._person.id, service=service, agreed=agreed, **facts)
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
        except ServiceClosed as closed:
            self._view.show_closed(str(closed))
        else:
            said = "Agreed today. It stands on your Today page until they have met."
            self._leave("", Done(Did.HANDED_OVER, made, said))

    def answer(self, kind: str, start_on: date | None, need: str, better_by: str, faults: Mapping[str, str]) -> None:
        """Keep what the receiver answered."""
        if self._handover is None:
            return
        if kind not in set(AnswerKind):
            self._view.show_faults({"kind": "Choose which of the answers they gave."})
        elif faults:
            self._view.show_faults(faults)
        else:
            answer = HandoverAnswer(AnswerKind(kind), start_on, need, better_by)
            try:
                record_answer(self._desk, self._handover.id, answer, shown=replace(self._handover, number=self._seen_at[0]))
            except FaultyFields as fault:
                self._view.show_faults(fault.sentences)
            else:
                self._leave("The answer is saved.")

    def met(self, day: date | None, coordinator: str, faults: Mapping[str, str]) -> None:
        """Keep the day of the first meeting, and who coordinates from then on."""
        if self._handover is None:
            return
        chosen = coordinator if coordinator and coordinator != self._handover.coordinator else None
        if faults or day is None:
            self._view.show_faults(dict(faults) or {"day": "Write the day on which they met."})
            return
        try:
            handover, member = self._seen_at
            record_first_attended(self._desk, self._handover.id, day, coordinator=chosen, seen_at=handover, member_seen_at=member)
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
        else:
            self._leave("Saved. They have started.")

    def pass_on(self, coordinator: str) -> None:
        """Let somebody else coordinate, once they have met; there is always one."""
        if self._handover is None:
            return
        before = self._handover.coordinator
        if coordinator == before:
            self._leave("The coordinator stays.")
            return
        try:
            pass_coordination(self._desk, self._handover.id, coordinator, member_seen_at=self._seen_at[1])
        except FaultyFields as fault:
            self._view.show_faults({"next_coordinator": fault.sentences["coordinator"]})
            return
        with self._desk.store.read() as connection:
            name = worker_names(connection).get(coordinator, "")
        self._leave("", Done(Did.PASSED_ON, before, f"{name} coordinates from now on."))

    def take_back(self) -> None:
        """Take a handover that was made by mistake off the screens."""
        if self._handover is not None:
            take_back_handover(self._desk, self._handover.id)
            self._leave("", Done(Did.HANDOVER_OFF, self._handover.id, "The handover is off the screens."))

    def _show(self, whom: Whom, card: HandoverCard, names: Mapping[str, str], colleagues: Sequence[WorkerCard]) -> None:
        library = self._desk.library
        shares = library.list("handover_shares")
        clock = card.clock(self._desk.clock.today(), library.times)
        facts = (
            ("Agreed", full_day(card.agreed_on)),
            ("By", card.made_by_name),
            ("Telephone", card.to_telephone),
            ("For which need", card.need_words or (library.list("needs").words(card.need_code) if card.need_code else "")),
            ("Why", card.reason),
            (f"What {whom.called} wants", card.wanted),
            ("Summary", card.summary),
            ("What is shared", "; ".join(shares.words(key) for key in card.shared) or "Nothing"),
            ("Who introduces", card.introduced_by),
            ("Meeting together", day_words(card.meeting_on) if card.meeting_on else ""),
            ("Their answer", card.answer_words),
            ("First met", full_day(card.first_attended_on) if card.first_attended_on else ""),
            ("Coordinator", names.get(card.coordinator, "")),
        )
        tint = Tint.GREEN if clock.started else Tint.AMBER if clock.overdue else Tint.BLUE
        answer = card.answer
        told = {
            "kind": str(answer.kind) if answer else "",
            "start_on": _parts(answer.start_on if answer else None),
            "need": answer.need if answer else "",
            "better_done_by": answer.better_done_by if answer else "",
        }
        now = (card.coordinator, names.get(card.coordinator, "") or "The coordinator as before")
        others = [(one.id, one.name) for one in colleagues if one.id != card.coordinator]
        standing = Standing(card.to_name, facts, clock.words, tint, clock.started)
        self._told = {**told, "day": _parts(None), "coordinator": card.coordinator, "next_coordinator": card.coordinator}
        self._seen_at = (card.number, self._person.number if self._person else 0)
        self._view.show_standing(whom, standing, told, [now, *others])

    def _show_kept(self, kept: dict[str, Any]) -> None:
        """Show what was typed over what stands now; it was typed by somebody who had seen what stood then."""
        handover, member = kept.pop(SEEN, self._seen_at)
        self._seen_at = (min(handover, self._seen_at[0]), min(member, self._seen_at[1]))
        self._view.show_typed({**self._told, **kept})

    def _coordinator(self) -> str:
        coordinator = self._person.coordinator if self._person else ""
        if coordinator == self._desk.worker.id:
            return "You stay the coordinator"
        with self._desk.store.read() as connection:
            name = worker_names(connection).get(coordinator or "", "")
        return f"{name or 'The coordinator'} stays the coordinator" if name else "The coordinator stays"

    def _leave(self, said: str, done: Done | None = None) -> None:
        drop_draft(self._desk.store, self._draft())
        if self._person:
            self._view.leave_for(ToPerson(self._person.id, done=done), said)

    def _draft(self) -> str:
        about = self._handover.id if self._handover else self._service.id if self._service else "new"
        return f"handover/{self._person.id if self._person else ''}/{about}"

    def _whom(self, person: PersonRecord, choices: Sequence[SharingCard]) -> Whom:
        library, today = self._desk.library, self._desk.clock.today()
        needs = [library.list("communication").words(key) for key in person.communication or ()]
        if person.interpreter:
            needs.append(f"interpreter: {person.interpreter}")
        if person.spoken_language and person.spoken_language != "en":
            needs.append(f"speaks {library.list('languages').words(person.spoken_language)}")
        if person.communication_note:
            needs.append(person.communication_note)
        yes = [f"{each.what} with {each.shared_with}" for each in choices if each.counts_on(today)]
        no = [f"{each.what} with {each.shared_with}" for each in choices if not each.counts_on(today)]
        said = (f"Yes to: {list_words(yes)}." if yes else "", f"Not (any more): {list_words(no)}." if no else "")
        return Whom(
            name=person.name,
            identifiers=person.identifiers,
            called=person.preferred_name or person.given_name or person.name,
            needs=", ".join(needs),
            sharing=" ".join(part for part in said if part),
        )


def _parts(day: date | None) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)] if day else ["", "", ""]
