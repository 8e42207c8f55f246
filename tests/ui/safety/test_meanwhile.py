"""What a colleague writes into a safety conversation while its page is open is asked about and not passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from ewb_desktop.actions.safety import close_safety_talk, open_safety_talk, save_safety_talk
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.holding.in_hand import words_by_person, write_down
from ewb_desktop.storage.tables import Contact, Person, SafetyTalk, table
from ewb_desktop.ui.destinations import ToSafety
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.meanwhile import BOTH_WAIT, OVER
from ewb_desktop.ui.safety.page import build
from ewb_desktop.ui.safety.presenter import SafetyPresenter
from ewb_desktop.ui.safety.view import SafetyPage
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.meanwhile import Meanwhile, two_at_once
from tests.ui.safety.test_presenter import Recording


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Meanwhile]:
    with two_at_once(tmp_path) as both:
        yield both


@pytest.fixture
def talk(two: Meanwhile) -> str:
    made = open_safety_talk(two.desk, two.person)
    save_safety_talk(two.desk, made, {"explored": "Thoughts at night."})
    two.exchange()
    return made


@pytest.fixture
def view() -> Recording:
    return Recording()


@pytest.fixture
def page(two: Meanwhile, talk: str, view: Recording) -> SafetyPresenter:
    page = SafetyPresenter(two.desk, view)
    page.open(two.person, talk, None)
    return page


def test_both_answers_stay_where_both_wrote(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.", safer="His sister")
    view.write(explored="Thoughts in the day too.")
    page.keep()
    assert two.questions() == {"explored": {"He has a plan.", "Thoughts in the day too."}}
    assert two.said(SafetyTalk, talk, "safer") == "His sister"


def heard(page: SafetyPresenter) -> None:
    """Let the page hear that something of the talk arrived."""
    page.hear(Changes(wholesale=frozenset({"safety_talk", "conflict"})))


def test_what_a_colleague_wrote_stands_beside_what_was_typed_and_is_shown_elsewhere(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    view.write(explored="Thoughts in the day too.")
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.", safer="His sister")
    heard(page)
    assert view.on_page.words["explored"] == "Thoughts in the day too."
    assert view.on_page.words["safer"] == "His sister"
    assert (view.beside.words, view.beside.new) == (
        {
            "explored": "“He has a plan.”\nWhat you typed is still in the field. "
            "If you save it, both answers wait until somebody chooses."
        },
        ["explored"],
    )


def test_who_saved_over_what_came_goes_on_seeing_it_until_both_wait(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    view.write(explored="Thoughts in the day too.")
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.")
    heard(page)
    page.keep()
    assert view.beside.words["explored"] == f"“He has a plan.”\n{OVER}"
    page.save()
    assert view.said.endswith(BOTH_WAIT)


def test_words_stay_where_they_were_written_while_both_answers_wait(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.")
    for words in ("Thoughts in", "Thoughts in the day too."):
        view.write(explored=words)
        page.keep()
        two.exchange()
        heard(page)
        assert view.on_page.words["explored"] == words
    assert "“He has a plan.” (Grace Lamb, today" in view.beside.words["explored"]
    assert view.beside.new == ["explored"]
    assert two.questions() == {"explored": {"He has a plan.", "Thoughts in the day too."}}


def test_what_came_and_was_shown_may_be_changed(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.")
    heard(page)
    view.write(explored="He had a plan, and gave it up.")
    page.save()
    assert two.questions() == {}


def test_ones_own_words_are_nothing_to_tell_of(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    for words in ("Thoughts in", "Thoughts in the day too."):
        view.write(explored=words)
        page.keep()
        heard(page)
        two.exchange()
        heard(page)
    assert (view.beside.words, view.beside.new) == ({}, [])


def test_a_talk_that_a_colleague_opened_under_the_empty_page_is_shown_there(two: Meanwhile, view: Recording) -> None:
    page = SafetyPresenter(two.desk, view)
    page.open(two.person, None, None)
    view.write(explored="Thoughts in the day.")
    save_safety_talk(
        two.colleagues, open_safety_talk(two.colleagues, two.person), {"explored": "He has a plan.", "safer": "His sister"}
    )
    two.arrive()
    heard(page)
    assert (view.on_page.words["safer"], view.beside.new) == ("His sister", ["explored"])


def test_that_a_colleague_closed_it_is_said(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    now = two.desk.clock.now()
    two.grace_writes(SafetyTalk, talk, closed_at=now, closed_by=two.grace.store.author)
    heard(page)
    assert view.closed == view.told == "Closed on 21 November 2026 by Grace Lamb."


def test_who_saves_in_one_that_a_colleague_closed_is_not_told_that_it_stays_open(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    two.grace_writes(SafetyTalk, talk, closed_at=two.desk.clock.now(), closed_by=two.grace.store.author)
    heard(page)
    page.save()
    assert view.said == "Saved. Closed on 21 November 2026 by Grace Lamb."


@in_every_look
def test_a_page_with_what_came_meanwhile_has_no_accessibility_faults(qtbot: QtBot, look: Look, two: Meanwhile, talk: str) -> None:
    def make() -> SafetyPage:
        page = build(two.desk, Feed())
        assert isinstance(page, SafetyPage)
        assert isinstance(page.presenter, SafetyPresenter)
        page.opened(ToSafety(two.person, talk))
        page.fields["safer"].value = "My sister"
        two.grace_writes(SafetyTalk, talk, safer=f"{look[0][0]} sister")
        heard(page.presenter)
        return page

    expect_accessible(qtbot, look, make)


def test_words_that_are_saved_as_they_are_typed_come_to_one_question(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.")
    for words in ("Thoughts in", "Thoughts in the day", "Thoughts in the day too."):
        view.write(explored=words)
        page.keep()
        two.exchange()
    assert two.questions() == {"explored": {"He has a plan.", "Thoughts in the day too."}}


def test_going_on_with_ones_own_words_is_no_question(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    for words in ("Thoughts in", "Thoughts in the day too."):
        view.write(explored=words)
        page.keep()
        two.exchange()
    two.grace_writes(SafetyTalk, talk, safer="His sister")
    view.write(explored="Thoughts all day.")
    page.save()
    assert two.questions() == {}
    assert two.said(SafetyTalk, talk, "explored") == "Thoughts all day."


def test_what_was_seen_on_the_page_may_be_changed(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    two.grace_writes(SafetyTalk, talk, explored="He has a plan.")
    page.open(two.person, talk, None)
    view.write(explored="He had a plan, and gave it up.")
    page.save()
    assert two.questions() == {}


def test_the_first_words_meet_a_talk_that_a_colleague_opened_under_the_empty_page(two: Meanwhile, view: Recording) -> None:
    page = SafetyPresenter(two.desk, view)
    page.open(two.person, None, None)
    save_safety_talk(two.colleagues, open_safety_talk(two.colleagues, two.person), {"explored": "He has a plan."})
    two.arrive()
    view.write(explored="Thoughts in the day.")
    page.save()
    assert two.questions() == {"explored": {"He has a plan.", "Thoughts in the day."}}


def test_a_time_that_was_kept_as_typed_is_one_that_was_typed_then(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    view.on_page = replace(view.on_page, told_day=date(2026, 11, 21), told_day_typed=("21", "11", "2026"), told_time="half two")
    page.leave()
    two.grace_writes(SafetyTalk, talk, told_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    page.open(two.person, talk, None)
    assert view.on_page.told_time == "half two"
    view.on_page = replace(view.on_page, told_day=date(2026, 11, 21), told_time="9:30")
    page.save()
    assert two.questions() == {
        "told_at": {datetime(2026, 11, 21, hour, minute, tzinfo=UTC) for hour, minute in ((9, 0), (9, 30))}
    }


def test_only_what_could_not_be_saved_stands_in_place_of_what_came(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    view.on_page = replace(view.on_page, told_time="half two")
    page.leave()
    two.grace_writes(SafetyTalk, talk, review_on=date(2026, 12, 1))
    page.open(two.person, talk, None)
    assert view.on_page.review_typed == ("1", "12", "2026")
    page.save()
    assert two.said(SafetyTalk, talk, "review_on") == date(2026, 12, 1)


def test_who_closed_it_first_is_not_passed_over(two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording) -> None:
    view.write(told_whom="Grace Lamb", agreed="Ring at six.")
    view.on_page = replace(view.on_page, plan="made")
    page.told_now()
    two.exchange()
    page.open(two.person, talk, None)
    close_safety_talk(two.colleagues, talk, two.grace.store.author)
    two.arrive()
    page.close(two.hal.store.author)
    assert two.questions()["closed_by"] == {two.grace.store.author, two.hal.store.author}


def test_a_note_of_unsaved_words_says_nothing_of_numbers(
    two: Meanwhile, talk: str, page: SafetyPresenter, view: Recording
) -> None:
    view.on_page = replace(view.on_page, told_time="half two")
    page.leave()
    with two.hal.store.write() as writing:
        write_down(writing, words_by_person(writing.connection)[two.person])
        note = writing.connection.execute(select(table(Contact).c.note)).scalar_one()
    assert note == "Typed on a laptop and not saved there (the safety conversation):\nTold time: half two"


def test_a_members_name_that_arrives_stands_over_the_talk(qtbot: QtBot, two: Meanwhile, talk: str) -> None:
    feed = Feed()
    two.desk.store.listen(lambda changes, _initiator: feed.announce(changes))
    page = build(two.desk, feed)
    qtbot.addWidget(page)
    page.show()
    page.opened(ToSafety(two.person, talk))
    two.grace_writes(Person, two.person, preferred_name="Maud")
    assert page.whose.startswith("Maud · ")
