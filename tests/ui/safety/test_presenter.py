"""What happens on the safety page, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from ewb_desktop.actions.conversations import start_conversation
from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import open_safety_talk
from ewb_desktop.storage.cards.safety_talks import TalkCard, open_talks
from ewb_desktop.ui.destinations import Destination, ToConversation, ToPerson
from ewb_desktop.ui.safety.presenter import SafetyPresenter
from ewb_desktop.ui.safety.shown import BadTime, Written, parse_time
from tests.support.desks import GRACE
from tests.support.meanwhile import Beside
from tests.support.of_member import talks_of


class Recording:
    """A view that remembers what it was shown, and on which a test writes."""

    def __init__(self) -> None:
        self.trail = ""
        self.line = ""
        self.why = ""
        self.workers: list[tuple[str, str]] = []
        self.on_page = Written()
        self.faults: dict[str, str] = {}
        self.needed = ""
        self.closed = ""
        self.saved = ""
        self.gone: list[Destination] = []
        self.said = ""
        self.beside = Beside()
        self.told = ""

    def tell(self, words: str) -> None:
        self.told = words

    def show_whom(self, trail: str, line: str, why: str) -> None:
        self.trail, self.line, self.why = trail, line, why

    def show_workers(self, workers: Sequence[tuple[str, str]]) -> None:
        self.workers = list(workers)

    def show_written(self, written: Written) -> None:
        self.on_page = written

    def show_faults(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)

    def show_still_needed(self, sentence: str) -> None:
        self.needed = sentence

    def show_closed(self, sentence: str) -> None:
        self.closed = sentence

    def show_saved(self, text: str) -> None:
        self.saved = text

    def written(self) -> Written:
        return self.on_page

    def leave_for(self, destination: Destination, said: str) -> None:
        self.gone.append(destination)
        self.said = said

    def write(self, **words: str) -> None:
        self.on_page = replace(self.on_page, words={**self.on_page.words, **words})


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "birth_date": date(1986, 3, 14)})


@pytest.fixture
def view() -> Recording:
    return Recording()


@pytest.fixture
def presenter(desk: Desk, amina: str, view: Recording) -> SafetyPresenter:
    presenter = SafetyPresenter(desk, view)
    presenter.open(amina, open_safety_talk(desk, amina, because="Said so in the hall."), None)
    return presenter


def talk(desk: Desk, person: str) -> TalkCard:
    with desk.store.read() as connection:
        return talks_of(connection, person)[0]


def complete(presenter: SafetyPresenter, view: Recording) -> None:
    view.write(explored="Thoughts at night.", told_whom="Grace Lamb", agreed="Ring at six.")
    view.on_page = replace(view.on_page, plan="made")
    presenter.told_now()


def test_it_says_whose_it_is_and_why_it_was_opened(presenter: SafetyPresenter, view: Recording) -> None:
    assert view.trail == "Amina · born 14 March 1986"
    assert view.why == "Said so in the hall."


def test_what_is_written_is_saved_as_it_is_written(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    view.write(harder="Being alone at night")
    presenter.keep()
    assert talk(desk, amina).harder == "Being alone at night"
    assert view.saved == "saved a moment ago"


def test_save_and_come_back_works_with_one_field(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    view.write(told_whom="Grace Lamb")
    presenter.save()
    assert talk(desk, amina).told_whom == "Grace Lamb"
    assert view.gone == [ToPerson(amina)]


def test_a_time_that_is_none_is_kept_as_typed_while_all_else_is_saved(
    desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording
) -> None:
    view.write(agreed="Ring at six.")
    view.on_page = replace(view.on_page, told_time="half two")
    presenter.save()
    assert talk(desk, amina).agreed == "Ring at six."
    assert "Type the time like 14:05." in view.said
    presenter.open(amina, None, None)
    assert view.on_page.told_time == "half two"


def test_a_time_still_to_come_is_asked_about(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    view.on_page = replace(view.on_page, told_day=date(2026, 11, 21), told_day_typed=("21", "11", "2026"), told_time="23:00")
    presenter.close(GRACE)
    assert "still to come" in view.faults["told_at"]
    assert talk(desk, amina).told_at is None


def test_it_says_what_is_still_needed_and_stays_open(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    view.write(explored="Thoughts at night.")
    presenter.close(GRACE)
    assert "who was told" in view.needed
    assert talk(desk, amina).closed_at is None


def test_a_named_person_closes_it(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    complete(presenter, view)
    presenter.close("")
    assert "name of the person" in view.needed
    presenter.close(GRACE)
    assert talk(desk, amina).closed_by_name == "Grace Lamb"
    assert talk(desk, amina).told_at == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
    assert view.closed.startswith("Closed on 21 November 2026 by Grace Lamb")


def test_it_can_be_opened_again(desk: Desk, amina: str, presenter: SafetyPresenter, view: Recording) -> None:
    complete(presenter, view)
    presenter.close(GRACE)
    presenter.reopen()
    assert view.closed == ""
    with desk.store.read() as connection:
        assert len(open_talks(connection)) == 1


def test_looking_at_an_empty_page_opens_nothing(desk: Desk, amina: str, view: Recording) -> None:
    presenter = SafetyPresenter(desk, view)
    presenter.open(amina, None, None)
    presenter.save()
    with desk.store.read() as connection:
        assert open_talks(connection) == []


def test_a_new_one_begins_with_the_first_words(desk: Desk, amina: str, view: Recording) -> None:
    presenter = SafetyPresenter(desk, view)
    presenter.open(amina, None, None)
    view.write(explored="Thoughts at night.")
    presenter.keep()
    with desk.store.read() as connection:
        assert [card.explored for card in open_talks(connection)] == ["Thoughts at night."]


def test_it_goes_back_to_the_conversation_it_came_from(desk: Desk, amina: str, view: Recording) -> None:
    conversation = start_conversation(desk, amina)
    presenter = SafetyPresenter(desk, view)
    presenter.open(amina, open_safety_talk(desk, amina, conversation), conversation)
    presenter.save()
    assert view.gone == [ToConversation(amina, conversation)]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("14:05", time(14, 5)), ("14.05", time(14, 5)), ("1405", time(14, 5)), ("9", time(9)), ("2:30 pm", time(14, 30)),
     ("12am", time(0)), ("12 PM", time(12)), ("", None)],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(typed: str, read: time | None) -> None:
    assert parse_time(typed) == read


@pytest.mark.parametrize("typed", ["half two", "25:00", "14:60", "13pm", "999"])
def test_what_is_no_time_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadTime, match="like 14:05"):
        parse_time(typed)
