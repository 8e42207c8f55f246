"""The safety page with a real file behind it."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.safety import open_safety_talk
from ewb_desktop.storage.cards.safety_talks import TalkCard, talk_card
from ewb_desktop.ui.destinations import ToPerson, ToSafety
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.safety.page import build
from ewb_desktop.ui.safety.view import SafetyPage
from tests.support.desks import ROWAN


@pytest.fixture
def amina(desk: Desk) -> str:
    return add_person(desk, {"given_name": "Amina", "birth_date": date(1986, 3, 14)})


@pytest.fixture
def talk(desk: Desk, amina: str) -> str:
    return open_safety_talk(desk, amina)


@pytest.fixture
def page(qtbot: QtBot, desk: Desk, amina: str, talk: str) -> SafetyPage:
    page = build(desk, Feed())
    assert isinstance(page, SafetyPage)
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    page.activateWindow()
    page.opened(ToSafety(amina, talk))
    QApplication.processEvents()
    return page


def card_of(desk: Desk, talk: str) -> TalkCard:
    with desk.store.read() as connection:
        card = talk_card(connection, talk)
    assert card is not None
    return card


def test_words_are_saved_a_moment_after_the_last_key(qtbot: QtBot, desk: Desk, talk: str, page: SafetyPage) -> None:
    explored = page.fields["explored"].input
    assert explored is not None
    QTest.keyClicks(explored, "Thoughts at night")
    with qtbot.waitSignal(page.typed, timeout=5000):
        pass
    assert card_of(desk, talk).explored == "Thoughts at night"


def test_leaving_saves_what_was_typed_just_now(qtbot: QtBot, desk: Desk, talk: str, page: SafetyPage) -> None:
    agreed = page.fields["agreed"].input
    assert agreed is not None
    QTest.keyClicks(agreed, "Ring at six")
    page.leaving()
    assert card_of(desk, talk).agreed == "Ring at six"


def test_just_now_fills_in_day_and_time(desk: Desk, talk: str, page: SafetyPage) -> None:
    page.now_asked.emit()
    assert page.told_day.value == desk.clock.today()
    assert page.told_time.value == "13:00"
    assert card_of(desk, talk).told_at == desk.clock.now()


def test_close_says_on_the_page_what_is_still_needed(desk: Desk, talk: str, page: SafetyPage) -> None:
    page.close_button.click()
    assert page.still_needed.isVisible()
    assert "what was agreed" in page.still_needed.text.text()
    assert card_of(desk, talk).closed_at is None


def test_a_complete_talk_is_closed_by_a_named_person(qtbot: QtBot, desk: Desk, amina: str, talk: str, page: SafetyPage) -> None:
    for name in ("explored", "told_whom", "agreed"):
        field = page.fields[name].input
        assert field is not None
        QTest.keyClicks(field, "words")
    page.plan.rows[0].click()
    page.now_asked.emit()
    page.closed_by.value = ROWAN
    with qtbot.waitSignal(page.go) as gone:
        page.close_button.click()
    assert gone.args == [ToPerson(amina)]
    assert card_of(desk, talk).closed_by_name == "Rowan Oak"


def test_nothing_on_the_page_grades_a_persons_risk(page: SafetyPage) -> None:
    said = " ".join(child.text().casefold() for child in page.findChildren(type(page.saved)))
    for word in ("low risk", "medium risk", "high risk", "risk level", "score"):
        assert word not in said
