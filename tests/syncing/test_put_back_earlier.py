"""A database that was put back without a word to a time before an earlier restore: laptops know an epoch that it never had."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from ewb_desktop.storage.tables import Conflict, Person
from sync.server.admission.people import begin_epoch, revoke
from sync.server.admission.signed_off import note
from sync.server.database import tables
from tests.support.connected import Connected, House
from tests.support.servers import ORGANISATION
from tests.syncing.test_put_back import faults, pair, put_back_unsaid, shown
from tests.syncing.test_restored import keep_a_copy, newcomer, next_day, put_back, questions_of, sync_all
from tests.syncing.test_rounds import edit, number_of, to_send, value


def restored_once(centre: House, *laptops: Connected) -> Path:
    """Keep a copy, begin a new epoch as a restore does, and let the laptops hear of that; return the copy."""
    copy = keep_a_copy(centre)
    centre.server.do(lambda connection: begin_epoch(connection, ORGANISATION, centre.server.at[0], is_exact=True))
    sync_all(*laptops)
    return copy


def test_it_is_noticed_and_nothing_is_lost(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    copy = restored_once(centre, rowan, grace)
    edit(rowan.store, Person, amina, telephone="0161 496 0002")
    sync_all(rowan, grace)
    put_back_unsaid(centre, copy)
    edit(grace.store, Person, amina, pronouns="she/her")
    sync_all(grace, rowan, grace)
    for laptop in (rowan, grace, newcomer(centre)):
        said = [value(laptop.store, Person, amina, name) for name in ("telephone", "pronouns")]
        assert (said, number_of(laptop.store, Person), to_send(laptop.store)) == (["0161 496 0002", "she/her"], 1, 0)
    # both knew it, one began the epoch
    assert shown(centre) == 1
    (fault,) = faults(centre)
    assert f"ewb-server restored {ORGANISATION}" in fault


def test_whoever_was_signed_off_after_that_copy_is_signed_off_again_by_the_list(centre: House) -> None:
    rowan, grace, _ = pair(centre)
    copy, server = restored_once(centre, rowan, grace), centre.server
    server.do(lambda c: revoke(c, ORGANISATION, grace.store.device, server.at[0]))
    server.do(lambda c: note(server.settings.sign_offs, c, server.at[0]))
    put_back_unsaid(centre, copy)
    rowan.sync()
    grace.engine.run()
    assert len(grace.signed_off) == 1


def test_a_question_that_it_lost_stands_before_everybody_again(centre: House) -> None:
    rowan, grace, amina = pair(centre)
    copy = restored_once(centre, rowan, grace)
    for laptop, said in ((rowan, "no"), (grace, "mornings only")):
        edit(laptop.store, Person, amina, safe_to_call=said)
    sync_all(rowan, grace, rowan)
    (question,) = questions_of(rowan)
    put_back_unsaid(centre, copy)
    # Grace's laptop does not come again
    for _ in range(2):
        rowan.sync()
        next_day(rowan)
    rowan.sync()
    gil = newcomer(centre)
    assert questions_of(gil) == [question]
    assert value(gil.store, Conflict, question, "other") == "mornings only"


def test_an_epoch_that_an_older_backup_does_not_name_proves_nothing_once_that_was_put_back_in_words(centre: House) -> None:
    rowan, grace, _ = pair(centre)
    copy = restored_once(centre, rowan, grace)
    put_back(centre, copy)
    sync_all(rowan, grace)
    assert shown(centre) == 0


@pytest.mark.parametrize("epoch", ["03bb2cc3-d800-7000-8000-000000000001", "none-of-ours"], ids=["of the year 2100", "altered"])
def test_whatever_the_epoch_is_called_laptops_begin_another_once_at_most_and_nobody_waits(centre: House, epoch: str) -> None:
    rowan, grace, amina = pair(centre)
    copy, of = restored_once(centre, rowan, grace), tables.organisation.c
    # made by a clock that was years ahead, or altered
    named = update(tables.organisation).where(of.organisation == ORGANISATION).values(epoch=epoch)
    centre.server.do(lambda connection: connection.execute(named))
    sync_all(rowan, grace)
    put_back_unsaid(centre, copy)
    sync_all(rowan, grace, rowan, grace)
    assert shown(centre) <= 1
    assert value(grace.store, Person, amina, "telephone") == "0161 496 0001"
