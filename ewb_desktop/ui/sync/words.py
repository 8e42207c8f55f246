"""Whose words wait to be saved or let go of before a member leaves this laptop, as the page of sending lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.person import initials
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.holding.in_hand import words_by_person
from ewb_desktop.storage.holding.leaving import held_members
from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.held_words import place_of, waiting_line
from ewb_desktop.ui.widgets.row import Row


class WordsView(Protocol):
    """What the presenter needs of the card."""

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show whose words wait; nobody hides it all."""


class WordsPresenter:
    """Reads who is held here by words, and does what a row is asked for."""

    def __init__(
        self, desk: Desk, view: WordsView, go: Callable[[Destination], object], let_words_go: Callable[[str], object]
    ) -> None:
        self._desk = desk
        self._view = view
        self._go = go
        self._let_words_go = let_words_go

    def refresh(self) -> None:
        """Show who waits now."""
        today, rows = self._desk.clock.today(), []
        with self._desk.store.read() as connection:
            held = held_members(connection)
            words = words_by_person(connection) if held else {}
            for one in held:
                record = person_record(connection, one.person)
                name = record.name if record is not None else ""
                rows.append(
                    Row(
                        key=one.person, title=name, detail=waiting_line(one, words[one.person], today), initials=initials(name),
                        opener="Go on writing", action="Let it go",
                    )
                )  # fmt: skip
        self._view.show_rows(rows)

    def open(self, person: str) -> None:
        """Go on with what was typed about a member."""
        with self._desk.store.read() as connection:
            keys = words_by_person(connection).get(person, ())
        self._go(place_of(person, keys))

    def let_go(self, person: str) -> None:
        """Forget it, because the worker says so."""
        self._let_words_go(person)
