"""Doors for pages shown alone: what the lock screen, the first start and settings ask, answered at once and in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ewb_desktop.settings import Settings
from ewb_desktop.storage.errors import WrongPassphrase
from ewb_desktop.ui.firstrun.presenter import Made, NewWorker
from ewb_desktop.ui.lock.presenter import Door
from ewb_desktop.ui.settings.presenter import Part, PlaceWords, Whereabouts

RECOVERY_KEY = "ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-34567-ABCDE-FGHJK"
RIGHT = "violet otter kettle harbour"


def run_now(work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
    """Do the work here and now instead of beside the window."""
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - handed on, as the background does
        failed(error)
    else:
        done(result)


@dataclass
class MadeUpDoors:
    """Two workers, one passphrase for both. ``failure`` is raised by the next try, if it is set."""

    waits: float = 0
    failure: Exception | None = None
    tried: list[tuple[str, ...]] = field(default_factory=list)
    laptops: list[str] = field(default_factory=list)
    """What those who joined called their laptops."""

    def doors(self) -> Sequence[Door]:
        return [Door("a", "Rowan Okafor", 3), Door("b", "Mina Sale", None)]

    def wait_seconds(self, key: str) -> float:
        self.tried.append(("wait", key))
        return self.waits

    def unlock(self, key: str, passphrase: str) -> object:
        self.tried.append(("unlock", key, passphrase))
        if self.failure is not None:
            raise self.failure
        if passphrase != RIGHT:
            raise WrongPassphrase(self.waits)
        return f"opened {key}"

    def recover(self, key: str, recovery_key: str, passphrase: str) -> object:
        self.tried.append(("recover", key, recovery_key, passphrase))
        if self.failure is not None:
            raise self.failure
        return f"recovered {key}"

    def bring_back(self, key: str, backup: str, passphrase: str) -> object:
        self.tried.append(("bring_back", key, backup, passphrase))
        return f"brought back {key}"

    def bring_back_with_recovery(self, key: str, backup: str, recovery_key: str, passphrase: str) -> object:
        self.tried.append(("bring_back", key, backup, recovery_key, passphrase))
        return f"brought back {key}"

    def weakness(self, passphrase: str, name: str) -> str:
        self.tried.append(("weakness", passphrase, name))
        return "" if len(passphrase) >= 12 else "This is too short."

    def make(self, worker: NewWorker) -> Made:
        self.tried.append(("make", worker.name, worker.role, worker.server, worker.code))
        self.laptops.append(worker.laptop)
        if self.failure is not None:
            raise self.failure
        return Made(f"made {worker.name}", RECOVERY_KEY)

    def keep_key(self, recovery_key: str, path: str) -> None:
        self.tried.append(("keep", recovery_key, path))


@dataclass
class MadeUpChoices:
    """Settings in memory."""

    kept: Settings = field(default_factory=Settings)
    failure: Exception | None = None
    done: list[tuple[str, ...]] = field(default_factory=list)

    def settings(self) -> Settings:
        return self.kept

    def change(self, settings: Settings) -> None:
        self.kept = settings

    def places(self) -> Sequence[PlaceWords]:
        return [PlaceWords("p1", "St Mary's Hall"), PlaceWords("p2", "Sale library")]

    def place(self) -> str:
        return self.kept.place

    def change_place(self, place: str, said: str) -> None:
        self.done.append(("place", place, said))

    def whereabouts(self) -> Whereabouts:
        return Whereabouts("We do not know where the postcode M32 0JT is; distances are not shown.", ask=True)

    def may_write_places(self) -> bool:
        return True

    def may_write_leaflets(self) -> bool:
        return True

    def locate_place(self, latitude: float, longitude: float) -> None:
        self.done.append(("located", f"{latitude} {longitude}"))

    def add_place(self, name: str, postcode: str) -> str:
        self.done.append(("add", name, postcode))
        return "p3"

    def check_passphrase(self, passphrase: str) -> None:
        if passphrase != RIGHT:
            raise WrongPassphrase

    def change_passphrase(self, old: str, new: str) -> None:
        self.check_passphrase(old)
        self.done.append(("passphrase", new))

    def back_up(self, folder: str) -> str:
        if self.failure is not None:
            raise self.failure
        self.done.append(("backup", folder))
        return "records-1.backup"

    def backup_words(self) -> str:
        return "The program makes one itself each day and keeps seven. The newest was made today 13:00."

    def choose_folder(self) -> str:
        return "/media/stick"

    def new_recovery_key(self, passphrase: str) -> None:
        self.done.append(("key", passphrase))

    def leave_practice(self) -> None:
        self.done.append(("profile",))

    def in_practice(self) -> bool:
        return False

    def server_words(self) -> str:
        return "This laptop is not joined to a server yet. Your work is kept here."

    def parts(self) -> Sequence[Part]:
        return [Part("EWB Desktop", "0.1.0", "Apache-2.0"), Part("SQLCipher, by Zetetic", "0.6.4", "BSD-3-Clause")]
