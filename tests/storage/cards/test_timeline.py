"""What happened with a member: every kind of entry, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ewb_desktop.actions.assessments import record_answer, skip_question, start_assessment
from ewb_desktop.actions.contacts import record_contact, take_back_contact
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import open_safety_talk, save_safety_talk
from ewb_desktop.storage.cards.timeline import Happened, Timeline, TimelineEntry, timeline
from ewb_desktop.storage.tables import LeafletGiven
from tests.support.afternoon import Afternoon, ago, measure, spend_afternoon
from tests.support.desks import AREA, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent


@pytest.fixture
def there(desk: Desk) -> Afternoon:
    return spend_afternoon(desk)


def read(desk: Desk, person: str, *kinds: Happened) -> Timeline:
    with desk.store.read() as connection:
        return timeline(connection, person, kinds or tuple(Happened))


def one(desk: Desk, person: str, kind: Happened) -> TimelineEntry:
    return read(desk, person, kind).entries[0]


def test_everything_is_told_the_latest_first(desk: Desk, there: Afternoon) -> None:
    entries = read(desk, there.amina).entries
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    assert {entry.kind for entry in entries} == set(Happened) - {Happened.CONTACT, Happened.LEAFLET}


def test_only_the_kinds_asked_for_are_read(desk: Desk, there: Afternoon) -> None:
    assert {entry.kind for entry in read(desk, there.amina, Happened.SIGNPOST).entries} == {Happened.SIGNPOST}


def test_pages_join_without_a_gap_or_a_double(desk: Desk, there: Afternoon) -> None:
    whole = read(desk, there.amina).entries
    seen: list[TimelineEntry] = []
    with desk.store.read() as connection:
        while True:
            page = timeline(connection, there.amina, before=seen[-1] if seen else None, limit=2)
            seen += page.entries
            if not page.more:
                break
    assert tuple(seen) == whole


def test_nobody_else_s_entries_are_among_them(desk: Desk, there: Afternoon) -> None:
    assert {entry.kind for entry in read(desk, there.pat).entries} == {Happened.CONTACT, Happened.JOINED}


def test_the_first_conversation_is_told_as_such_and_its_questionnaire_is_no_measure(desk: Desk, there: Afternoon) -> None:
    talks = read(desk, there.amina, Happened.CONVERSATION).entries
    assert [talk.first for talk in talks] == [False, True]
    measures = read(desk, there.amina, Happened.MEASURE).entries
    assert {entry.subject for entry in measures} == {"phq-9", "gad-7"}


def test_a_measure_begun_and_left_has_no_total(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    start_assessment(desk, joe, "", "phq-9")
    entry = one(desk, joe, Happened.MEASURE)
    assert (entry.total, entry.state) == (None, "")


def test_an_open_safety_talk_says_so(desk: Desk, there: Afternoon) -> None:
    entry = one(desk, there.amina, Happened.SAFETY)
    assert (entry.state, entry.subject, entry.words) == ("open", "Her sister", "Ring today")


def test_what_was_explored_is_kept_apart_from_what_was_agreed(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    talk = open_safety_talk(desk, joe)
    save_safety_talk(desk, talk, {"explored": "Thoughts at night"})
    entry = one(desk, joe, Happened.SAFETY)
    assert (entry.words, entry.explored) == ("", "Thoughts at night")


def test_a_safety_talk_is_unwritten_until_something_is_written_of_it(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    talk = open_safety_talk(desk, joe, because="An answer")
    assert one(desk, joe, Happened.SAFETY).unwritten
    save_safety_talk(desk, talk, {"told_whom": "His sister"})
    assert not one(desk, joe, Happened.SAFETY).unwritten


def test_a_handover_names_the_service_when_nobody_else_is_named(desk: Desk, there: Afternoon) -> None:
    assert one(desk, there.marek, Happened.HANDOVER).subject == "Debt advice drop-in"


def test_a_leaflet_that_was_taken_home_is_told(desk: Desk, there: Afternoon) -> None:
    with desk.store.write() as writing:
        writing.add(LeafletGiven(area=AREA, person=there.joe, topic="sleep", given_at=desk.clock.now()))
    assert one(desk, there.joe, Happened.LEAFLET).subject == "sleep"


def test_a_contact_taken_back_is_not_told(desk: Desk, there: Afternoon) -> None:
    contact = record_contact(desk, there.joe, "ring", "spoke", "Joe is well")
    assert one(desk, there.joe, Happened.CONTACT).words == "Joe is well"
    take_back_contact(desk, contact)
    assert read(desk, there.joe, Happened.CONTACT).entries == ()


def test_two_at_the_same_instant_keep_their_order_over_pages(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    for _ in range(5):
        record_contact(desk, joe, "ring", "spoke")
    measure(ago(desk, 1), joe, "", "gad-7", 3)
    whole = read(desk, joe).entries
    with desk.store.read() as connection:
        rest = timeline(connection, joe, before=whole[2]).entries
    assert rest == whole[3:]
    assert whole[-1].at + timedelta(days=1) == whole[0].at


def test_an_unfinished_questionnaire_tells_which_questions_have_an_answer(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    assessment = start_assessment(desk, person, None, "phq-9")
    record_answer(desk, assessment, "44250-9", 2)
    skip_question(desk, assessment, "44255-8")
    entry = one(desk, person, Happened.MEASURE)
    assert (entry.answered, entry.given) == (1, frozenset({"44250-9"}))
