"""Help passes the accessibility gate in every look."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.help.page import build
from ewb_desktop.ui.help.view import HelpView
from ewb_desktop.ui.theme import RESOURCES
from tests.support.looks import Look, expect_accessible, in_every_look


def page(topic: str) -> HelpView:
    view = build(RESOURCES, lambda: [("F2", "Crisis help"), ("Ctrl+L", "Lock now")])
    view.show_topic(topic)
    return view


@in_every_look
@pytest.mark.parametrize("topic", ["getting-in", "keys"])
def test_help_has_no_faults(qtbot: QtBot, look: Look, topic: str) -> None:
    expect_accessible(qtbot, look, lambda: page(topic))
