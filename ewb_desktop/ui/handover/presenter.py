"""What handing over does: a form, a look at all of it before it is agreed, the receiver's answer, and the first meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.handover import hand_over, pass_coordination, record_answer, record_first_attended, take_back_handover
from ewb_desktop.actions.needs import needs_to_choose
from ewb_desktop.actions.signposting import ServiceClosed
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
from ewb_desktop.domain.words import day_words, full_day, list_words
from ewb_desktop.storage.cards.handovers import HandoverCard, handover_card
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.storage.cards.services import ServiceCard, service_card
from ewb_desktop.storage.cards.sharing import SharingCard, sharing_choices
from ewb_desktop.storage.cards.workers import WorkerCard, worker_names, workers
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.ui.destinations import Destination, Did, Done, ToPerson
from ewb_desktop.ui.meanwhile import Meanwhile, MeanwhileView
from ewb_desktop.ui.renewed_person import is_taken_off, renewed
from ewb_desktop.ui.widgets.row import Tint

Facts = Sequence[tuple[str, str]]

SEEN = "seen_at"
"""Where a draft of an answer keeps what its writer had seen of the handover and the member."""
THEN_MET = "If you save another day, both wait until somebody chooses."


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

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside the fields of an answer."""

    def answers(self) -> Mapping[str, Any]:
        """Return what stands in the form of an answer, right or wrong."""

    def renew_standing(self, facts: Facts, now: Mapping[str, Any], coordinators: Sequence[tuple[str, str]]) -> None:
        """Show where the handover stands now, and ``now`` in fields in which nothing was typed."""

    def show_taken_off(self) -> None:
        """Say that a colleague took the member off the screens."""

    def renew_whom(self, whom: Whom, receiver: str) -> None:
        """Say whom it is about as it stands now; the title of a new handover names the receiver too, if there is one."""

    def tell_sharing(self, sharing: str) -> None:
        """Say that what the member chose about sharing has changed since the form was opened."""

    def renew_check(self, facts: Facts, promise: str, consent: str) -> None:
        """Show other facts where they are looked at before it is agreed; what was ticked there is asked anew."""

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
        self._sharing: Sequence[SharingCard] = ()
        self._checked: Mapping[str, Any] | None = None
        """What was to be agreed when it was looked at last."""
        self._told: dict[str, Any] = {}
        """What stood in the form of the answer before anything was typed there."""
        self._opened: HandoverCard | None = None
        """The handover as it stood when the form was filled."""
        self._meanwhile = Meanwhile(desk, view.beside)

    def open(self, person: str, service: str | None, handover: str | None) -> None:
        """Begin a handover, or show one that was agreed."""
        self._meanwhile.end()
        with self._desk.store.read() as connection:
            self._person = person_record(connection, person)
            self._handover = handover_card(connection, handover) if handover else None
            self._service = service_card(connection, service) if service else None
            self._sharing, self._checked = sharing_choices(connection, person), None
            names = worker_names(connection)
            colleagues = workers(connection)
        if self._person is None:
            self._view.leave_for(ToPerson(person), "This member's record is not on this laptop any more.")
            return
        whom = self._whom(self._person)
        self._opened = self._handover
        if self._handover is not None:
            self._show(whom, self._handover, names, colleagues)
        else:
            self._needs = dict(needs_to_choose(self._desk, person))
            receiver, telephone = (self._service.name, self._service.telephone) if self._service else ("", "")
            self._view.show_form(whom, receiver, telephone, tuple(self._needs.items()))
        kept: Any = load_draft(self._desk.store, self._draft())
        kept = kept if isinstance(kept, dict) else {}
        seen = kept.pop(SEEN, None)
        if kept:
            self._view.show_typed({**self._told, **kept} if self._handover is not None else kept)
        if self._handover is not None:
            self._meanwhile.begin(
                self._spots(self._handover), typed=_as_kept(self._changed()), kept=seen, places={"first_met": "met"},
                then={"first_met": THEN_MET},
            )  # fmt: skip

    def hear(self, changes: Changes) -> None:
        """Show what a colleague wrote while the page is open where nothing was typed, and tell the rest."""
        person = renewed(self._desk, self._person, changes)
        self._person = person or self._person
        if is_taken_off(self._desk, self._person, changes):
            self._view.show_taken_off()
        is_other = self._person is not None and self._chose_otherwise(self._person, changes)
        if self._person is not None and (person is not None or is_other):
            self._renew_whom(self._whom(self._person), is_other=is_other)
        if self._handover is None or self._person is None or not self._meanwhile.concerns(changes):
            return
        with self._desk.store.read() as connection:
            card = handover_card(connection, self._handover.id)
            names, colleagues = worker_names(connection), workers(connection)
        if card is None:
            return
        changed, self._handover, self._told = self._changed(), card, _told(card)
        untouched = {name: value for name, value in self._told.items() if name not in changed}
        called = self._whom(self._person).called
        self._view.renew_standing(self._facts(card, called, names), untouched, _coordinators(card, names, colleagues))
        self._meanwhile.hear(_as_kept(changed))

    def _chose_otherwise(self, person: PersonRecord, changes: Changes) -> bool:
        """Tell whether the member's sharing choices are not those that are shown any more; they are known from now on."""
        if not changes.concerns("sharing_choice"):
            return False
        with self._desk.store.read() as connection:
            before, self._sharing = self._sharing, sharing_choices(connection, person.id)
        return before != self._sharing

    def _renew_whom(self, whom: Whom, *, is_other: bool) -> None:
        self._view.renew_whom(whom, self._service.name if self._service else "")
        if self._handover is None and is_other:
            if self._checked is not None:
                self._view.renew_check(*self._to_check(self._checked, whom))
            self._view.tell_sharing(whom.sharing)

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what is typed; beside an answer that stands only what was changed: the rest may be another's newer words."""
        if self._handover is None:
            save_draft(self._desk.store, self._draft(), dict(typed))
            return
        changed = self._changed(typed)
        if changed:
            save_draft(self._desk.store, self._draft(), {**changed, SEEN: self._meanwhile.kept()})
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
        if self._person is not None:
            self._checked = dict(facts)
            self._view.show_check(*self._to_check(facts, self._whom(self._person)))

    def _to_check(self, facts: Mapping[str, Any], whom: Whom) -> tuple[Facts, str, str]:
        """Return what is looked at before it is agreed, what is promised, and what the member is asked, if anything."""
        shares = self._desk.library.list("handover_shares")
        shared = [shares.words(key) for key in facts["shared"]]
        receiver = self._service.name if self._service else facts["to_name"]
        shown = (
            ("To", receiver),
            ("Telephone", self._service.telephone if self._service else facts["to_telephone"]),
            ("For which need", self._needs.get(facts["need"] or "", "")),
            ("Why", facts["reason"]),
            (f"What {whom.called} wants", facts["wanted"]),
            ("Summary", facts["summary"]),
            ("What is shared", "; ".join(shared) or "Nothing"),
            ("Their sharing choices so far", whom.sharing),
            ("Who introduces", facts["introduced_by"]),
            ("Meeting together", day_words(facts["meeting_on"]) if facts["meeting_on"] else "Not agreed yet"),
        )
        promise = f"{receiver} takes part from today. {self._coordinator()} until {whom.called} has met them."
        return shown, promise, f"{whom.called} agrees that {receiver} is told this" if shared else ""

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
            met = self._meanwhile.met(self._changed().keys() & {"kind", "start_on", "need", "better_done_by"})
            # where the answers differ, what is asked with theirs alone was not taken back by who gave another
            shown = self._opened if met else self._handover
            try:
                with self._meanwhile.saving():
                    record_answer(
                        self._desk, self._handover.id, answer, shown=shown,
                        seen_at=self._meanwhile.seen_at(self._handover.id, "answered_at", "answered_to"),
                    )  # fmt: skip
            except FaultyFields as fault:
                self._view.show_faults(fault.sentences)
            else:
                self._leave(f"The answer is saved.{met}")

    def met(self, day: date | None, coordinator: str, faults: Mapping[str, str]) -> None:
        """Keep the day of the first meeting, and who coordinates from then on."""
        if self._handover is None:
            return
        chosen = coordinator if coordinator and coordinator != self._handover.coordinator else None
        if faults or day is None:
            self._view.show_faults(dict(faults) or {"day": "Write the day on which they met."})
            return
        asked = self._meanwhile.met(
            [*(["first_met"] if day != self._handover.first_attended_on else []), *(["coordinator"] * bool(chosen))]
        )
        try:
            with self._meanwhile.saving():
                record_first_attended(
                    self._desk, self._handover.id, day, coordinator=chosen, seen_at=self._meanwhile.seen_at(self._handover.id),
                    member_seen_at=self._meanwhile.seen_at(self._handover.person),
                )  # fmt: skip
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
        else:
            self._leave(f"Saved. They have started.{asked}")

    def pass_on(self, coordinator: str) -> None:
        """Let somebody else coordinate, once they have met; there is always one."""
        if self._handover is None:
            return
        before = self._handover.coordinator
        if coordinator == before:
            self._leave("The coordinator stays.")
            return
        asked = self._meanwhile.met(["next_coordinator"])
        try:
            with self._meanwhile.saving():
                pass_coordination(
                    self._desk, self._handover.id, coordinator, member_seen_at=self._meanwhile.seen_at(self._handover.person)
                )
        except FaultyFields as fault:
            self._view.show_faults({"next_coordinator": fault.sentences["coordinator"]})
            return
        with self._desk.store.read() as connection:
            name = worker_names(connection).get(coordinator, "")
        self._leave("", Done(Did.PASSED_ON, before, f"{name} coordinates from now on.{asked}"))

    def take_back(self) -> None:
        """Take a handover that was made by mistake off the screens."""
        if self._handover is not None:
            take_back_handover(self._desk, self._handover.id)
            self._leave("", Done(Did.HANDOVER_OFF, self._handover.id, "The handover is off the screens."))

    def _show(self, whom: Whom, card: HandoverCard, names: Mapping[str, str], colleagues: Sequence[WorkerCard]) -> None:
        clock = card.clock(self._desk.clock.today(), self._desk.library.times)
        tint = Tint.GREEN if clock.started else Tint.AMBER if clock.overdue else Tint.BLUE
        standing = Standing(card.to_name, self._facts(card, whom.called, names), clock.words, tint, clock.started)
        self._told = told = _told(card)
        answer = {name: told[name] for name in ("kind", "start_on", "need", "better_done_by")}
        self._view.show_standing(whom, standing, answer, _coordinators(card, names, colleagues))

    def _facts(self, card: HandoverCard, called: str, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        library = self._desk.library
        shares = library.list("handover_shares")
        return (
            ("Agreed", full_day(card.agreed_on)),
            ("By", card.made_by_name),
            ("Telephone", card.to_telephone),
            ("For which need", card.need_words or (library.list("needs").words(card.need_code) if card.need_code else "")),
            ("Why", card.reason),
            (f"What {called} wants", card.wanted),
            ("Summary", card.summary),
            ("What is shared", "; ".join(shares.words(key) for key in card.shared) or "Nothing"),
            ("Who introduces", card.introduced_by),
            ("Meeting together", day_words(card.meeting_on) if card.meeting_on else ""),
            ("Their answer", card.answer_words),
            ("First met", full_day(card.first_attended_on) if card.first_attended_on else ""),
            ("Coordinator", names.get(card.coordinator, "")),
        )

    def _spots(self, card: HandoverCard) -> dict[str, Spot]:
        """Return what the fields write into that are shown; who coordinates is asked in one of two places."""
        coordinator = "next_coordinator" if card.first_attended_on else "coordinator"
        fields = {"kind": "answer", "start_on": "start_on", "need": "answer_needs", "better_done_by": "better_by"}
        fields["first_met"] = "first_attended_on"
        spots = {name: Spot("handover", card.id, field) for name, field in fields.items()}
        return spots | {coordinator: Spot("person", card.person, "coordinator")}

    def _changed(self, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what was typed and differs from what stood there."""
        stands = self._view.answers() if typed is None else typed
        return {name: value for name, value in stands.items() if (value or "") != self._told.get(name, "")}

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

    def _whom(self, person: PersonRecord) -> Whom:
        library, today, choices = self._desk.library, self._desk.clock.today(), self._sharing
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


def _told(card: HandoverCard) -> dict[str, Any]:
    """Return what stands in the form of an answer before anything is typed there."""
    answer = card.answer
    return {
        "kind": str(answer.kind) if answer else "",
        "start_on": _parts(answer.start_on if answer else None),
        "need": answer.need if answer else "",
        "better_done_by": answer.better_done_by if answer else "",
        "day": _parts(None), "coordinator": card.coordinator, "next_coordinator": card.coordinator,
    }  # fmt: skip


def _coordinators(card: HandoverCard, names: Mapping[str, str], colleagues: Sequence[WorkerCard]) -> list[tuple[str, str]]:
    """Return who can coordinate; the first of them does now."""
    now = (card.coordinator, names.get(card.coordinator, "") or "The coordinator as before")
    return [now, *((one.id, one.name) for one in colleagues if one.id != card.coordinator)]


def _as_kept(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as a record keeps it: three parts that make a day are one."""
    return {name: _day(value) if isinstance(value, list) else value for name, value in typed.items()}


def _day(parts: Sequence[str]) -> Any:
    try:
        return date(*(int(part) for part in reversed(parts))).isoformat()
    except ValueError:
        return list(parts)


def _parts(day: date | None) -> list[str]:
    return [str(day.day), str(day.month), str(day.year)] if day else ["", "", ""]
