"""What happens in a conversation, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from ewb_desktop.actions.assessments import finish_assessment, record_answer, start_assessment
from ewb_desktop.actions.conversations import end_conversation, start_conversation
from ewb_desktop.actions.desk import Desk, Worker
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import close_safety_talk, open_safety_talk, save_safety_talk
from ewb_desktop.storage.cards.assessments import assessments_of
from ewb_desktop.storage.cards.safety_talks import open_talks
from ewb_desktop.storage.store import Store
from ewb_desktop.ui.conversation.presenter import NOT_ANSWERED, ConversationPresenter
from ewb_desktop.ui.conversation.shown import Known, Staying
from ewb_desktop.ui.destinations import ToPerson, ToSafety
from tests.support.clock import HandClock
from tests.support.desks import AREA, PLACE, ROWAN, library, open_desk
from tests.support.laptops import laptop
from tests.support.of_member import conversations_of
from tests.ui.conversation.recording import Recording

NINTH = "phq-9/44260-8"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with open_desk(tmp_path, clock=clock) as lent:
        yield lent


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "family_name": "Khan", "birth_date": date(1986, 3, 14)})


@pytest.fixture
def view() -> Recording:
    return Recording()


@pytest.fixture
def presenter(desk: Desk, amina: str, view: Recording) -> ConversationPresenter:
    presenter = ConversationPresenter(desk, view)
    presenter.open(amina, None)
    return presenter


def conversations(desk: Desk, person: str) -> int:
    with desk.store.read() as connection:
        return len(conversations_of(connection, person))


def answer_all(presenter: ConversationPresenter, step: str, values: Sequence[int | None]) -> None:
    presenter.choose(step)
    for value in values:
        if value is None:
            presenter.skip()
        else:
            presenter.answer(value)
            presenter.next()


def test_two_identifiers_stand_on_the_page(presenter: ConversationPresenter, view: Recording) -> None:
    assert view.head[1].startswith("Amina Khan · born 14 March 1986")


def test_looking_at_the_page_leaves_no_record(desk: Desk, amina: str, presenter: ConversationPresenter) -> None:
    presenter.next()
    presenter.pause()
    assert conversations(desk, amina) == 0


def test_the_first_answer_begins_the_conversation(desk: Desk, amina: str, presenter: ConversationPresenter) -> None:
    presenter.choose("phq-9")
    presenter.answer(1)
    assert conversations(desk, amina) == 1


def test_words_become_an_answer_when_the_worker_goes_on(desk: Desk, presenter: ConversationPresenter, view: Recording) -> None:
    view.words = "I lie awake until four."
    presenter.next()
    presenter.back()
    assert view.question is not None
    assert view.question.value == "I lie awake until four."


def test_typed_words_and_the_place_come_back_after_a_crash(tmp_path: Path, clock: HandClock) -> None:
    lent = laptop(tmp_path, worker=ROWAN, area=AREA, clock=clock)

    def sit_down(store: Store) -> Desk:
        return Desk(store, clock, Worker(ROWAN, "Rowan Oak", "connector"), library(), AREA, PLACE)

    desk = sit_down(lent.store)
    person = add_person(desk, {"preferred_name": "Joe"})
    presenter = ConversationPresenter(desk, Recording())
    presenter.open(person, None)
    presenter.choose("phq-9")
    for _ in range(3):
        presenter.answer(1)
        presenter.next()
    lent = lent.reopen()
    view = Recording()
    again = ConversationPresenter(sit_down(lent.store), view)
    again.open(person, None)
    assert view.steps["phq-9"].detail == "Question 4 of 9"
    again.choose("first-conversation")
    again.keep_draft("I lie aw")
    lent = lent.reopen()
    after = Recording()
    ConversationPresenter(sit_down(lent.store), after).open(person, None)
    assert after.question is not None
    assert (after.question.value, after.question.draft) == ("I lie aw", True)
    lent.store.close()


def test_a_skipped_question_goes_on_and_is_remembered(presenter: ConversationPresenter, view: Recording) -> None:
    presenter.choose("phq-9")
    first = view.asked
    presenter.skip()
    assert view.asked != first
    presenter.choose("check")
    assert view.check["phq-9"].rows[0].detail == "Skipped"


def test_after_the_last_question_the_worker_chooses_what_helps(presenter: ConversationPresenter, view: Recording) -> None:
    answer_all(presenter, "loneliness", [1, 1, 1, 1])
    assert view.offered == "needs"
    assert view.steps["loneliness"].done


def test_the_safety_panel_stands_there_as_soon_as_question_nine_is_answered(
    desk: Desk, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.change(NINTH)
    shown = []
    for value in (0, 1):
        presenter.answer(value)
        shown.append(view.safety())
    assert shown == [Staying.NONE, Staying.NOW]
    with desk.store.read() as connection:
        assert len(open_talks(connection)) == 1


@pytest.mark.parametrize("way", ["next", "check", "finish"])
def test_the_safety_conversation_comes_before_any_total(presenter: ConversationPresenter, view: Recording, way: str) -> None:
    presenter.change(NINTH)
    presenter.answer(2)
    {"next": presenter.next, "check": lambda: presenter.choose("check"), "finish": presenter.finish}[way]()
    assert isinstance(view.gone[-1], ToSafety)
    assert view.check == {}


def test_after_the_safety_conversation_the_questions_go_on(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("phq-9")
    presenter.change(NINTH)
    presenter.answer(2)
    presenter.choose("phq-9")
    presenter.change(NINTH)
    presenter.next()
    presenter.leave()
    presenter.open(amina, None)
    assert "better off dead" in view.asked
    presenter.next()
    assert "how difficult" in view.asked


def test_the_safety_conversation_opened_before_any_answer_belongs_to_the_conversation_and_comes_back_to_it(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    talk = open_safety_talk(desk, amina)
    presenter.choose("gad-7")
    presenter.to_safety()
    with desk.store.read() as connection:
        [begun] = conversations_of(connection, amina)
    assert view.gone == [ToSafety(amina, talk, begun.id)]
    presenter.leave()
    presenter.open(amina, begun.id)
    assert view.head[0].startswith("Worry")


def test_after_a_crash_the_safety_conversation_still_comes_first(
    desk: Desk, amina: str, presenter: ConversationPresenter
) -> None:
    presenter.change(NINTH)
    presenter.answer(3)
    view = Recording()
    again = ConversationPresenter(desk, view)
    again.open(amina, None)
    assert view.safety() is Staying.NOW
    again.choose("check")
    assert isinstance(view.gone[-1], ToSafety)


def test_a_safety_conversation_stays_in_sight_when_its_answer_is_put_back_to_nought_until_somebody_closes_it(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.change(NINTH)
    presenter.answer(2)
    presenter.answer(0)
    assert view.safety() is Staying.NOW
    presenter.to_safety()
    presenter.open(amina, None)
    ways: tuple[Callable[[], None], ...] = (
        presenter.next,
        presenter.back,
        lambda: presenter.choose("needs"),
        lambda: presenter.choose("check"),
    )
    for go in ways:
        go()
        assert view.safety() is Staying.OPEN
    with desk.store.read() as connection:
        talk = open_talks(connection)[0].id
    save_safety_talk(
        desk, talk,
        {"explored": "A dark day", "told_whom": "Sam", "told_at": desk.clock.now(), "agreed": "To ring", "plan": "made"},
    )  # fmt: skip
    close_safety_talk(desk, talk, closed_by=ROWAN)
    presenter.open(amina, None)
    assert view.safety() is Staying.NONE


def test_who_fills_it_in_alone_does_not_read_that_a_safety_conversation_is_open(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    open_safety_talk(desk, amina)
    presenter.choose("gad-7")
    assert view.safety() is Staying.OPEN
    presenter.set_who("self")
    assert view.safety() is Staying.NONE


def test_going_to_another_step_lets_go_what_was_said_of_the_last_one(presenter: ConversationPresenter, view: Recording) -> None:
    ways: list[Callable[[], None]] = [
        lambda: presenter.choose("gad-7"),
        presenter.next,
        presenter.back,
        presenter.skip,
        lambda: presenter.change(NINTH),
    ]
    for count, way in enumerate(ways, 1):
        way()
        assert view.turns == count


def test_an_answer_alone_takes_nothing_away_that_was_said(presenter: ConversationPresenter, view: Recording) -> None:
    presenter.choose("gad-7")
    presenter.answer(1)
    assert view.turns == 1


def test_someone_who_fills_it_in_alone_is_thanked_and_asked_to_speak_to_the_team(
    desk: Desk, presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.set_who("self")
    presenter.change(NINTH)
    presenter.answer(1)
    assert view.thanked
    assert view.safety() is Staying.NONE
    assert view.gone == []
    with desk.store.read() as connection:
        assert len(open_talks(connection)) == 1


def test_an_unanswered_question_nine_is_asked_for_and_not_a_nought(presenter: ConversationPresenter, view: Recording) -> None:
    answer_all(presenter, "phq-9", [1] * 8)
    presenter.choose("check")
    part = view.check["phq-9"]
    assert "Please ask it" in part.to_ask
    assert part.to_ask_key == NINTH
    assert part.total == "9 out of 27, worked out from 8 of 9 answers"


def test_a_total_is_compared_with_the_last_one_in_words(
    desk: Desk, amina: str, clock: HandClock, presenter: ConversationPresenter, view: Recording
) -> None:
    answer_all(presenter, "gad-7", [2] * 7)
    presenter.finish()
    clock.move(days=28)
    presenter.open(amina, None)
    answer_all(presenter, "gad-7", [1] * 7)
    presenter.choose("check")
    assert "7 lower than on 21 November 2026." in view.check["gad-7"].meaning


def test_what_a_total_means_never_speaks_of_risk(presenter: ConversationPresenter, view: Recording) -> None:
    answer_all(presenter, "phq-9", [3] * 8 + [0])
    presenter.choose("check")
    said = " ".join(f"{part.total} {part.meaning}" for part in view.check.values()).casefold()
    assert "risk" not in said
    assert "not the person" in said


def test_the_wellbeing_questions_are_never_added_up(presenter: ConversationPresenter, view: Recording) -> None:
    answer_all(presenter, "ons4", [6, 7, 8, 2])
    presenter.choose("check")
    assert "out of" not in view.check["ons4"].total
    assert "not added up" in view.check["ons4"].total


def test_a_change_on_the_last_page_comes_back_to_it(presenter: ConversationPresenter, view: Recording) -> None:
    answer_all(presenter, "gad-7", [1] * 7)
    presenter.choose("check")
    presenter.change("gad-7/69725-0")
    presenter.answer(3)
    view.check = {}
    presenter.next()
    assert view.check["gad-7"].rows[0].detail == "Nearly every day"


def test_what_was_said_before_stands_beside_the_question(desk: Desk, amina: str, clock: HandClock, view: Recording) -> None:
    conversation = start_conversation(desk, amina)
    words = start_assessment(desk, amina, conversation, "first-conversation")
    record_answer(desk, words, "brings-you", "I lie awake until four.")
    form = start_assessment(desk, amina, conversation, "phq-9")
    record_answer(desk, form, "44259-0", 3)
    for each in (words, form):
        finish_assessment(desk, each)
    end_conversation(desk, conversation)
    clock.move(days=28)
    presenter = ConversationPresenter(desk, view)
    presenter.open(amina, None)
    presenter.change("phq-9/44259-0")
    assert view.known == [
        Known("Said on 21 November, to Rowan:", "I lie awake until four.", quote=True),
        Known("", "Last time: nearly every day (21 November)", quote=False),
    ]


def test_a_carer_does_not_answer_the_wellbeing_questions(presenter: ConversationPresenter, view: Recording) -> None:
    presenter.set_who("carer")
    presenter.choose("ons4")
    presenter.answer(5)
    assert "Only the person" in view.fault


def test_finishing_ends_the_conversation_and_keeps_the_totals(
    desk: Desk, amina: str, presenter: ConversationPresenter, view: Recording
) -> None:
    answer_all(presenter, "gad-7", [1] * 7)
    presenter.finish()
    assert view.gone == [ToPerson(amina)]
    with desk.store.read() as connection:
        assert [card.total for card in assessments_of(connection, amina)] == [7]
        assert conversations_of(connection, amina)[0].ended_at is not None


def test_going_on_from_a_question_without_an_answer_is_said_and_a_skipped_or_answered_one_is_not(
    presenter: ConversationPresenter, view: Recording
) -> None:
    presenter.choose("phq-9")
    presenter.next()
    assert view.told == [NOT_ANSWERED]
    presenter.skip()
    presenter.answer(1)
    presenter.next()
    assert view.told == [NOT_ANSWERED]
