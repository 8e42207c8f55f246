"""The presenter of the Today page, without a window."""

from __future__ import annotations

from collections.abc import Sequence

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.today.presenter import HERE, TEAM, TodayPresenter
from ewb_desktop.ui.widgets.row import Row
from tests.support.afternoon import spend_afternoon


class RecordingView:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.day = ("", "")
        self.counts: tuple[int, int, int, str] = (0, 0, 0, "")
        self.people: list[tuple[str, str]] = []
        self.place: tuple[str, list[str]] = ("", [])
        self.leaflets: list[str] = []
        self.asked = 0

    def show_day(self, greeting: str, line: str) -> None:
        self.day = (greeting, line)

    def show_counts(self, mine: int, team: int, here: int, chosen: str) -> None:
        self.counts = (mine, team, here, chosen)

    def show_people(self, rows: Sequence[Row], more: int, beyond: int) -> None:
        self.people = [(row.title, row.action) for row in rows]

    def show_place(self, name: str, services: Sequence[Row]) -> None:
        self.place = (name, [row.detail for row in services])

    def show_leaflets(self, rows: Sequence[Row]) -> None:
        self.leaflets = [row.title for row in rows]

    def offer_undo_of_visit(self) -> None:
        self.asked += 1

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
    assert view.leaflets == ["Worry and anxiety", "Sleep"]
    presenter.choose(TEAM)
    assert view.people == [("Mina Khan", "Open")]
    presenter.choose(HERE)
    assert view.people == [("Mina Khan", "Open"), ("Mina Khan", "Open")]


def test_leaflets_are_offered_before_any_was_printed(desk: Desk) -> None:
    view = RecordingView()
    TodayPresenter(desk, view).refresh()
    assert view.leaflets == ["Worry and anxiety", "Crisis"]


def test_only_what_can_be_on_the_page_is_read_again(desk: Desk) -> None:
    view = RecordingView()
    presenter = TodayPresenter(desk, view)
    presenter.hear(Changes(frozenset({("answer", "id")}), frozenset()))
    assert view.asked == 0
    presenter.hear(Changes(frozenset({("follow_up", "id")}), frozenset()))
    assert view.asked == 1
