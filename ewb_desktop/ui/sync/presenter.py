"""What the page of sending and receiving shows, and what follows from its buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.grouping import count_questions
from ewb_desktop.domain.laptop import suggested_name
from ewb_desktop.domain.words import count_words, list_words
from ewb_desktop.storage.exchange.laptops import laptop_card
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.holding.departures import Departure, read_departure
from ewb_desktop.storage.holding.leaving import still_to_leave
from ewb_desktop.storage.settling.digests import Checked, read_check
from ewb_desktop.syncing.digest import check
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.enrol import Joined, enrol
from ewb_desktop.syncing.report import NEVER_SENT, SyncStatus, foot_words, receive_words, trouble_words, warnings, when_words
from ewb_desktop.syncing.troubles import (
    RoundFailed,
    UnknownLaptop,
    words_for,
)
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.held_words import note_words
from ewb_desktop.ui.joining_words import CODE, SERVER, field_of, joining_words
from ewb_desktop.ui.running import RunAside
from ewb_desktop.ui.sync.checking import CHECK_LATER, check_notes, check_words, outcome_words

NOT_KNOWN = "Not known to the server: a new code is needed"
NOT_NOW = "This did not work. Nothing was changed. Please try again."


@dataclass(frozen=True, slots=True)
class Told:
    """How things stand, in words."""

    line: str
    trouble_title: str
    trouble: str
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    server: tuple[tuple[str, str], ...]
    is_enrolled: bool
    is_working: bool
    is_practice: bool = False
    is_unknown: bool = False
    """The server does not know this laptop any more, so that a new code is needed."""
    laptop: str = ""
    """What this laptop is called, or could be, to be offered when it joins."""
    address: str = ""
    """The server's address, to be offered when this laptop joins again."""
    choices: str = ""
    """How many questions two people answered differently, empty when none."""


class SyncView(Protocol):
    """What the presenter needs of the page."""

    def show_told(self, told: Told) -> None:
        """Show how things stand."""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show what is wrong with ``address``, ``code`` or, under an empty name, with neither."""

    def show_joining(self, joining: bool) -> None:
        """Say that the code is on its way."""

    def show_joined(self) -> None:
        """Take the code away: it was used."""

    def show_checking(self, checking: bool) -> None:
        """Say that this laptop is being compared with the server."""

    def say(self, sentence: str) -> None:
        """Say what was done."""


class Beat(Protocol):
    """The part of the heartbeat that is needed here."""

    def ask(self) -> None:
        """Do a round now."""

    def status(self) -> SyncStatus:
        """Return how things stand."""


class SyncPresenter:
    """Reads the file for the page and acts on what is asked there."""

    def __init__(
        self,
        desk: Desk,
        view: SyncView,
        beat: Beat,
        run_aside: RunAside,
        joined: Callable[[Joined], None],
        open_wire: OpenWire = Wire,
    ) -> None:
        self._desk = desk
        self._view = view
        self._beat = beat
        self._run_aside = run_aside
        self._joined = joined
        self._open_wire = open_wire
        self._joining = ""
        """The address that is being joined, with what vouches for it."""

    def refresh(self) -> None:
        """Show everything as it is now."""
        self.show_status(self._beat.status())

    def show_status(self, status: SyncStatus) -> None:
        """Show how things stand."""
        if status.is_practice:
            facts = (("To send", "Nothing: everyone here is made up"), ("To receive", "Nothing: practice has no server"))
            self._view.show_told(Told(NEVER_SENT, "", "", (), facts, (), is_enrolled=False, is_working=False, is_practice=True))
            return
        today = self._desk.clock.today()
        questions = count_questions(self._desk) if status.conflicts else 0
        is_unknown = status.is_enrolled and status.trouble == UnknownLaptop.name
        with self._desk.store.read() as connection:
            departure = read_departure(connection, self._desk.clock.now())
            leaving = still_to_leave(connection) if departure is not None else 0
            checked = read_check(connection)
            here, enrolment = laptop_card(connection, self._desk.store.device), read_enrolment(connection)
        called = here.name if here is not None else enrolment.laptop_name if enrolment is not None else ""
        self._view.show_told(
            Told(
                line=foot_words(status, today),
                trouble_title=trouble_words(status),
                trouble=words_for(status.trouble) if status.trouble is not None else "",
                notes=(*warnings(status), *self._departure_notes(departure, leaving), *check_notes(checked)),
                facts=(
                    ("To send", to_send(status)),
                    ("To receive", receive_words(status).capitalize()),
                    ("Needs a look", to_look_at(status, questions)),
                    ("Last sent", when_words(status.last_sent, today).capitalize()),
                    ("Last exchange", when_words(status.last_exchange, today).capitalize()),
                    ("Last checked", check_words(checked, today)),
                ),
                server=(
                    ("Organisation", status.organisation),
                    ("Address", status.server),
                    *((("Fingerprint", status.fingerprint),) if status.fingerprint else ()),
                    ("This laptop", NOT_KNOWN if is_unknown else called or "Joined"),
                ),
                is_enrolled=status.is_enrolled,
                is_unknown=is_unknown,
                laptop=called or suggested_name(self._desk.worker.name),
                address=status.server,
                is_working=status.is_working,
                choices=count_words(questions, "question has two answers", "questions have two answers") if questions else "",
            )
        )

    def _departure_notes(self, departure: Departure | None, leaving: int) -> tuple[str, ...]:
        """Return what was told of areas or a role that became smaller: it can be read here for some days more."""
        if departure is None:
            return ()
        role = self._desk.library.list("roles").words(departure.role) if departure.role else ""
        return (note_words(departure, role, leaving),)

    def send_now(self) -> None:
        """Send and receive now."""
        self._beat.ask()

    def check(self) -> None:
        """Compare what is on this laptop with the server, and repair what differs."""
        store, open_wire = self._desk.store, self._open_wire
        self._view.show_checking(True)

        def work() -> Checked | None:
            with store.read() as connection:
                enrolment = read_enrolment(connection)
            if enrolment is None:
                return None
            wire = open_wire(enrolment.address, enrolment.credential)
            try:
                return check(store, wire)
            finally:
                wire.close()

        self._run_aside(work, self._has_checked, self._has_not_checked)

    def _has_checked(self, checked: Checked | None) -> None:
        self._view.show_checking(False)
        self._view.say(CHECK_LATER if checked is None else outcome_words(checked, self._beat.status()))
        self.refresh()
        if checked is not None and checked.offered:
            self._beat.ask()

    def _has_not_checked(self, error: Exception) -> None:
        self._view.show_checking(False)
        self._view.say(str(error) if isinstance(error, RoundFailed) else NOT_NOW)

    def join(self, address: str, code: str, laptop: str = "") -> None:
        """Exchange the administrator's code for this laptop's place at the server, the first time or again.

        ``laptop`` is what colleagues and the administrator read of it; without a name it is called after its worker.

        An address that stays as it is keeps the fingerprint, or the authority, that it was trusted by.
        """
        faults = {}
        if not address:
            faults[SERVER] = "Type the server's address. Your administrator has it."
        if not code:
            faults[CODE] = "Type the code that your administrator gave you."
        self._view.show_faults(faults)
        if faults:
            return
        self._view.show_joining(True)
        desk = self._desk
        with desk.store.read() as connection:
            before = read_enrolment(connection)
        if before is not None and before.address.partition("#")[0] == address.rstrip("/"):
            address = before.address
        self._joining = address
        self._run_aside(
            lambda: enrol(desk.store, address, code, laptop or suggested_name(desk.worker.name), self._open_wire),
            self._has_joined,
            self._has_not_joined,
        )

    def _has_joined(self, joined: Joined) -> None:
        self._view.show_joining(False)
        self._view.show_joined()
        self._view.say(f"This laptop has joined {joined.organisation_name}.")
        self._joined(joined)
        self.refresh()
        self._beat.ask()

    def _has_not_joined(self, error: Exception) -> None:
        self._view.show_joining(False)
        words = joining_words(error) if isinstance(error, RoundFailed) else NOT_NOW
        self._view.show_faults({field_of(error, self._joining) or SERVER: words})


def to_send(status: SyncStatus) -> str:
    """Return all that waits to be sent: this worker's own changes, and those that she carries for colleagues."""
    own = count_words(status.to_send, "change") if status.to_send else ""
    if status.behind:
        waits = count_words(status.behind, "waits", "wait")
        own += f" ({waits} for another that was not taken)"
    carried = f"{count_words(status.to_bring, 'change')} from colleagues" if status.to_bring else ""
    return list_words([each for each in (own, carried) if each]) or "Nothing"


def to_look_at(status: SyncStatus, questions: int) -> str:
    """Return all that waits for the worker: changes that were not taken, and ``questions`` with two answers."""
    waits = (
        count_words(status.quarantined, "change") if status.quarantined else "",
        count_words(questions, "question with two answers", "questions with two answers") if questions else "",
    )
    return list_words([each for each in waits if each]) or "Nothing"
