"""One day's cast: who works, on which laptops, with which server, and who comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ewb_desktop.storage.file.key_slots import Cost
from ewb_desktop.syncing.rounds import Outcome
from tests.journeys.account import Account
from tests.journeys.stage import Centre, DayClock, Laptop
from tests.journeys.walker import Walker

AREA = "stretford"
PASSPHRASES = {
    "Rowan Oak": "violet otter kettle harbour",
    "Grace Lamb": "copper lantern meadow biscuit",
    "Dawn Reed": "silver teapot gravel sunday",
}
ROLES = {"Rowan Oak": "connector", "Grace Lamb": "connector", "Mina Sale": "connector", "Dawn Reed": "volunteer"}
MEMBER = "Kasia"
"""Who walks in. She is made up, as everyone is."""
SENT = "Everything is sent"
REAL_DIRECTORY = Path(__file__).parents[3] / "shared" / "openreferral" / "trafford-mental-health"
"""A real directory beside the project, read where it is there."""
MADE_UP_DIRECTORY = Path(__file__).parents[2] / "resources" / "directory" / "made-up-stretford.json"


@dataclass
class Day:
    """Everything the steps hand on to one another."""

    centre: Centre
    folder: Path
    account: Account
    cost: Cost | None = None
    clock: DayClock = field(default_factory=DayClock)
    codes: dict[str, str] = field(default_factory=dict)
    laptops: dict[str, Laptop] = field(default_factory=dict)
    person: str = ""
    """The member's id, once she is there."""
    leaflet: bytes = b""
    """The leaflet that was printed."""
    in_front: str = "Rowan Oak"

    @property
    def rowan(self) -> Laptop:
        """Rowan's laptop."""
        return self.laptops["Rowan Oak"]

    @property
    def grace(self) -> Laptop:
        """Grace's laptop."""
        return self.laptops["Grace Lamb"]

    @property
    def hands(self) -> Walker:
        """The hands of who sits at the laptop now."""
        return self.laptops[self.in_front].hands

    def sit_down(self, name: str) -> Laptop:
        """Put a worker's laptop in front, unlocked; it is a new one when it is not there yet."""
        self.in_front = name
        if name not in self.laptops:
            where = self.folder / name.split()[0].lower()
            self.laptops[name] = Laptop(f"{name}'s laptop", where, self.centre, self.clock, self.cost)
        laptop = self.laptops[name]
        laptop.to_front()
        if laptop.is_locked:
            self.unlock()
        return laptop

    def unlock(self, picture: str = "") -> None:
        """Type the passphrase at the lock screen of the laptop in front, once a picture of it is taken if it has a name."""
        laptop, hands = self.laptops[self.in_front], self.hands
        laptop.to_front()
        hands.see("lock-unlock")
        if picture:
            self.picture(picture)
        hands.type("lock-passphrase", PASSPHRASES[self.in_front])
        hands.press("Return")
        hands.wait(lambda: laptop.program.office is not None, "the window behind the lock", 60)

    def step(self, words: str, work: Callable[[Day], None], minutes: int = 0) -> None:
        """Do one step of the day, and let it have taken people so many ``minutes``."""
        self.account.do(words, lambda: work(self), lambda: self.hands)
        self.clock.put_on(minutes)
        for laptop in self._open_laptops():
            # somebody sat before it all the while
            laptop.office.idle.stop()
            laptop.office.idle.start()

    def come_to(self, hour: int, minute: int) -> None:
        """Let it be later in the day: every laptop has slept meanwhile, and locks when it wakes."""
        asleep = self._open_laptops()
        self.clock.put_on_to(hour, minute)
        for laptop in asleep:
            # while one locks, another may have noticed by itself
            if laptop.program.office is not None:
                laptop.program.office.idle.look()
        for laptop in asleep:
            laptop.hands.see("lock-unlock")

    def _open_laptops(self) -> list[Laptop]:
        return [laptop for laptop in self.laptops.values() if laptop.program.office is not None]

    def picture(self, name: str, *, top: bool = False) -> None:
        """Take a picture of the laptop in front; ``top`` shows the beginning of its page."""
        self.account.picture(self.hands, name, top=top)

    def leave(self) -> None:
        """Close every laptop."""
        for laptop in self.laptops.values():
            laptop.leave()


def exchange(day: Day, name: str) -> Outcome:
    """Press "Send and receive now", and wait until everything is sent and received."""
    laptop = day.sit_down(name)
    ended: list[Outcome] = []
    heartbeat = laptop.office.heartbeat
    heartbeat.ended.connect(ended.append)
    laptop.hands.click("rail.sync")
    laptop.hands.click("sync.send")
    laptop.hands.wait(lambda: ended and not heartbeat.is_working and SENT in laptop.status(), f'"{SENT}"', 30)
    heartbeat.ended.disconnect(ended.append)
    # what came may give the window another place or role: who looks on waits until it is there
    laptop.hands.wait(lambda: laptop.office.fits(), "the window that fits what came", 30)
    return ended[-1]
