"""Words that wait about members who leave: whose they are, where they are gone on with, and that they can be let go of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.storage.drafts import save_draft
from ewb_desktop.storage.holding.in_hand import InHand, hold
from ewb_desktop.ui.destinations import (
    Destination,
    ToConversation,
    ToEditPerson,
    ToHandover,
    ToLeaflets,
    ToPerson,
    ToSafety,
    ToSignpost,
    ToSync,
)
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.held_words import place_of
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.person.page import build as build_person
from ewb_desktop.ui.person.view import PersonPage
from ewb_desktop.ui.sync.words import WordsPresenter
from ewb_desktop.ui.sync.words_card import WordsCard
from ewb_desktop.ui.widgets.button import Button
from tests.support.desks import open_desk
from tests.support.looks import Look, expect_accessible, in_every_look


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def held(desk: Desk) -> str:
    """Return a member whose three hours are over while a contact was being written."""
    person = add_person(desk, {"given_name": "Maryam", "family_name": "Hasim"})
    save_draft(desk.store, f"contact/{person}", {"how": "ring", "note": "told at the door"})
    with desk.store.write() as writing:
        hold(writing, [InHand(person, desk.clock.now() + timedelta(days=1), is_opened=True)])
    return person


def test_a_row_says_what_waits_why_and_until_when_and_its_buttons_do_as_they_say(qtbot: QtBot, desk: Desk) -> None:
    card, went, gone = WordsCard(), list[Destination](), list[str]()
    qtbot.addWidget(card)
    presenter = WordsPresenter(desk, card, went.append, gone.append)
    card.opened.connect(presenter.open)
    card.let_go.connect(presenter.let_go)
    presenter.refresh()
    assert card.isHidden()
    person = held(desk)
    presenter.refresh()
    assert not card.isHidden()
    (said,) = [each.accessibleName() for each in card.findChildren(QWidget) if "Maryam" in each.accessibleName()][:1]
    assert "A contact. The three hours are over. If nobody saves it, it is sent as a note on" in said
    for name in ("sync.words-rows.opener.0", "sync.words-rows.act.0"):
        button = card.findChild(Button, name)
        assert isinstance(button, Button)
        button.click()
    assert (went, gone) == ([ToPerson(person, contact=True)], [person])


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("contact/p", ToPerson("p", contact=True)),
        ("newperson:p", ToEditPerson("p")),
        ("handover/p/s", ToHandover("p", service="s")),
        ("handover/p/new", ToHandover("p")),
        ("signpost/p/s", ToSignpost("p", service="s")),
        ("need/p", ToConversation("p")),
        ("sharing/p", ToPerson("p")),
        ("membership/p", ToPerson("p")),
        ("answer/p/first/matters", ToConversation("p")),
        ("safety/p", ToSafety("p")),
        ("leaflet:p", ToLeaflets(person="p")),
        ("mending:person:p", ToSync()),
    ],
)
def test_each_form_is_gone_on_with_on_its_own_page(key: str, place: Destination) -> None:
    assert place_of("p", ["contact/p", key]) == place


def test_the_members_own_page_says_that_words_wait_and_lets_them_go(qtbot: QtBot, desk: Desk) -> None:
    person, gone, early = held(desk), list[str](), list[str]()
    page = build_person(desk, Feed(), early.append, gone.append)
    qtbot.addWidget(page)
    page.opened(ToPerson(person))
    assert isinstance(page, PersonPage)
    assert page.contact.note.value == "told at the door"
    button = page.findChild(Button, "person.let_go")
    assert isinstance(button, Button)
    assert not button.isHidden()
    button.click()
    assert (gone, early) == ([person], [])


@in_every_look
def test_both_can_be_read_in_every_look(qtbot: QtBot, desk: Desk, look: Look) -> None:
    person = held(desk)

    def listed() -> Page:
        page, card = Page("Send and receive", "page"), WordsCard()
        WordsPresenter(desk, card, print, print).refresh()
        page.sheet.add(card)
        page.sheet.fill()
        return page

    def own() -> Page:
        page = build_person(desk, Feed())
        page.opened(ToPerson(person))
        return page

    expect_accessible(qtbot, look, listed)
    expect_accessible(qtbot, look, own)
