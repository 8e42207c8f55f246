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
from ewb_desktop.storage.holding.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, FollowUp, Goal, Need, Person, table
from ewb_desktop.ui.destinations import ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.meanwhile import BOTH_WAIT
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.forms import ContactForm, SmallForm
from ewb_desktop.ui.person.outcomes import NeedForm, RatingForm
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.notice import Notice
from tests.support.looks import Look, expect_accessible, in_every_look
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


def beside(page: Page, place: str) -> str | None:
    """Return what stands beside a field of the form that is open."""
    notice = page.findChild(Notice, f"person.{place}.differing")
    return notice.text.text() if notice is not None and notice.isVisibleTo(page) else None


TYPED = "What you typed is still in the field. If you save it, both answers wait until somebody chooses."


def with_need(qtbot: QtBot, two: Meanwhile) -> tuple[PersonPage, NeedForm, str]:
    """Return the page, on which the form of a need is open."""
    need = add_need(two.desk, two.person, "sleep", "Noise")
    two.exchange()
    page = page_of(qtbot, two)
    assert isinstance(page, PersonPage)
    page._open_need(need)
    return page, found(page, NeedForm, "person.need"), need


def choose(form: NeedForm, outcome: str) -> None:
    form.outcome.value = outcome
    form.outcome.edited.emit()


def test_what_a_colleague_wrote_of_a_need_stands_beside_what_was_chosen(qtbot: QtBot, two: Meanwhile) -> None:
    page, form, need = with_need(qtbot, two)
    choose(form, "met")
    two.grace_writes(Need, need, outcome="not_met")
    with qtbot.waitSignal(page.said) as said:
        shown_anew(page)
    assert said.args == ["A colleague wrote into “It is now” too just now. It stands beside the field."]
    assert beside(page, "need.outcome") == f"“Not met”\n{TYPED}"


def test_what_came_where_nothing_was_chosen_is_shown_and_may_be_changed(qtbot: QtBot, two: Meanwhile) -> None:
    page, form, need = with_need(qtbot, two)
    two.grace_writes(Need, need, outcome="not_met", unmet_reason="waiting_list")
    shown_anew(page)
    assert (form.outcome.value, form.reason.value, form.reason.isVisible()) == ("not_met", "waiting_list", True)
    choose(form, "met")
    form.save.click()
    assert two.questions() == {}
    assert (two.said(Need, need, "outcome"), two.said(Need, need, "unmet_reason")) == ("met", None)


def test_who_saves_over_what_came_reads_that_both_wait(qtbot: QtBot, two: Meanwhile) -> None:
    page, form, need = with_need(qtbot, two)
    choose(form, "met")
    two.grace_writes(Need, need, outcome="not_met")
    shown_anew(page)
    form.save.click()
    assert page._undo.text.text() == f"Saved: met.{BOTH_WAIT}"


def test_another_coordinator_stands_beside_the_one_who_was_chosen(qtbot: QtBot, two: Meanwhile) -> None:
    page = page_of(qtbot, two)
    found(page, Button, "person.change_coordinator").click()
    form = found(page, SmallForm, "person.coordinator")
    form.typed = {"coordinator": two.grace.store.author}
    two.grace_writes(Person, two.person, coordinator=None)
    shown_anew(page)
    assert beside(page, "coordinator.who") == f"“Nothing”\n{TYPED}"


def test_another_membership_stands_beside_what_it_was_to_become(qtbot: QtBot, two: Meanwhile) -> None:
    page = page_of(qtbot, two)
    found(page, Button, "person.change_membership").click()
    form = found(page, SmallForm, "person.membership")
    form.typed = {"state": "waiting", "day": ["24", "12", "2026"]}
    two.grace_writes(Person, two.person, membership="paused")
    shown_anew(page)
    assert str(beside(page, "membership.state")).endswith(TYPED)


def test_that_a_colleague_did_what_a_contact_would_answer_stands_over_the_button(qtbot: QtBot, two: Meanwhile) -> None:
    due = two.share(FollowUp(area="", person=two.person, about="membership", kind="next_contact", due_on=date(2026, 11, 21)))
    page = open_page(qtbot, two.desk, Feed(), ToPerson(two.person, contact=True, follow_up=due))
    tick_off(two.colleagues, due, "Seen in the park")
    two.arrive()
    shown_anew(page)
    assert [beside(page, f"contact.{place}") for place in ("note", "buttons")] == [
        "“Seen in the park”\nYou gave no answer here: if you save without one, theirs stands.",
        "Done by: “Grace Lamb”\nIf you spoke to them and save, both answers wait until somebody chooses.",
    ]


def test_a_way_that_a_colleague_calls_unsafe_is_warned_of_in_the_open_form(qtbot: QtBot, two: Meanwhile) -> None:
    page = open_page(qtbot, two.desk, Feed(), ToPerson(two.person, contact=True))
    form = found(page, ContactForm, "person.contact")
    assert not form.warning.isVisible()
    two.grace_writes(Person, two.person, safe_to_call="no")
    with qtbot.waitSignal(page.said) as said:
        shown_anew(page)
    assert form.warning.isVisible()
    assert said.args == [form.warning.accessibleName()]


@in_every_look
def test_a_form_with_what_came_meanwhile_has_no_accessibility_faults(qtbot: QtBot, look: Look, two: Meanwhile) -> None:
    due = two.share(FollowUp(area="", person=two.person, about="membership", kind="next_contact", due_on=date(2026, 11, 21)))
    kept = open_page(qtbot, two.desk, Feed(), ToPerson(two.person, contact=True, follow_up=due))
    form = found(kept, SmallForm, "person.contact")
    form.typed = {"how": "ring", "reached": "spoke", "note": "He is well"}
    form.edited.emit()
    kept.leaving()
    tick_off(two.colleagues, due, "Seen in the park")
    two.arrive()
    expect_accessible(qtbot, look, lambda: page_of(qtbot, two))


def test_both_outcomes_of_a_need_stay(qtbot: QtBot, two: Meanwhile) -> None:
    page, form, need = with_need(qtbot, two)
    choose(form, "met")
    two.grace_writes(Need, need, outcome="not_met", unmet_reason="waiting_list")
    shown_anew(page)
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
    form = found(page, RatingForm, "person.rating")
    form.outcome.value = "put_aside"
    two.grace_writes(Goal, goal, outcome="reached")
    shown_anew(page)
    form.save.click()
    assert two.questions() == {"outcome": {"reached", "put_aside"}}


def test_another_coordinator_is_asked_about(qtbot: QtBot, two: Meanwhile) -> None:
    page = page_of(qtbot, two)
    found(page, Button, "person.change_coordinator").click()
    form = found(page, SmallForm, "person.coordinator")
    form.typed = {"coordinator": two.grace.store.author}
    two.grace_writes(Person, two.person, coordinator=None)
    shown_anew(page)
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
