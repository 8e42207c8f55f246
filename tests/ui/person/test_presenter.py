"""The presenter of a person's page, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person, change_membership
from ewb_desktop.storage.changes import Changes
from ewb_desktop.storage.follow_ups import follow_ups_of
from ewb_desktop.ui.person.presenter import Page, PersonPresenter
from ewb_desktop.ui.widgets.row import Row


class RecordingView:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.page: Page | None = None
        self.rows: list[str] = []
        self.told: list[str] = []
        self.warning = ""
        self.faults: dict[str, str] = {}
        self.form: dict[str, Any] | None = None

    def show_person(self, page: Page) -> None:
        self.page = page

    def show_happened(self, rows: Sequence[Row], *, more: bool, chosen: str) -> None:
        self.rows = [row.title for row in rows]

    def show_taken_off(self) -> None:
        self.told.append("taken off")

    def show_contact_form(self, typed: Mapping[str, Any]) -> None:
        self.form = dict(typed)

    def show_warning_of_way(self, words: str) -> None:
        self.warning = words

    def show_faults(self, form: str, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)

    def close_form(self) -> None:
        self.form = None

    def offer_undo(self, words: str) -> None:
        self.told.append(words)

    def tell(self, words: str) -> None:
        self.told.append(words)

    def refresh_soon(self) -> None:
        self.told.append("refresh")


def opened(
    desk: Desk, person: str, *, contact: bool = False, follow_up: str | None = None
) -> tuple[PersonPresenter, RecordingView]:
    view = RecordingView()
    presenter = PersonPresenter(desk, view)
    presenter.open(person, contact, follow_up)
    return presenter, view


def test_a_person_who_is_not_here_is_said_to_be_off_the_screens(desk: Desk) -> None:
    _, view = opened(desk, "nobody", contact=True)
    assert (view.told, view.form) == (["taken off"], None)


def test_the_way_that_is_offered_first_is_warned_of_when_it_is_not_safe(desk: Desk) -> None:
    _, view = opened(desk, add_person(desk, {"given_name": "Joe", "safe_to_call": "no"}), contact=True)
    assert view.form == {"how": "ring"}
    assert view.warning.startswith("They said that it is not safe to call.")


def test_talking_answers_the_follow_up_with_which_the_page_was_opened(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    change_membership(desk, joe, "waiting", {"next_date": desk.clock.today()})
    with desk.store.read() as connection:
        (due,) = follow_ups_of(connection, joe)
    presenter, view = opened(desk, joe, contact=True, follow_up=due.id)
    presenter.save_contact({"how": "ring", "reached": "spoke", "note": ""})
    with desk.store.read() as connection:
        assert not follow_ups_of(connection, joe)[0].is_open
    presenter.undo()
    with desk.store.read() as connection:
        assert follow_ups_of(connection, joe)[0].is_open
    assert view.rows == ["Became a member"]


def test_a_draft_remembers_which_follow_up_it_answers(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    presenter, _ = opened(desk, joe, contact=True, follow_up="due")
    presenter.keep_contact({"how": "ring", "reached": None, "note": "Half"})
    _, view = opened(desk, joe)
    assert view.form == {"how": "ring", "reached": None, "note": "Half"}


def test_every_state_offers_a_way_on(desk: Desk) -> None:
    joe = add_person(desk, {"given_name": "Joe"})
    presenter, view = opened(desk, joe)
    for state in ("moved_away", "died", "active"):
        presenter.save_membership(state, {})
        assert view.page is not None
        assert view.page.membership.moves


def test_a_membership_that_needs_a_day_says_so_and_changes_nothing(desk: Desk) -> None:
    presenter, view = opened(desk, add_person(desk, {"given_name": "Joe"}))
    presenter.save_membership("waiting", {})
    assert "needs the next date" in view.faults["state"]


def test_only_what_can_be_on_the_page_is_read_again(desk: Desk) -> None:
    presenter, view = opened(desk, add_person(desk, {"given_name": "Joe"}))
    presenter.hear(Changes(frozenset({("service", "id")}), frozenset()))
    assert view.told == []
    presenter.hear(Changes(frozenset({("contact", "id")}), frozenset()))
    assert view.told == ["refresh"]
