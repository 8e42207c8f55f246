"""Two laptops and a server: the power is cut at every step of a round, the plug is pulled, and nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from ewb_desktop.storage.store import open_store
from ewb_desktop.storage.tables import Need, Person, table
from ewb_desktop.syncing.engine import Engine
from sync.server.database import tables as server_tables
from tests.support.clock import HandClock
from tests.support.connected import AREA, Connected, House, house

PEOPLE = 3


class PowerCut(BaseException):
    """The laptop is off."""


class DyingClock(HandClock):
    """Stands still, and cuts the power when it is read for the n-th time: a round reads it at each of its steps."""

    def __init__(self, start: datetime, readings: int) -> None:
        super().__init__(start)
        self.readings = readings

    def now(self) -> datetime:
        """Return the instant, while there is power."""
        self.readings -= 1
        if self.readings < 0:
            raise PowerCut
        return super().now()


def write_an_afternoon(laptop: Connected) -> str:
    with laptop.store.write() as writing:
        for number in range(PEOPLE):
            person = writing.add(Person(area=AREA, preferred_name=f"Person {number}"))
            writing.add(Need(area=AREA, person=person, words="sleep", code="sleep"))
    with laptop.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0123")
    return person


def restart(centre: House, laptop: Connected, clock: HandClock) -> None:
    """Open the file again as after a restart, with ``clock``."""
    old = laptop.laptop
    old.store.close()
    store = open_store(old.path, old.key, author=old.store.author, device=old.store.device, clock=clock)
    laptop.laptop = replace(old, store=store, clock=clock)
    laptop.engine = Engine(store, "0.1.0", laptop.signed_off.append, laptop.open_wire)
    centre.ending.callback(store.close)


def contents(laptop: Connected) -> list[tuple[object, ...]]:
    person, need = table(Person), table(Need)
    with laptop.store.read() as connection:
        people = connection.execute(select(person.c.id, person.c.number, person.c.telephone).order_by(person.c.id)).all()
        needs = connection.execute(select(need.c.id, need.c.number, need.c.words).order_by(need.c.id)).all()
    return [tuple(row) for row in (*people, *needs)]


def changes_at_the_server(centre: House) -> int:
    ledger = server_tables.ledger
    query = select(func.count()).select_from(ledger).where(ledger.c.entity.in_(["person", "need"]))
    return int(centre.server.do(lambda connection: connection.execute(query).scalar_one()))


@pytest.fixture
def either_centre(tmp_path: Path, database_url: str) -> Iterator[House]:
    with house(tmp_path, database_url) as open_house:
        yield open_house


@pytest.mark.parametrize("who_loses_power", ["the one who sends", "the one who receives"])
def test_power_cut_at_every_step_of_a_round_loses_and_doubles_nothing(either_centre: House, who_loses_power: str) -> None:
    centre = either_centre
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    write_an_afternoon(rowan)
    entries = len(contents(rowan))
    if who_loses_power == "the one who receives":
        rowan.sync()
    dying = rowan if who_loses_power == "the one who sends" else grace
    start = centre.server.at[0]
    for readings in range(100):
        restart(centre, dying, DyingClock(start, readings + 1))
        try:
            assert dying.engine.run().trouble is None
        except PowerCut:
            continue
        break
    else:
        pytest.fail("no round came to its end")
    assert readings > 1
    for laptop in (rowan, grace, rowan):
        restart(centre, laptop, HandClock(start))
        laptop.sync()
    assert contents(rowan) == contents(grace)
    assert len(contents(grace)) == entries == 2 * PEOPLE
    assert all(isinstance(row[1], int) and row[1] > 0 for row in contents(grace))
    assert changes_at_the_server(centre) == len(rowan_journal(rowan))


def rowan_journal(laptop: Connected) -> list[str]:
    with laptop.store.read() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM journal WHERE settled_at IS NOT NULL").scalars())


@pytest.mark.parametrize("lost", ["the question", "the answer"])
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_plug_that_is_pulled_at_any_turn_costs_only_time(centre: House, lost: str, turn: int) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        for number in range(1_100):
            writing.add(Need(area=AREA, words=f"need {number}"))
    before, send = rowan.line.calls, rowan.line.send

    def faulty(request: requests.PreparedRequest, **named: object) -> requests.Response:
        if rowan.line.calls - before == turn - 1:
            rowan.line.send = send  # type: ignore[method-assign]
            rowan.line.loses_answer = lost == "the answer"
            rowan.line.is_unplugged = lost == "the question"
        return send(request, **named)

    rowan.line.send = faulty  # type: ignore[method-assign]
    assert rowan.engine.run().trouble is not None
    rowan.line.is_unplugged = False
    rowan.sync()
    grace.sync()
    assert contents(rowan) == contents(grace)
    assert len(contents(grace)) == changes_at_the_server(centre) == 1_100
