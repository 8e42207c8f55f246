"""Who changed what, between two laptops and a real server: heard in a round, asked for in full, and never by the wrong role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ewb_desktop.storage.history import Step, history_of
from ewb_desktop.storage.tables import Person, Visit
from ewb_desktop.syncing.history import fetch_history
from sync.server import tables
from tests.support.connected import AREA, Connected, House, house


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as open_house:
        yield open_house


def steps_of(laptop: Connected, person: str) -> list[Step]:
    with laptop.store.read() as connection:
        return history_of(connection, "person", person)


def edited(laptop: Connected, person: str, **fields: Any) -> None:
    with laptop.store.write() as writing:
        writing.edit(Person, person, **fields)
    laptop.sync()


def shared(centre: House) -> tuple[Connected, Connected, str]:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        person = writing.add(Person(area=AREA, preferred_name="Amina", telephone="0161 496 0100"))
    rowan.sync()
    grace.sync()
    return rowan, grace, person


def looks(centre: House) -> list[tuple[str, str]]:
    audit = tables.audit.c
    query = tables.audit.select().where(audit.action.in_(("view", "view_denied"))).order_by(audit.number)
    return centre.server.do(lambda connection: [(row.action, row.record) for row in connection.execute(query)])


def test_a_colleague_s_edits_are_heard_in_the_round_each_with_its_author_and_what_was_before(centre: House) -> None:
    rowan, grace, person = shared(centre)
    edited(rowan, person, telephone="0161 496 0200")
    edited(rowan, person, pronouns="she")
    grace.sync()
    grace.line.is_unplugged = True
    made, first, second = steps_of(grace, person)
    assert made.author == first.author == second.author == rowan.store.author
    assert [(each.field, each.before, each.said) for each in (*first.fields, *second.fields)] == [
        ("telephone", "0161 496 0100", "0161 496 0200"),
        ("pronouns", None, "she"),
    ]


def test_the_server_tells_everything_also_what_was_before_a_laptop_came(centre: House) -> None:
    rowan, _grace, person = shared(centre)
    edited(rowan, person, telephone="0161 496 0200")
    late = centre.join("Ines Vale")
    late.sync()
    assert len(steps_of(late, person)) == 1
    assert fetch_history(late.store, person, late.open_wire) == 2
    assert [each.before for each in steps_of(late, person)[1].fields] == ["0161 496 0100"]
    assert looks(centre) == [("view", person)]


@pytest.mark.parametrize(
    ("role", "areas"), [("volunteer", (AREA,)), ("governance", ("*",)), ("connector", ("elsewhere",))], ids=lambda each: str(each)
)
def test_nobody_is_told_the_history_of_what_she_may_not_hold(centre: House, role: str, areas: tuple[str, ...]) -> None:
    _rowan, _grace, person = shared(centre)
    other = centre.join("Ines Vale", role, areas)
    other.sync()
    sent = len(other.line.bytes_received)
    assert fetch_history(other.store, person, other.open_wire) == 0
    assert looks(centre) == [("view_denied", person)]
    assert all(len(answer) < 200 for answer in other.line.bytes_received[sent:])


def test_a_round_tells_a_volunteer_nothing_of_a_member_s_history(centre: House) -> None:
    rowan, _grace, person = shared(centre)
    volunteer = centre.join("Ines Vale", "volunteer")
    volunteer.sync()
    with rowan.store.write() as writing:
        visit = writing.add(Visit(area=AREA, people=3))
    edited(rowan, person, telephone="0161 496 0200")
    volunteer.sync()
    with volunteer.store.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM visit").scalars().all() == [visit]
        assert connection.exec_driver_sql("SELECT count(*) FROM heard").scalar() == 0


def test_what_was_heard_leaves_the_laptop_with_its_records(centre: House) -> None:
    rowan, grace, person = shared(centre)
    edited(rowan, person, telephone="0161 496 0200")
    grace.sync()
    assert len(steps_of(grace, person)) == 2
    worker = tables.worker.c
    narrower = tables.worker.update().where(worker.id == grace.store.author).values(areas='["elsewhere"]')
    centre.server.do(lambda connection: connection.execute(narrower))
    grace.sync()
    assert steps_of(grace, person) == []


def test_an_answer_that_clashed_is_in_the_history_of_both_laptops(centre: House) -> None:
    rowan, grace, person = shared(centre)
    for laptop, said in ((rowan, "no"), (grace, "ask_first")):
        with laptop.store.write() as writing:
            writing.edit(Person, person, safe_to_call=said)
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    fetch_history(grace.store, person, grace.open_wire)
    for laptop in (rowan, grace):
        told = [
            (each.said, each.stood) for step in steps_of(laptop, person) for each in step.fields if each.field == "safe_to_call"
        ]
        assert told == [("no", True), ("ask_first", False)]
