"""The gate on every face of the conversation's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.ui.conversation.page import build
from ewb_desktop.ui.conversation.presenter import ConversationPresenter
from ewb_desktop.ui.conversation.view import ConversationPage
from ewb_desktop.ui.destinations import ToConversation
from ewb_desktop.ui.feed import Feed
from tests.support.looks import Look, expect_accessible, in_every_look


def to_words(presenter: ConversationPresenter) -> None:
    presenter.choose("first-conversation")


def to_safety_panel(presenter: ConversationPresenter) -> None:
    presenter.change("phq-9/44260-8")
    presenter.answer(1)


def to_scale(presenter: ConversationPresenter) -> None:
    presenter.choose("ons4")
    presenter.answer(6)


def to_thanks(presenter: ConversationPresenter) -> None:
    presenter.set_who("self")
    to_safety_panel(presenter)


def to_needs(presenter: ConversationPresenter) -> None:
    presenter.choose("needs")
    presenter.save_need("sleep", "I lie awake", "now", 1)
    presenter.keep_goal("One night through")


def to_next(presenter: ConversationPresenter) -> None:
    presenter.choose("loneliness")
    for _ in range(4):
        presenter.answer(1)
        presenter.next()


def to_check(presenter: ConversationPresenter) -> None:
    to_scale(presenter)
    to_needs(presenter)
    presenter.choose("phq-9")
    presenter.answer(1)
    presenter.choose("check")


@in_every_look
@pytest.mark.parametrize("face", [to_words, to_safety_panel, to_scale, to_thanks, to_needs, to_next, to_check])
def test_the_conversation_has_no_faults(
    qtbot: QtBot, look: Look, desk: Desk, face: Callable[[ConversationPresenter], None]
) -> None:
    def make() -> ConversationPage:
        page = build(desk, Feed())
        assert isinstance(page, ConversationPage)
        assert isinstance(page.presenter, ConversationPresenter)
        page.opened(ToConversation(add_person(desk, {"given_name": "Amina", "birth_date": date(1986, 3, 14)})))
        face(page.presenter)
        return page

    expect_accessible(qtbot, look, make)
