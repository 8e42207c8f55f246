"""The page while the world goes on: a choice that met another one, and answers that are told with what belongs to them."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.conflicts import Keep, keep
from ewb_desktop.actions.handover import hand_over, record_answer
from ewb_desktop.actions.people import add_person
from ewb_desktop.domain.handover import AnswerKind, HandoverAnswer
from ewb_desktop.storage.cards.conflicts import open_conflicts
from ewb_desktop.ui.conflicts.presenter import ASKED_ONCE_MORE
from ewb_desktop.ui.widgets.button import Button
from tests.support.connected import House
from tests.ui.conflicts.test_conflicts import button, desk_of, exchange, safe_to_call, sit, words_on


def test_a_choice_that_met_another_one_is_said_to_be_asked_again_and_offers_nothing_to_undo(qtbot: QtBot, centre: House) -> None:
    rowan, grace, _person = safe_to_call(centre)
    page = sit(qtbot, rowan)
    button(page, "conflicts.choice.0.shown").click()
    with grace.store.read() as connection:
        (card,) = open_conflicts(connection)
    keep(desk_of(grace, "Grace Lamb"), card.id, Keep.OTHER)
    said: list[str] = []
    page.said.connect(said.append)
    exchange(grace, rowan)
    assert page.findChild(Button, "conflicts.choice.0.shown") is not None
    assert (said[-1], button(page, "undo").isVisible()) == (ASKED_ONCE_MORE, False)


def test_a_receivers_answers_are_told_with_their_day_and_name(qtbot: QtBot, centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    desks = [desk_of(rowan), desk_of(grace, "Grace Lamb")]
    made = hand_over(desks[0], add_person(desks[0], {"preferred_name": "Amina"}), to_name="Debt Advice", reason="debts")
    exchange(rowan, grace)
    record_answer(desks[0], made, HandoverAnswer(AnswerKind.START_ON, date(2026, 11, 30)))
    record_answer(desks[1], made, HandoverAnswer(AnswerKind.BETTER_DONE_BY, better_done_by="Citizens Advice"))
    exchange(rowan, grace, rowan)
    told = words_on(sit(qtbot, rowan))
    assert "We start on 30 November 2026" in told
    assert "Better done by Citizens Advice, and we stay with it until they have started" in told
