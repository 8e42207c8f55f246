"""Who reads that somebody from elsewhere opened a member: her coordinator, or everybody where no coordinator can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.storage.holding.openings import unread_openings
from ewb_desktop.storage.tables import Opening, Person, Worker
from tests.support.laptops import Laptop, laptop

ADA, BEA, CY = "ada", "bea", "cy"


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.store.close()


def opened(lent: Laptop, by: str, coordinator: str | None = ADA, **ada: object) -> None:
    """Let ``by`` open a member of sale, whom Ada coordinates if nobody else is said; ``ada`` is what is known of her."""
    known: dict[str, object] = {"role": "connector", "areas": ["sale"], "active": True, **ada}
    with lent.store.write() as writing, writing.echo():
        writing.add(Worker.model_validate({"id": ADA, "area": "*", "name": "Ada", **known}))
        for worker in (BEA, CY):
            writing.add(Worker(id=worker, area="*", name=worker, role="connector", areas=["sale"], active=True))
        person = writing.add(Person(area="sale", preferred_name="Nadia", coordinator=coordinator))
        now = writing.clock.now()
        writing.add(Opening(area="sale", person=person, worker=by, worker_name=by, opened_at=now, until=now, reason="here"))


def told(lent: Laptop) -> list[str]:
    """Return who reads of it."""
    with lent.store.read() as connection:
        return [worker for worker in (ADA, BEA, CY) if unread_openings(connection, worker)]


def test_her_coordinator_alone_reads_of_it(lent: Laptop) -> None:
    opened(lent, "zed")
    assert told(lent) == [ADA]


def test_where_nobody_coordinates_everybody_does(lent: Laptop) -> None:
    opened(lent, "zed", None)
    assert told(lent) == [ADA, BEA, CY]


def test_where_the_coordinator_opened_her_herself_everybody_else_does(lent: Laptop) -> None:
    opened(lent, ADA)
    assert told(lent) == [BEA, CY]


@pytest.mark.parametrize(("known"), [{"areas": ["stretford"]}, {"active": False}, {"role": "volunteer"}])
def test_where_the_coordinator_may_not_hold_her_any_more_everybody_does(lent: Laptop, known: dict[str, object]) -> None:
    opened(lent, "zed", ADA, **known)
    assert told(lent)[-2:] == [BEA, CY]
