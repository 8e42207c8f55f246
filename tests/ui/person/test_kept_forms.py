"""The small forms of a person's page keep what stands in them until it is saved or given up."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.cards.sharing import sharing_choices
from ewb_desktop.storage.drafts import draft_keys
from ewb_desktop.storage.holding.in_hand import write_down_all
from ewb_desktop.ui.destinations import ToPerson
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.forms import SmallForm
from ewb_desktop.ui.widgets.button import Button
from tests.support.desks import GRACE
from tests.support.of_member import contacts_of
from tests.ui.person.test_person import found, open_page

SHARING = ("add_sharing", "share", {"shared_with": "GP", "what": "nee", "agreed": "no", "until": ["1", "", ""]})
MEMBERSHIP = ("change_membership", "membership", {"state": "waiting", "day": ["24", "12", ""]})
COORDINATOR = ("change_coordinator", "coordinator", {"coordinator": GRACE})
EACH = pytest.mark.parametrize(("button", "form", "typed"), [SHARING, MEMBERSHIP, COORDINATOR])


@pytest.fixture
def joe(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Joe"})


def begun(page: Page, button: str, name: str, typed: dict[str, Any]) -> SmallForm:
    """Open a form and have somebody fill it in."""
    found(page, Button, f"person.{button}").click()
    form = found(page, SmallForm, f"person.{name}")
    form.typed = typed
    form.edited.emit()
    return form


@EACH
def test_what_stands_in_a_form_is_there_when_the_member_is_opened_again(
    qtbot: QtBot, desk: Desk, feed: Feed, joe: str, button: str, form: str, typed: dict[str, Any]
) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(joe))
    assert not begun(page, button, form, typed).isHidden()
    page.leaving()
    again = found(open_page(qtbot, desk, feed, ToPerson(joe)), SmallForm, f"person.{form}")
    assert (again.isVisible(), again.typed) == (True, typed)
    again.close_button.click()
    assert draft_keys(desk.store, "") == []
    assert not found(open_page(qtbot, desk, feed, ToPerson(joe)), SmallForm, f"person.{form}").isVisible()


@EACH
def test_pressing_its_button_once_more_takes_nothing_away(
    qtbot: QtBot, desk: Desk, feed: Feed, joe: str, button: str, form: str, typed: dict[str, Any]
) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(joe))
    shown = begun(page, button, form, typed)
    found(page, Button, f"person.{button}").click()
    assert shown.typed == typed


def test_each_form_has_its_own_words_and_what_is_saved_is_kept_no_more(qtbot: QtBot, desk: Desk, feed: Feed, joe: str) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(joe))
    begun(page, *MEMBERSHIP)
    form = begun(page, *SHARING)
    page.leaving()
    assert draft_keys(desk.store, "") == [f"membership/{joe}", f"sharing/{joe}"]
    form.typed = {"shared_with": "GP", "what": "needs", "agreed": "no"}
    form.save.click()
    assert draft_keys(desk.store, "") == [f"membership/{joe}"]
    with desk.store.read() as connection:
        assert [choice.agreed for choice in sharing_choices(connection, joe)] == [False]


def test_a_refusal_to_share_that_was_not_saved_reads_as_one_in_the_note_that_it_becomes(
    qtbot: QtBot, desk: Desk, feed: Feed, joe: str
) -> None:
    page = open_page(qtbot, desk, feed, ToPerson(joe))
    begun(page, *SHARING)
    page.leaving()
    with desk.store.write() as writing:
        write_down_all(writing)
    with desk.store.read() as connection:
        (note,) = [contact.note for contact in contacts_of(connection, joe)]
    form, *lines = note.splitlines()
    assert form.endswith("(a sharing choice):")
    assert sorted(lines) == ["Agreed: no", "Shared with: GP", "Until: 1", "What: nee"]
