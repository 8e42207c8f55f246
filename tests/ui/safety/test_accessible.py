"""The gate on the safety page."""

from __future__ import annotations

from datetime import date

from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import open_safety_talk
from ewb_desktop.ui.destinations import ToSafety
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.safety.page import build
from ewb_desktop.ui.safety.presenter import SafetyPresenter
from ewb_desktop.ui.safety.view import SafetyPage
from tests.support.looks import Look, expect_accessible, in_every_look


@in_every_look
def test_the_safety_page_has_no_faults(qtbot: QtBot, look: Look, desk: Desk) -> None:
    def make() -> SafetyPage:
        page = build(desk, Feed())
        assert isinstance(page, SafetyPage)
        assert isinstance(page.presenter, SafetyPresenter)
        person = add_person(desk, {"given_name": "Amina", "birth_date": date(1986, 3, 14)})
        page.opened(ToSafety(person, open_safety_talk(desk, person)))
        page.presenter.close("")
        return page

    expect_accessible(qtbot, look, make)
