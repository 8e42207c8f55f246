"""A laptop compares what it holds with a real server: damage is found by name and repaired, and unsent edits stay on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from ewb_desktop.storage.cards.search import find_people
from ewb_desktop.storage.exchange.journal import acknowledge, counts, pending
from ewb_desktop.storage.exchange.sync_state import read_enrolment
from ewb_desktop.storage.settling.digests import Checked, read_check
from ewb_desktop.storage.tables import Person, Visit, table
from ewb_desktop.storage.writing import Writing
from ewb_desktop.syncing.digest import check
from sync.protocol.errors import Refusal
from sync.protocol.messages import Verdict, VerdictKind
from sync.server.database import tables
from tests.support.connected import AREA, Connected, House
from tests.support.server_copies import copy_pages
from tests.syncing.test_restored import keep_a_copy

PEOPLE = 30


def checked(laptop: Connected) -> Checked | None:
    with laptop.store.read() as connection:
        enrolment = read_enrolment(connection)
    assert enrolment is not None
    return check(laptop.store, laptop.open_wire(enrolment.address, enrolment.credential))


def told(laptop: Connected) -> dict[str, int]:
    outcome = checked(laptop)
    assert outcome is not None
    names = ("repaired", "taken_away", "offered", "kept")
    return {name: count for name in names if (count := getattr(outcome, name))}


def rows(laptop: Connected) -> list[Any]:
    person = table(Person).c
    columns = (person.id, person.number, person.gone, person.preferred_name, person.telephone)
    with laptop.store.read() as connection:
        return list(connection.execute(select(*columns).order_by(person.id)).all())


def damaged(laptop: Connected, work: Callable[[Writing], object]) -> None:
    with laptop.store.write() as writing, writing.echo():
        work(writing)


def pair(centre: House) -> tuple[Connected, Connected]:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        for number in range(PEOPLE):
            writing.add(Person(area=AREA, preferred_name=f"Person {number}", telephone=f"0161 496 00{number:02}"))
        writing.add(Visit(area=AREA, people=3))
    rowan.sync()
    grace.sync()
    rowan.sync()
    return rowan, grace


SOME = "(SELECT id FROM person ORDER BY id LIMIT 7)"
DAMAGE = {
    "rows are gone": f"DELETE FROM person WHERE id IN {SOME}",
    "numbers are too high": f"UPDATE person SET number = number + 1000000 WHERE id IN {SOME}",
    "numbers are too low": f"UPDATE person SET number = 1, telephone = NULL WHERE id IN {SOME}",
    "numbers are none": f"UPDATE person SET number = 0 WHERE id IN {SOME}",
    "rows look removed": f"UPDATE person SET gone = 1 WHERE id IN {SOME}",
}


def test_laptops_that_hold_the_same_need_one_turn(centre: House) -> None:
    for laptop in pair(centre):
        before = laptop.line.calls
        assert told(laptop) == {}
        assert laptop.line.calls == before + 1


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_by_name_and_repaired_in_few_turns(centre: House, damage: str) -> None:
    _rowan, grace = pair(centre)
    whole = rows(grace)
    damaged(grace, lambda writing: writing.connection.exec_driver_sql(DAMAGE[damage]))
    assert rows(grace) != whole
    before = grace.line.calls
    assert told(grace) == {"repaired": 7}
    assert grace.line.calls == before + 3
    assert rows(grace) == whole
    with grace.store.read() as connection:
        assert find_people(connection, "Person 3")
        assert counts(connection).to_send == 0
    assert told(grace) == {}


def test_an_empty_table_is_filled_again_without_beginning_anew(centre: House) -> None:
    rowan, grace = pair(centre)
    damaged(grace, lambda writing: writing.connection.exec_driver_sql("DELETE FROM person"))
    assert told(grace) == {"repaired": PEOPLE}
    assert [tuple(row) for row in rows(grace)] == [tuple(row) for row in rows(rowan)]


def test_unsent_edits_stay_on_top_of_what_is_repaired(centre: House) -> None:
    rowan, grace = pair(centre)
    person = rows(grace)[0].id
    with grace.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0999")
    damaged(grace, lambda writing: writing.connection.exec_driver_sql(DAMAGE["rows are gone"]))
    assert told(grace) == {"repaired": 7}
    assert (rows(grace)[0].telephone, rows(grace)[0].preferred_name) == ("0161 496 0999", "Person 0")
    grace.sync()
    rowan.sync()
    assert rows(rowan)[0].telephone == "0161 496 0999"


def test_a_record_that_waits_to_be_sent_is_no_difference(centre: House) -> None:
    _rowan, grace = pair(centre)
    with grace.store.write() as writing:
        writing.add(Person(area=AREA, preferred_name="New"))
        writing.edit(Person, rows(grace)[0].id, telephone="0161 496 0999")
    assert told(grace) == {}


def test_a_record_that_stands_under_an_older_number_for_its_unsent_edit_is_no_difference(centre: House) -> None:
    rowan, grace = pair(centre)
    person = rows(grace)[0].id
    with grace.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0999")
        (entry,) = pending(writing.connection)
        acknowledge(writing, [Verdict(id=entry.id, kind=VerdictKind.REFUSED, reason=Refusal.MALFORMED)])
    with rowan.store.write() as writing:
        writing.edit(Person, person, telephone="0161 496 0111")
    rowan.sync()
    grace.sync()
    assert rows(grace)[0].number < rows(rowan)[0].number
    assert told(grace) == {}
    assert rows(grace)[0].telephone == "0161 496 0999"


def test_an_older_row_of_the_server_is_never_laid_over_a_newer_one(centre: House) -> None:
    rowan, grace = pair(centre)
    person, file = rows(grace)[0].id, centre.folder / "server.db"
    copy = keep_a_copy(centre)
    for laptop in (rowan, grace):
        with rowan.store.write() as writing:
            writing.edit(Person, person, telephone="0161 496 0999")
        laptop.sync()
    # put back between the round and the comparison
    copy_pages(copy, file)
    assert told(grace) == {}
    assert rows(grace)[0].telephone == "0161 496 0999"


def test_what_the_server_lost_is_kept_told_and_sent_again(centre: House) -> None:
    rowan, grace = pair(centre)
    lost = [row.id for row in rows(grace)[:2]]
    centre.server.do(lambda connection: connection.execute(delete(tables.record).where(tables.record.c.id.in_(lost))))
    centre.server.do(lambda connection: connection.execute(delete(tables.ledger).where(tables.ledger.c.record.in_(lost))))
    assert told(grace) == {"offered": 2}
    assert len(rows(grace)) == PEOPLE
    grace.sync()
    there = select(tables.record.c.id).where(tables.record.c.id.in_(lost))
    assert set(centre.server.do(lambda connection: connection.execute(there).scalars().all())) == set(lost)
    rowan.sync()
    for laptop in (grace, rowan):
        assert told(laptop) == {}
    assert [tuple(row) for row in rows(grace)] == [tuple(row) for row in rows(rowan)]


def test_what_the_server_still_has_the_history_of_is_not_offered_as_new(centre: House) -> None:
    rowan, grace = pair(centre)
    lost = [row.id for row in rows(grace)[:2]]
    with rowan.store.write() as writing:
        writing.edit(Person, lost[0], telephone="0161 496 0999")
    for laptop in (rowan, grace):
        laptop.sync()
    centre.server.do(lambda connection: connection.execute(delete(tables.record).where(tables.record.c.id.in_(lost))))
    assert told(grace) == {}
    for laptop in (grace, rowan):
        laptop.sync()
        assert told(laptop) == {}
    assert [tuple(row) for row in rows(grace)] == [tuple(row) for row in rows(rowan)]
    line = tables.ledger.c
    said = select(line.kind).where(line.record == lost[1]).order_by(line.number)
    # a line says that it was made again, and nobody said that it is new
    assert centre.server.do(lambda connection: connection.execute(said).scalars().all()) == ["create", "edit"]


def test_what_others_look_after_now_leaves_a_laptop_that_no_round_has_told(centre: House) -> None:
    wide = centre.join("Ines Vale", areas=("*",))
    _rowan, grace = pair(centre)
    wide.sync()
    person = rows(grace)[0].id
    with wide.store.write() as writing:
        writing.edit(Person, person, area="sale")
    wide.sync()
    centre.server.do(lambda connection: connection.execute(delete(tables.departed)))
    grace.sync()
    assert told(grace) == {"taken_away": 1}
    assert person not in {row.id for row in rows(grace)}
    with grace.store.read() as connection:
        assert counts(connection).to_send == 0


def test_a_colleague_s_edit_between_round_and_check_is_no_damage(centre: House) -> None:
    rowan, grace = pair(centre)
    with rowan.store.write() as writing:
        writing.edit(Person, rows(rowan)[0].id, telephone="0161 496 0999")
    rowan.sync()
    assert told(grace) == {}


def test_it_is_done_once_a_day_after_a_round(centre: House) -> None:
    _rowan, grace = pair(centre)
    whole = rows(grace)
    damaged(grace, lambda writing: writing.connection.exec_driver_sql(DAMAGE["rows are gone"]))
    grace.clock.move(hours=20)
    grace.sync()
    assert len(rows(grace)) == PEOPLE - 7
    grace.clock.move(hours=5)
    grace.sync()
    assert rows(grace) == whole
    with grace.store.read() as connection:
        assert read_check(connection).repaired == 7
    before = grace.line.calls
    grace.sync()
    assert grace.line.calls == before + 1


def test_a_line_that_breaks_in_the_middle_is_no_trouble_of_the_round(centre: House) -> None:
    _rowan, grace = pair(centre)
    damaged(grace, lambda writing: writing.connection.exec_driver_sql(DAMAGE["rows are gone"]))
    grace.clock.move(hours=25)
    send, before = grace.line.send, grace.line.calls

    def breaks(*arguments: Any, **named: Any) -> Any:
        grace.line.is_unplugged = grace.line.calls >= before + 3
        return send(*arguments, **named)

    grace.line.send = breaks  # type: ignore[method-assign]
    grace.sync()
    assert len(rows(grace)) == PEOPLE - 7
    grace.line.send = send  # type: ignore[method-assign]
    grace.line.is_unplugged = False
    grace.sync()
    assert len(rows(grace)) == PEOPLE


def test_nobody_is_listed_what_is_not_for_her(centre: House) -> None:
    _rowan, grace = pair(centre)
    person = rows(grace)[0].id
    volunteer = centre.join("Vi Hill", "volunteer")
    volunteer.sync()
    damaged(volunteer, lambda writing: writing.connection.exec_driver_sql("UPDATE visit SET number = 77"))
    assert told(volunteer) == {"repaired": 1}
    damaged(volunteer, lambda writing: writing.add(Person(id=person, area=AREA, number=1, preferred_name="Made up")))
    assert told(volunteer) == {"taken_away": 1}
    assert not any(b"Person" in answer for answer in volunteer.line.bytes_received)


def test_nothing_is_compared_while_more_is_to_come(centre: House) -> None:
    newcomer = centre.join("Ines Vale")
    assert checked(newcomer) is None


def test_what_is_not_the_laptop_s_own_epoch_is_not_compared(centre: House) -> None:
    _rowan, grace = pair(centre)
    centre.server.do(lambda connection: connection.execute(update(tables.organisation).values(epoch=grace.store.device)))
    assert checked(grace) is None
