"""What the settings page does: a choice is kept at once; passphrase, recovery key and backup say what came of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ewb_desktop.domain.person import BadPhone, check_phone
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.leaflets.addresses import BadAddress, whole_address
from ewb_desktop.settings import Settings
from ewb_desktop.storage.errors import StorageTrouble

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window: the work, what to do with its result, what to do with its error."""

IDLE_MINUTES = (1, 2, 3, 5, 10, 15)
"""What can be chosen; 1 to 15 minutes (domain notes 6.8)."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A venue that can be today's place."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of where today's place lies: a sentence, empty when it is known well; ``ask`` for it to be written down."""

    words: str = ""
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Something that the program is made of, and its licence."""

    name: str
    version: str
    licence: str


class Choices(Protocol):
    """What the page may read and change. The slow ones run beside the window and raise ``WorkerCanAct``."""

    def settings(self) -> Settings:
        """Return what is chosen now."""

    def change(self, settings: Settings) -> None:
        """Keep other settings, and wear them at once."""

    def places(self) -> Sequence[PlaceWords]:
        """Return the venues that this laptop knows."""

    def place(self) -> str:
        """Return the id of today's place; nothing when none was chosen."""

    def change_place(self, place: str, said: str) -> None:
        """Work at another place from now on, and say so where the place is shown."""

    def whereabouts(self) -> Whereabouts:
        """Return what is known of where today's place lies."""

    def may_write_places(self) -> bool:
        """Say whether this worker's role adds and changes places."""

    def may_write_leaflets(self) -> bool:
        """Say whether this worker's role keeps the organisation's own leaflets."""

    def locate_place(self, latitude: float, longitude: float) -> None:
        """Write down where today's place lies, in degrees."""

    def add_place(self, name: str, postcode: str) -> str:
        """Add a venue and return its id."""

    def check_passphrase(self, passphrase: str) -> None:
        """Raise ``WrongPassphrase`` unless it is the one."""

    def change_passphrase(self, old: str, new: str) -> None:
        """Set another passphrase."""

    def back_up(self, folder: str) -> str:
        """Copy the locked file into a folder, check the copy, and return its name."""

    def backup_words(self) -> str:
        """Say when the newest backup of every day was made."""

    def choose_folder(self) -> str:
        """Ask for a folder; nothing when none was chosen."""

    def new_recovery_key(self, passphrase: str) -> None:
        """Lock, encrypt anew, and show a new recovery key."""

    def leave_practice(self) -> None:
        """End practice, or begin it."""

    def in_practice(self) -> bool:
        """Say whether everyone here is made up."""

    def server_words(self) -> str:
        """Say which server this laptop sends to."""

    def parts(self) -> Sequence[Part]:
        """Return what the program is made of."""


class View(Protocol):
    """What the settings page can show."""

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen."""

    def show_places(self, places: Sequence[PlaceWords], chosen: str) -> None:
        """Offer the venues."""

    def show_adding(self, may_add: bool) -> None:
        """Offer to add a place, or not."""

    def show_own_leaflets(self, may_write: bool) -> None:
        """Lead to the organisation's own leaflets, or not."""

    def show_whereabouts(self, known: Whereabouts) -> None:
        """Say whether distances can be told from today's place, and ask where it lies if they cannot."""

    def show_server(self, words: str) -> None:
        """Say which server this laptop sends to."""

    def show_backups(self, words: str) -> None:
        """Say when the newest backup of every day was made."""

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show what the program is made of."""

    def show_errors(self, errors: Sequence[tuple[str, str]]) -> None:
        """Show sentences at the fields."""

    def show_done(self, part: str, sentence: str) -> None:
        """Say at ``passphrase``, ``backup``, ``key``, ``place`` or ``service`` what came of it."""

    def show_busy(self, part: str, busy: bool) -> None:
        """Show calmly that something is being done."""

    def forget(self) -> None:
        """Empty the fields with secrets."""


class SettingsPresenter:
    """Drives the settings page."""

    def __init__(self, view: View, choices: Choices, run: Run) -> None:
        self._view = view
        self._choices = choices
        self._run = run
        self._busy = False

    def open(self) -> None:
        """Show everything as it is now."""
        settings = self._choices.settings()
        self._view.show_settings(settings)
        self._view.show_places(self._choices.places(), self._choices.place())
        self._view.show_adding(self._choices.may_write_places())
        self._view.show_own_leaflets(self._choices.may_write_leaflets())
        self._view.show_whereabouts(self._choices.whereabouts())
        self._view.show_server(self._choices.server_words())
        self._view.show_backups(self._choices.backup_words())
        self._view.show_parts(self._choices.parts())

    def change_look(self, scheme: str, text_size: int) -> None:
        """Wear other colours or another text size at once."""
        self._choices.change(replace(self._choices.settings(), scheme=scheme, text_size=text_size))

    def change_minutes(self, minutes: int) -> None:
        """Lock after another time."""
        self._choices.change(replace(self._choices.settings(), idle_minutes=minutes))

    def change_place(self, place: str, added: str = "") -> None:
        """Work at another place from now on; ``added`` is its name when it is new."""
        name = added or next((known.name for known in self._choices.places() if known.id == place), "")
        said = f"You are at {name} today." if name else "No place is chosen for today."
        self._choices.change(replace(self._choices.settings(), place=place))
        self._choices.change_place(place, f"{added} is added. {said}" if added else said)

    def locate_place(self, latitude: str, longitude: str) -> None:
        """Write down where today's place lies."""
        errors, degrees = [], []
        for name, (least, most), example in _DEGREES:
            typed = {"latitude": latitude, "longitude": longitude}[name].replace("\N{MINUS SIGN}", "-").strip()
            number = float(typed) if _NUMBER.fullmatch(typed) else None
            if number is None or not least <= number <= most:
                errors.append((f"place-{name}", f"Write the {name} as a number from {least} to {most}, for example {example}."))
            else:
                degrees.append(number)
        self._view.show_errors(errors)
        if not errors:
            self._choices.locate_place(degrees[0], degrees[1])
            self._choices.change_place(self._choices.place(), "It is kept where this place is. Distances are shown.")

    def add_place(self, name: str, postcode: str) -> None:
        """Add a venue and work there."""
        name = without_unseen(name)
        if not name:
            self._view.show_errors([("place-name", "Write the name of the place.")])
            return
        try:
            place = self._choices.add_place(name, postcode)
        except (ValueError, StorageTrouble) as error:
            self._view.show_errors([("place-postcode", str(error))])
            return
        self._view.show_errors([])
        self.change_place(place, added=name)

    def name_service(self, name: str, telephone: str, address: str) -> None:
        """Say on leaflets who gives them, how to reach them and on which page of the web; all may stay empty."""
        errors: list[tuple[str, str]] = []
        number = page = ""
        try:
            number = check_phone(telephone) if telephone.strip() else ""
        except BadPhone as error:
            errors.append(("service-telephone", str(error)))
        try:
            page = whole_address(address) if address.strip() else ""
        except BadAddress as error:
            errors.append(("service-address", str(error)))
        self._view.show_errors(errors)
        if errors:
            return
        named = " ".join(name.split())
        self._choices.change(
            replace(self._choices.settings(), service_name=named, service_telephone=number, service_address=page)
        )
        self._view.show_done("service", "Kept. Leaflets say so from now on." if named or number or page else "Kept.")

    def change_passphrase(self, old: str, new: str, again: str) -> None:
        """Set another passphrase."""
        errors = []
        if not old:
            errors.append(("old", "Type the passphrase that you have now."))
        if not new:
            errors.append(("new", "Choose a new passphrase."))
        elif new != again:
            errors.append(("again", "The two new passphrases are not the same."))
        self._view.show_errors(errors)
        if not errors:
            self._begin(
                "passphrase",
                lambda: self._choices.change_passphrase(old, new),
                lambda _nothing: "The passphrase is changed. The recovery key stays the same.",
            )

    def back_up(self) -> None:
        """Ask for a folder, and make a backup in it."""
        folder = self._choices.choose_folder()
        if folder:
            self._begin(
                "backup",
                lambda: self._choices.back_up(folder),
                lambda name: f"The backup {name} is made and was checked.",
            )

    def new_recovery_key(self, passphrase: str) -> None:
        """Ask for a new recovery key; the laptop locks for it."""
        if not passphrase:
            self._view.show_errors([("key", "Type your passphrase.")])
            return
        self._view.show_errors([])

        def go_on(_nothing: object) -> str:
            self._choices.new_recovery_key(passphrase)
            return ""

        self._begin("key", lambda: self._choices.check_passphrase(passphrase), go_on)

    def _begin(self, part: str, work: Callable[[], object], words: Callable[[object], str]) -> None:
        if self._busy:
            return
        self._busy = True
        self._view.show_done(part, "")
        self._view.show_busy(part, True)

        def done(result: object) -> None:
            self._busy = False
            self._view.show_busy(part, False)
            self._view.forget()
            sentence = words(result)
            if sentence:
                self._view.show_done(part, sentence)

        def failed(error: Exception) -> None:
            self._busy = False
            self._view.show_busy(part, False)
            self._view.show_done(part, str(error) if isinstance(error, StorageTrouble | OSError) else _FAULT)

        self._run(work, done, failed)


_NUMBER = re.compile(r"-?\d{1,2}(\.\d+)?")

_DEGREES = (("latitude", (49, 61), "53.446"), ("longitude", (-9, 2), "-2.308"))
"""What is asked of the place, from where to where the United Kingdom lies in whole degrees, and an example."""

_FAULT = "Something went wrong in the program. It was not your fault, and nothing was changed. Try again."
