"""What the page says that looks on the server for a member outside the area: what came of it, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.domain.person import BadPhone, BadPostcode, check_phone, check_postcode
from ewb_desktop.domain.roles import Duty, why_not
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.opening import Asked, Came, open_person
from ewb_desktop.syncing.troubles import AskedToWait, FindsByBirthOnly, RoundFailed
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.running import RunAside
from sync.protocol.messages import Sought

DRAFT = "opening"
"""The key of what was typed here and not asked yet, or asked in vain."""

SHORTEST_WORDS = 3
"""Letters of the worker's own words at least; the server asks for as many."""

NOT_JOINED = "This laptop has not joined a server yet, so nobody can be looked up. Join on the page Send and receive first."

ENOUGH = "No more pages can be opened just now"
ENOUGH_WORDS = (
    "So that nobody's page is opened without need, only some are opened in an hour. You can look again {0}. "
    "If somebody is in danger now, press F2 for crisis help, or ring their coordinator or your lead."
)

BIRTH_ONLY = "Your server looks for people by date of birth only"

WORDS: Mapping[Sought, tuple[str, str]] = {
    Sought.SEVERAL: (
        "More than one person was found",
        (
            "Write their first name and their family name in full, or choose something else that you know about them. "
            "If that does not help, ask your administrator."
        ),
    ),
    Sought.NOT_ALLOWED: (
        "Your role does not open records outside your area",
        "Nothing was opened, and that you asked is written down. Ask a community connector or a clinician to look.",
    ),
    Sought.OVER: ("The time was over before everything had come", "Look again if you still need it."),
    Sought.HERE: (
        "They are in your own area",
        "Their record comes to this laptop with the next exchange. Look for them in Members in a minute.",
    ),
}
"""A title and what to do, for each outcome that shows nobody, but for where nobody was found."""

NOBODY = "Nobody was found"
NOBODY_WORDS = (
    "The server knows nobody with this name and {0}. Check both, or choose something else that you know about them: it may "
    "not be on their record. If nothing helps, ring a colleague in their area. If they are new to us, add them."
)


class Known(StrEnum):
    """What else than the name a worker knows about somebody; also the name of the field in which it is typed."""

    BORN = "born"
    TELEPHONE = "telephone"
    POSTCODE = "postcode"


_CALLED: Mapping[Known, str] = {
    Known.BORN: "date of birth",
    Known.TELEPHONE: "telephone number",
    Known.POSTCODE: "postcode",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the name and, by ``known``, one thing more; and what is wrong with the date of birth if anything is."""

    name: str
    known: Known
    born: date | None
    born_fault: str
    reason: str
    words: str
    telephone: str = ""
    postcode: str = ""


class OpeningView(Protocol):
    """What the presenter needs of the page."""

    def show_form(self, *, can_ask: bool, kept: Mapping[str, Any] | None = None) -> None:
        """Show a form, empty or as it was ``kept``, or without one why nobody can be looked up."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Say what needs another look, by field."""

    def show_asking(self, asking: bool) -> None:
        """Say that the server is being asked."""

    def show_outcome(self, title: str, words: str) -> None:
        """Say what came of it; nothing takes it away."""

    def show_person(self, person: str) -> None:
        """Go to the page of a member who is here now."""


class OpeningPresenter:
    """Asks the server for one member at a time."""

    def __init__(self, desk: Desk, view: OpeningView, run_aside: RunAside, open_wire: OpenWire = Wire) -> None:
        self._desk = desk
        self._view = view
        self._run_aside = run_aside
        self._open_wire = open_wire
        self._known = Known.BORN
        """By what the last question asked."""

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what was typed behind a lock, or until the page is opened again."""
        save_draft(self._desk.store, DRAFT, dict(typed))

    def start_again(self) -> None:
        """Forget what was typed."""
        drop_draft(self._desk.store, DRAFT)
        self.begin()

    def begin(self) -> None:
        """Show the form to whoever may ask, with what was typed before, and why not to others."""
        with self._desk.store.read() as connection:
            is_enrolled = read_enrolment(connection) is not None
        may = self._desk.may(Duty.OPEN)
        kept = load_draft(self._desk.store, DRAFT)
        self._view.show_form(can_ask=may and is_enrolled, kept=kept if isinstance(kept, dict) else None)
        if not may:
            self._view.show_outcome(WORDS[Sought.NOT_ALLOWED][0], why_not(Duty.OPEN))
        elif not is_enrolled:
            self._view.show_outcome("Nobody can be looked up yet", NOT_JOINED)

    def ask(self, typed: Typed) -> None:
        """Look on the server, once everything is said that is written down."""
        # a number that was copied from elsewhere may hold signs that nobody sees
        name, telephone, postcode = (without_unseen(each) for each in (typed.name, typed.telephone, typed.postcode))
        typed = replace(typed, name=name, telephone=telephone, postcode=postcode)
        faults = _faults(typed)
        self._view.show_faults(faults)
        if faults:
            return
        self._view.show_outcome("", "")
        self._view.show_asking(True)
        self._known = typed.known
        said = {str(typed.known): getattr(typed, typed.known)}
        asked = Asked(typed.reason, typed.words.strip(), typed.name, **said)
        store = self._desk.store
        self._run_aside(lambda: open_person(store, asked, self._open_wire), self._has_come, self._failed)

    def _has_come(self, came: Came) -> None:
        self._view.show_asking(False)
        with self._desk.store.read() as connection:
            is_here = bool(came.person) and person_record(connection, came.person) is not None
        if is_here:
            drop_draft(self._desk.store, DRAFT)
            self._view.show_person(came.person)
        elif came.sought is Sought.NOBODY:
            self._view.show_outcome(NOBODY, NOBODY_WORDS.format(_CALLED[self._known]))
        else:
            self._view.show_outcome(*WORDS.get(came.sought, WORDS[Sought.OVER]))

    def _failed(self, error: Exception) -> None:
        self._view.show_asking(False)
        if isinstance(error, AskedToWait):
            self._view.show_outcome(ENOUGH, ENOUGH_WORDS.format(_again(error.wait_seconds)))
            return
        if isinstance(error, FindsByBirthOnly):
            self._view.show_outcome(BIRTH_ONLY, str(error))
            return
        told = str(error) if isinstance(error, RoundFailed) else "Please try again."
        self._view.show_outcome("The server could not be asked", told)


def _again(seconds: float | None) -> str:
    """Return when it may be tried again."""
    if seconds is None:
        return "later"
    minutes = max(1, math.ceil(seconds / 60))
    return "in a minute" if minutes == 1 else f"in {minutes} minutes" if minutes < 60 else "in an hour"


def _faults(typed: Typed) -> dict[str, str]:
    faults = {}
    if not typed.name.strip():
        faults["name"] = "Write their name"
    fault = _FAULTS[typed.known](typed)
    if fault:
        faults[str(typed.known)] = fault
    if not typed.reason:
        faults["reason"] = "Choose why you look"
    if len(typed.words.strip()) < SHORTEST_WORDS:
        faults["words"] = "Write why, in a few words"
    return faults


def _telephone_fault(typed: Typed) -> str:
    try:
        check_phone(typed.telephone)
    except BadPhone:
        return (
            "Telephone number: write all of it, 7 to 15 digits, like 0161 496 0123. If you do not have it, choose something "
            "else that you know"
        )
    return ""


def _postcode_fault(typed: Typed) -> str:
    try:
        check_postcode(typed.postcode)
    except BadPostcode:
        return "Postcode: write all of it, like M32 0TH. If you do not have it, choose something else that you know"
    return ""


_FAULTS: Mapping[Known, Callable[[Typed], str]] = {
    Known.BORN: lambda typed: typed.born_fault,
    Known.TELEPHONE: _telephone_fault,
    Known.POSTCODE: _postcode_fault,
}
"""What is wrong with what was typed, by what is known; no words where nothing is."""
