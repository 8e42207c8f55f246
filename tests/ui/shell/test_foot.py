"""The line at the foot: what was said goes again, and no sentence takes more than two lines."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.shell.foot import Foot
from ewb_desktop.ui.widgets.look import Scheme

LONG = (
    "Working offline. Last sent Tuesday 16:40. 202 changes to send. 3 changes need a look. Something waits for you to choose. "
    "This laptop tries again by itself, and everything is kept here meanwhile."
)


@pytest.fixture
def foot(qtbot: QtBot, qapp: QApplication) -> Foot:
    theme.apply(qapp, Scheme.LIGHT, 100)
    foot = Foot("Everything is saved on this laptop")
    qtbot.addWidget(foot)
    foot.resize(1160, 40)
    foot.show()
    return foot


def test_a_sentence_said_in_the_breath_before_a_page_is_opened_stays(foot: Foot) -> None:
    foot.say("Saved.")
    foot.turn_page()
    assert foot.said.text() == "Saved."


def test_a_sentence_said_of_the_last_page_goes_when_another_is_opened(foot: Foot, qtbot: QtBot) -> None:
    foot.say("Saved.")
    qtbot.waitUntil(lambda: not foot._breath.isActive())
    foot.turn_page()
    assert foot.said.text() == "Everything is saved on this laptop"


def test_saying_nothing_takes_the_last_sentence_away(foot: Foot) -> None:
    foot.say("44 services were read.")
    foot.say("")
    assert foot.said.text() == "Everything is saved on this laptop"


def test_a_long_sentence_takes_two_lines_and_is_whole_in_its_tooltip(foot: Foot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.LIGHT, 200)
    foot.set_status(LONG)
    qapp.processEvents()
    line = foot.status.fontMetrics().lineSpacing()
    assert foot.status.heightForWidth(foot.status.width()) <= 2 * line + 4
    assert QLabel.text(foot.status).endswith("…")
    assert foot.status.toolTip() == foot.status.accessibleName() == foot.status.text() == LONG
    foot.set_status("Everything is sent.")
    assert foot.status.toolTip() == ""
    theme.apply(qapp, Scheme.LIGHT, 100)
