"""What leaflets say of the service is kept in the settings."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.settings import Settings
from ewb_desktop.ui.destinations import ToSettings
from ewb_desktop.ui.settings.page import SettingsPage, build
from tests.support.doors import MadeUpChoices, run_now


def opened(qtbot: QtBot, choices: MadeUpChoices) -> SettingsPage:
    page = build(choices, run_now)
    qtbot.addWidget(page)
    page.opened(ToSettings())
    return page


def test_name_and_telephone_of_the_service_are_kept_and_shown_again(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.service_name.value, page.service_telephone.value = " Northside  neighbours ", "0161 496 0700"
    page.service_button.click()
    assert (choices.kept.service_name, choices.kept.service_telephone) == ("Northside neighbours", "0161 496 0700")
    again = opened(qtbot, choices)
    assert (again.service_name.value, again.service_telephone.value) == ("Northside neighbours", "0161 496 0700")


def test_a_number_nobody_could_ring_is_not_kept(qtbot: QtBot) -> None:
    choices = MadeUpChoices(Settings(service_telephone="0161 496 0700"))
    page = opened(qtbot, choices)
    page.service_telephone.value = "ask at the desk"
    page.service_button.click()
    assert "7 to 15 digits" in page.service_telephone.error.text()
    assert choices.kept.service_telephone == "0161 496 0700"


def test_the_page_of_the_web_is_kept_whole_however_it_was_typed(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.service_address.value = " www.example.org/help "
    page.service_button.click()
    assert choices.kept.service_address == "https://www.example.org/help"
    assert opened(qtbot, choices).service_address.value == "https://www.example.org/help"


def test_what_is_no_address_is_not_kept_and_neither_is_the_rest(qtbot: QtBot) -> None:
    choices = MadeUpChoices()
    page = opened(qtbot, choices)
    page.service_name.value, page.service_address.value = "Northside", "ask at the desk"
    page.service_button.click()
    assert "www.example.org/help" in page.service_address.error.text()
    assert choices.kept == Settings()
