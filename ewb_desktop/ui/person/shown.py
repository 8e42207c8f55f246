"""What a member's page is given to show, as plain data without Qt, and what its presenter needs of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.meanwhile import MeanwhileView
from ewb_desktop.ui.person.beside import Membership, Series
from ewb_desktop.ui.person.head import Head
from ewb_desktop.ui.widgets.row import Row

CONTACT, SHARING, COORDINATOR, MEMBERSHIP = "contact", "sharing", "coordinator", "membership"
"""The small forms that are kept as they are typed: the beginnings of their drafts' keys, before the member's id."""
NEED, GOAL = "need", "goal"
"""The forms of what became of a need or a goal."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page but the timeline."""

    head: Head
    resume: str | None
    """The conversation that can be gone on with."""
    workers: tuple[tuple[str, str], ...]
    coordinator: str
    matters: str
    matters_when: str
    needs: tuple[Row, ...]
    goals: tuple[Row, ...]
    outcomes: Mapping[str, tuple[str, str]]
    """What became of a need or a goal by its id, and of a need what stood in the way."""
    series: tuple[Series, ...]
    sharing: tuple[Row, ...]
    membership: Membership
    talk: str = ""
    """The safety conversation that is open, by its id."""
    talk_words: str = ""
    here_until: str = ""
    """Until when a member from outside the area is on this laptop, in words."""
    waits: str = ""
    """What is told while only words that were typed and not saved hold the member here; else nothing."""
    waits_at: Destination | None = None
    """Where these words are gone on with: nothing else begins about somebody who has left."""


class PersonView(Protocol):
    """What the presenter needs of the page."""

    @property
    def beside(self) -> MeanwhileView:
        """What is said beside the fields of the form that is open."""

    def open_form(self) -> str:
        """Return the name of the form that is open, or nothing."""

    def changed_in(self, form: str) -> Mapping[str, Any]:
        """Return what was typed into a form, by the names of those fields alone."""

    def renew_form(self, form: str, now: Mapping[str, Any]) -> None:
        """Show what stands in these fields now, where nothing was typed."""

    def show_person(self, page: Page) -> None:
        """Show everything but the timeline."""

    def show_happened(self, rows: Sequence[Row], *, more: bool, chosen: str) -> None:
        """Show what happened; ``more`` says that there are earlier entries."""

    def show_taken_off(self) -> None:
        """Say that the record is off the screens or not here, and offer to bring it back."""

    def show_contact_form(self, typed: Mapping[str, Any]) -> None:
        """Open the form of a contact, with what was typed before."""

    def show_form(self, name: str, typed: Mapping[str, Any]) -> None:
        """Open another form that is kept, with what was typed before, if anything was."""

    def show_warning_of_way(self, words: str) -> None:
        """Warn that a way is not safe; no words take the warning away."""

    def show_faults(self, form: str, faults: Mapping[str, str]) -> None:
        """Tell what needs another look in one of the forms, by field."""

    def close_form(self) -> None:
        """Close the form that is open."""

    def offer_undo(self, words: str) -> None:
        """Say what was done and offer to undo it."""

    def tell(self, words: str) -> None:
        """Say what was done."""

    def refresh_soon(self) -> None:
        """Ask for :meth:`PersonPresenter.refresh` in a moment, once for many changes."""
