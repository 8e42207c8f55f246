"""A laptop that stood alone joins: what was written before is taken by the server and reaches colleagues."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.storage.areas import ALONE
from ewb_desktop.storage.cards.workers import workers
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import METADATA, Person, Place, Row, Visit, table
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.troubles import NoWholeCode
from ewb_desktop.syncing.wire import Wire
from sync.protocol.entities import ENTITIES
from tests.support.connected import ADDRESS, Connected, House


def join(centre: House, newcomer: Connected, areas: list[str]) -> None:
    code = centre.server.invite("Ines Vale", "connector", areas).code
    enrol(newcomer.store, ADDRESS, code, "a laptop", newcomer.open_wire)


def value(store: Store, kind: type[Row], record: str, name: str) -> Any:
    with store.read() as connection:
        return connection.execute(select(table(kind).c[name]).where(table(kind).c.id == record)).scalar()


def test_what_was_written_alone_arrives_at_a_colleague_of_the_same_area(centre: House) -> None:
    ines, grace = centre.newcomer("Ines Vale"), centre.join("Grace Lamb", areas=("sale",))
    with ines.store.write() as writing:
        place = writing.add(Place(area=ALONE, name="St Mary's Hall"))
        person = writing.add(Person(area=ALONE, preferred_name="Amina"))
        visit = writing.add(Visit(area=ALONE, place=place))
        writing.edit(Person, person, telephone="0161 496 0001")
    join(centre, ines, ["sale", "stretford"])
    outcome = ines.sync()
    grace.sync()
    assert outcome.held == 0
    assert value(grace.store, Person, person, "telephone") == "0161 496 0001"
    assert value(grace.store, Visit, visit, "place") == place
    assert value(grace.store, Place, place, "name") == "St Mary's Hall"


def test_what_is_no_whole_code_is_not_sent_and_the_next_is_taken(centre: House) -> None:
    ines = centre.newcomer("Ines Vale")
    code = centre.server.invite("Ines Vale", "connector", ["sale"]).code
    with pytest.raises(NoWholeCode):
        enrol(ines.store, "https://nobody.example.org", code[:-1], "a laptop", Wire)
    assert enrol(ines.store, ADDRESS, code.replace("-", " "), "a laptop", ines.open_wire).worker_name == "Ines Vale"


def test_what_was_written_alone_stays_unseen_by_another_area(centre: House) -> None:
    ines, faith = centre.newcomer("Ines Vale"), centre.join("Faith Moss", areas=("urmston",))
    with ines.store.write() as writing:
        place = writing.add(Place(area=ALONE, name="St Mary's Hall"))
        person = writing.add(Person(area=ALONE, preferred_name="Amina"))
    join(centre, ines, ["sale"])
    ines.sync()
    faith.sync()
    assert value(faith.store, Person, person, "id") is None
    assert value(faith.store, Place, place, "id") == place


def test_no_record_and_no_unsent_edit_stands_in_the_area_of_nowhere_after_joining(centre: House) -> None:
    ines = centre.newcomer("Ines Vale")
    with ines.store.write() as writing:
        writing.add(Place(area=ALONE, name="St Mary's Hall"))
        writing.add(Person(area=ALONE, preferred_name="Amina"))
    join(centre, ines, ["sale"])
    with ines.store.read() as connection:
        for name in ENTITIES:
            column = METADATA.tables[name].c.area
            assert connection.execute(select(column).where(column == ALONE)).first() is None
        assert connection.exec_driver_sql("SELECT count(*) FROM journal WHERE area = ?", (ALONE,)).scalar() == 0
        assert counts(connection).to_send == 2


def test_the_workers_areas_and_role_are_known_before_the_first_round(centre: House) -> None:
    ines = centre.newcomer("Ines Vale")
    join(centre, ines, ["sale", "stretford"])
    with ines.store.read() as connection:
        progress = read_progress(connection)
    assert progress.areas == ("sale", "stretford")
    assert progress.role == "connector"
    assert progress.last_exchange is None


def test_work_of_a_worker_of_every_area_goes_to_every_area(centre: House) -> None:
    ines, grace = centre.newcomer("Ines Vale"), centre.join("Grace Lamb", areas=("*",))
    with ines.store.write() as writing:
        person = writing.add(Person(area=ALONE, preferred_name="Amina"))
    join(centre, ines, ["*"])
    ines.sync()
    grace.sync()
    assert value(grace.store, Person, person, "area") == "*"


def test_a_worker_has_her_name_and_role_before_the_first_round(centre: House) -> None:
    ines = centre.newcomer("Ines Vale")
    join(centre, ines, ["sale"])
    with ines.store.read() as connection:
        assert [(each.id, each.name, each.role) for each in workers(connection)] == [
            (ines.store.author, "Ines Vale", "connector")
        ]


def test_the_name_that_the_server_told_is_not_sent_back(centre: House) -> None:
    ines = centre.newcomer("Ines Vale")
    join(centre, ines, ["sale"])
    with ines.store.read() as connection:
        assert counts(connection).to_send == 0
    ines.sync()
    with ines.store.read() as connection:
        assert [each.name for each in workers(connection)] == ["Ines Vale"]
