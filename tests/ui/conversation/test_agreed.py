"""Needs and the goal in a conversation, without a window: what is typed is kept, and added when the step is left."""

from __future__ import annotations

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.goals import goals_of
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
from tests.ui.conversation.recording import Recording


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "family_name": "Khan"})


@pytest.fixture
def view() -> Recording:
    return Recording()


@pytest.fixture
def presenter(desk: Desk, amina: str, view: Recording) -> ConversationPresenter:
    presenter = ConversationPresenter(desk, view)
    presenter.open(amina, None)
    return presenter


def test_needs_and_the_goal_are_saved_as_they_are_agreed(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "Noise at night", "now", 1)
    presenter.save_need("money_debt_and_benefits", "", "later", None)
    presenter.keep_goal("One night thr")
    presenter.keep_goal("One night through")
    presenter.agreed.rate(2)
    with desk.store.read() as connection:
        assert [need.code for need in needs_of(connection, amina)] == ["sleep", "money_debt_and_benefits"]
        goals = goals_of(connection, amina)
    assert [(goal.words, goal.ratings[-1].rating) for goal in goals] == [("One night through", 2)]
    assert view.steps["needs"].detail == "2 needs, 1 goal"


def test_a_need_that_was_taken_off_can_be_brought_back(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "", "now", None)
    assert view.needs is not None
    presenter.agreed.remove(str(view.needs.needs[0].key))
    assert view.needs.needs == ()
    assert view.undo
    presenter.agreed.bring_back()
    assert len(view.needs.needs) == 1


def noted(desk: Desk, person: str) -> list[tuple[str, str]]:
    with desk.store.read() as connection:
        return [(need.code, need.words) for need in needs_of(connection, person)]


def test_a_need_that_is_being_typed_comes_back_after_a_crash_and_going_on_adds_it(
    desk: Desk, amina: str, presenter: ConversationPresenter
) -> None:
    presenter.choose("needs")
    presenter.agreed.keep_draft("sleep", "Noise at ni", "later", 2)
    view = Recording()
    after = ConversationPresenter(desk, view)
    after.open(amina, None)
    after.choose("needs")
    assert view.form == ("sleep", "Noise at ni", "later", 2)
    after.next()
    assert noted(desk, amina) == [("sleep", "Noise at ni")]
    after.choose("needs")
    assert view.form[:2] == ("", "")


def test_a_need_that_is_being_changed_is_changed_and_not_added_when_the_step_is_left(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "Noise", "now", None)
    assert view.needs is not None
    presenter.open_need(str(view.needs.needs[0].key))
    view.form = ("sleep", "Noise at night", "now", None)
    presenter.choose("gad-7")
    assert noted(desk, amina) == [("sleep", "Noise at night")]


def test_opening_a_need_first_adds_the_one_that_was_typed(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "", "now", None)
    assert view.needs is not None
    view.form = ("", "Someone to talk to", "now", None)
    presenter.open_need(str(view.needs.needs[0].key))
    assert [words for _, words in noted(desk, amina)] == ["", "Someone to talk to"]
    assert view.form[0] == "sleep"


def test_a_need_taken_off_while_it_is_changed_is_not_added_again(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "Noise", "now", None)
    assert view.needs is not None
    key = str(view.needs.needs[0].key)
    presenter.open_need(key)
    presenter.agreed.remove(key)
    presenter.next()
    assert noted(desk, amina) == []


def test_a_need_that_cannot_be_added_yet_keeps_the_step_and_is_kept(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("needs")
    view.form = ("something_else_own_words", "", "later", None)
    presenter.next()
    assert "own words" in view.faults["words"]
    assert view.head[0] == "Needs and one goal"
    presenter.leave()
    presenter.open(amina, None)
    presenter.choose("needs")
    assert view.form == ("something_else_own_words", "", "later", None)


def test_a_need_without_anything_is_asked_for(presenter: ConversationPresenter, view: Recording) -> None:
    presenter.choose("needs")
    presenter.save_need("", "", "now", None)
    assert "Choose a need" in view.faults["code"]
