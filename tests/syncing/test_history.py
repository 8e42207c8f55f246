"""Who changed what, between two laptops and a real server: heard in a round, asked for in full, and never by the wrong role."""

from __future__ import annotations

from typing import Any

import pytest

from ewb_desktop.storage.cards.history import Step, history_of
from ewb_desktop.storage.tables import Person, Visit
from ewb_desktop.syncing.history import fetch_history
from sync.protocol.change import ChangeKind
from sync.server.database import tables
from tests.support.connected import AREA, Connected, House


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


def told(laptop: Connected, person: str, field: str) -> list[tuple[Any, Any, Any, str]]:
    return [
        (each.before, each.said, each.after, step.author)
        for step in steps_of(laptop, person)
        for each in step.fields
        if each.field == field and step.number > 1
    ]


def answered_apart(centre: House, field: str, one: str, two: str) -> tuple[Connected, Connected, str]:
    """Let Rowan say one thing and Grace another without having heard of it."""
    rowan, grace, person = shared(centre)
    grace.line.is_unplugged = True
    with grace.store.write() as writing:
        writing.edit(Person, person, **{field: two})
    edited(rowan, person, **{field: one})
    grace.line.is_unplugged = False
    grace.sync()
    rowan.sync()
    return rowan, grace, person


@pytest.mark.parametrize("field", ["safe_to_call", "telephone"])
def test_of_one_s_own_edit_that_met_another_s_the_story_is_the_server_s(centre: House, field: str) -> None:
    rowan, grace, person = answered_apart(centre, field, "one", "two")
    assert told(grace, person, field)[-1] == told(rowan, person, field)[-1]
    assert [each[3] for each in told(grace, person, field)][-2:] == [rowan.store.author, grace.store.author]


def test_an_answer_that_waits_for_a_choice_is_not_told_as_a_change_on_the_laptop_that_gave_it(centre: House) -> None:
    _rowan, grace, person = answered_apart(centre, "safe_to_call", "yes", "no")
    assert told(grace, person, "safe_to_call")[-1][:3] == ("yes", "no", "yes")


def test_one_s_own_edit_whose_answer_was_lost_is_told_as_the_server_took_it(centre: House) -> None:
    rowan, _grace, person = shared(centre)
    with rowan.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0200")
    rowan.line.loses_answer = True
    rowan.engine.run()
    rowan.sync()
    assert told(rowan, person, "telephone")[-1] == ("0161 496 0100", "0161 496 0200", "0161 496 0200", rowan.store.author)
    with rowan.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM heard").scalar() == 1


def test_what_a_laptop_has_just_sent_is_not_told_to_it_again(centre: House) -> None:
    rowan, grace, person = shared(centre)
    with rowan.store.write() as writing:
        other = writing.add(Person(area=AREA, preferred_name="Bo"))
    for laptop in (rowan, grace):
        laptop.sync()
    edited(grace, other, pronouns="he")
    edited(rowan, person, telephone="0161 496 0200")
    with rowan.store.read() as connection:
        authors = connection.exec_driver_sql("SELECT author FROM heard").scalars().all()
    assert authors == [grace.store.author]


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_laptop_whose_clock_was_years_off_for_a_round_has_forgotten_nothing_of_what_it_heard(centre: House, year: int) -> None:
    rowan, grace, person = shared(centre)
    edited(rowan, person, pronouns="she/her")
    grace.sync()
    right = grace.clock.now()
    grace.clock.move_to(right.replace(year=year))
    edited(rowan, person, telephone="0161 496 0200")
    grace.sync()
    grace.clock.move_to(right)
    edited(rowan, person, preferred_name="Mina")
    grace.sync()
    said = [each.field for step in steps_of(grace, person) if step.kind is ChangeKind.EDIT for each in step.fields]
    assert said == ["pronouns", "telephone", "preferred_name"]
