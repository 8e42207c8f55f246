"""Two laptops live through a line that goes wrong: whatever it does, nothing is lost, doubled or altered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.tables import Contact, Person, table
from ewb_desktop.syncing import sockets, wire
from ewb_desktop.syncing.engine import Engine
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.troubles import RoundFailed
from sync.server.admission.people import create_organisation, invite
from sync.server.clock import utc_now
from sync.server.database import tables
from sync.server.database.engine import Database
from tests.support.connected import AREA
from tests.support.laptops import Laptop, laptop
from tests.support.proxy import Fate, Line, Proxy, proxied
from tests.support.servers import ORGANISATION, serving, settings_for

BYTES = st.integers(0, 12_000)
"""A place in what travels both ways: the rounds of one example are about so long."""
FATES = st.lists(st.sampled_from(list(Fate)), min_size=1, max_size=8)


def _fate(fates: list[Fate]) -> Callable[[int], Fate]:
    return lambda number: fates[number - 1] if number <= len(fates) else Fate.PASS


LINES = st.one_of(
    st.builds(Line, cut_up=BYTES),
    st.builds(Line, cut_down=BYTES),
    st.builds(Line, truncate_down=BYTES),
    st.builds(Line, flip_down=BYTES),
    st.builds(Line, repeat_down=BYTES),
    st.builds(Line, swap_down=BYTES),
    st.builds(Line, fate=FATES.map(_fate)),
)


@dataclass(frozen=True, slots=True)
class Town:
    """A server that listens, with a hundred people in it, and what leads to it."""

    address: str
    database: Database

    def do(self, work: Callable[[Connection], Any]) -> Any:
        """Do ``work`` in one transaction of the server's database."""
        with self.database.writing() as connection:
            return work(connection)

    def join(self, folder: Path, name: str, address: str) -> Laptop:
        """Let a laptop in that will speak to ``address``."""
        lent = laptop(folder, name, area=AREA)
        code = self.do(lambda c: invite(c, ORGANISATION, name, "connector", [AREA], utc_now())).code
        enrol(lent.store, address, code, name)
        return lent


@contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Run the server on a file in ``folder``."""
    url = f"sqlite:///{folder / 'server.db'}"
    database = Database(settings_for(url))
    database.migrate()
    with database.writing() as connection:
        create_organisation(connection, ORGANISATION, "Stretford Wellbeing (made up)", utc_now())
    try:
        # hundreds of laptops join from this one address
        with serving(url, EWB_ENROL_BURST="1000000", EWB_ENROL_PER_MINUTE="1000000") as address:
            made = Town(address, database)
            first = made.join(folder, "first", address)
            with first.store.write() as writing:
                for number in range(100):
                    writing.add(Person(area=AREA, preferred_name=f"Person {number}", telephone="0161 496 0000"))
            assert run(first).trouble is None
            first.store.close()
            yield made
    finally:
        database.close()


def run(mine: Laptop) -> Any:
    """Do rounds until there is nothing more, or something is in the way."""
    return Engine(mine.store, "0.1.0", lambda _sealed: None).run()


def live_through(place: Town, line: Line) -> None:
    """Let one laptop push and a fresh one pull over ``line``; then it is mended, and all must be as if it had been whole."""
    with tempfile.TemporaryDirectory() as name, proxied(place.address) as proxy, ExitStack() as ending:
        folder = Path(name)
        old, fresh = (place.join(folder, who, proxy.url) for who in ("Rowan", "Grace"))
        for each in (old, fresh):
            ending.callback(each.store.close)
        assert run(old).trouble is None
        made = [_write(each) for each in (old, fresh)]
        _use(proxy, line, [old, fresh, old, fresh])
        proxy.heal()
        for each in (old, fresh, old, fresh):
            outcome = run(each)
            assert (outcome.trouble, outcome.held, outcome.set_aside) == (None, 0, 0)
        _expect_whole(place, [old, fresh], [*made[0], *made[1]])


def _use(proxy: Proxy, line: Line, in_turn: list[Laptop]) -> None:
    proxy.reset()
    proxy.line = line
    with pytest.MonkeyPatch.context() as patch:
        # half a minute of silence tells no more than a part of a second
        patch.setattr(wire, "SILENCE_SECONDS", 0.3)
        patch.setattr(sockets, "ASKED_SECONDS", 0.1)
        for each in in_turn:
            outcome = run(each)
            assert outcome.trouble is None or isinstance(outcome.trouble, RoundFailed)
            assert (outcome.held, outcome.set_aside) == (0, 0)


def _write(mine: Laptop) -> list[str]:
    with mine.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina"))
        return [person, *(writing.add(Contact(area=AREA, person=person, how="phone", note=f"rang {n}")) for n in range(20))]


def _expect_whole(place: Town, laptops: list[Laptop], made: list[str]) -> None:
    ledger, record = tables.ledger.c, tables.record.c
    said = place.do(lambda c: c.execute(select(func.count()).where(ledger.record.in_(made))).scalar_one())
    kept = place.do(lambda c: c.execute(select(func.count()).where(record.id.in_(made))).scalar_one())
    assert (said, kept) == (len(made), len(made))
    shown = [_shown(mine) for mine in laptops]
    assert shown[0] == shown[1]
    assert set(made) <= {row[0] for row in shown[0]}
    for mine in laptops:
        with mine.store.read() as connection:
            assert counts(connection).to_send == 0


def _shown(mine: Laptop) -> list[tuple[Any, ...]]:
    person, contact = table(Person).c, table(Contact).c
    with mine.store.read() as connection:
        people = connection.execute(select(person.id, person.preferred_name, person.telephone, person.number).order_by(person.id))
        contacts = connection.execute(select(contact.id, contact.note, contact.person, contact.number).order_by(contact.id))
        return [tuple(row) for row in (*people, *contacts)]
