"""Crisis help passes the accessibility gate in every look."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.crisis.page import build
from ewb_desktop.ui.theme import RESOURCES
from tests.support.looks import Look, expect_accessible, in_every_look


@in_every_look
def test_crisis_help_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: build(RESOURCES))
