"""The presenter of the Today page, without a window."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.visits import count_visit
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.tables import PrintTally
from ewb_desktop.ui.today.presenter import HERE, TEAM, TodayPresenter
from ewb_desktop.ui.widgets.row import Row
from tests.support.afternoon import spend_afternoon
from tests.support.desks import PLACE


class RecordingView:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.day = ("", "")
        self.counts: tuple[int, int, int, str] = (0, 0, 0, "")
        self.people: list[tuple[str, str]] = []
        self.place: tuple[str, list[str]] = ("", [])
        self.leaflets: list[str] = []
        self.visits: tuple[list[tuple[str, str, str]], int] = ([], 0)
        self.fault = ""
        self.counted = 0
        self.asked = 0

    def show_day(self, greeting: str, line: str) -> None:
        self.day = (greeting, line)

    def show_counts(self, mine: int, team: int, here: int, chosen: str, *, more_come: bool) -> None:
        self.counts = (mine, team, here, chosen)

    def show_people(self, rows: Sequence[Row], more: int, beyond: int) -> None:
        self.people = [(row.title, row.action) for row in rows]

    def show_choices(self, number: int) -> None:
        self.choices = number

    def show_openings(self, rows: Sequence[Row]) -> None:
        self.openings = [row.title for row in rows]

    def show_place(self, name: str, services: Sequence[Row]) -> None:
        self.place = (name, [row.detail for row in services])

    def show_leaflets(self, rows: Sequence[Row]) -> None:
        self.leaflets = [row.title for row in rows]

    def show_visits(self, rows: Sequence[Row], more: int) -> None:
        self.visits = ([(row.title, row.detail, row.tag or row.action) for row in rows], more)

    def show_visit_fault(self, sentence: str) -> None:
        self.fault = sentence

    def offer_undo_of_visit(self, people: int) -> None:
        self.counted = people

    def refresh_soon(self) -> None:
        self.asked += 1


def test_the_afternoon_is_read_for_each_list(desk: Desk) -> None:
    spend_afternoon(desk)
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    presenter.refresh()
    assert view.counts == (6, 1, 2, "mine")
    assert ("Pat Todd", "Try again") in view.people
    assert view.place == ("St Mary's Hall", ["Today 14:00 · step-free", "Tue 10:00 · under ¼ mile away · free"])
    assert view.leaflets == ["Worry and anxiety", "Sleeping better", "Help in a crisis"]
    presenter.choose(TEAM)
    assert view.people == [("Mina Khan", "Open")]
    presenter.choose(HERE)
    assert view.people == [("Mina Khan", "Open"), ("Mina Khan", "Open")]


def test_leaflets_are_offered_before_any_was_printed(desk: Desk) -> None:
    view = RecordingView()
    TodayPresenter(desk, view).refresh()
    assert view.leaflets == ["Worry and anxiety", "Help in a crisis"]


@pytest.mark.parametrize(
    ("printed", "offered"),
    [
        (("sleep", "low-mood", "money-worries"), ["Low mood", "Money worries", "Help in a crisis"]),
        (("crisis", "sleep", "low-mood"), ["Help in a crisis", "Low mood", "Sleeping better"]),
    ],
)
def test_the_leaflet_for_a_crisis_is_offered_once_whatever_was_printed(
    desk: Desk, printed: tuple[str, ...], offered: list[str]
) -> None:
    with desk.store.write() as writing:
        for topic in printed:
            writing.add(PrintTally(area="*", topic=topic, language="en", format="clear_print", copies=1, place=PLACE))
    view = RecordingView()
    TodayPresenter(desk, view).refresh()
    assert view.leaflets == offered


def test_only_what_can_be_on_the_page_is_read_again(desk: Desk) -> None:
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    presenter.hear(Changes(frozenset({("service_note", "id")}), frozenset()))
    assert view.asked == 0
    presenter.hear(Changes(frozenset({("follow_up", "id")}), frozenset()))
    assert view.asked == 1


def test_people_who_came_together_are_counted_at_once(desk: Desk) -> None:
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    presenter.count_several("3", "group")
    assert view.counted == 3
    assert "3 visits so far today" in view.day[1]
    (row,) = view.visits[0]
    assert row[1:] == ("3 people · A group or class", "They gave a name")


def test_a_number_that_is_none_counts_nobody_and_says_so(desk: Desk) -> None:
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    for wrong in ("", "0", "some", "-2", "5000"):
        presenter.count_several(wrong, "")
        assert view.fault.startswith("Write how many came")
    assert view.counted == 0


def test_a_visit_that_became_a_member_is_marked(desk: Desk) -> None:
    add_person(desk, {"preferred_name": "Joe", "first_visit": count_visit(desk)})
    count_visit(desk)
    view = RecordingView()
    TodayPresenter(desk, view).refresh()
    assert sorted(row[2] for row in view.visits[0]) == ["They gave a name", "member now"]


def test_only_the_latest_visits_are_shown_until_asked_for(desk: Desk) -> None:
    for _ in range(6):
        count_visit(desk)
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    presenter.refresh()
    assert (len(view.visits[0]), view.visits[1]) == (4, 2)
    presenter.show_all_visits()
    assert (len(view.visits[0]), view.visits[1]) == (6, 0)
