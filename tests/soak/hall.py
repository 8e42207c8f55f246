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
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import orjson

from ewb_desktop.syncing.enrol import enrol
from sync.server.clock import utc_now
from sync.server.database import Database
from sync.server.people import create_organisation, invite
from tests.soak.lives import live_as_laptop, live_as_server
from tests.support.connected import AREA
from tests.support.laptops import laptop
from tests.support.servers import ORGANISATION, settings_for, spare_port, wait_for_answer

NAMES = ("Rowan Oak", "Grace Lamb")
SERVER = "the server"
LONGEST_LIFE = {SERVER: 40, **dict.fromkeys(NAMES, 60)}
"""Steps that a process lives at most: enough for its start and some rounds, so that every step is the last one now and then."""
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
    def pipe(self) -> Connection:
        """What becomes readable when the process says something, and when it has ended."""
        return self._told

    def end(self) -> str:
        """Wait until it has ended; return the step at which it died."""
        said = b""
        while more := os.read(self._told.fileno(), 4096):
            said += more
        self._process.join(SILENCE_SECONDS)
        self._told.close()
        assert self._process.exitcode == -signal.SIGKILL, f"a process ended by itself, with {self._process.exitcode}"
        return said.decode().strip()

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
        self._chance = chance
        self._lives: dict[str, Life] = {}

    def place(self, name: str) -> Path:
        """Return the folder of a laptop."""
        return self.folder / name.split()[0].lower()

    def start(self, name: str, last: int | None = None) -> None:
        """Let a laptop or the server live for ``last`` steps; without it, for as many as chance has it."""
        last = self._chance.randint(1, LONGEST_LIFE[name]) if last is None else last
        if name == SERVER:
            self._lives[name] = Life(live_as_server, self.settings, last)
        else:
            self._lives[name] = Life(live_as_laptop, self.place(name), self._chance.getrandbits(32), last)

    def start_whole_server(self) -> None:
        """Let the server live until it is stopped, and wait until it answers."""
        self.start(SERVER, FOR_EVER)
        wait_for_answer(self.address)

    def let_die(self, times: int) -> None:
        """Let everybody work, and begin again whoever died, until there have been so many deaths."""
        for name in (SERVER, *NAMES):
            self.start(name)
        for _ in range(times):
            name = self._next_death()
            who = SERVER if name == SERVER else "a laptop"
            self.deaths[f"{who} {self._lives[name].end()}"] += 1
            self.start(name)
        self.stop()

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
        lives = {life.pipe: name for name, life in self._lives.items()}
        died = wait(list(lives), timeout=SILENCE_SECONDS)
        assert died, "nobody died for a minute: somebody hangs"
        return next(name for pipe, name in lives.items() if pipe in died)


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
