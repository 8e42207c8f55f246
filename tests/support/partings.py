"""A laptop to be left, made up: it says how it stands, and keeps what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ewb_desktop.storage.errors import WrongPassphrase
from ewb_desktop.ui.leaving.presenter import Standing
from tests.support.doors import RIGHT

STICK = "/media/stick/my-unsent-work.ewb-outbox"


@dataclass
class MadeUpParting:
    """Stands as ``now`` says. ``place`` is chosen in the dialog; ``failure`` is raised by the next step that can fail."""

    now: Standing = field(default_factory=Standing)
    place: str = STICK
    failure: Exception | None = None
    asked: list[str] = field(default_factory=list)

    def standing(self) -> Standing:
        return self.now

    def write_down_words(self) -> None:
        self._ask("write down")

    def exchange(self) -> None:
        self.asked.append("exchange")

    def choose_place(self) -> str:
        return self.place

    def seal(self, place: str) -> None:
        self._ask(f"seal {place}")

    def check(self, typed: str) -> None:
        self.asked.append("check")
        if typed != RIGHT:
            raise WrongPassphrase

    def leave(self) -> None:
        self._ask("leave")

    def _ask(self, what: str) -> None:
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        self.asked.append(what)
