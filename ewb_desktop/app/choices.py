"""What the settings page may read and change, over the office that is open."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.domain.person import check_postcode
from ewb_desktop.domain.roles import Duty
from ewb_desktop.domain.unseen import without_unseen
from ewb_desktop.settings import Settings
from ewb_desktop.storage.cards.places import place_card, places
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.file.synced_folders import refuse_synced
from ewb_desktop.storage.tables import Place
from ewb_desktop.ui.settings.presenter import Part, PlaceWords, Whereabouts

if TYPE_CHECKING:
    from ewb_desktop.app.office import Office

_PARTS = (
    ("Qt and PySide6", "PySide6-Essentials", "LGPL-3.0"),
    ("SQLCipher, by Zetetic", "sqlcipher3", "BSD-3-Clause"),
    ("SQLAlchemy", "sqlalchemy", "MIT"),
    ("SQLModel", "sqlmodel", "MIT"),
    ("cryptography, with OpenSSL", "cryptography", "Apache-2.0"),
    ("Pydantic", "pydantic", "MIT"),
    ("Requests", "requests", "Apache-2.0"),
    ("ReportLab", "reportlab", "BSD-3-Clause"),
    ("HarfBuzz (uharfbuzz)", "uharfbuzz", "Apache-2.0"),
    ("zxcvbn", "zxcvbn", "MIT"),
)
"""What a reader of the About card is told: name, distribution, licence. SQLCipher and OpenSSL ask to be named."""


class OfficeChoices:
    """Keeps the promises of the settings page's ``Choices``."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def settings(self) -> Settings:
        """Return what is chosen now."""
        return self._office.program.settings

    def change(self, settings: Settings) -> None:
        """Keep other settings, and wear them at once."""
        self._office.program.change_settings(settings)

    def places(self) -> Sequence[PlaceWords]:
        """Return the venues that this laptop knows."""
        with self._office.desk.store.read() as connection:
            return [PlaceWords(place.id, place.name) for place in places(connection)]

    def place(self) -> str:
        """Return the id of today's place; nothing when none was chosen."""
        return self._office.desk.place or ""

    def change_place(self, place: str, said: str) -> None:  # noqa: ARG002 - it is in the settings already
        """Work at another place from now on, and say so where the place is shown."""
        self._office.change_place(said)

    def whereabouts(self) -> Whereabouts:
        """Return what is known of where today's place lies."""
        with self._office.desk.store.read() as connection:
            card = place_card(connection, self._office.desk.place)
        if card is None:
            return Whereabouts()
        ask = self.may_write_places()
        if card.near:
            return Whereabouts(
                f"Distances are measured from about the middle of {card.near}, as the services there show.", ask=ask
            )
        if card.located:
            return Whereabouts()
        what = f"We do not know where the postcode {card.postcode} is" if card.postcode else "We do not know where this place is"
        then = " If you know its latitude and longitude, write them here." if ask else ""
        return Whereabouts(f"{what}; distances are not shown.{then}", ask=ask)

    def may_write_places(self) -> bool:
        """Say whether this worker's role adds and changes places."""
        return self._office.desk.may(Duty.DIRECTORY)

    def may_write_leaflets(self) -> bool:
        """Say whether this worker's role keeps the organisation's own leaflets."""
        return self._office.desk.may(Duty.DIRECTORY)

    def locate_place(self, latitude: float, longitude: float) -> None:
        """Write down where today's place lies, in degrees."""
        with self._office.desk.write(Duty.DIRECTORY) as writing:
            writing.edit(Place, self.place(), latitude=latitude, longitude=longitude)

    def add_place(self, name: str, postcode: str) -> str:
        """Add a venue and return its id. Raises ``BadPostcode``."""
        kept = check_postcode(without_unseen(postcode)) if postcode else None
        desk = self._office.desk
        with desk.write(Duty.DIRECTORY) as writing:
            return writing.add(Place(area=desk.area, name=without_unseen(name), postcode=kept))

    def check_passphrase(self, passphrase: str) -> None:
        """Raise ``WrongPassphrase`` unless it is the one."""
        self._office.vault.open(passphrase).wipe()

    def change_passphrase(self, old: str, new: str) -> None:
        """Set another passphrase."""
        self._office.vault.change_passphrase(old, new)

    def back_up(self, folder: str) -> str:
        """Copy the locked file into a folder of its own in ``folder``, check the copy, and return its name there."""
        target = Path(folder)
        refuse_synced(target)
        copy = self._office.vault.back_up(self._office.unlocked.key, target, why="by-hand")
        return str(copy.relative_to(target))

    def backup_words(self) -> str:
        """Say when the newest backup of every day was made."""
        return "In practice no backups are made by themselves." if self.in_practice() else self._office.daily_backup.words()

    def choose_folder(self) -> str:
        """Ask for a folder; nothing when none was chosen."""
        return self._office.around.dialogs.choose_folder(self._office.window, "Choose a folder for the backup")

    def new_recovery_key(self, passphrase: str) -> None:
        """Lock, encrypt anew, and show a new recovery key."""
        self._office.program.renew_key(passphrase)

    def leave_practice(self) -> None:
        """End practice, or begin it."""
        self._office.program.change_profile(practice=not self.in_practice())

    def in_practice(self) -> bool:
        """Say whether everyone here is made up."""
        return self._office.around.practice

    def server_words(self) -> str:
        """Say which server this laptop sends to."""
        if self.in_practice():
            return "In practice nothing is sent."
        with self._office.desk.store.read() as connection:
            enrolment = read_enrolment(connection)
        if enrolment is None:
            return "This laptop is not joined to a server yet. Your work is kept here."
        return f"Your work is sent to {enrolment.organisation_name}, at {enrolment.address.partition('#')[0]}."

    def parts(self) -> Sequence[Part]:
        """Return what the program is made of."""
        python = ".".join(str(number) for number in sys.version_info[:3])
        return [
            Part("EWB Desktop", _version("ewb-desktop"), "Apache-2.0"),
            *(Part(name, _version(distribution), licence) for name, distribution, licence in _PARTS),
            Part("Python", python, "PSF-2.0"),
            Part("Atkinson Hyperlegible Next, by the Braille Institute", "2", "OFL-1.1"),
            Part("Lexend, by the Lexend Project Authors", "1", "OFL-1.1"),
            Part("Lucide icons", "", "ISC"),
        ]


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        # a checkout that was never installed
        return "0.1.0" if distribution == "ewb-desktop" else ""
