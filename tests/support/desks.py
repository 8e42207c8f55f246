"""A desk for tests: a real encrypted file, the real library, a made-up worker and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.library import Library, open_library
from ewb_desktop.storage.exchange.sync_state import Enrolment, Progress, note_enrolment, note_progress
from ewb_desktop.storage.tables import Worker as WorkerRow
from tests.support.clock import HandClock
from tests.support.laptops import laptop

ROWAN = "0199a000-0000-7000-8000-00000000aa01"
GRACE = "0199a000-0000-7000-8000-00000000aa02"
PLACE = "0199a000-0000-7000-8000-00000000bb01"
AREA = "stretford"

_library: list[Library] = []


def library() -> Library:
    """Read the library that comes with the program, once for all tests."""
    if not _library:
        _library.append(open_library())
    return _library[0]


@contextmanager
def open_desk(folder: Path, name: str = "laptop", *, clock: HandClock | None = None, role: str = "connector") -> Iterator[Desk]:
    """Lend the desk of Rowan Oak, a connector in Stretford; Grace Lamb is a colleague."""
    clock = clock or HandClock()
    lent = laptop(folder, name, worker=ROWAN, area=AREA, clock=clock)
    try:
        with lent.store.write() as writing:
            writing.add(WorkerRow(id=ROWAN, area="*", name="Rowan Oak", role=role, telephone="0161 496 0010", active=True))
            writing.add(
                WorkerRow(id=GRACE, area="*", name="Grace Lamb", role="connector", telephone="0161 496 0011", active=True)
            )
        yield Desk(lent.store, clock, Worker(ROWAN, "Rowan Oak", role), library(), AREA, PLACE)
    finally:
        lent.store.close()


def begin_first_pull(desk: Desk) -> None:
    """Let the laptop belong to a server from which nothing has come yet."""
    with desk.store.write() as writing:
        note_enrolment(writing, Enrolment("https://sync.example.org", "secret", desk.worker.id, "Rowan Oak", "Wellbeing"))


def end_first_pull(desk: Desk) -> None:
    """Let everything have come that is this laptop's to hold."""
    with desk.store.write() as writing:
        note_progress(writing, Progress(epoch="1", cursor=9))
