"""What the processes of the long runs do until they are killed: a laptop that writes and exchanges, and the server."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson
import requests
import uvicorn
from sqlalchemy import select

from ewb_desktop.domain.time import Clock, SystemClock
from ewb_desktop.storage.exchange.sync_state import note_progress, read_progress
from ewb_desktop.storage.settling.tidying import FORGOT_ON
from ewb_desktop.storage.store import Store, open_store
from ewb_desktop.storage.tables import Person, table
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.wire import Wire
from sync.server.app import create_app
from sync.server.laptops import snapshot_rows, snapshots
from sync.server.settings import Settings
from tests.soak.fatal_steps import FatalSteps
from tests.support.connected import AREA

ANSWERS = ("yes", "no", "mornings", "evenings")


def live_as_laptop(folder: Path, seed: int, last: int, aim: str, told: Connection) -> None:
    """Open the laptop of ``folder``, then write and exchange for ever; step number ``last`` is fatal, or one called ``aim``.

    After each save one line is added to FOLDER/saved.jsonl: what the worker was told is kept must be found again.
    """
    steps = _count_steps(last, aim, told)
    store = open_file(folder, SystemClock())
    engine = Engine(store, "soak", lambda _sealed: None, lambda address, credential: _open_wire(address, credential, steps))
    chance = random.Random(seed)
    saved = os.open(folder / "saved.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while True:
        # many rounds carry nothing: histories stay short enough for a thousand deaths
        if chance.random() < 0.4:
            for _ in range(chance.randrange(1, 4)):
                write_something(store, chance, saved)
        if chance.random() < 0.1:
            pull_anew(store)
        if chance.random() < 0.2:
            begin_another_day(store)
        engine.run()


def live_as_server(settings: Settings, last: int, aim: str, told: Connection) -> None:
    """Serve until killed; step number ``last`` is fatal, or the first called ``aim``."""
    steps = _count_steps(last, aim, told)
    # the little that there is here comes in a snapshot of some blocks, as an organisation's thousands of rows do
    vars(snapshots)["SNAPSHOT_ROWS"] = 5
    vars(snapshot_rows)["BLOCK_BYTES"] = 2_000
    app = create_app(settings)

    async def stepping(scope: MutableMapping[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        async def sending(message: MutableMapping[str, Any]) -> None:
            steps.step(f"before {message['type']}")
            await send(message)
            steps.step(f"after {message['type']}")

        await app(scope, receive, sending if scope["type"] == "http" else send)

    uvicorn.run(stepping, host=settings.host, port=settings.port, log_config=None, access_log=False)


def open_file(folder: Path, clock: Clock) -> Store:
    """Open the laptop's encrypted file."""
    told = orjson.loads((folder / "laptop.json").read_bytes())
    return open_store(folder / "records.ewb", bytes(range(32)), author=told["author"], device=told["device"], clock=clock)


def write_something(store: Store, chance: random.Random, saved: int) -> None:
    """Save one person or one edit, then say so."""
    person = table(Person)
    with store.write() as writing:
        ids = writing.connection.execute(select(person.c.id).where(person.c.gone == 0).order_by(person.c.id)).scalars().all()
        if len(ids) < 3 or chance.random() < 0.2:
            field, value = "preferred_name", f"Person {chance.random()}"
            record = writing.add(Person(area=AREA, preferred_name=value))
        else:
            record = chance.choice(ids)
            field = chance.choice(["telephone", "safe_to_call"])
            value = f"0161 496 {chance.randrange(10_000):04}" if field == "telephone" else chance.choice(ANSWERS)
            writing.edit(Person, record, **{field: value})
    os.write(saved, orjson.dumps([record, field, value]) + b"\n")


def pull_anew(store: Store) -> None:
    """Ask for everything once more, as a laptop does whose worker may see more than before."""
    with store.write() as writing:
        note_progress(writing, replace(read_progress(writing.connection), cursor=0, more_to_receive=True))


def begin_another_day(store: Store) -> None:
    """Let what is done once a day be done again."""
    with store.write() as writing:
        writing.note(FORGOT_ON, None)


def _count_steps(last: int, aim: str, told: Connection) -> FatalSteps:
    steps = FatalSteps(last, aim, lambda name: os.write(told.fileno(), name))
    steps.listen()
    return steps


def _open_wire(address: str, credential: str | None, steps: FatalSteps) -> Wire:
    session = requests.Session()
    session.trust_env = False
    session.mount(address, _SteppingLine(steps))
    return Wire(address, credential, session)


class _SteppingLine(requests.adapters.HTTPAdapter):
    def __init__(self, steps: FatalSteps) -> None:
        super().__init__()
        self._steps = steps

    def send(self, *arguments: Any, **named: Any) -> requests.Response:
        self._steps.step("before the request")
        response = super().send(*arguments, **named)
        self._steps.step("after the answer's head")
        return response
