"""Settings pass the accessibility gate in every look."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.destinations import ToSettings
from ewb_desktop.ui.settings.page import SettingsPage, build
from tests.support.doors import MadeUpChoices, run_now
from tests.support.looks import Look, expect_accessible, in_every_look


def page() -> SettingsPage:
    view = build(MadeUpChoices(), run_now)
    view.opened(ToSettings())
    view.presenter.change_passphrase("", "", "")
    view.show_done("backup", "The backup is made and was checked.")
    return view


@in_every_look
def test_settings_have_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, page)
