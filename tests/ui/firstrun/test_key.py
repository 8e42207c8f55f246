"""Keeping the recovery key: the groups have numbers, saving says so, and a good passphrase is forgiven."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from ewb_desktop.library import open_library
from ewb_desktop.ui.firstrun.groups import NumberedGroups
from ewb_desktop.ui.firstrun.page import FirstRunPage, build
from ewb_desktop.ui.firstrun.renewal import RenewalPage
from ewb_desktop.ui.theme import RESOURCES
from ewb_desktop.ui.widgets.text import Heading, Text
from tests.support.doors import RECOVERY_KEY, MadeUpDoors, run_now


def form(qtbot: QtBot, doors: MadeUpDoors) -> FirstRunPage:
    page = build(
        doors, run_now, lambda _opened: None, lambda: "/stick/key.txt", lambda _key: "", open_library(RESOURCES).list("roles"),
        enrol=False,
    )  # fmt: skip
    qtbot.addWidget(page)
    page.show()
    return page


def filled(page: FirstRunPage, passphrase: str) -> None:
    page.name.value = "Rowan Okafor"
    page.role.value = "connector"
    page.passphrase.line.setText(passphrase)
    page.again.line.setText(passphrase)


def test_every_group_stands_under_its_number(qtbot: QtBot) -> None:
    page = form(qtbot, MadeUpDoors())
    filled(page, "violet otter kettle harbour")
    page.make_button.click()
    shown = [label.text() for label in page.key.words.findChildren(Text)]
    assert shown == [f"Group {number}" for number in range(1, 9)]
    assert page.key.words.text().split() == RECOVERY_KEY.split("-")


def test_the_groups_of_both_lines_stand_under_each_other_at_any_text_size(qtbot: QtBot) -> None:
    groups = NumberedGroups()
    qtbot.addWidget(groups)
    groups.show_groups(["W7IIM", "QQJ4W", "MMWMM", "IIJIL", "A2B3C", "77777", "WWWWW", "LJI2I"])
    groups.resize(1200, 300)
    groups.show()
    lefts = [label.mapTo(groups, QPoint(0, 0)).x() for label in groups.findChildren(Heading)]
    assert lefts[:4] == lefts[4:]
    assert lefts == sorted(lefts[:4]) * 2


def test_saving_to_a_file_says_so(qtbot: QtBot) -> None:
    page = form(qtbot, MadeUpDoors())
    filled(page, "violet otter kettle harbour")
    page.make_button.click()
    page.key.save_button.click()
    assert page.key.said.text() == "The recovery key is saved in the file key.txt. Keep it away from this laptop."


def no_room(_key: str, _path: str) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("keep", "said", "trouble"),
    [(lambda _key, _path: None, "is saved in the file key.txt", ""), (no_room, "", "No space left on device")],
)
def test_a_new_key_is_saved_and_said_in_the_same_way(
    qtbot: QtBot, keep: Callable[[str, str], None], said: str, trouble: str
) -> None:
    page = RenewalPage(lambda: "/stick/key.txt", keep, lambda _key: "")
    qtbot.addWidget(page)
    page.show_key(RECOVERY_KEY)
    page.key.save_button.click()
    assert said in page.key.said.text()
    assert trouble in page.key.trouble.text.text()


def test_a_passphrase_that_became_good_is_no_longer_called_too_easy(qtbot: QtBot) -> None:
    page = form(qtbot, MadeUpDoors())
    filled(page, "short")
    page.name.value = ""
    page.make_button.click()
    assert page.summary.isVisible()
    page.passphrase.line.setText("violet otter kettle harbour")
    page.presenter.advise(page.passphrase.value, "Rowan")
    assert page.advice.text() == "This passphrase is good."
    assert not page.passphrase.error.isVisible()
    assert page.summary.isVisible()
    assert [link.text() for link in page.summary._links] == ["Write your name, as your colleagues know you."]
