"""One server and two laptops as processes that die at a chosen step and begin again, as often as it takes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import orjson

from ewb_desktop.syncing.enrol import enrol
from sync.server.admission.people import create_organisation, invite
from sync.server.clock import utc_now
from sync.server.database.engine import Database
from tests.soak.lives import live_as_laptop, live_as_server
from tests.support.connected import AREA
from tests.support.laptops import laptop
from tests.support.servers import ORGANISATION, settings_for, spare_port, wait_for_answer

NAMES = ("Rowan Oak", "Grace Lamb")
SERVER = "the server"
LONGEST_LIFE = {SERVER: 40, **dict.fromkeys(NAMES, 60)}
"""Steps that a process lives at most: enough for its start and some rounds, so that every step is the last one now and then."""
AIMED_LIFE = 400
"""Steps that a process lives at most that is to die at a certain one."""
MORE = 200
"""So many more may die until nobody is left to die at a step that was reached."""
FOR_EVER = 1 << 60
SILENCE_SECONDS = 60.0

# each life begins as a copy of a process that has imported everything: a thousand of them take minutes, not hours
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.soak.lives"])


class Life:
    """A process, and the pipe on which it says at which step it dies."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self._told, telling = _PROCESSES.Pipe(duplex=False)
        self._process: ForkServerProcess = _PROCESSES.Process(target=target, args=(*arguments, telling), daemon=True)
        self._process.start()
        telling.close()

    @property
    def sentinel(self) -> int:
        """What becomes readable when the process has ended."""
        return self._process.sentinel

    def end(self) -> list[str]:
        """Wait until it has ended; return the steps that it reached, and last the one at which it died."""
        said = b""
        while more := os.read(self._told.fileno(), 4096):
            said += more
        self._process.join(SILENCE_SECONDS)
        self._told.close()
        assert self._process.exitcode == -signal.SIGKILL, f"a process ended by itself, with {self._process.exitcode}"
        return said.decode().split("\n")[:-1]

    def stop(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self._process.join()
        self._told.close()


class Hall:
    """The server's database, the laptops' folders, and whoever lives in them now."""

    def __init__(self, folder: Path, url: str, chance: random.Random) -> None:
        port = spare_port()
        self.folder = folder
        self.settings = replace(settings_for(url.replace("+psycopg", "")), port=port)
        self.address = f"http://127.0.0.1:{port}"
        self.deaths: Counter[str] = Counter()
        self.reached: set[str] = set()
        self._chance = chance
        self._lives: dict[str, Life] = {}

    def place(self, name: str) -> Path:
        """Return the folder of a laptop."""
        return self.folder / name.split()[0].lower()

    def start(self, name: str, last: int | None = None) -> None:
        """Let a laptop or the server live for ``last`` steps; without it, as chance has it for some or until one seldom tried."""
        aim = ""
        if last is None:
            aim = self._aim(name) if self._chance.random() < 0.5 else ""
            last = AIMED_LIFE if aim else self._chance.randint(1, LONGEST_LIFE[name])
        if name == SERVER:
            self._lives[name] = Life(live_as_server, self.settings, last, aim)
        else:
            self._lives[name] = Life(live_as_laptop, self.place(name), self._chance.getrandbits(32), last, aim)

    def start_whole_server(self) -> None:
        """Let the server live until it is stopped, and wait until it answers."""
        self.start(SERVER, FOR_EVER)
        wait_for_answer(self.address)

    def let_die(self, times: int) -> None:
        """Let everybody work, and begin again whoever died, until there have been so many deaths."""
        self._let_die(lambda: self.deaths.total() >= times)

    def let_die_everywhere(self, times: int) -> None:
        """The same, and then some more deaths until somebody has died at every step that was reached."""
        self._let_die(lambda: self.deaths.total() >= times + (MORE if self.untried() else 0))

    def untried(self) -> set[str]:
        """Return the steps at which nobody has died."""
        return self.reached - self.deaths.keys()

    def _let_die(self, is_enough: Callable[[], bool]) -> None:
        for name in (SERVER, *NAMES):
            self.start(name)
        while not is_enough():
            name = self._next_death()
            steps = [f"{_who(name)} {step}" for step in self._lives[name].end()]
            self.reached.update(steps)
            self.deaths[steps[-1]] += 1
            self.start(name)
        self.stop()

    def _aim(self, name: str) -> str:
        """Return one of the steps at which the fewest have died."""
        steps = sorted(step for step in self.reached if step.startswith(_who(name)))
        fewest = min((self.deaths[step] for step in steps), default=0)
        least = [step for step in steps if self.deaths[step] == fewest]
        return self._chance.choice(least).removeprefix(f"{_who(name)} ") if least else ""

    def stop(self) -> None:
        """End everybody at once."""
        for life in self._lives.values():
            life.stop()
        self._lives.clear()

    def join(self, name: str) -> None:
        """Make the laptop's file and let it in."""
        lent = laptop(self.folder, self.place(name).name, area=AREA)
        code = self.do(lambda c: invite(c, ORGANISATION, name, "connector", [AREA], utc_now())).code
        enrol(lent.store, self.address, code, f"{name}'s laptop")
        told = {"author": lent.store.author, "device": lent.store.device}
        (self.place(name) / "laptop.json").write_bytes(orjson.dumps(told))
        lent.store.close()

    def do(self, work: Callable[[Any], Any]) -> Any:
        """Do ``work`` in one transaction of the server's database, beside the server."""
        database = Database(self.settings)
        try:
            with database.writing() as connection:
                return work(connection)
        finally:
            database.close()

    def saved(self, name: str) -> list[tuple[str, str, Any]]:
        """Return what the laptop said that it saved; a line that was cut in the middle was not said."""
        lines = (self.place(name) / "saved.jsonl").read_bytes().split(b"\n")[:-1]
        return [tuple(orjson.loads(line)) for line in lines]

    def _next_death(self) -> str:
        """Wait until somebody dies, and return who."""
        lives = {life.sentinel: name for name, life in self._lives.items()}
        died = wait(list(lives), timeout=SILENCE_SECONDS)
        assert died, "nobody died for a minute: somebody hangs"
        return next(name for sentinel, name in lives.items() if sentinel in died)


def _who(name: str) -> str:
    return SERVER if name == SERVER else "a laptop"


@contextmanager
def hall(folder: Path, url: str, seed: int) -> Iterator[Hall]:
    """Lend a hall whose server has an organisation and whose laptops have joined; nobody lives in it yet."""
    made = Hall(folder, url, random.Random(seed))
    database = Database(made.settings)
    database.migrate()
    database.close()
    made.do(lambda c: create_organisation(c, ORGANISATION, "Stretford Wellbeing (made up)", utc_now()))
    try:
        made.start_whole_server()
        for name in NAMES:
            made.join(name)
        made.stop()
        yield made
    finally:
        made.stop()
