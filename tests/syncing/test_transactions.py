"""A round costs few transactions: each one that writes waits for the disk, and a worker who saves meanwhile waits for it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine, event

from ewb_desktop.storage.engine import BEGUN_BY
from ewb_desktop.storage.tables import Person
from tests.support.connected import AREA, Connected, House


def begun(connected: Connected) -> list[str]:
    """Return how each transaction of one run of rounds began."""
    heard: list[str] = []

    def hear(connection: Connection) -> None:
        heard.append(connection.get_execution_options().get(BEGUN_BY, "BEGIN"))

    _listen(connected, hear)
    return heard


def _listen(connected: Connected, hear: Callable[[Connection], None]) -> None:
    pool: Engine = connected.store.engine
    event.listen(pool, "begin", hear)
    try:
        connected.sync()
    finally:
        event.remove(pool, "begin", hear)


def settled(centre: House) -> Connected:
    laptop = centre.join("Rowan Oak")
    laptop.sync()
    laptop.sync()
    return laptop


def test_a_round_with_nothing_to_say_writes_once(centre: House) -> None:
    heard = begun(settled(centre))
    assert heard.count("BEGIN IMMEDIATE") == 1
    assert heard.count("BEGIN") == 3


def test_a_push_writes_once_before_the_request_and_once_after_the_answer(centre: House) -> None:
    laptop = settled(centre)
    with laptop.store.write() as writing:
        for number in range(20):
            writing.add(Person(area=AREA, preferred_name=f"Person {number}"))
    heard = begun(laptop)
    assert heard.count("BEGIN IMMEDIATE") == 2
    assert heard.count("BEGIN") == 3


def waits(connected: Connected) -> list[bool]:
    """Say of each transaction of one run that writes whether its commit waits for the disk."""
    heard: list[bool] = []

    def hear(connection: Connection) -> None:
        if connection.get_execution_options().get(BEGUN_BY) == "BEGIN IMMEDIATE":
            heard.append(connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2)

    _listen(connected, hear)
    return heard


def test_what_is_put_in_order_on_a_new_day_waits_for_the_disk_only_when_it_makes_keys(centre: House) -> None:
    laptop = settled(centre)
    laptop.clock.move(days=1)
    assert waits(laptop)[0] is False
    with laptop.store.write() as writing:
        writing.note("sync.keys", None)
    assert waits(laptop)[0] is True
