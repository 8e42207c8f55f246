"""Two workers at two connected laptops: one has a form open into which the other writes meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.tables import Person, Row, table
from ewb_desktop.ui.differing_words import Beside as Told
from tests.support.connected import AREA, Connected, house
from tests.support.desks import library


class Beside:
    """What is said beside the fields of a form, for presenters that are tried without a page."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.new: list[str] = []

    def show_differing(self, told: Mapping[str, Told]) -> None:
        """Remember what stands beside which field."""
        self.words = {name: each.words for name, each in told.items()}

    def tell_of(self, fields: Collection[str]) -> None:
        """Remember which fields were named in the foot."""
        self.new += fields


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Hal has a form open; what Grace writes arrives at his laptop. Both hold the member Mo."""

    hal: Connected
    grace: Connected
    person: str

    @property
    def desk(self) -> Desk:
        """Hal's."""
        return Desk(self.hal.store, self.hal.clock, Worker(self.hal.store.author, "Hal Stone", "connector"), library(), AREA)

    @property
    def colleagues(self) -> Desk:
        """Grace's."""
        return Desk(
            self.grace.store, self.grace.clock, Worker(self.grace.store.author, "Grace Lamb", "connector"), library(), AREA
        )

    def share(self, row: Row) -> str:
        """Write a record about Mo at Hal's, and let Grace have it too."""
        row.area = AREA
        with self.hal.store.write() as writing:
            made = writing.add(row)
        self.exchange()
        return made

    def grace_writes(self, kind: type[Row], id: str, **fields: Any) -> None:
        """Let Grace write into a record, and her words arrive at Hal's."""
        with self.grace.store.write() as writing:
            writing.edit(kind, id, **fields)
        self.arrive()

    def arrive(self) -> None:
        """Let what Grace wrote arrive at Hal's."""
        self.grace.sync()
        self.hal.sync()

    def exchange(self) -> None:
        """Let both know everything."""
        for laptop in (self.hal, self.grace, self.hal):
            laptop.sync()

    def questions(self) -> dict[str, set[Any]]:
        """Let both know everything, and return the answers between which somebody has to choose, by their fields."""
        self.exchange()
        found = []
        for laptop in (self.hal, self.grace):
            with laptop.store.read() as connection:
                found.append({card.field: set(card.answers) for card in open_conflicts(connection)})
        assert found[0] == found[1]
        return found[0]

    def said(self, kind: type[Row], id: str, field: str) -> Any:
        """Let both know everything, and return what a record says."""
        self.exchange()
        known = table(kind).c
        found = []
        for laptop in (self.hal, self.grace):
            with laptop.store.read() as connection:
                found.append(connection.execute(select(known[field]).where(known.id == id)).scalar_one())
        assert found[0] == found[1]
        return found[0]


@contextmanager
def two_at_once(folder: Path) -> Iterator[Meanwhile]:
    """Lend two laptops in one area that hold the same member."""
    with house(folder) as centre:
        hal, grace = centre.join("Hal Stone"), centre.join("Grace Lamb")
        with hal.store.write() as writing:
            person = writing.add(Person(area=AREA, preferred_name="Mo", coordinator=hal.store.author, membership="active"))
        both = Meanwhile(hal, grace, person)
        both.exchange()
        yield both
