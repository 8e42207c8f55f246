"""What the list of members shows: everybody or those I coordinate, or who fits what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.visits import count_visit, take_back_visit
from ewb_desktop.domain.person import initials
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import local
from ewb_desktop.domain.words import full_day
from ewb_desktop.storage.cards.people import PersonLine, count_people, people_lines, person_order
from ewb_desktop.storage.cards.search import find_people, find_taken_off
from ewb_desktop.storage.cards.standing import Standing, standing_of_members
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.sync_state import are_records_coming
from ewb_desktop.storage.holding.opened import opened_ends
from ewb_desktop.storage.holding.openings import may_look_further
from ewb_desktop.ui.standing_words import mark_of
from ewb_desktop.ui.widgets.row import Row, Tint
from sync.protocol.entities import ENTITIES

_MARKED = tuple(name for name, entity in ENTITIES.items() if entity.person_field is not None)
"""What can make a member's line marked as not sent, or take the mark away."""

TAKEN_OFF = "Taken off the screens"

ReadRows = Callable[[Sequence[str]], Sequence[Row]]


class MembersView(Protocol):
    """What the presenter needs of the page."""

    def show_members(self, ids: Sequence[str], read: ReadRows) -> None:
        """Show these members in this order; ``read`` gives the rows of some of them."""

    def read_lines_again(self) -> None:
        """Read the lines again that are looked at; the list is the same."""

    def show_count(self, shown: int, everyone: int, typed: str, *, more_come: bool) -> None:
        """Say how many are shown of how many; with ``more_come`` others are on their way to this laptop."""

    def offer_to_look_further(self, offered: bool, *, is_found: bool) -> None:
        """Offer to look on the server for who is not on this laptop; with ``is_found`` somebody of that name is."""

    def offer_undo_of_visit(self) -> None:
        """Say that a visit was counted and offer to take it back."""


class MembersPresenter:
    """Reads the store for the view, and reads again when members change."""

    def __init__(self, desk: Desk, view: MembersView) -> None:
        self._desk = desk
        self._view = view
        self._typed = ""
        self._mine = False
        self._visit: str | None = None

    def search(self, typed: str) -> None:
        """Show who fits what was typed; nothing typed shows everybody."""
        self._typed = typed.strip()
        self.refresh()

    def show_mine(self, mine: bool) -> None:
        """Show only those whom the worker at the desk coordinates, or everybody."""
        self._mine = mine
        self.refresh()

    def hear(self, changes: Changes) -> None:
        """Read again when the announcement is about members; only the lines, when it is about something of theirs."""
        if changes.concerns("person", "worker"):
            self.refresh()
        elif changes.concerns(*_MARKED):
            self._view.read_lines_again()

    def refresh(self) -> None:
        """Read the list again."""
        me = self._desk.worker.id if self._mine else None
        with self._desk.store.read() as connection:
            everyone = count_people(connection)
            if self._typed:
                found = [*find_people(connection, self._typed), *find_taken_off(connection, self._typed)]
                ids = [one.id for one in found if me is None or one.coordinator == me]
            else:
                ids = person_order(connection, coordinator=me)
            more_come = are_records_coming(connection)
            further = bool(self._typed) and self._desk.may(Duty.OPEN) and may_look_further(connection)
        self._view.show_members(ids, self._rows)
        self._view.show_count(len(ids), everyone, self._typed, more_come=more_come)
        self._view.offer_to_look_further(further, is_found=bool(ids))

    def count_a_visit(self) -> None:
        """Count one person who came by."""
        self._visit = count_visit(self._desk)
        self._view.offer_undo_of_visit()

    def take_back_the_visit(self) -> None:
        """Undo the last counted visit."""
        if self._visit is not None:
            take_back_visit(self._desk, self._visit)
            self._visit = None

    def _rows(self, ids: Sequence[str]) -> list[Row]:
        with self._desk.store.read() as connection:
            lines = people_lines(connection, ids)
            standings = standing_of_members(connection, ids)
            ends = opened_ends(connection)
        return [self._row(line, standings.get(line.id), ends.get(line.id)) for line in lines]

    def _row(self, line: PersonLine, standing: Standing | None, until: datetime | None) -> Row:
        born = f"born {full_day(line.born)}" if line.born else "date of birth not known"
        return Row(
            key=line.id,
            title=line.name,
            detail=" · ".join(part for part in (born, line.postcode) if part),
            initials=initials(line.name),
            tag=self._tag(line, until),
            tint=Tint.GREY,
            trailing=line.coordinator,
            mark=mark_of(standing),
        )

    def _tag(self, line: PersonLine, until: datetime | None) -> str:
        """Return how somebody stands, where it differs: nearly everybody is active, on the screens, and here to stay."""
        if line.is_taken_off:
            return TAKEN_OFF
        if until is not None:
            return f"Here until {local(until):%H:%M}"
        return self._desk.library.list("states").words(line.membership) if line.membership not in ("", "active") else ""
