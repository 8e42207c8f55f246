"""What a colleague writes about a member while a form of her page is open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.follow_ups import tick_off
from ewb_desktop.actions.goals import set_goal
from ewb_desktop.actions.needs import add_need
from ewb_desktop.storage.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, FollowUp, Goal, Need, Person, table
from ewb_desktop.ui.destinations import ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.forms import SmallForm
from ewb_desktop.ui.person.outcomes import NeedForm, RatingForm
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.widgets.button import Button
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.person.test_kept_forms import begun
from tests.ui.person.test_person import found, open_page


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


def page_of(qtbot: QtBot, two: Meanwhile) -> Page:
    return open_page(qtbot, two.desk, Feed(), ToPerson(two.person))


def shown_anew(page: Page) -> None:
    """Let the page show what came, as it does by itself in a moment."""
    assert isinstance(page, PersonPage)
    page.asked_again.emit()


def test_both_outcomes_of_a_need_stay(qtbot: QtBot, two: Meanwhile) -> None:
    need = add_need(two.desk, two.person, "sleep", "Noise")
    two.exchange()
    page = page_of(qtbot, two)
    assert isinstance(page, PersonPage)
    page._open_need(need)
    two.grace_writes(Need, need, outcome="not_met", unmet_reason="waiting_list")
    shown_anew(page)
    form = found(page, NeedForm, "person.need")
    form.outcome.value = "met"
    form.save.click()
    assert two.questions() == {"outcome": {"not_met", "met"}}
    assert two.said(Need, need, "unmet_reason") == "waiting_list"


def test_an_outcome_that_was_shown_may_be_changed(qtbot: QtBot, two: Meanwhile) -> None:
    need = add_need(two.desk, two.person, "sleep", "Noise")
    two.exchange()
    two.grace_writes(Need, need, outcome="not_met", unmet_reason="waiting_list")
    page = page_of(qtbot, two)
    assert isinstance(page, PersonPage)
    page._open_need(need)
    form = found(page, NeedForm, "person.need")
    form.outcome.value = "met"
    form.save.click()
    assert two.questions() == {}
    assert (two.said(Need, need, "outcome"), two.said(Need, need, "unmet_reason")) == ("met", None)


def test_both_outcomes_of_a_goal_stay(qtbot: QtBot, two: Meanwhile) -> None:
    goal = set_goal(two.desk, two.person, "Sleep until six")
    two.exchange()
    page = page_of(qtbot, two)
    assert isinstance(page, PersonPage)
    page._open_rating(goal)
    two.grace_writes(Goal, goal, outcome="reached")
    shown_anew(page)
    form = found(page, RatingForm, "person.rating")
    form.outcome.value = "put_aside"
    form.save.click()
    assert two.questions() == {"outcome": {"reached", "put_aside"}}


def test_another_coordinator_is_asked_about(qtbot: QtBot, two: Meanwhile) -> None:
    page = page_of(qtbot, two)
    found(page, Button, "person.change_coordinator").click()
    two.grace_writes(Person, two.person, coordinator=None)
    shown_anew(page)
    form = found(page, SmallForm, "person.coordinator")
    form.typed = {"coordinator": two.grace.store.author}
    form.save.click()
    assert two.questions() == {"coordinator": {None, two.grace.store.author}}


def test_another_membership_is_asked_about_after_a_lock_too(qtbot: QtBot, two: Meanwhile) -> None:
    begun(page := page_of(qtbot, two), "change_membership", "membership", {"state": "waiting", "day": ["24", "12", "2026"]})
    page.leaving()
    two.grace_writes(Person, two.person, membership="paused")
    form = found(page_of(qtbot, two), SmallForm, "person.membership")
    assert form.isVisible()
    form.save.click()
    assert two.questions() == {"membership": {"paused", "waiting"}}


def test_a_note_of_an_unsaved_form_says_nothing_of_numbers(qtbot: QtBot, two: Meanwhile) -> None:
    begun(page := page_of(qtbot, two), "change_membership", "membership", {"state": "waiting", "day": ["24", "12", "2026"]})
    page.leaving()
    with two.hal.store.write() as writing:
        write_down(writing, words_by_person(writing.connection)[two.person])
        note = writing.connection.execute(select(table(Contact).c.note)).scalar_one()
    assert set(note.splitlines()[1:]) == {"State: waiting", "Day: 24, 12, 2026"}


def test_what_a_contact_answers_keeps_what_a_colleague_wrote_there_after_a_lock_too(qtbot: QtBot, two: Meanwhile) -> None:
    due = two.share(FollowUp(area="", person=two.person, about="membership", kind="next_contact", due_on=date(2026, 11, 21)))
    page = open_page(qtbot, two.desk, Feed(), ToPerson(two.person, contact=True, follow_up=due))
    form = found(page, SmallForm, "person.contact")
    form.typed = {"how": "ring", "reached": "spoke", "note": "He is well"}
    form.edited.emit()
    page.leaving()
    tick_off(two.colleagues, due, "Seen in the park")
    two.arrive()
    again = found(page_of(qtbot, two), SmallForm, "person.contact")
    assert again.isVisible()
    again.save.click()
    assert two.questions()["note"] == {"He is well", "Seen in the park"}
