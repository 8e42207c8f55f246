"""The place in settings: what was done is said there, and where it lies can be written down."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.destinations import ToSettings
from ewb_desktop.ui.settings.page import SettingsPage, build
from tests.support.doors import MadeUpChoices, run_now


def opened(qtbot: QtBot, choices: MadeUpChoices, section: str = "") -> SettingsPage:
    page = build(choices, run_now)
    qtbot.addWidget(page)
    page.opened(ToSettings(section))
    page.show()
    return page


def test_settings_open_at_the_place_with_a_way_back(qtbot: QtBot) -> None:
    page = opened(qtbot, MadeUpChoices(), "place")
    assert page.default_focus is page.place
    with qtbot.waitSignal(page.back):
        page.back_button.click()
    page.opened(ToSettings())
    assert page.default_focus is page.text_size
    assert not page.back_button.isVisible()


def test_a_place_that_is_added_is_said_to_be_added(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.place_name.value = "St Mary's"
    page.place_postcode.value = "M32 0JT"
    page.place_button.click()
    assert choices.done == [("add", "St Mary's", "M32 0JT"), ("place", "p3", "St Mary's is added. You are at St Mary's today.")]


def test_a_name_of_signs_that_nobody_sees_is_no_name_of_a_place(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.place_name.value = "\u200b\u202e"
    page.place_button.click()
    assert "Write the name of the place" in page.place_name.error.text()
    assert choices.done == []


def test_a_postcode_that_nobody_knows_is_said_and_asked_for(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    assert "distances are not shown" in page.where.text()
    page.latitude.value, page.longitude.value = "53.446", "\N{MINUS SIGN}2.308"
    page.where_button.click()
    assert ("located", "53.446 -2.308") in choices.done


@pytest.mark.parametrize(("latitude", "longitude"), [("", ""), ("2", "53"), ("53.4N", "-2.3"), ("nan", "0")])
def test_degrees_outside_the_country_are_asked_for_again(qtbot: QtBot, latitude: str, longitude: str) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.latitude.value, page.longitude.value = latitude, longitude
    page.where_button.click()
    assert choices.done == []
    assert "49 to 61" in page.latitude.error.text()
