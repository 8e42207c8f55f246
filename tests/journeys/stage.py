"""What the day is played with: a sync server, and laptops that run the real program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Protocol
from zoneinfo import ZoneInfo

import requests
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ewb_desktop.app.dialogs import Dialogs
from ewb_desktop.app.office import Office
from ewb_desktop.app.program import Program, Surroundings
from ewb_desktop.domain.time import local
from ewb_desktop.paths import paths
from ewb_desktop.storage.file.key_slots import Cost
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire, body_of
from ewb_desktop.ui.leaflets.edge import PrintResult, Way
from ewb_desktop.ui.theme import RESOURCES
from sync.packing import pack
from sync.protocol.messages import RoundReply, RoundRequest
from tests.journeys.that_day import APART
from tests.journeys.walker import NotThere, Walker
from tests.support.servers import (
    ORGANISATION,
    InProcessAdapter,
    RunningServer,
    running,
    spare_port,
    sqlite_settings,
    wait_for_answer,
)

ROOT = Path(__file__).parents[2]
ORGANISATION_NAME = "Stretford Wellbeing (made up)"
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Europe/London"))
"""A Tuesday: what is open at an hour of it is the same each time."""


class DayClock:
    """Begins on a Tuesday morning, goes on as fast as any clock, and is put on where people take their time."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._start = start.astimezone(ZoneInfo("UTC"))
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the instant."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def today(self) -> date:
        """Return the day it is in the United Kingdom."""
        return local(self.now()).date()

    def put_on(self, minutes: float) -> None:
        """Let so many minutes pass at once."""
        self._start += timedelta(minutes=minutes)

    def put_on_to(self, hour: int, minute: int) -> None:
        """Let it be this time of the same day, which is still to come."""
        now = local(self.now())
        until = now.replace(hour=hour, minute=minute, second=0, microsecond=0) - now
        if until < timedelta(0):
            raise ValueError("this time of the day has passed")
        self._start += until


@dataclass
class Tally:
    """What travelled: packed bytes both ways, and rounds."""

    sent: int = 0
    received: int = 0
    rounds: int = 0


class CountedWire(Wire):
    """A line that counts what it carries."""

    def __init__(
        self, tally: Tally, address: str, credential: str | None, session: requests.Session | None = None,
        before_answer: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        super().__init__(address, credential, session)
        self._tally = tally
        self._before_answer = before_answer

    def post_round(self, request: RoundRequest, changes: bytes = b"") -> RoundReply:
        """Send one round, and count it."""
        reply = super().post_round(request, changes)
        self._before_answer()
        self._tally.rounds += 1
        self._tally.sent += len(body_of(request, changes))
        self._tally.received += len(pack(reply))
        return reply


class Centre(Protocol):
    """The server as the walk needs it, and the network in front of it."""

    tally: Tally

    @property
    def address(self) -> str:
        """Where laptops find it."""

    def invite(self, name: str, role: str, area: str) -> str:
        """Make a worker and return the one-time code."""

    def open_wire(self) -> OpenWire:
        """Return what opens a laptop's line."""

    def go_away(self) -> None:
        """Take the network away."""

    def come_back(self) -> None:
        """Bring the network back."""


class InProcess:
    """A server in this process, for tests. ``before_answer`` is called when it has answered and the laptop has not heard it."""

    before_answer: Callable[[], None] | None = None

    def __init__(self, server: RunningServer, clock: DayClock) -> None:
        self._server = server
        self._clock = clock
        server.at[0] = clock.now()
        self._lines: list[InProcessAdapter] = []
        self.tally = Tally()
        self._is_away = False
        self.address = server.url

    def invite(self, name: str, role: str, area: str) -> str:
        """Make a worker and return the one-time code."""
        return self._server.invite(name, role, [area]).code

    def open_wire(self) -> OpenWire:
        """Return what opens a line into this process."""

        def open_it(address: str, credential: str | None) -> Wire:
            line = self._server.adapter()
            line.is_unplugged = self._is_away
            self._lines.append(line)
            session = requests.Session()
            session.mount(address, line)
            return CountedWire(self.tally, address, credential, session, self._answered)

        return open_it

    def _answered(self) -> None:
        if self.before_answer is not None:
            self.before_answer()

    def go_away(self) -> None:
        """Unplug every line."""
        self._is_away = True
        for line in self._lines:
            line.is_unplugged = True

    def come_back(self) -> None:
        """Plug every line in; the server knows what time it is."""
        self._server.at[0] = self._clock.now()
        self._is_away = False
        for line in self._lines:
            line.is_unplugged = False


class OwnProcess:
    """The server as an administrator runs it: ``ewb-server`` commands, a process of its own, a spare loopback port, SQLite."""

    def __init__(self, folder: Path, clock: DayClock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._port = spare_port()
        self.tally = Tally()
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self._port}"
        self._clock = clock
        self._environment = {
            **os.environ,
            "EWB_DATABASE": f"sqlite:///{folder / 'server.db'}",
            "EWB_PORT": str(self._port),
        }
        self._command("organisation", ORGANISATION, "--name", ORGANISATION_NAME)

    def _begin(self, *arguments: str, said: int | IO[bytes] = subprocess.PIPE) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.that_day", *arguments],
            env={**self._environment, APART: str((self._clock.now() - datetime.now(UTC)).total_seconds())},
            cwd=ROOT, stdout=said, stderr=said,
        )  # fmt: skip

    def _command(self, *arguments: str) -> str:
        process = self._begin(*arguments)
        said, complained = process.communicate(timeout=60)
        if process.returncode != 0:
            raise NotThere(f"ewb-server {arguments[0]} said: {complained.decode().strip()}")
        return said.decode()

    def invite(self, name: str, role: str, area: str) -> str:
        """Make a worker and return the one-time code that the command printed."""
        said = self._command("invite", ORGANISATION, "--name", name, "--role", role, "--areas", area)
        found = re.search(r"^Code: (\S.*)$", said, re.MULTILINE)
        if found is None:
            raise NotThere("ewb-server invite printed no code")
        return found[1].strip()

    def open_wire(self) -> OpenWire:
        """Return what opens a real line."""
        return lambda address, credential: CountedWire(self.tally, address, credential)

    def come_back(self) -> None:
        """Start the server's process, and wait until it answers."""
        if self._process is None:
            with self._log.open("ab") as log:
                self._process = self._begin("serve", said=log)
            wait_for_answer(self.address, self._process)

    def go_away(self) -> None:
        """Stop the server's process."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def in_process(folder: Path, clock: DayClock) -> Iterator[Centre]:
    """Run a server in this process."""
    folder.mkdir(parents=True, exist_ok=True)
    with running(sqlite_settings(folder / "server.db")) as server:
        yield InProcess(server, clock)


@contextmanager
def own_process(folder: Path, clock: DayClock) -> Iterator[Centre]:
    """Run a server in a process of its own."""
    centre = OwnProcess(folder, clock)
    try:
        centre.come_back()
        yield centre
    finally:
        centre.go_away()


@dataclass(frozen=True, slots=True)
class PaperTray:
    """A printer that keeps what it is given."""

    sheets: list[bytes]

    def ask(self, pdf: bytes, title: str, copies: int) -> Way:
        """Offer as many copies as are wanted."""
        return Way(copies)

    def send(self, way: Way, pdf: bytes, title: str, copies: int) -> PrintResult:
        """Take every copy."""
        self.sheets.extend([pdf] * copies)
        return PrintResult(copies)


@dataclass
class Laptop:
    """One laptop: the real program over a folder of its own. A lock or a restart puts a new program in the place of the old."""

    name: str
    folder: Path
    centre: Centre
    clock: DayClock
    cost: Cost | None = None
    """How hard keys are to derive; None is what workers have."""
    chosen_files: list[str] = field(default_factory=list)
    """What the file dialogs answer, in this order."""
    printed: list[bytes] = field(default_factory=list)
    restarts: int = 0
    passphrase: str = ""
    recovery_key: str = ""
    resources: Path = RESOURCES
    """The files that come with the program."""

    def __post_init__(self) -> None:
        self.program = self._start()
        self.hands = Walker(self._front)

    def _start(self) -> Program:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise TypeError("a walk needs an application")
        program = Program(
            application,
            Surroundings(
                paths=paths("", self.folder),
                clock=self.clock,
                relaunch=self._relaunch,
                dialogs=self._dialogs(),
                device_name=self.name,
                open_wire=self.centre.open_wire,
                printing=lambda: PaperTray(self.printed),
                cost=self.cost,
                resources=self.resources,
            ),
        )
        program.show()
        return program

    def _dialogs(self) -> Dialogs:
        def answer(*_asked: object) -> str:
            return self.chosen_files.pop(0) if self.chosen_files else ""

        def answer_all(*_asked: object) -> list[str]:
            given, self.chosen_files = self.chosen_files, []
            return given

        return Dialogs(open_file=answer, open_files=answer_all, save_file=answer, choose_folder=answer)

    def _relaunch(self, practice: bool) -> None:
        if practice:
            raise NotThere("the program wanted to begin practice")
        self.restarts += 1
        self.program = self._start()

    def _front(self) -> QWidget | None:
        return self.program.office.window if self.program.office is not None else self.program.gate

    @property
    def office(self) -> Office:
        """The office, once it is open."""
        self.hands.wait(lambda: self.program.office is not None, "an open window", 60)
        if self.program.office is None:
            raise NotThere("the window went away")
        return self.program.office

    @property
    def is_locked(self) -> bool:
        """Whether its worker has to unlock it first."""
        return bool(self.passphrase) and self.program.office is None

    def to_front(self) -> None:
        """Look at this laptop."""
        self.hands.wait(self._is_in_front, f"{self.name} in front")

    def _is_in_front(self) -> bool:
        window = self.hands.window
        if not window.isActiveWindow():
            # asked of whichever is there: it may be built again meanwhile, for a role that a round has told
            window.raise_()
            window.activateWindow()
        return window.isActiveWindow()

    def status(self) -> str:
        """Return what the foot of the window says about sending."""
        return self.office.window.foot.status.text()

    def power_cut(self) -> None:
        """End the program as an empty battery does: nothing is saved on the way."""
        office = self.office
        office.idle.stop()
        office.heartbeat.stop()
        # of a laptop without power nothing goes on: no page reads again, and no draft is kept
        for timer in office.window.findChildren(QTimer):
            timer.stop()
        office.background.shutdown()
        office.unlocked.shut()
        office.window.blockSignals(True)
        office.window.hide()
        office.window.deleteLater()
        self.program.office = None
        self.program = self._start()

    def leave(self) -> None:
        """Close whatever is open."""
        program = self.program
        if program.office is not None:
            program.office.close()
            program.office = None
        program._shut_gate()

    def everything_kept(self) -> bytes:
        """Return everything this laptop keeps, opened with its key: every field of every table, and every file beside it."""
        kept = [file.read_bytes() for file in sorted(self.folder.rglob("*")) if file.is_file()]
        with self.office.desk.store.read() as connection:
            tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            for table in tables:
                kept += [repr(tuple(row)).encode() for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"')]
        return b"\n".join(kept)
