"""A server that comes back from a backup, and laptops that join again: they miss nothing, lose nothing and tell nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from ewb_desktop.actions.conflicts import Keep, keep
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.storage.cards.history import history_of
from ewb_desktop.storage.settling.digests import CHECK_EVERY
from ewb_desktop.storage.tables import Conflict, Person
from ewb_desktop.syncing import rounds
from ewb_desktop.syncing.enrol import enrol
from ewb_desktop.syncing.troubles import CutShort, OtherOrganisation, UnknownLaptop
from ewb_desktop.syncing.wire import Wire
from sync.protocol.change import ChangeKind
from sync.protocol.messages import RecordsReply
from sync.server.admission.people import begin_epoch, create_organisation, invite_again
from sync.server.database import tables
from sync.server.records.history import history, steps
from tests.support.connected import ADDRESS, AREA, Connected, House
from tests.support.desks import library
from tests.support.server_copies import copy_pages
from tests.support.servers import ORGANISATION
from tests.syncing.test_rounds import add_person, edit, number_of, to_send, value


def keep_a_copy(centre: House) -> Path:
    copy = centre.folder / "server-copy.db"
    copy_pages(centre.folder / "server.db", copy)
    return copy


def put_back(centre: House, copy: Path) -> None:
    """Put a copy back as ``restore`` does: nothing is numbered before the new epoch begins."""
    copy_pages(copy, centre.folder / "server.db")
    centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, centre.server.at[0], is_exact=True))


def sync_all(*laptops: Connected) -> None:
    for laptop in laptops:
        laptop.sync()


def both_know_amina(centre: House) -> tuple[Connected, Connected, str]:
    """Return two laptops that both hold one member, and her id."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(rowan.store, "Amina")
    sync_all(rowan, grace)
    return rowan, grace, amina


def newcomer(centre: House) -> Connected:
    """Return a laptop that has nothing but what the server gave it."""
    gil = centre.join("Gil Fox")
    gil.sync()
    return gil


def test_what_a_colleague_writes_after_the_restore_arrives_also_under_numbers_that_were_used_before(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    copy = keep_a_copy(centre)
    # Rowan's laptop pulls far beyond what the backup holds
    for turn in range(20):
        edit(grace.store, Person, amina, telephone=f"0161 496 00{turn:02d}")
        grace.sync()
    rowan.sync()
    put_back(centre, copy)
    joy = centre.join("Joy Dale")
    joy.sync()
    edit(joy.store, Person, amina, pronouns="she/her")
    bo = add_person(joy.store, "Bo")
    joy.sync()
    sync_all(rowan, grace, joy, rowan)
    for laptop in (rowan, grace, joy):
        assert value(laptop.store, Person, amina, "pronouns") == "she/her"
        assert value(laptop.store, Person, amina, "telephone") == "0161 496 0019"
        assert value(laptop.store, Person, bo, "preferred_name") == "Bo"
        assert to_send(laptop.store) == 0


def test_what_was_heard_before_the_restore_is_heard_anew_and_nothing_twice(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    copy = keep_a_copy(centre)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    sync_all(grace, rowan)
    put_back(centre, copy)
    joy = centre.join("Joy Dale")
    joy.sync()
    edit(joy.store, Person, amina, pronouns="she/her")
    joy.sync()
    sync_all(grace, rowan, grace, rowan)
    with rowan.store.read() as connection:
        lines = connection.exec_driver_sql("SELECT number, author FROM heard WHERE record = ?", (amina,)).all()
    ledger = tables.ledger.c
    query = select(ledger.number, ledger.author).where(ledger.record == amina, ledger.kind == "edit")
    # numbers are given anew: what was heard under them before the restore was somebody else's
    assert set(map(tuple, lines)) == centre.server.do(lambda c: set(map(tuple, c.execute(query))))


def test_the_history_of_a_record_is_the_server_s_on_every_laptop_after_a_restore_also_without_a_line(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    sync_all(grace, rowan)
    copy = keep_a_copy(centre)
    # two answers meet, which a person has to choose between, and one edit that nobody else had heard of
    edit(rowan.store, Person, amina, safe_to_call="yes")
    edit(grace.store, Person, amina, safe_to_call="no")
    bo = add_person(rowan.store, "Bo")
    sync_all(rowan, grace, rowan)
    put_back(centre, copy)
    sync_all(grace, rowan, grace, rowan)
    for laptop in (rowan, grace):
        laptop.line.is_unplugged = True
        assert told_here(laptop, amina) == told_there(centre, amina)
        assert len(told_here(laptop, amina)) == 3
        assert told_here(laptop, bo) == []


def test_an_edit_that_the_restored_server_took_otherwise_is_told_so_on_its_own_laptop(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    copy = keep_a_copy(centre)
    edit(rowan.store, Person, amina, safe_to_call="yes")
    edit(grace.store, Person, amina, safe_to_call="no")
    # taken as it was made, before Grace's; the restored server hears of Grace's first
    rowan.sync()
    put_back(centre, copy)
    sync_all(grace, rowan)
    assert told_here(rowan, amina) == told_there(centre, amina)
    assert told_here(rowan, amina)[-1] == (rowan.store.author, "safe_to_call", ["no", "yes", "no"])


def test_a_line_that_breaks_as_the_history_is_told_anew_leaves_it_for_the_next_round(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    sync_all(grace, rowan)
    put_back(centre, keep_a_copy(centre))
    with pytest.MonkeyPatch.context() as cut:
        cut.setattr(Wire, "records", broken_off)
        assert rowan.sync().trouble is None
    assert told_here(rowan, amina) == []
    rowan.sync()
    assert told_here(rowan, amina) == told_there(centre, amina) != []
    calls = rowan.line.calls
    rowan.sync()
    assert rowan.line.calls == calls + 1


def broken_off(_wire: Wire, _request: object) -> RecordsReply:
    raise CutShort


Told = tuple[str, str, list[Any]]


def told_here(laptop: Connected, record: str) -> list[Told]:
    """Return who changed what of a record, from what, to what, as the laptop tells it without a line."""
    with laptop.store.read() as connection:
        made = history_of(connection, "person", record)
    return [
        (step.author, each.field, [each.before, each.said, each.after])
        for step in made
        for each in step.fields
        if step.kind is not ChangeKind.CREATE
    ]


def told_there(centre: House, record: str) -> list[Told]:
    made = centre.server.do(lambda connection: steps(history(connection, ORGANISATION, record)))
    return [
        (step.line.author, name, list(values))
        for step in made
        for name, values in step.fields.items()
        if step.line.kind != "create"
    ]


def test_a_laptop_of_which_the_restored_server_knows_nothing_keeps_its_file_and_sends_all_of_it_once_it_has_joined_again(
    centre: House,
) -> None:
    copy = keep_a_copy(centre)
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Amina")
    rowan.sync()
    add_person(rowan.store, "Bo")
    put_back(centre, copy)
    outcome = rowan.engine.run()
    assert isinstance(outcome.trouble, UnknownLaptop)
    assert rowan.signed_off == []
    assert number_of(rowan.store, Person) == 2
    code = centre.server.invite("Rowan Oak", "connector", ["stretford"]).code
    enrol(rowan.store, ADDRESS, code, "Rowan's laptop", rowan.open_wire)
    rowan.sync()
    grace = centre.join("Grace Lamb")
    grace.sync()
    assert number_of(grace.store, Person) == 2


@pytest.mark.parametrize("at_a_time", [1, 500])
@pytest.mark.parametrize("joins_again", [False, True])
def test_what_came_after_the_backup_is_not_overwritten_by_what_a_laptop_brings_back(
    centre: House, monkeypatch: pytest.MonkeyPatch, joins_again: bool, at_a_time: int
) -> None:
    grace = centre.join("Grace Lamb")
    amina = add_person(grace.store, "Amina", safe_to_call="yes")
    grace.sync()
    copy = keep_a_copy(centre) if joins_again else None
    rowan = centre.join("Rowan Oak")
    copy = copy or keep_a_copy(centre)
    rowan.sync()
    for number in range(9):
        add_person(rowan.store, f"Person {number}")
        edit(rowan.store, Person, amina, telephone=f"0161 496 000{number}")
        rowan.sync()
    # made upon a number that the restored server has not come to
    edit(rowan.store, Person, amina, safe_to_call="no")
    rowan.sync()
    put_back(centre, copy)
    edit(grace.store, Person, amina, safe_to_call="mornings only")
    grace.sync()
    if joins_again:
        code = centre.server.invite("Rowan Oak", "connector", ["stretford"]).code
        enrol(rowan.store, ADDRESS, code, "Rowan's laptop", rowan.open_wire)
    monkeypatch.setattr(rounds, "PUSH_CHANGES", at_a_time)
    sync_all(rowan, grace, rowan)
    for laptop in (rowan, grace):
        assert value(laptop.store, Person, amina, "safe_to_call") == "mornings only"
        assert number_of(laptop.store, Conflict) == 1


def test_a_worker_who_joins_again_with_a_smaller_role_holds_no_members_any_more(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Zephyrine")
    rowan.sync()
    worker, now = rowan.store.author, centre.server.at[0]
    centre.server.change_worker(worker, role="volunteer")
    code = centre.server.do(lambda c: invite_again(c, ORGANISATION, worker, now)).code
    enrol(rowan.store, ADDRESS, code, "Rowan's laptop", rowan.open_wire)
    rowan.sync()
    assert number_of(rowan.store, Person) == 0


def test_another_organisation_gets_nothing_of_the_first_one_s_sent_or_not_and_its_code_stays_good(centre: House) -> None:
    rowan = centre.join("Rowan Oak")
    add_person(rowan.store, "Zephyrine")
    rowan.sync()
    add_person(rowan.store, "Bo")
    centre.server.do(lambda c: create_organisation(c, "trafford", "Trafford Minds (made up)", centre.server.at[0]))
    code = centre.server.invite("Rowan Oak", "connector", ["stretford"], "trafford").code
    with pytest.raises(OtherOrganisation, match="Add someone"):
        enrol(rowan.store, ADDRESS, code, "Rowan's laptop", rowan.open_wire)
    rowan.sync()
    assert (to_send(rowan.store), number_of(rowan.store, Person)) == (0, 2)
    record = tables.record.c
    query = select(record.id).where(record.organisation == "trafford", record.entity == "person")
    assert centre.server.do(lambda c: c.execute(query).all()) == []
    other = centre.newcomer("Joy Dale")
    enrol(other.store, ADDRESS, code, "Another file", other.open_wire)


def test_what_was_written_before_the_laptop_heard_of_the_restore_stands_above_what_it_offers_again(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(rowan.store, "Amina", safe_to_call="yes", telephone="0161 496 0001")
    rowan.sync()
    copy = keep_a_copy(centre)
    edit(rowan.store, Person, amina, safe_to_call="no", telephone="0161 496 0002")
    rowan.sync()
    put_back(centre, copy)
    edit(rowan.store, Person, amina, safe_to_call="mornings only", telephone="0161 496 0003")
    for laptop in (rowan, grace):
        laptop.sync()
        said = [value(laptop.store, Person, amina, name) for name in ("safe_to_call", "telephone")]
        assert (said, to_send(laptop.store)) == (["mornings only", "0161 496 0003"], 0)


def two_answers(centre: House) -> tuple[Connected, str, str]:
    """Let two laptops answer one question after a backup, which is put back then; return one, the member and the question."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(rowan.store, "Amina", safe_to_call="yes")
    sync_all(rowan, grace)
    copy = keep_a_copy(centre)
    for laptop, said in ((rowan, "no"), (grace, "mornings only")):
        edit(laptop.store, Person, amina, safe_to_call=said)
    sync_all(rowan, grace, rowan)
    put_back(centre, copy)
    (question,) = questions_of(rowan)
    return rowan, amina, question


def questions_of(laptop: Connected) -> list[str]:
    with laptop.store.read() as connection:
        return [card.id for card in open_conflicts(connection)]


def choose_other(laptop: Connected, question: str) -> None:
    worker = Worker(laptop.store.author, "Somebody", "connector")
    keep(Desk(laptop.store, laptop.clock, worker, library(), AREA), question, Keep.OTHER)


def next_day(*laptops: Connected) -> None:
    for laptop in laptops:
        laptop.clock.move_to(laptop.clock.now() + CHECK_EVERY)


def test_a_choice_about_a_question_that_the_restored_server_lost_arrives(centre: House) -> None:
    rowan, amina, question = two_answers(centre)
    # the laptop of whoever gave the other answer is gone: nothing but the question has it
    choose_other(rowan, question)
    rowan.sync()
    assert to_send(rowan.store) == 1
    next_day(rowan)
    sync_all(rowan, rowan)
    assert to_send(rowan.store) == 0
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert value(gil.store, Conflict, question, "chosen") == "mornings only"


def test_a_choice_from_before_a_restore_settles_no_question_about_what_its_author_had_not_heard(centre: House) -> None:
    rowan, grace, amina = both_know_amina(centre)
    copy = keep_a_copy(centre)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    with rowan.store.write() as writing:
        writing.remove(Person, amina)
    sync_all(grace, rowan)
    (question,) = questions_of(rowan)
    choose_other(rowan, question)
    rowan.sync()
    put_back(centre, copy)
    # her own word comes first this time, and her choice waits for the question, which is found anew
    for _ in range(2):
        sync_all(rowan, grace, rowan)
        next_day(rowan)
    sync_all(rowan, grace)
    for laptop in (rowan, grace, newcomer(centre)):
        assert value(laptop.store, Person, amina, "gone") == 0
        assert len(questions_of(laptop)) == 1


def test_a_question_that_the_restored_server_lost_stands_before_everybody_again(centre: House) -> None:
    rowan, _, question = two_answers(centre)
    for _ in range(2):
        rowan.sync()
        next_day(rowan)
    rowan.sync()
    gil = newcomer(centre)
    assert questions_of(gil) == questions_of(rowan) == [question]
    assert value(gil.store, Conflict, question, "other") == "mornings only"


def lost_with_the_restore(centre: House) -> tuple[Connected, str]:
    """Let one laptop send a member after a backup, which is put back then; return another that knows her, and her id.

    The laptop that sent her does not come again.
    """
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    copy = keep_a_copy(centre)
    amina = add_person(grace.store, "Amina")
    sync_all(grace, rowan)
    put_back(centre, copy)
    return rowan, amina


def test_a_member_whom_the_restored_server_lost_comes_back_under_an_edit_that_waits_for_her(centre: House) -> None:
    rowan, amina = lost_with_the_restore(centre)
    edit(rowan.store, Person, amina, telephone="0161 496 0001")
    rowan.sync()
    next_day(rowan)
    sync_all(rowan, rowan)
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "telephone") == "0161 496 0001"
    assert to_send(rowan.store) == 0


def test_a_member_who_was_lost_and_taken_off_meanwhile_comes_back_as_taken_off(centre: House) -> None:
    rowan, amina = lost_with_the_restore(centre)
    with rowan.store.write() as writing:
        writing.remove(Person, amina)
    rowan.sync()
    next_day(rowan)
    sync_all(rowan, rowan)
    gil = newcomer(centre)
    assert (value(gil.store, Person, amina, "gone"), to_send(rowan.store)) == (True, 0)
