"""The presenter of a person's page, without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.follow_ups import tick_off
from ewb_desktop.actions.goals import set_goal
from ewb_desktop.actions.handover import hand_over, take_back_handover
from ewb_desktop.actions.needs import add_need
from ewb_desktop.actions.people import add_person, change_coordinator, change_membership
from ewb_desktop.actions.services import add_service
from ewb_desktop.actions.signposting import signpost, take_back_signpost
from ewb_desktop.storage.cards.needs import needs_of
from ewb_desktop.storage.cards.people import person_record
from ewb_desktop.storage.changes import Changes
from ewb_desktop.ui.destinations import Did, Done
from ewb_desktop.ui.person.presenter import PersonPresenter
from ewb_desktop.ui.person.shown import CONTACT, Page
from ewb_desktop.ui.widgets.row import Row, Tint
from tests.support.desks import GRACE, ROWAN
from tests.support.meanwhile import Beside
from tests.support.of_member import follow_ups_of, handovers_of, signposts_of


class RecordingView:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.page: Page | None = None
        self.rows: list[str] = []
        self.told: list[str] = []
        self.warning = ""
        self.faults: dict[str, str] = {}
        self.form: dict[str, Any] | None = None
        self.beside = Beside()

    def open_form(self) -> str:
        return str(self.form.get("form", CONTACT)) if self.form is not None else ""

    def changed_in(self, form: str) -> Mapping[str, Any]:
        return {}

    def renew_form(self, form: str, now: Mapping[str, Any]) -> None:
        pass

    def show_person(self, page: Page) -> None:
        self.page = page

    def show_happened(self, rows: Sequence[Row], *, more: bool, chosen: str) -> None:
        self.rows = [row.title for row in rows]

    def show_taken_off(self) -> None:
        self.told.append("taken off")

    def show_contact_form(self, typed: Mapping[str, Any]) -> None:
        self.form = dict(typed)

    def show_form(self, name: str, typed: Mapping[str, Any]) -> None:
        self.form = {"form": name, **typed}

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


def test_a_way_that_is_not_safe_is_not_offered_first_and_is_warned_of(desk: Desk) -> None:
    _, view = opened(desk, add_person(desk, {"given_name": "Joe", "safe_to_call": "no"}), contact=True)
    assert view.form == {"how": ""}
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
    presenter.keep("contact", {"how": "ring", "reached": None, "note": "Half"})
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


def outcome_of(desk: Desk, person: str) -> tuple[str, str]:
    with desk.store.read() as connection:
        (need,) = needs_of(connection, person)
    return need.outcome, need.unmet_reason


def test_what_became_of_a_need_is_kept_and_undone(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    need = add_need(desk, person, "", "letters")
    presenter, view = opened(desk, person)
    presenter.save_need(need, "not_met", "waiting_list")
    assert outcome_of(desk, person) == ("not_met", "waiting_list")
    assert view.told[-1] == "Saved: not met."
    presenter.undo()
    assert outcome_of(desk, person) == ("still_open", "")


def test_an_outcome_has_to_be_chosen(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    need = add_need(desk, person, "", "letters")
    presenter, view = opened(desk, person)
    presenter.save_need(need, "", "")
    assert set(view.faults) == {"outcome"}


def test_a_goal_put_aside_is_kept_and_gone_on_with(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    goal = set_goal(desk, person, "Cook for six")
    presenter, view = opened(desk, person)
    presenter.save_goal(goal, "put_aside")
    assert view.page is not None
    (row,) = view.page.goals
    assert (row.tag, row.tint, row.action) == ("put aside for now", Tint.GREY, "Rate")
    presenter.save_goal(goal, "")
    assert view.page.goals[0].tag == ""


def test_what_was_done_elsewhere_is_undone_here_and_offered_once(desk: Desk) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    made = hand_over(desk, person, to_name="Debt advice", reason="debts")
    done = Done(Did.HANDED_OVER, made, "Agreed today.")
    presenter, view = opened(desk, person)
    presenter.open(person, False, None, done)
    presenter.open(person, False, None, done)
    assert view.told.count("Agreed today.") == 1
    presenter.undo()
    assert not any(title.startswith("Handed over") for title in view.rows)


@pytest.mark.parametrize("did", list(Did))
def test_everything_done_elsewhere_can_be_undone(desk: Desk, did: Did) -> None:
    person = add_person(desk, {"preferred_name": "Joe"})
    change_coordinator(desk, person, GRACE)
    handover = hand_over(desk, person, to_name="Debt advice", reason="debts")
    service = add_service(desk, {"name": "Tea"})
    record = signpost(desk, person, service, how="told", before_on=desk.clock.today())
    with desk.store.read() as connection:
        first = follow_ups_of(connection, person)[0].id
    about = {
        Did.SIGNPOSTED: record, Did.SIGNPOST_OFF: record, Did.HANDED_OVER: handover, Did.HANDOVER_OFF: handover,
        Did.FOLLOWED_UP: first, Did.PASSED_ON: ROWAN,
    }[did]  # fmt: skip
    if did is Did.SIGNPOST_OFF:
        take_back_signpost(desk, record)
    elif did is Did.HANDOVER_OFF:
        take_back_handover(desk, handover)
    elif did is Did.FOLLOWED_UP:
        tick_off(desk, first)
    presenter, _view = opened(desk, person)
    presenter.open(person, False, None, Done(did, about, "Done."))
    presenter.undo()
    with desk.store.read() as connection:
        now = (len(signposts_of(connection, person)), len(handovers_of(connection, person)))
        still_open = all(each.is_open for each in follow_ups_of(connection, person))
        coordinator = person_record(connection, person)
    assert now == (0 if did is Did.SIGNPOSTED else 1, 0 if did is Did.HANDED_OVER else 1)
    assert still_open
    assert coordinator is not None
    assert coordinator.coordinator == (ROWAN if did is Did.PASSED_ON else GRACE)
