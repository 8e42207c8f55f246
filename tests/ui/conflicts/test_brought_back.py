"""An answer that only a laptop knows, because the server was restored, is shown as brought back by whoever brought it."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from ewb_desktop.storage.tables import Person
from tests.support.connected import Connected, House
from tests.syncing.test_restored import keep_a_copy, newcomer, next_day, put_back, sync_all
from tests.syncing.test_rounds import add_person, edit
from tests.ui.conflicts.test_conflicts import sit, words_on

TOLD = "brought back from {} laptop after the server was restored"


def two_answers(centre: House) -> tuple[Connected, Connected]:
    """Return two laptops that answered one question differently; before that a copy of the server was made."""
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    amina = add_person(rowan.store, "Amina", safe_to_call="yes")
    sync_all(rowan, grace)
    keep_a_copy(centre)
    for laptop, said in ((rowan, "no"), (grace, "mornings only")):
        edit(laptop.store, Person, amina, safe_to_call=said)
    sync_all(rowan, grace, rowan)
    return rowan, grace


def brought_back(centre: House) -> tuple[Connected, Connected]:
    """Return them after Rowan's brought the question back to the server, which had it from nobody else; Grace's was not there."""
    rowan, grace = two_answers(centre)
    put_back(centre, centre.folder / "server-copy.db")
    centre.server.at[0] += timedelta(hours=1)
    for _ in range(2):
        rowan.sync()
        next_day(rowan)
    rowan.sync()
    return rowan, grace


def test_a_colleague_reads_who_brought_it_back(qtbot: QtBot, centre: House) -> None:
    brought_back(centre)
    told = words_on(sit(qtbot, newcomer(centre), name="Gil Fox"))
    assert "Grace Lamb, " in told
    assert told.count(TOLD.format("Rowan Oak's")) == 1


def test_who_brought_it_back_reads_that_it_was_from_her_own_laptop(qtbot: QtBot, centre: House) -> None:
    rowan, _grace = brought_back(centre)
    assert TOLD.format("your") in words_on(sit(qtbot, rowan))


def test_once_the_answer_itself_has_come_nothing_is_said_of_it(qtbot: QtBot, centre: House) -> None:
    rowan, grace = brought_back(centre)
    sync_all(grace, rowan)
    assert "brought back" not in words_on(sit(qtbot, rowan))


def test_what_the_server_itself_found_is_said_of_nobodys_laptop(qtbot: QtBot, centre: House) -> None:
    rowan, _grace = two_answers(centre)
    assert "brought back" not in words_on(sit(qtbot, rowan))
