"""A new member belongs to an area that somebody works in, so that a colleague's laptop gets her."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.faults import FaultyFields
from ewb_desktop.actions.people import add_person, correct_person
from ewb_desktop.storage.cards.member_area import areas_to_choose, last_area
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.cards.workers import coordinators_for
from ewb_desktop.storage.tables import Person
from ewb_desktop.storage.tables import Worker as WorkerRow
from tests.support.connected import AREA, Connected, House
from tests.support.desks import library


def desk_of(at: Connected, areas: str = AREA) -> Desk:
    return Desk(at.store, at.clock, Worker(at.store.author, "Ada Lead", "connector"), library(), areas)


def choices(at: Connected) -> tuple[tuple[str, ...], str]:
    with at.store.read() as connection:
        return areas_to_choose(connection), last_area(connection)


def area_of(at: Connected, person: str) -> str | None:
    with at.store.read() as connection:
        record = person_record(connection, person)
    return record.area if record is not None else None


def test_whoever_works_in_every_area_chooses_one_in_use_and_her_colleague_there_gets_the_member(centre: House) -> None:
    ada, bea = centre.join("Ada Lead", areas=("*",)), centre.join("Bea Moss")
    centre.join("Cy Reed", areas=("sale",))
    ada.sync()
    assert choices(ada) == (("sale", AREA), "")
    person = add_person(desk_of(ada, "*"), {"preferred_name": "Mina", "area": AREA})
    assert choices(ada)[1] == AREA
    ada.sync()
    bea.sync()
    assert area_of(bea, person) == AREA


def test_an_area_where_nobody_works_is_not_taken(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=("*",))
    centre.join("Bea Moss")
    ada.sync()
    for nowhere in ("*", "stretfrod"):
        with pytest.raises(FaultyFields) as fault:
            add_person(desk_of(ada, "*"), {"preferred_name": "Mina", "area": nowhere})
        assert list(fault.value.sentences) == ["area"]


def test_where_several_areas_are_in_use_a_member_is_not_put_in_one_unasked(centre: House) -> None:
    ada, bea = centre.join("Ada Lead", areas=("*",)), centre.join("Bea Moss", areas=(AREA, "sale"))
    ada.sync()
    for desk in (desk_of(ada, "*"), desk_of(bea)):
        with pytest.raises(FaultyFields) as fault:
            add_person(desk, {"preferred_name": "Mina"})
        assert list(fault.value.sentences) == ["area"]


def test_a_member_does_not_move_to_where_nobody_works(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=("*",))
    centre.join("Bea Moss")
    ada.sync()
    person = add_person(desk_of(ada, "*"), {"preferred_name": "Mina"})
    for nowhere in ("*", "stretfrod"):
        with pytest.raises(FaultyFields) as fault:
            correct_person(desk_of(ada, "*"), person, {"area": nowhere})
        assert list(fault.value.sentences) == ["area"]
    assert area_of(ada, person) == AREA


def test_nobody_is_turned_away_where_no_area_has_a_name_yet(centre: House) -> None:
    ada, bea = centre.join("Ada Lead", areas=("*",)), centre.join("Bea Moss", areas=("*",))
    person = add_person(desk_of(ada, "*"), {"preferred_name": "Mina"})
    ada.sync()
    bea.sync()
    assert area_of(bea, person) == "*"


def test_where_only_one_area_is_in_use_it_is_taken_unasked(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=("*",))
    centre.join("Bea Moss")
    ada.sync()
    assert area_of(ada, add_person(desk_of(ada, "*"), {"preferred_name": "Mina"})) == AREA


def test_a_worker_with_two_areas_chooses_between_these(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=(AREA, "sale"))
    assert choices(ada)[0] == ("sale", AREA)


def test_an_area_that_was_lost_is_not_remembered(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=(AREA, "sale"))
    add_person(desk_of(ada), {"preferred_name": "Mina", "area": "sale"})
    assert choices(ada)[1] == "sale"
    centre.server.do(lambda c: c.exec_driver_sql("UPDATE worker SET areas = '[\"stretford\"]'"))
    ada.sync()
    assert choices(ada) == ((AREA,), "")


def test_a_member_in_no_area_moves_to_one_and_a_colleague_there_gets_her(centre: House) -> None:
    ada, bea = centre.join("Ada Lead", areas=("*",)), centre.join("Bea Moss")
    with ada.store.write() as writing:
        person = writing.add(Person(area="*", preferred_name="Mina"))
    ada.sync()
    bea.sync()
    assert area_of(bea, person) is None
    correct_person(desk_of(ada, "*"), person, {"area": AREA})
    ada.sync()
    bea.sync()
    assert area_of(bea, person) == AREA


def test_those_can_coordinate_whose_role_and_areas_let_them_hold_the_member(centre: House) -> None:
    ada = centre.join("Ada Lead", areas=("*",))
    for name, role, area in (
        ("Bea Moss", "connector", AREA),
        ("Cy Reed", "connector", "sale"),
        ("Di Volt", "volunteer", AREA),
        ("Ed Main", "administrator", "*"),
        ("Fi Peer", "peer", AREA),
        ("Gus Oak", "governance", "*"),
    ):
        centre.server.invite(name, role, [area])
    ada.sync()
    with ada.store.read() as connection:
        assert [each.name for each in coordinators_for(connection, AREA)] == ["Ada Lead", "Bea Moss", "Fi Peer"]


def test_on_a_laptop_without_a_server_nobody_is_kept_out(centre: House) -> None:
    alone = centre.newcomer("Ada Lead")
    with alone.store.write() as writing:
        writing.add(WorkerRow(id=alone.store.author, area="*", name="Ada Lead", active=True))
    with alone.store.read() as connection:
        assert [each.name for each in coordinators_for(connection, "local")] == ["Ada Lead"]
        assert areas_to_choose(connection) == ()
