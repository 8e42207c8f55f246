"""What happens on the safety page: saved as it is written, left at any time, closed only by a named person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.safety import (
    NotYetClosed,
    close_safety_talk,
    open_safety_talk,
    reopen_safety_talk,
    save_safety_talk,
)
from ewb_desktop.domain.time import local, zone
from ewb_desktop.domain.words import clock_words, full_day, isolated
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.safety_talks import TalkCard, open_talk_of, talk_card
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.storage.cards.workers import workers
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.ui.destinations import Destination, ToConversation, ToPerson
from ewb_desktop.ui.meanwhile import Meanwhile
from ewb_desktop.ui.renewed_person import renewed
from ewb_desktop.ui.safety.shown import BadTime, SafetyView, Typed, Written, parse_time, with_newer

WORDS = ("explored", "harder", "safer", "could_change", "told_whom", "agreed")
"""The fields that are words."""
FIELDS = dict.fromkeys((*WORDS, "told_at", "plan", "review_on", "owner"))
"""All that is written."""
NOTHING_SEEN = {name: [None, 0] for name in FIELDS}
"""What whoever writes on an empty page has seen of a talk that a colleague began meanwhile."""
OPEN_AGAIN = "A colleague opened this safety conversation again."


class SafetyPresenter:
    """One safety conversation. A new one begins with the first thing that is written."""

    def __init__(self, desk: Desk, view: SafetyView) -> None:
        self._desk = desk
        self._view = view
        self._person: PersonRecord | None = None
        self._talk: str | None = None
        self._conversation: str | None = None
        self._shown = Written()
        self._meanwhile = Meanwhile(desk, view.beside)
        self._is_writing = False
        self._closed = ""

    def open(self, person: str, talk: str | None, conversation: str | None) -> None:
        """Show a safety conversation, the member's open one, or an empty page for a new one."""
        with self._desk.store.read() as connection:
            self._person = person_record(connection, person)
            card = talk_card(connection, talk) if talk else open_talk_of(connection, person)
            team = [(worker.id, worker.name) for worker in workers(connection)]
        if self._person is None:
            raise LookupError("this member's record is not on this laptop any more")
        self._talk = card.id if card is not None else None
        self._conversation = conversation
        self._meanwhile.end()
        self._view.show_workers(team)
        self._view.show_faults({})
        self._view.show_still_needed("")
        self._view.show_saved("")
        self._show(card)

    def hear(self, changes: Changes) -> None:
        """Show what a colleague wrote where nothing was typed, and tell the rest; also a talk that she began meanwhile."""
        person = renewed(self._desk, self._person, changes)
        if person is not None:
            self._person = person
            self._show_whom(self._card())
        if not self._is_writing and self._person is not None and changes.concerns("safety_talk", "conflict"):
            self._renew()

    def keep(self) -> None:
        """Save what can be saved, and keep what is not a time or a day yet as it was typed."""
        self._save(tell=False)

    def save(self) -> None:
        """Save, and go back to where the worker came from. That always works: what needs another look stays as it was typed."""
        met = self._met()
        faults = self._save(tell=False)
        closed = _closed(self._card()) if self._talk is not None else ""
        said = f"Saved. {closed}" if closed else "Saved. It stays on the Today page until somebody closes it."
        if faults:
            said = f"Saved, all but this, which is kept as you typed it: {' '.join(faults.values())}"
        self._view.leave_for(self._back(), said + met if self._talk is not None else "")

    def close(self, closed_by: str) -> None:
        """Close it in the name of ``closed_by``, or say what is still to be written."""
        met = self._met()
        if self._save(tell=True):
            return
        if self._talk is None:
            self._view.show_still_needed("Nothing has been written yet, so there is nothing to close.")
            return
        try:
            with self._writing():
                seen_at = self._meanwhile.seen_at(self._talk, "closed_at", "closed_by")
                close_safety_talk(self._desk, self._talk, closed_by, seen_at=seen_at)
        except NotYetClosed as still:
            self._view.show_still_needed(str(still))
            return
        self._view.show_still_needed("")
        self._show(self._card())
        self._view.leave_for(self._back(), f"The safety conversation is closed. It can be opened again at any time.{met}")

    def reopen(self) -> None:
        """Open it again: it stands on the Today page until somebody closes it."""
        if self._talk is not None:
            with self._writing():
                reopen_safety_talk(self._desk, self._talk)
            self._show(self._card())

    def told_now(self) -> None:
        """Fill in this day and this time for when somebody was told."""
        now = local(self._desk.clock.now())
        day = now.date()
        typed = (str(day.day), str(day.month), str(day.year))
        written = replace(self._view.written(), told_day=day, told_day_typed=typed, told_time=clock_words(now.time()))
        self._view.show_written(written)
        self.keep()

    def leave(self) -> None:
        """Save; called before the page goes away, whatever the reason."""
        if self._person is not None:
            self.keep()

    # -- what a colleague writes meanwhile

    def _renew(self) -> None:
        card = self._card()
        if card is None:
            return
        written = self._view.written()
        typed = self._typed(written)
        untouched = FIELDS.keys() - typed.keys() - self._meanwhile.held()
        newer = with_newer(written, _written(card), untouched)
        if newer != written:
            self._view.show_written(newer)
            self._shown = with_newer(self._shown, self._view.written(), untouched)
        if self._talk is None:
            # the first words meet hers: nothing of them was seen
            self._talk = card.id
            self._begin(typed, NOTHING_SEEN, is_open=True)
        else:
            self._meanwhile.hear(typed)
        if _closed(card) != self._closed:
            self._show_closed(card)
            self._view.tell(self._closed or OPEN_AGAIN)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What is saved here is told of as what arrives is."""
        self._is_writing = True
        try:
            yield
        finally:
            self._is_writing = False

    def _begin(self, typed: Mapping[str, Any], kept: Any = None, *, is_open: bool = False) -> None:
        spots = {name: Spot("safety_talk", self._talk, name) for name in FIELDS} if self._talk is not None else {}
        self._meanwhile.begin(spots, typed=typed, kept=kept, is_open=is_open)

    def _typed(self, written: Written) -> dict[str, Any]:
        """Return what was typed and is not saved yet, by field; what cannot be read as what it should be has no value."""
        fields, faults = self._fields(written)
        return {name: None for name in faults if name in FIELDS} | fields

    def _met(self) -> str:
        return self._meanwhile.met(self._typed(self._view.written()))

    # -- saving

    def _save(self, *, tell: bool) -> dict[str, str]:
        """Save the fields that differ; return what needs another look, and show it when ``tell`` is set."""
        written = self._view.written()
        if written == self._shown and not written.faults:
            return {}
        fields, faults = self._fields(written)
        is_first = self._talk is None
        if fields and (self._talk is not None or any(fields.values())):
            faults |= self._write(fields)
        self._keep_typed(written, faults)
        self._shown = written
        if is_first and self._talk is not None:
            self._renew()
        if tell or not faults:
            self._view.show_faults(faults)
        return faults

    def _fields(self, written: Written) -> tuple[dict[str, Any], dict[str, str]]:
        fields: dict[str, Any] = {name: words for name, words in written.words.items() if words != self._shown.words.get(name)}
        faults = dict(written.faults)
        if written.plan != self._shown.plan:
            fields["plan"] = written.plan
        if written.owner != self._shown.owner:
            fields["owner"] = written.owner
        if "review_on" not in faults and written.review_on != self._shown.review_on:
            fields["review_on"] = written.review_on
        told_at = None
        try:
            at = parse_time(written.told_time)
        except BadTime as fault:
            faults["told_at"] = str(fault)
        else:
            if at is not None and written.told_day is None and "told_at" not in faults:
                faults["told_at"] = "Add the day on which they were told."
            if written.told_day is not None and at is None:
                faults["told_at"] = "Add the time at which they were told."
            elif written.told_day is not None and at is not None:
                told_at = datetime.combine(written.told_day, at, tzinfo=zone()).astimezone(UTC)
        if "told_at" not in faults and self._told(written) != self._told(self._shown):
            fields["told_at"] = told_at
        return fields, faults

    def _told(self, written: Written) -> tuple[object, str]:
        return written.told_day, written.told_time

    def _write(self, fields: dict[str, Any]) -> dict[str, str]:
        faults: dict[str, str] = {}
        with self._writing():
            if self._talk is None:
                self._talk = open_safety_talk(self._desk, self._whose().id, self._conversation)
                self._begin(fields, NOTHING_SEEN)
            seen_at = self._meanwhile.seen_at(self._talk)
            try:
                save_safety_talk(self._desk, self._talk, fields, seen_at=seen_at)
            except FaultyFields as fault:
                # what is right is saved all the same
                faults = fault.sentences
                right = {name: value for name, value in fields.items() if name not in faults}
                if right:
                    save_safety_talk(self._desk, self._talk, right, seen_at=seen_at)
        self._meanwhile.wrote(faults, fields.keys() - faults.keys())
        self._view.show_saved("saved a moment ago")
        return faults

    def _keep_typed(self, written: Written, faults: dict[str, str]) -> None:
        key = f"safety/{self._whose().id}"
        # only what could not be saved: what stands beside it may be another's newer answer when the page is filled again
        typed: dict[str, Any] = {}
        if "told_at" in faults:
            typed |= {"told_day": list(written.told_day_typed), "told_time": written.told_time}
        if "review_on" in faults:
            typed["review"] = list(written.review_typed)
        if typed:
            save_draft(self._desk.store, key, {**typed, "seen_at": self._meanwhile.kept()})
        elif load_draft(self._desk.store, key) is not None:
            drop_draft(self._desk.store, key)

    # -- showing

    def _show(self, card: TalkCard | None) -> None:
        person = self._whose()
        self._show_whom(card)
        written = Written(words=dict.fromkeys(WORDS, ""), owner=self._desk.worker.id)
        if card is not None:
            written = _written(card)
        kept = load_draft(self._desk.store, f"safety/{person.id}")
        self._view.show_written(written)
        self._shown = self._view.written()
        if isinstance(kept, dict):
            if "told_day" in kept:
                written = replace(written, told_day_typed=_as_typed(kept["told_day"]), told_time=str(kept["told_time"]))
            if "review" in kept:
                written = replace(written, review_typed=_as_typed(kept["review"]))
            self._view.show_written(written)
        self._begin(self._typed(self._view.written()), kept.get("seen_at") if isinstance(kept, dict) else None)
        self._show_closed(card)

    def _show_whom(self, card: TalkCard | None) -> None:
        person = self._whose()
        line = "Listen first. Write afterwards. Everything is saved as you type."
        why = ""
        if card is not None:
            opened = local(card.opened_at)
            line = f"Opened on {full_day(opened.date())} at {clock_words(opened.time())} by {card.opened_by_name}."
            why = card.opened_because
        self._view.show_whom(f"{isolated(person.name)} · {person.identifiers}", line, why)

    def _show_closed(self, card: TalkCard | None) -> None:
        self._closed = _closed(card)
        self._view.show_closed(self._closed)

    def _card(self) -> TalkCard | None:
        with self._desk.store.read() as connection:
            return talk_card(connection, self._talk) if self._talk else open_talk_of(connection, self._whose().id)

    def _whose(self) -> PersonRecord:
        if self._person is None:
            raise LookupError("no safety conversation is shown")
        return self._person

    def _back(self) -> Destination:
        person = self._whose().id
        return ToConversation(person, self._conversation) if self._conversation else ToPerson(person)


def _closed(card: TalkCard | None) -> str:
    if card is None or card.closed_at is None:
        return ""
    return f"Closed on {full_day(local(card.closed_at).date())} by {card.closed_by_name}."


def _written(card: TalkCard) -> Written:
    told = local(card.told_at) if card.told_at else None
    day = told.date() if told else None
    return Written(
        words={name: str(getattr(card, name)) for name in WORDS},
        plan=card.plan,
        owner=card.owner,
        told_day=day,
        told_day_typed=(str(day.day), str(day.month), str(day.year)) if day else ("", "", ""),
        told_time=clock_words(told.time()) if told else "",
        review_on=card.review_on,
        review_typed=_typed(card),
    )


def _as_typed(kept: Any) -> Typed:
    return cast("Typed", tuple(kept))


def _typed(card: TalkCard) -> Typed:
    day = card.review_on
    return (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")
