"""Numbers that a laptop was told before a restore say nothing of what came after it: nobody's word is passed over by them."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.exchange.sync_state import Progress
from ewb_desktop.storage.tables import Person
from ewb_desktop.syncing import rounds
from ewb_desktop.syncing.pull import begin_epoch
from ewb_desktop.syncing.troubles import Revoked
from sync.server.laptops.outboxes import take_outbox
from tests.support.connected import Connected, House
from tests.support.servers import ORGANISATION
from tests.syncing.test_restored import keep_a_copy, newcomer, put_back, questions_of, sync_all
from tests.syncing.test_rounds import add_person, edit, to_send, value

MANY = 20
"""Members who were added after the backup: the restored server gives so many numbers anew."""


def add_many(laptop: Connected) -> None:
    for number in range(MANY):
        add_person(laptop.store, f"Visitor {number}")
    laptop.sync()


def hear_of_the_restore_only(monkeypatch: pytest.MonkeyPatch, laptop: Connected) -> None:
    """Let the line break as soon as a laptop has offered again what a restored server lost: no row has come by then."""

    def begin(progress: Progress) -> Progress:
        laptop.line.is_unplugged = True
        return begin_epoch(progress)

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "begin_epoch", begin)
        assert laptop.engine.run().trouble is not None
    laptop.line.is_unplugged = False


def two_who_knew(centre: House) -> tuple[Connected, Connected, str]:
    """Return Rowan's laptop, Grace's, and a member whom Grace made after a backup, which is put back then.

    The numbers that both were told lie far beyond the backup's.
    """
    rowan, grace, ines = (centre.join(name) for name in ("Rowan Oak", "Grace Lamb", "Ines Vale"))
    copy = keep_a_copy(centre)
    add_many(ines)
    amina = add_person(grace.store, "Amina", safe_to_call="yes")
    sync_all(grace, rowan)
    put_back(centre, copy)
    return rowan, grace, amina


def answer_after_the_restore(grace: Connected, amina: str) -> None:
    """Let Grace bring the member back, answer a question, and go on until the old numbers are given again."""
    grace.sync()
    edit(grace.store, Person, amina, safe_to_call="mornings only", telephone="0161 496 0001")
    grace.sync()
    add_many(grace)


def test_an_edit_that_waited_for_a_lost_member_meets_what_a_colleague_said_since(centre: House) -> None:
    rowan, grace, amina = two_who_knew(centre)
    edit(rowan.store, Person, amina, safe_to_call="no")
    rowan.sync()
    assert to_send(rowan.store) == 1
    answer_after_the_restore(grace, amina)
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1


def test_a_laptop_whose_edit_waited_shows_what_a_colleague_said_since(centre: House) -> None:
    rowan, grace, amina = two_who_knew(centre)
    edit(rowan.store, Person, amina, pronouns="she/her")
    rowan.sync()
    answer_after_the_restore(grace, amina)
    rowan.sync()
    assert value(rowan.store, Person, amina, "telephone") == "0161 496 0001"


def test_what_is_written_before_the_rows_have_come_again_meets_what_a_colleague_said_since(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, grace, amina = two_who_knew(centre)
    hear_of_the_restore_only(monkeypatch, rowan)
    edit(rowan.store, Person, amina, safe_to_call="no")
    answer_after_the_restore(grace, amina)
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1


def test_what_the_backup_has_was_seen_by_whoever_edits_it_before_the_rows_have_come_again(
    centre: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(grace.store, "Amina", safe_to_call="yes")
    sync_all(grace, rowan)
    copy = keep_a_copy(centre)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    sync_all(grace, rowan)
    put_back(centre, copy)
    hear_of_the_restore_only(monkeypatch, rowan)
    edit(rowan.store, Person, amina, safe_to_call="no")
    rowan.sync()
    assert value(rowan.store, Person, amina, "safe_to_call") == "no"
    assert questions_of(rowan) == []


def test_what_was_sealed_by_a_laptop_that_never_heard_of_the_restore_meets_what_a_colleague_said_since(centre: House) -> None:
    rowan, grace, amina = two_who_knew(centre)
    edit(rowan.store, Person, amina, safe_to_call="no")
    answer_after_the_restore(grace, amina)
    centre.server.revoke(rowan.store.device)
    assert isinstance(rowan.engine.run().trouble, Revoked)
    (sealed,) = rowan.signed_off
    assert sealed is not None
    centre.server.do(lambda connection: take_outbox(connection, ORGANISATION, sealed, centre.server.at[0], 128 << 10))
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1


@pytest.mark.parametrize("is_written_before", [True, False])
def test_who_was_away_while_the_server_was_put_back_twice_passes_over_nobody(centre: House, *, is_written_before: bool) -> None:
    rowan, grace, ines = (centre.join(name) for name in ("Rowan Oak", "Grace Lamb", "Ines Vale"))
    amina = add_person(grace.store, "Amina", safe_to_call="?")
    sync_all(grace, rowan, ines)
    copy = keep_a_copy(centre)
    add_many(ines)
    edit(grace.store, Person, amina, telephone="0161 496 0001")
    sync_all(grace, rowan)
    if is_written_before:
        edit(rowan.store, Person, amina, safe_to_call="no")
    put_back(centre, copy)
    edit(grace.store, Person, amina, safe_to_call="mornings only")
    grace.sync()
    add_many(grace)
    add_many(grace)
    put_back(centre, keep_a_copy(centre))
    grace.sync()
    if not is_written_before:
        edit(rowan.store, Person, amina, safe_to_call="no")
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1


def test_who_worked_with_a_backup_that_was_put_back_by_mistake_passes_over_nobody(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(grace.store, "Amina", safe_to_call="?")
    sync_all(grace, rowan)
    older = keep_a_copy(centre)
    edit(grace.store, Person, amina, safe_to_call="mornings only")
    add_many(grace)
    newest = keep_a_copy(centre)
    put_back(centre, older)
    # Rowan's laptop comes to know as many numbers as the other database has, and another meaning of them
    add_many(rowan)
    edit(rowan.store, Person, amina, telephone="0161 496 0001")
    rowan.sync()
    edit(rowan.store, Person, amina, safe_to_call="no")
    put_back(centre, newest)
    rowan.sync()
    gil = newcomer(centre)
    assert value(gil.store, Person, amina, "safe_to_call") == "mornings only"
    assert len(questions_of(gil)) == 1
