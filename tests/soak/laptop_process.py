"""A laptop as a process of its own: it writes and exchanges until somebody kills it, and says what was saved.

``python -m tests.soak.laptop_process FOLDER SEED`` reads what it is from FOLDER/laptop.json. After each save it adds one line
to FOLDER/saved.jsonl: what the worker was told is kept must be found again, whatever happens to this process.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import orjson
from sqlalchemy import select

from ewb_desktop.domain.time import Clock, SystemClock
from ewb_desktop.storage.store import Store, open_store
from ewb_desktop.storage.tables import Person, table
from ewb_desktop.syncing.engine import Engine
from tests.support.connected import AREA

ANSWERS = ("yes", "no", "mornings", "evenings")


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


def main(folder: Path, seed: int) -> None:
    """Write and exchange for ever."""
    store = open_file(folder, SystemClock())
    engine = Engine(store, "soak", lambda _sealed: None)
    chance = random.Random(seed)
    saved = os.open(folder / "saved.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    print("working", flush=True)
    while True:
        # most rounds carry nothing: histories stay short enough for many kills
        if chance.random() < 0.2:
            for _ in range(chance.randrange(1, 4)):
                write_something(store, chance, saved)
        engine.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
