"""What the directory shows: who fits what was typed and the filters, one service in full, and for whom somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.directory import bring_up_note, check_service, load_made_up, note_wrong, settle_note, take_back_note
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.made_up import has_made_up, may_try_made_up, take_out_made_up
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import count_words, short_day
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.places import PlaceCard, place_card
from ewb_desktop.storage.cards.services import (
    DirectoryCount,
    Filters,
    Found,
    Order,
    Shelf,
    Standpoint,
    count_services,
    read_shelf,
    search,
    service_card,
)
from ewb_desktop.storage.cards.standing import standing_of_notes
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.destinations import Destination, ToHandover, ToLeaflets, ToSignpost
from ewb_desktop.ui.directory.sheet import Sheet, line_row, sheet_of
from ewb_desktop.ui.widgets.row import Row

NEAR_MILES = 2.0
"""How far "within 2 miles" reaches."""


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom somebody looks: two identifiers, what they are called, and their language's key and words if it is not English."""

    id: str
    name: str
    identifiers: str
    called: str
    language: str
    language_words: str


class DirectoryView(Protocol):
    """What the presenter needs of the page."""

    def show_head(self, line: str, *, located: bool) -> None:
        """Show how large the directory is; without a place no distance can be told."""

    def show_whom(self, whom: Whom | None) -> None:
        """Show for whom somebody looks."""

    def show_found(self, found: Sequence[Row], words: str, chosen: int) -> None:
        """Show the services found; ``chosen`` is the place of the one that is shown in full, -1 for none."""

    def show_nothing(self, title: str, words: str, *, filtered: bool, empty: bool, may_try: bool) -> None:
        """Say that nothing was found; ``filtered``: filters may be why; ``empty``: there is no directory yet.

        ``may_try``: the made-up directory may be offered.
        """

    def show_made_up(self, there: bool) -> None:
        """Say whether made-up services are among the real ones."""

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""

    def show_service(self, sheet: Sheet | None) -> None:
        """Show one service in full."""

    def show_wrong_fault(self, sentence: str) -> None:
        """Say what is missing in the words about what is wrong."""

    def note_kept(self) -> None:
        """Say that the note was kept, and offer to take it back."""

    def offer_undo(self, words: str) -> None:
        """Say what was done and offer to undo it."""

    def leave_for(self, destination: Destination) -> None:
        """Go to another page."""


class DirectoryPresenter:
    """Searches for the view. Services added to a leaflet are remembered while somebody looks for the same person."""

    def __init__(self, desk: Desk, view: DirectoryView, *, practice: bool = False) -> None:
        self._practice = practice
        self._may_try = False
        self._desk = desk
        self._view = view
        self._shelf: Shelf | None = None
        self._typed = ""
        self._filters = Filters()
        self._nearest = False
        self._person: PersonRecord | None = None
        self._service: str | None = None
        self._leaflet: tuple[str, ...] = ()
        self._undo: Callable[[], None] | None = None
        self._place: PlaceCard | None = None

    def come_back(self) -> None:
        """Show the same again, as it is now: what was typed, the filters, the service and for whom somebody looks."""
        self.open(self._typed, self._person.id if self._person else None, self._service)

    def open(self, typed: str, person: str | None, service: str | None) -> None:
        """Begin: for this person or nobody, searched, perhaps with one service in full."""
        person = person if self._desk.may(Duty.CARE) else None
        if person != (self._person.id if self._person else None):
            self._leaflet = ()
        with self._desk.store.read() as connection:
            self._person = person_record(connection, person) if person else None
            self._place = place_card(connection, self._desk.place)
            count = count_services(connection)
        self._may_try = may_try_made_up(self._desk)
        self._typed, self._service, self._shelf = typed, service, None
        checked = _checked(count)
        near = self._near_words()
        line = f"{count_words(count.services, 'service')}{checked}{near}"
        self._view.show_head(line, located=bool(self._place and self._place.located))
        self._view.show_made_up(not self._practice and has_made_up(self._desk))
        self._view.show_whom(self._whom())
        self.refresh()

    def try_made_up(self) -> None:
        """Read in the directory that comes with the program, to try things out with."""
        imported = load_made_up(self._desk)
        self._read_again()
        self._view.say(f"{count_words(len(imported.report.rows), 'made-up service')} can be found now.")

    def take_out_made_up(self) -> None:
        """Take the made-up services out again."""
        number = take_out_made_up(self._desk)
        self._read_again()
        self._view.say(f"{count_words(number, 'made-up service')} taken out.")

    def _read_again(self) -> None:
        self.open(self._typed, self._person.id if self._person else None, None)

    def _near_words(self) -> str:
        if self._place is None:
            return ""
        if not self._place.located:
            return f" · no distances: we do not know where {self._place.name} is (see Settings)"
        about = f", about the middle of {self._place.near}" if self._place.near else ""
        return f" · distances from {self._place.name}{about}"

    def search(self, typed: str) -> None:
        """Show what fits what was typed."""
        self._typed, self._service = typed, None
        self.refresh()

    def filter(self, filters: Filters, *, near: bool, nearest: bool) -> None:
        """Show what passes the filters; ``near`` keeps to 2 miles, ``nearest`` puts the nearest first."""
        self._filters = replace(filters, within=NEAR_MILES if near else None)
        self._nearest = nearest
        self.refresh()

    def choose(self, service: str) -> None:
        """Show one service in full."""
        self._service = service
        with self._desk.store.read() as connection:
            card = service_card(connection, service)
            standings = standing_of_notes(connection, [note.id for note in card.notes]) if card else {}
        self._view.show_service(sheet_of(card, self._standpoint(), self._desk.library, standings) if card else None)

    def hear(self, changes: Changes) -> None:
        """Read again when the announcement is about services."""
        if changes.concerns("service", "service_note"):
            self._shelf = None
            self.refresh()

    def refresh(self) -> None:
        """Search again."""
        order: Order = "nearest" if self._nearest else "best"
        with self._desk.store.read() as connection:
            if self._shelf is None:
                self._shelf = read_shelf(connection)
            found = search(connection, self._typed, self._filters, self._standpoint(), order=order, shelf=self._shelf)
        ids = [line.id for line in found.lines]
        chosen = self._service if self._service in self._shelf.services else None
        chosen = chosen or (ids[0] if ids else None)
        if found.lines:
            rows = [line_row(line) for line in found.lines]
            self._view.show_found(rows, self._count_words(found), ids.index(chosen) if chosen in ids else -1)
        else:
            self._show_nothing()
        if chosen:
            self.choose(chosen)
        else:
            self._view.show_service(None)

    # -- what can be done with the service that is shown

    def signpost(self) -> None:
        """Go on to signposting the person there."""
        if self._person and self._service:
            self._view.leave_for(ToSignpost(self._person.id, service=self._service))

    def hand_over(self) -> None:
        """Go on to handing the person over to them."""
        if self._person and self._service:
            self._view.leave_for(ToHandover(self._person.id, service=self._service))

    def add_to_leaflet(self) -> None:
        """Go on to the leaflet, with this service and those added before."""
        if self._service:
            self._leaflet = (*(one for one in self._leaflet if one != self._service), self._service)
            self._view.leave_for(ToLeaflets(self._person.id if self._person else None, services=self._leaflet))

    def say_wrong(self, words: str) -> None:
        """Keep what is wrong with the entry."""
        if self._service is None:
            return
        try:
            note = note_wrong(self._desk, self._service, words)
        except FaultyFields as fault:
            self._view.show_wrong_fault(fault.sentences["words"])
            return
        self._undo = lambda: take_back_note(self._desk, note)
        self._show_again()
        self._view.note_kept()

    def settle(self, note: str) -> None:
        """Say that what a colleague found wrong has been put right."""
        settle_note(self._desk, note)
        self._undo = lambda: bring_up_note(self._desk, note)
        self._show_again()
        self._view.offer_undo("Thank you. It is put right.")

    def undo(self) -> None:
        """Undo what was done last about a note."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()
            self._show_again()

    def _show_again(self) -> None:
        if self._service:
            self.choose(self._service)

    def vouch(self) -> None:
        """Say that the entry was checked today."""
        if self._service:
            check_service(self._desk, self._service)

    def _whom(self) -> Whom | None:
        person = self._person
        if person is None:
            return None
        language = person.spoken_language or person.written_language or ""
        foreign = language if language != "en" else ""
        return Whom(
            id=person.id,
            name=person.name,
            identifiers=person.identifiers,
            called=person.preferred_name or person.given_name or person.name,
            language=foreign,
            language_words=self._desk.library.list("languages").words(foreign) if foreign else "",
        )

    def _standpoint(self) -> Standpoint:
        times = self._desk.library.times
        return Standpoint(
            local(self._desk.clock.now()).replace(tzinfo=None),
            self._place.latitude if self._place else None,
            self._place.longitude if self._place else None,
            times.get("directory_amber_months", 3),
            times.get("directory_red_months", 6),
        )

    def _count_words(self, found: Found) -> str:
        words = count_words(found.total, "service")
        if self._typed.strip():
            words = f"{words} for “{self._typed.strip()}”"
        shown = len(found.lines)
        return words if shown == found.total else f"{words}, the first {shown} are shown"

    def _show_nothing(self) -> None:
        filtered = self._filters != Filters()
        empty = self._shelf is None or not self._shelf.services
        if empty:
            title, words = "No services yet", "They come with the next exchange with the server."
            if self._desk.may(Duty.DIRECTORY):
                words = "Read in a file from your council or area, or wait for the next exchange with the server."
        elif filtered:
            title, words = "No service passes all of this", "Take a filter off. A service that does not say is left out too."
        else:
            title, words = "No service found", "Try fewer or other words, such as “debt”, “walking” or “carers”."
        self._view.show_nothing(title, words, filtered=filtered and not empty, empty=empty, may_try=empty and self._may_try)


def _checked(count: DirectoryCount) -> str:
    """Say what is known of the checks: one entry that was checked lately says nothing about the others."""
    if not count.services:
        return ""
    if count.last_checked_on is None:
        return " · no check dates known"
    latest = short_day(count.last_checked_on)
    if count.checked == count.services:
        return f" · all with a check date, the latest {latest}"
    return f" · {count.checked} with a check date, the latest {latest}"
