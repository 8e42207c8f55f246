"""What the Today page shows: reads who needs a contact and what is on here, and reads again when something changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.grouping import count_questions
from ewb_desktop.actions.openings import note_read
from ewb_desktop.actions.visits import count_visit, take_back_visit
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.time import local
from ewb_desktop.storage.cards.here import Printed, next_here, place_opening, printed_lately
from ewb_desktop.storage.cards.places import place_card
from ewb_desktop.storage.cards.standing import Standing, standing_of_members
from ewb_desktop.storage.cards.today import Today, TodayItem, who_needs_a_contact
from ewb_desktop.storage.cards.visits import people_counted, visits_on
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.exchange.sync_state import are_records_coming
from ewb_desktop.storage.holding.openings import unread_openings
from ewb_desktop.ui.standing_words import marked
from ewb_desktop.ui.today.wording import CRISIS, day_line, greeting, item_rows, leaflet_row, opening_row, service_row, visit_row
from ewb_desktop.ui.widgets.row import Row

MINE, TEAM, HERE = "mine", "team", "here"
LISTS = (MINE, TEAM, HERE)
"""Whose people are listed: the worker's, colleagues', or those met at this place."""

SHOWN = 12
"""Rows shown at first, and with each “Show more”."""

MOST = 500
"""People that can be counted at once: more is a slip of the finger."""

VISITS = 4
"""Counted visits shown at first, the latest."""

LEAFLETS = 3
"""Leaflets that can be printed quickly, the one for a crisis among them."""

USUAL = Printed("worry-and-anxiety", "en", "clear_print", 0)
"""The leaflet offered while nothing has been printed here."""

IN_A_CRISIS = Printed(CRISIS, "", "", 0)
"""The leaflet offered whatever was printed."""

_CONCERNS = (
    "person", "worker", "safety_talk", "conversation", "follow_up", "handover", "contact", "visit", "service", "place",
    "print_tally", "signpost", "conflict", "opening", "sharing_choice", "assessment", "answer", "need", "goal", "goal_rating",
    "leaflet_given",
)  # fmt: skip


class TodayView(Protocol):
    """What the presenter needs of the page."""

    def show_day(self, greeting: str, line: str) -> None:
        """Greet the worker and say what day it is."""

    def show_counts(self, mine: int, team: int, here: int, chosen: str, *, more_come: bool) -> None:
        """Say how many need a contact in each list, and which is shown; with ``more_come`` members are on their way here."""

    def show_people(self, rows: Sequence[Row], more: int, beyond: int) -> None:
        """Show who needs a contact; ``more`` can be shown here, ``beyond`` stand only among all members."""

    def show_choices(self, number: int) -> None:
        """Say how many questions two people answered differently; none takes it away."""

    def show_openings(self, rows: Sequence[Row]) -> None:
        """Show who from outside the area opened a member's records; none takes it away."""

    def show_place(self, name: str, services: Sequence[Row]) -> None:
        """Show what is next at the place; no name when none was chosen."""

    def show_leaflets(self, rows: Sequence[Row]) -> None:
        """Show what can be printed quickly."""

    def show_visits(self, rows: Sequence[Row], more: int) -> None:
        """Show the visits counted today, the latest first; ``more`` are not shown yet."""

    def show_visit_fault(self, sentence: str) -> None:
        """Say what is wrong with the number of people."""

    def offer_undo_of_visit(self, people: int) -> None:
        """Say how many were counted and offer to take it back."""

    def refresh_soon(self) -> None:
        """Ask for :meth:`TodayPresenter.refresh` in a moment, once for many changes."""


class TodayPresenter:
    """Reads the store for the view. A handful of queries, however many people there are."""

    def __init__(self, desk: Desk, view: TodayView) -> None:
        self._desk = desk
        self._view = view
        self._list = MINE
        self._shown = SHOWN
        self._visit: str | None = None
        self._all_visits = False
        self._today: Today | None = None
        self._standings: dict[str, Standing] = {}
        self._more_come = False

    def hear(self, changes: Changes) -> None:
        """Read again soon when something on this page may have changed."""
        if changes.concerns(*_CONCERNS):
            self._view.refresh_soon()

    def refresh(self) -> None:
        """Read everything again."""
        desk = self._desk
        now = local(desk.clock.now())
        wall = now.replace(tzinfo=None)
        names = desk.may(Duty.CARE)
        with desk.store.read() as connection:
            if names:
                self._today = who_needs_a_contact(
                    connection, desk.clock.now(), desk.worker.id, place=desk.place, times=desk.library.times
                )
                self._standings = standing_of_members(connection, _people(self._today))
            self._more_come = are_records_coming(connection)
            openings = unread_openings(connection, desk.worker.id) if names else []
            visits = people_counted(connection, now.date(), desk.place)
            counted = visits_on(connection, now.date(), desk.place)
            place = place_card(connection, desk.place)
            opening = place_opening(connection, desk.place, wall)
            services = next_here(connection, place, wall)
            printed = _with_crisis(printed_lately(connection, desk.place, LEAFLETS) or [USUAL])
        self._view.show_day(greeting(now, desk.worker.name), day_line(now.date(), opening.words if opening else "", visits))
        self._view.show_choices(count_questions(desk) if names else 0)
        self._view.show_openings([opening_row(each, desk.library.list("opening_reasons")) for each in openings])
        self._view.show_place(place.name if place else "", [service_row(each) for each in services])
        self._view.show_leaflets([leaflet_row(each, desk.library) for each in printed])
        reasons = desk.library.list("visit_reasons")
        shown = counted if self._all_visits else counted[:VISITS]
        self._view.show_visits(
            [visit_row(each, len(counted) - place, reasons, names=names) for place, each in enumerate(shown)],
            len(counted) - len(shown),
        )
        self._show_people()

    def note_read(self, opening: str) -> None:
        """Note that the worker has read who opened a member's records."""
        note_read(self._desk, opening)
        self.refresh()

    def choose(self, which: str) -> None:
        """Show another list."""
        self._list = which
        self._shown = SHOWN
        self._show_people()

    def show_more(self) -> None:
        """Show more of the list."""
        self._shown += SHOWN
        self._show_people()

    def show_all_visits(self) -> None:
        """Show every visit that was counted today."""
        self._all_visits = True
        self.refresh()

    def count_a_visit(self) -> None:
        """Count one person who came by."""
        self._count(1, "")

    def count_several(self, people: str, reason: str) -> None:
        """Count people who came together, with a reason if one was given."""
        number = int(people) if people.strip().isdecimal() else 0
        if not 1 <= number <= MOST:
            self._view.show_visit_fault(f"Write how many came, a number from 1 to {MOST}.")
            return
        self._count(number, reason)

    def _count(self, people: int, reason: str) -> None:
        self._visit = count_visit(self._desk, people, reason)
        self.refresh()
        self._view.offer_undo_of_visit(people)

    def take_back_the_visit(self) -> None:
        """Undo the last counted visit."""
        if self._visit is not None:
            take_back_visit(self._desk, self._visit)
            self._visit = None
            self.refresh()

    def _show_people(self) -> None:
        today = self._today
        if today is None:
            return
        items, count = self._chosen(today)
        day = self._desk.clock.today()
        self._view.show_counts(today.mine_count, today.team_count, len(today.here), self._list, more_come=self._more_come)
        shown = items[: self._shown]
        rows = marked(item_rows(shown, self._desk.worker.id, day), self._standings, [item.person for item in shown])
        self._view.show_people(rows, len(items) - len(rows), count - len(items))

    def _chosen(self, today: Today) -> tuple[Sequence[TodayItem], int]:
        if self._list == TEAM:
            return today.team, today.team_count
        if self._list == HERE:
            return today.here, len(today.here)
        return today.mine, today.mine_count


def _people(today: Today) -> set[str]:
    return {item.person for items in (today.mine, today.team, today.here) for item in items}


def _with_crisis(printed: list[Printed]) -> list[Printed]:
    if any(each.topic == CRISIS for each in printed):
        return printed
    return [*printed[: LEAFLETS - 1], IN_A_CRISIS]
