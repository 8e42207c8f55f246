"""The words of a person's page, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.people import PersonRecord, person_record
from ewb_desktop.storage.cards.sharing import SharingCard
from ewb_desktop.storage.cards.timeline import Happened, TimelineEntry
from ewb_desktop.ui.destinations import ToQuestionnaire
from ewb_desktop.ui.person.beside import sharing_row
from ewb_desktop.ui.person.happened import day_lead, happened_row
from ewb_desktop.ui.person.head import head_of, identifiers
from ewb_desktop.ui.widgets.row import Row

TODAY = date(2026, 11, 21)
THEN = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)


@pytest.fixture
def joe(desk: Desk) -> PersonRecord:
    id = add_person(desk, {"given_name": "Joe", "family_name": "Dunn"})
    with desk.store.read() as connection:
        record = person_record(connection, id)
    assert record is not None
    return record


def flags(desk: Desk, record: PersonRecord, *choices: SharingCard) -> list[str]:
    return [flag.text for flag in head_of(record, choices, desk.library, TODAY, "", two_answers=False).flags]


def choice(**facts: Any) -> SharingCard:
    usual = SharingCard("id", "GP", "Needs", True, "", THEN, None, None)
    return replace(usual, **facts)


def row(desk: Desk, kind: Happened, **facts: Any) -> Row:
    return happened_row(TimelineEntry(kind, "id", THEN, **facts), desk.library, TODAY, "joe")


def test_two_identifiers_stand_under_the_name(joe: PersonRecord) -> None:
    known = replace(joe, birth_date=date(1971, 5, 2), preferred_name="Jo", pronouns="he/him")
    assert identifiers(known) == "born 2 May 1971 · first name Joe · he/him · since November 2026"


def test_without_a_birth_date_the_postcode_is_the_second_identifier(joe: PersonRecord) -> None:
    assert identifiers(replace(joe, postcode="M32 0TH")).startswith("date of birth not known · M32 0TH")


def test_a_measure_that_is_not_finished_says_who_began_it(desk: Desk) -> None:
    facts: dict[str, Any] = {"subject": "gad-7", "questions": 7, "worker": "Ben Lee"}
    begun, done = row(desk, Happened.MEASURE, **facts), row(desk, Happened.MEASURE, state="with_worker", **facts)
    assert [each.detail.endswith("Begun by Ben Lee.") for each in (begun, done)] == [True, False]


def test_format_interpreter_and_needs_are_flags(desk: Desk, joe: PersonRecord) -> None:
    known = replace(joe, leaflet_format="large_print_18", interpreter="Urdu", spoken_language="ur", communication=["quiet_room"])
    assert flags(desk, known) == ["Large print, 18 point", "Urdu interpreter", "Quiet room"]


def test_a_language_without_an_interpreter_is_a_flag(desk: Desk, joe: PersonRecord) -> None:
    assert flags(desk, replace(joe, spoken_language="pl", written_language="en")) == ["Speaks Polish"]


@pytest.mark.parametrize(
    ("call", "message", "post", "words"),
    [
        ("yes", "no", "no", ["Ring only, no messages or post"]),
        ("no", None, "no", ["No calls or post"]),
        ("no", "no", "no", ["No calls, messages or post: in person only"]),
        ("ask_first", "yes", None, ["Ask first: calls"]),
        ("yes", "yes", "yes", []),
    ],
)
def test_what_is_not_safe_is_a_flag(
    desk: Desk, joe: PersonRecord, call: str, message: str | None, post: str | None, words: list[str]
) -> None:
    assert flags(desk, replace(joe, safe_to_call=call, safe_to_message=message, safe_to_post=post)) == words


def test_only_sharing_that_counts_today_is_a_flag(desk: Desk, joe: PersonRecord) -> None:
    ended = choice(shared_with="school", until=date(2026, 11, 20))
    back = choice(shared_with="landlord", withdrawn_at=THEN)
    assert flags(desk, joe, choice(), ended, back) == ["Shares with: GP"]
    assert flags(desk, joe, choice(shared_with="mother", agreed=False)) == ["Not to share with: mother"]


def test_a_yes_and_a_no_to_one_receiver_say_to_what_and_the_later_word_stands(desk: Desk, joe: PersonRecord) -> None:
    yes, no = choice(what="summary"), choice(what="needs", agreed=False)
    assert flags(desk, joe, no, yes) == ["Shares with: GP (summary)", "Not to share with: GP (needs)"]
    assert flags(desk, joe, yes, choice(what="summary", agreed=False)) == ["Shares with: GP"]


def test_a_sharing_choice_says_how_it_stands() -> None:
    assert (sharing_row(choice(), TODAY).detail, sharing_row(choice(), TODAY).action) == ("Needs", "Take back")
    back = sharing_row(choice(withdrawn_at=THEN), TODAY)
    assert (back.detail, back.action) == ("Taken back 19 Nov · Needs", "")


def test_days_are_told_by_their_distance() -> None:
    assert [day_lead(day, TODAY) for day in (date(2026, 11, 19), date(2026, 10, 28), date(2025, 10, 28))] == [
        "Thu 19 Nov", "28 Oct", "28 Oct 2025",
    ]  # fmt: skip


def test_a_measure_is_compared_with_the_one_before_and_graded_by_no_colour(desk: Desk) -> None:
    facts = {"subject": "phq-9", "total": 14.0, "before": 17.0, "before_on": THEN, "answered": 8, "questions": 9}
    shown = row(desk, Happened.MEASURE, state="with_worker", conversation="talk", **facts)
    assert shown.title == "PHQ-9: 14"
    assert shown.detail == "Lower than on 19 Nov (17). Worked out from 8 of 9 answers. Filled in together."
    assert (shown.tag, shown.key) == ("", ToQuestionnaire("joe", "talk", "phq-9"))


def test_not_reaching_somebody_blames_nobody(desk: Desk) -> None:
    shown = row(desk, Happened.CONTACT, subject="ring", state="could_not_reach")
    assert (shown.title, shown.detail) == ("Could not reach them", "By telephone.")


def test_a_handover_says_that_we_stay(desk: Desk) -> None:
    shown = row(desk, Happened.HANDOVER, subject="Debt advice", state="start_on", starts_on=date(2026, 11, 30))
    assert (shown.detail, shown.tag) == ("They start on 30 November 2026. We stay with it until then.", "starting")
    better = row(desk, Happened.HANDOVER, subject="Debt advice", state="better_done_by")
    assert "We stay with it" in better.detail


def test_a_start_that_has_passed_unheard_of_asks_how_it_went(desk: Desk) -> None:
    passed = row(desk, Happened.HANDOVER, subject="Debt advice", state="start_on", starts_on=date(2026, 11, 20))
    assert (passed.detail, passed.tag) == ("They were to start on 20 November 2026. Ask how it went.", "under way")
    on_the_day = row(desk, Happened.HANDOVER, subject="Debt advice", state="start_on", starts_on=TODAY)
    assert on_the_day.detail.startswith("They start on 21 November 2026")
    been = row(desk, Happened.HANDOVER, state="start_on", starts_on=date(2026, 11, 20), started_on=date(2026, 11, 20))
    assert been.detail == "Started on 20 November 2026."


def test_what_was_said_of_safety_never_stands_as_agreed(desk: Desk) -> None:
    said = row(desk, Happened.SAFETY, state="open", explored="Thoughts at night", worker="Rowan Oak")
    assert (said.title, said.detail) == ("Talked about safety", "Explored: Thoughts at night. With Rowan Oak.")
    agreed = row(desk, Happened.SAFETY, state="open", explored="Thoughts at night", words="Ring on Monday")
    assert agreed.detail == "Agreed: Ring on Monday."


def test_a_safety_conversation_nobody_had_yet_is_waiting(desk: Desk) -> None:
    waiting = row(desk, Happened.SAFETY, state="open", unwritten=True, worker="Rowan Oak")
    assert (waiting.title, waiting.detail, waiting.tag) == ("A safety conversation is waiting", "Opened by Rowan Oak.", "open")


def test_a_signpost_tells_how_it_went(desk: Desk) -> None:
    assert row(desk, Happened.SIGNPOST, subject="Art class", state="still_going").tag == "still going"
    assert row(desk, Happened.SIGNPOST, subject="Art class").tag == ""


def test_a_leaflet_s_format_and_a_conversation_by_telephone_are_told_in_words(desk: Desk) -> None:
    taken = row(desk, Happened.LEAFLET, subject="sleep", state="large-18", words="pl")
    assert (taken.title, taken.detail) == ("Took home a leaflet: Sleeping better", "Large print, 18 point, Polish.")
    assert row(desk, Happened.CONVERSATION, subject="telephone", worker="Rowan Oak").detail == "By telephone. With Rowan Oak."
    assert row(desk, Happened.CONVERSATION, subject="in_person", worker="Rowan Oak").detail == "With Rowan Oak."


@pytest.mark.parametrize(
    ("state", "tag"),
    [("arrived", "arrived"), ("stopped", "stopped going"), ("changed_mind", "did not want to after all"), ("not_known", "")],
)  # fmt: skip
def test_how_a_signpost_stands_is_its_short_word(desk: Desk, state: str, tag: str) -> None:
    assert row(desk, Happened.SIGNPOST, subject="Choir", state=state).tag == tag


def test_an_unfinished_questionnaire_counts_its_answers_out_of_those_that_are_added_up(desk: Desk) -> None:
    nine = [item.link_id for item in desk.library.questionnaire("phq-9").counted]
    for given, words in ((nine[:8], "8 of 9 answered."), ([*nine[:8], "69722-7"], "8 of 9 answered."), (nine, "")):
        told = row(desk, Happened.MEASURE, subject="phq-9", questions=10, given=frozenset(given))
        assert (told.title, told.detail, told.tag) == ("PHQ-9", words, "not finished")
