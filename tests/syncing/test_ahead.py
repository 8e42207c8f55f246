"""The next page is asked for while one is laid: nothing comes twice, nothing is lost, and a stop is a stop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.errors import FullDisk
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Person, table
from tests.support.connected import AREA, Connected, House, TappedLine
from tests.support.servers import running, sqlite_settings

PAGE, PEOPLE = 5, 23


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[House]:
    settings = replace(sqlite_settings(tmp_path / "server.db"), page_rows=PAGE)
    with running(settings) as server, ExitStack() as ending:
        house = House(tmp_path, server, ending)
        writer = house.join("Rowan Oak")
        with writer.store.write() as writing:
            for number in range(PEOPLE):
                writing.add(Person(area=AREA, preferred_name=f"Person {number}"))
        writer.sync()
        yield house


def names(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(connection.execute(select(table(Person).c.preferred_name)).scalars())


def everybody() -> list[str]:
    return sorted(f"Person {number}" for number in range(PEOPLE))


def to_send(store: Store) -> int:
    with store.read() as connection:
        return counts(connection).to_send


def after_rows(connected: Connected, number: int, do: Any) -> None:
    """Do something in mid-run, when so many writings that brought members have been announced."""
    heard = 0

    def hear(changes: Changes, _initiator: object | None) -> None:
        nonlocal heard
        if changes.concerns("person"):
            heard += 1
            if heard == number:
                do()

    connected.store.listen(hear)


class WatchedLine(TappedLine):
    """Remembers in which threads it carried, and breaks after so many answers."""

    breaks_after = 1_000

    def __init__(self, inner: TappedLine) -> None:
        super().__init__(inner)
        self.threads: list[str] = []

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> requests.Response:
        self.threads.append(threading.current_thread().name)
        self.is_unplugged = len(self.threads) > self.breaks_after
        return super().send(request, *arguments, **named)


def watched(connected: Connected) -> WatchedLine:
    line = WatchedLine(connected.line)
    connected.line = line
    return line


def test_pages_after_the_first_are_asked_for_beside_the_laying_and_each_once(centre: House) -> None:
    grace = centre.join("Grace Lamb")
    line = watched(grace)
    outcome = grace.sync()
    assert names(grace.store) == everybody()
    assert outcome.rounds == len(line.threads)
    assert line.threads[0] != "ewb-ahead"
    assert set(line.threads[1:]) == {"ewb-ahead"}


def test_no_thread_is_left_behind(centre: House) -> None:
    centre.join("Grace Lamb").sync()
    assert not [thread for thread in threading.enumerate() if thread.name == "ewb-ahead"]


@pytest.mark.parametrize("answers", range(1, 6))
def test_a_line_that_breaks_ahead_costs_no_page_that_came_and_the_next_run_brings_the_rest(centre: House, answers: int) -> None:
    grace = centre.join("Grace Lamb")
    line = watched(grace)
    line.breaks_after = answers
    first = grace.engine.run()
    # the two workers come with the members
    assert first.received == min(answers * PAGE, PEOPLE + 2)
    line.breaks_after = 1_000
    grace.sync()
    assert names(grace.store) == everybody()


@pytest.mark.parametrize("page", range(1, 5))
def test_a_stop_in_mid_pull_ends_the_run_and_the_next_engine_goes_on(centre: House, page: int) -> None:
    grace = centre.join("Grace Lamb")
    after_rows(grace, page, grace.engine.stop)
    grace.engine.run()
    assert not [thread for thread in threading.enumerate() if thread.name == "ewb-ahead"]
    assert len(names(grace.store)) < PEOPLE
    Connected(grace.laptop, grace.line).sync()
    assert names(grace.store) == everybody()


def test_a_full_disk_in_mid_pull_is_told_and_nothing_hangs(centre: House) -> None:
    grace = centre.join("Grace Lamb")

    def fill() -> None:
        raise FullDisk

    after_rows(grace, 2, fill)
    with pytest.raises(FullDisk):
        grace.engine.run()
    assert not [thread for thread in threading.enumerate() if thread.name == "ewb-ahead"]
    grace.sync()
    assert names(grace.store) == everybody()


def test_what_is_written_in_mid_pull_is_sent_before_the_pull_ends(centre: House) -> None:
    grace = centre.join("Grace Lamb")

    def write() -> None:
        with grace.store.write() as writing:
            writing.add(Person(area=AREA, preferred_name="Written meanwhile"))

    after_rows(grace, 2, write)
    outcome = grace.sync()
    assert outcome.sent == 1
    assert to_send(grace.store) == 0
    assert names(grace.store) == sorted([*everybody(), "Written meanwhile"])


def test_a_page_whose_laying_was_undone_by_a_power_cut_is_asked_for_again(centre: House) -> None:
    grace = centre.join("Grace Lamb")
    after_rows(grace, 2, grace.engine.stop)
    grace.engine.run()
    with grace.store.read() as connection:
        assert 0 < read_progress(connection).cursor < PEOPLE
    with grace.store.write() as writing, writing.echo():
        # as if the last relaxed writing had never been: its rows and its cursor go together
        writing.note("sync.progress", None)
        writing.connection.exec_driver_sql("DELETE FROM person WHERE number > ?", (PAGE,))
    Connected(grace.laptop, grace.line).sync()
    assert names(grace.store) == everybody()
