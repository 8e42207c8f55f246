"""A server whose database was put back without a word: laptops that know more than it show it, and nothing newer is lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing.troubles import AskedToWait
from sync.server.admission.people import begin_epoch, revoke
from sync.server.admission.signed_off import note
from sync.server.doctor.examining import examine
from sync.server.records.epochs import FOUND_OUT
from tests.support.connected import Connected, House
from tests.support.server_copies import copy_pages
from tests.support.servers import ORGANISATION
from tests.syncing.test_restored import keep_a_copy, newcomer, next_day, questions_of, sync_all
from tests.syncing.test_rounds import add_person, edit, number_of, to_send, value


def put_back_unsaid(centre: House, copy: Path) -> None:
    copy_pages(copy, centre.folder / "server.db")


def pair(centre: House) -> tuple[Connected, Connected, str]:
    """Return two laptops that hold the same member."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(rowan.store, "Amina", telephone="0161 496 0001")
    for laptop in (rowan, grace):
        laptop.sync()
    return rowan, grace, amina


def shown(centre: House) -> int:
    query = f"SELECT count(*) FROM audit WHERE action = '{FOUND_OUT}'"
    number: int = centre.server.do(lambda c: c.exec_driver_sql(query).scalar_one())
    return number


def faults(centre: House) -> list[str]:
    found = examine(centre.server.database, centre.server.settings, centre.server.at[0])
    return [f"{finding.subject}: {finding.words}" for finding in found if not finding.is_well]


def test_what_a_database_that_was_put_back_unsaid_lost_is_offered_again_and_no_old_row_is_laid_over_it(
    centre: House, caplog: pytest.LogCaptureFixture
) -> None:
    rowan, grace, amina = pair(centre)
    copy = keep_a_copy(centre)
    edit(rowan.store, Person, amina, telephone="0161 496 0002")
    add_person(rowan.store, "Bo")
    rowan.sync()
    grace.sync()
    put_back_unsaid(centre, copy)
    edit(grace.store, Person, amina, pronouns="she/her")
    with caplog.at_level(logging.ERROR, "ewb_server"):
        grace.sync()
    next_day(rowan, grace)
    for laptop in (rowan, grace):
        laptop.sync()
        said = [value(laptop.store, Person, amina, name) for name in ("telephone", "pronouns")]
        assert (said, number_of(laptop.store, Person), to_send(laptop.store)) == (["0161 496 0002", "she/her"], 2, 0)
    # both showed it, one began the epoch
    assert shown(centre) == 1
    assert [record.levelname for record in caplog.records if "put back" in record.getMessage()] == ["ERROR"]


def test_it_is_shown_also_when_new_work_has_taken_the_same_numbers_since(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    copy = keep_a_copy(centre)
    edit(rowan.store, Person, amina, telephone="0161 496 0002")
    rowan.sync()
    put_back_unsaid(centre, copy)
    # Grace's laptop heard of nothing, so it shows nothing
    for name in ("Bo", "Cy", "Di"):
        add_person(grace.store, name)
        grace.sync()
    assert shown(centre) == 0
    for laptop in (rowan, grace, rowan):
        laptop.sync()
        assert value(laptop.store, Person, amina, "telephone") == "0161 496 0002"
    for laptop in (rowan, grace):
        assert (number_of(laptop.store, Person), to_send(laptop.store)) == (4, 0)
    assert shown(centre) == 1


def test_a_laptop_that_has_all_of_a_server_that_goes_on_shows_nothing(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    for turn in range(3):
        edit((rowan, grace)[turn % 2].store, Person, amina, telephone=f"0161 496 000{turn + 2}")
        for laptop in (rowan, grace, rowan):
            laptop.sync()
    centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, centre.server.at[0]))
    for laptop in (rowan, grace, rowan):
        laptop.sync()
    with rowan.store.read() as connection:
        assert read_progress(connection).mark is not None
    assert shown(centre) == 0


def test_the_doctor_asks_for_restored_until_the_administrator_has_said_it(centre: House) -> None:
    rowan, _, amina = pair(centre)
    copy = keep_a_copy(centre)
    edit(rowan.store, Person, amina, telephone="0161 496 0002")
    rowan.sync()
    put_back_unsaid(centre, copy)
    assert faults(centre) == []
    rowan.sync()
    (fault,) = faults(centre)
    assert f"ewb-server restored {ORGANISATION}" in fault
    centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, centre.server.at[0]))
    assert faults(centre) == []


def test_whoever_was_signed_off_after_that_copy_is_signed_off_again_by_the_list(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    copy, server = keep_a_copy(centre), centre.server
    server.do(lambda c: revoke(c, ORGANISATION, grace.store.device, server.at[0]))
    server.do(lambda c: note(server.settings.sign_offs, c, server.at[0]))
    edit(rowan.store, Person, amina, telephone="0161 496 0002")
    rowan.sync()
    put_back_unsaid(centre, copy)
    rowan.sync()
    edit(rowan.store, Person, amina, telephone="0161 496 0003")
    rowan.sync()
    grace.engine.run()
    assert len(grace.signed_off) == 1
    assert value(grace.store, Person, amina, "telephone") == "0161 496 0001"


def test_laptops_that_show_it_again_within_an_hour_wait_and_are_given_no_old_rows(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    for said in ("0161 496 0002", "0161 496 0003"):
        copy = keep_a_copy(centre)
        edit(rowan.store, Person, amina, telephone=said)
        rowan.sync()
        put_back_unsaid(centre, copy)
        outcome = rowan.engine.run()
    assert isinstance(outcome.trouble, AskedToWait)
    assert value(rowan.store, Person, amina, "telephone") == "0161 496 0003"
    assert shown(centre) == 1
    centre.server.at[0] += timedelta(hours=1)
    for laptop in (rowan, grace):
        laptop.sync()
        assert value(laptop.store, Person, amina, "telephone") == "0161 496 0003"
    assert shown(centre) == 2


@pytest.mark.parametrize("is_said_late", [False, True])
def test_whoever_knows_more_passes_over_nobody_who_wrote_before_it_was_noticed(centre: House, *, is_said_late: bool) -> None:
    rowan, grace, amina = pair(centre)
    joy = centre.join("Joy Dale")
    joy.sync()
    copy = keep_a_copy(centre)
    for turn in range(9):
        edit(grace.store, Person, amina, pronouns=f"she/her {turn}")
        grace.sync()
    rowan.sync()
    edit(rowan.store, Person, amina, safe_to_call="no")
    put_back_unsaid(centre, copy)
    edit(joy.store, Person, amina, safe_to_call="mornings only")
    joy.sync()
    for turn in range(3):
        add_person(joy.store, f"Visitor {turn}")
    joy.sync()
    if is_said_late:
        centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, centre.server.at[0]))
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1


def test_whoever_had_heard_no_more_than_was_put_back_is_asked_about_nothing_that_she_knew(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    edit(grace.store, Person, amina, safe_to_call="yes")
    sync_all(grace, rowan)
    copy = keep_a_copy(centre)
    edit(grace.store, Person, amina, pronouns="she/her")
    grace.sync()
    put_back_unsaid(centre, copy)
    edit(rowan.store, Person, amina, safe_to_call="no")
    sync_all(grace, rowan)
    gil = newcomer(centre)
    assert (shown(centre), value(gil.store, Person, amina, "safe_to_call")) == (1, "no")
    assert questions_of(gil) == []


def test_what_she_knew_before_her_own_last_word_she_knew_though_she_had_heard_more(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    edit(grace.store, Person, amina, safe_to_call="yes")
    sync_all(grace, rowan)
    edit(rowan.store, Person, amina, pronouns="she/her")
    rowan.sync()
    copy = keep_a_copy(centre)
    add_person(grace.store, "Bo")
    sync_all(grace, rowan)
    put_back_unsaid(centre, copy)
    edit(rowan.store, Person, amina, safe_to_call="no")
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "no"
    assert questions_of(gil) == []
