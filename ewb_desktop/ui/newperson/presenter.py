"""What happens at the front door: drafts kept as they are typed, likely duplicates shown before saving, slips told by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.duplicates import likely_same
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import NO_AREA, add_person, correct_person
from ewb_desktop.domain.person import initials
from ewb_desktop.domain.words import full_day
from ewb_desktop.storage.cards.member_area import areas_to_choose, last_area
from ewb_desktop.storage.cards.people import PersonLine, PersonRecord, people_lines, person_record
from ewb_desktop.storage.cards.seen import Spot
from ewb_desktop.storage.cards.workers import areas_worked_in, worker_names, workers
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import MemberGone
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.holding.scope import covers
from ewb_desktop.ui.destinations import Destination, ToConversation, ToPerson
from ewb_desktop.ui.meanwhile import Meanwhile, MeanwhileView
from ewb_desktop.ui.widgets.row import Row
from sync.protocol.roles import MATCHED_ONLY

NEW = "newperson"
"""The draft's key at the front door; a draft of a correction has the person's id after it."""
CHOSEN = " Your choice of two answers is kept; the other one stays in the history."
TAKEN_AWAY = "taken_away"
"""In a draft of a correction, the names of the fields that were emptied. It holds nothing of those that nobody touched."""
SEEN = "seen_at"
"""In a draft of a correction, by the name of each field that was typed in, what stood there before and at which number."""


class FormView(Protocol):
    """What both presenters need of their page."""

    def show_facts(self, facts: Mapping[str, Any]) -> None:
        """Show what is known."""

    def show_typed(self, typed: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Show a draft over what is known, and say that it was kept."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Tell what needs another look, by field."""

    def leave_for(self, destination: Destination, said: str) -> None:
        """Go on, and say what was done."""


class NewPersonView(FormView, Protocol):
    """What the front door needs besides."""

    def show_counted(self, *, already: bool) -> None:
        """Offer to count the visit, or say that it was counted already."""

    def show_likely_same(self, rows: Sequence[Row], *, before_saving: bool) -> None:
        """Show members who may be the same person; ``before_saving`` asks for a decision."""

    def offer_areas(self, areas: Sequence[str]) -> None:
        """Offer the areas that they can belong to; where there is nothing to choose, nothing is asked."""


class EditPersonView(FormView, Protocol):
    """What correcting needs besides."""

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside fields."""

    def show_whom(self, name: str, identifiers: str) -> None:
        """Show whose record it is, by two identifiers."""

    def offer(self, areas: Sequence[str], peers: Sequence[tuple[str, str]]) -> None:
        """Offer the areas that they can move to, and who can support them (id, name)."""

    def renew_facts(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Show what is known since, where nothing was typed; return what was typed in the other fields."""

    def show_gone(self, *, gone: bool) -> None:
        """Say in the place of the form that the record is not on this laptop, or show the form."""


class NewPersonPresenter:
    """Adds one member. A name is enough; nothing typed is lost."""

    def __init__(self, desk: Desk, view: NewPersonView) -> None:
        self._desk = desk
        self._view = view
        self._visit: str | None = None
        self._areas: tuple[str, ...] = ()
        self._seen: set[str] = set()

    def open(self, visit: str | None, name: str) -> None:
        """Begin with what was kept, or with the name that was searched for."""
        self._visit = visit
        self._seen = set()
        with self._desk.store.read() as connection:
            self._areas = areas_to_choose(connection)
        self._view.offer_areas(self._areas)
        kept = load_draft(self._desk.store, NEW)
        if isinstance(kept, dict) and any(kept.values()):
            self._visit = visit or kept.pop("first_visit", None)  # type: ignore[assignment]
            self._view.show_typed(kept, {})
        else:
            self._view.show_facts({"preferred_name": name, **self._where()})
        self._view.show_likely_same([], before_saving=False)
        self._view.show_counted(already=self._visit is not None)

    def keep(self, typed: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
        """Keep the draft, and look who it could be."""
        save_draft(self._desk.store, NEW, {**typed, "first_visit": self._visit})
        self._view.show_likely_same(self._likely(facts), before_saving=False)

    def start_again(self) -> None:
        """Forget the draft."""
        drop_draft(self._desk.store, NEW)
        self._seen = set()
        self._view.show_facts(self._where())
        self._view.show_likely_same([], before_saving=False)

    def _where(self) -> dict[str, str]:
        """Return the area that was chosen last: most days are spent in one."""
        with self._desk.store.read() as connection:
            return {"area": last_area(connection)}

    def save(self, facts: Mapping[str, Any], faults: Mapping[str, str], *, talk: bool, came_today: bool = False) -> None:
        """Add the member, unless something needs another look or someone alike has not been seen yet.

        ``came_today`` counts their visit with them, once.
        """
        if len(self._areas) > 1 and not facts.get("area"):
            faults = {**faults, "area": NO_AREA}
        if faults:
            self._view.show_faults(faults)
            return
        likely = self._likely(facts)
        unseen = {str(row.key) for row in likely} - self._seen
        if unseen:
            self._seen |= unseen
            self._view.show_likely_same(likely, before_saving=True)
            return
        try:
            person = add_person(self._desk, {**facts, "first_visit": self._visit}, came_today=came_today)
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
            return
        drop_draft(self._desk.store, NEW)
        self._seen = set()
        to = ToConversation(person) if talk else ToPerson(person)
        counted = " Counted as a visit today." if came_today and self._visit is None else ""
        self._view.leave_for(to, f"Added.{counted} You are their coordinator until somebody else is.")

    def _likely(self, facts: Mapping[str, Any]) -> list[Row]:
        found = likely_same(self._desk, facts)[:5]
        with self._desk.store.read() as connection:
            lines = {line.id: line for line in people_lines(connection, [one.id for one in found])}
        return [
            Row(
                key=one.id,
                title=lines[one.id].name,
                detail=_alike(one.words, lines[one.id]),
                initials=initials(lines[one.id].name),
                action="Open their page",
            )
            for one in found
            if one.id in lines
        ]


class EditPersonPresenter:
    """Corrects what is known about one member."""

    def __init__(self, desk: Desk, view: EditPersonView) -> None:
        self._desk = desk
        self._view = view
        self._person = ""
        self._meanwhile = Meanwhile(desk, view.beside)

    def open(self, person: str) -> None:
        """Show what is known, or what was typed and not saved yet."""
        self._person = person
        record = self._record()
        self._view.show_gone(gone=record is None)
        if record is None:
            return
        self._view.show_whom(record.name, record.identifiers)
        self._offer(record)
        kept = load_draft(self._desk.store, self._key())
        if isinstance(kept, dict):
            typed = _as_typed(kept)
            self._view.show_typed(typed, asdict(record))
            self._meanwhile.begin(_spots(record), typed=typed, kept=kept.get(SEEN))
        else:
            self._view.show_facts(asdict(record))
            self._meanwhile.begin(_spots(record))

    def hear(self, changes: Changes) -> None:
        """Show what is known since, where nothing was typed, when a colleague's words arrived under the open form."""
        if self._meanwhile.concerns(changes):
            record = self._record()
            if record is not None:
                self._view.show_whom(record.name, record.identifiers)
                self._meanwhile.hear(self._view.renew_facts(asdict(record)))

    def keep(self, typed: Mapping[str, Any], _facts: Mapping[str, Any]) -> None:
        """Keep as a draft what differs from the record as it was shown."""
        kept = {name: value for name, value in typed.items() if not _is_blank(value)}
        taken_away = [name for name in typed if name not in kept]
        if typed:
            seen = self._meanwhile.kept(typed)
            save_draft(self._desk.store, self._key(), kept | {SEEN: seen} | ({TAKEN_AWAY: taken_away} if taken_away else {}))
        else:
            drop_draft(self._desk.store, self._key())

    def start_again(self) -> None:
        """Forget the draft and show what is on record."""
        drop_draft(self._desk.store, self._key())
        record = self._record()
        if record is not None:
            self._view.show_facts(asdict(record))
            self._meanwhile.begin(_spots(record))

    def save(self, facts: Mapping[str, Any], faults: Mapping[str, str]) -> None:
        """Write ``facts``, which are those that the worker changed: what a colleague changed meanwhile stands.

        Of two answers that stood beside a field the one that the worker put there is chosen. Where she had not seen what a
        colleague wrote, because she had typed there already, the server meets both as if they had been written at once.
        """
        if faults:
            self._view.show_faults(faults)
            return
        before = self._record()
        if before is None:
            raise MemberGone("this member's record is not on this laptop any more")
        met = self._meanwhile.met(facts)
        try:
            with self._meanwhile.saving():
                chosen = correct_person(
                    self._desk, self._person, facts, seen=self._meanwhile.questions, seen_at=self._meanwhile.seen_at(self._person)
                )
        except FaultyFields as fault:
            self._view.show_faults(fault.sentences)
            return
        drop_draft(self._desk.store, self._key())
        said = self._saved(before, facts.get("area")) + (CHOSEN if chosen else "") + met
        self._view.leave_for(ToPerson(self._person), said)

    def _saved(self, before: PersonRecord, area: object) -> str:
        if not area or area == before.area:
            return "Saved."
        with self._desk.store.read() as connection:
            stays = covers(read_progress(connection), "person", str(area))
        then = "" if stays else " Their page leaves this laptop once all of it is sent."
        return f"Saved. They move to {area}, with all that is written about them.{then}"

    def _offer(self, record: PersonRecord) -> None:
        """Offer where somebody works, and every peer support worker; also one who has left, while she is still named."""
        with self._desk.store.read() as connection:
            areas, names = areas_worked_in(connection), worker_names(connection)
            peers = {worker.id: worker.name for worker in workers(connection) if worker.role in MATCHED_ONLY}
        peers |= {id: names.get(id, "") for id in record.supporters or () if id not in peers}
        self._view.offer(sorted({*areas, record.area}), sorted(peers.items(), key=lambda peer: peer[1].casefold()))

    def _key(self) -> str:
        return f"{NEW}:{self._person}"

    def _record(self) -> PersonRecord | None:
        with self._desk.store.read() as connection:
            return person_record(connection, self._person)


def _is_blank(value: object) -> bool:
    return not value or (isinstance(value, list) and not any(value))


def _spots(record: PersonRecord) -> dict[str, Spot]:
    return {name: Spot("person", record.id, name) for name in asdict(record) if name not in ("id", "number")}


def _as_typed(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft as the form takes it: what was emptied is empty again."""
    return dict.fromkeys(kept.get(TAKEN_AWAY, ())) | {name: kept[name] for name in kept if name not in (TAKEN_AWAY, SEEN)}


def _alike(why: str, line: PersonLine) -> str:
    off = "taken off the screens: open their page to bring it back" if line.is_taken_off else ""
    born = f"born {full_day(line.born)}" if line.born else ""
    return " · ".join(part for part in (off, born, why) if part)
