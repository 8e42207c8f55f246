"""The bar over a page says what could not be done, and goes when it was read."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.page import Page
from ewb_desktop.ui.shell.trouble_bar import TroubleBar
from tests.support.looks import Look, expect_accessible, in_every_look

FULL = "The disk of this laptop is full. The last change was not saved; everything before it is safe. Make some room."


def test_it_is_hidden_until_something_is_told_and_again_once_it_was_read(qtbot: QtBot) -> None:
    bar = TroubleBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.tell("This did not work", FULL)
    assert (bar.isHidden(), bar.text.text()) == (False, FULL)
    bar.read_button.click()
    assert bar.isHidden()


def test_what_has_to_be_read_comes_back_from_under_another_trouble_until_it_was_read_or_is_not_true_any_more(
    qtbot: QtBot,
) -> None:
    bar, read = TroubleBar(), list[str]()
    qtbot.addWidget(bar)
    bar.was_read.connect(read.append)
    bar.tell("Your work changed", "Stretford has left.", has_to_be_read=True)
    bar.tell("What you typed waits", "Save it.", has_to_be_read=True)
    bar.tell("This did not work", FULL)
    bar.tell("This did not work", f"{FULL} Now.")
    bar.read_button.click()
    assert (bar.title.text(), read) == ("What you typed waits", ["This did not work"])
    bar.withdraw("What you typed waits")
    assert (bar.title.text(), bar.text.text()) == ("Your work changed", "Stretford has left.")
    bar.read_button.click()
    assert (bar.isHidden(), read) == (True, ["This did not work", "Your work changed"])


@in_every_look
def test_it_can_be_read_in_every_look(qtbot: QtBot, look: Look) -> None:
    def page() -> Page:
        shown = Page("Trouble", "page")
        bar = TroubleBar()
        shown.sheet.add(bar)
        bar.tell("This did not work", FULL)
        return shown

    expect_accessible(qtbot, look, page)
