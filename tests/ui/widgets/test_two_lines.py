"""Words at the foot take two lines at most, and are never cut through."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ewb_desktop.ui import theme
from ewb_desktop.ui.shell.foot import Foot
from ewb_desktop.ui.widgets.look import Scheme

LONG = "Added. Counted as a visit today. You are their coordinator until somebody else is."


@pytest.fixture
def foot(qapp: QApplication, qtbot: QtBot) -> Foot:
    theme.apply(qapp, Scheme.LIGHT, 100)
    foot = Foot("Everything is saved on this laptop")
    qtbot.addWidget(foot)
    foot.resize(700, foot.sizeHint().height())
    foot.show()
    return foot


def test_a_second_line_gets_its_height_when_longer_words_come(foot: Foot) -> None:
    low = foot.said.heightForWidth(foot.said.width())
    foot.say(LONG)
    assert foot.said.heightForWidth(foot.said.width()) > 1.5 * low


def test_much_longer_words_take_no_third_line_and_are_there_in_whole(foot: Foot) -> None:
    foot.say(LONG)
    two = foot.said.heightForWidth(foot.said.width())
    foot.say(LONG * 9)
    assert foot.said.heightForWidth(foot.said.width()) == two
    assert foot.said.accessibleName() == LONG * 9


def test_words_that_are_cut_end_with_a_whole_word(foot: Foot) -> None:
    for letters in range(1, 12):
        foot.say(f"{'a' * letters} {LONG * 4}")
        *_, last = QLabel.text(foot.said).removesuffix("\N{HORIZONTAL ELLIPSIS}").split()
        assert last in foot.said.text().split()
