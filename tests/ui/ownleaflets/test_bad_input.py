"""What can be wrong with a leaflet's file, through the page where a worker brings it in: file, line and remedy are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.own_leaflets import bring_leaflet
from ewb_desktop.storage.cards.own_leaflets import own_in_use
from ewb_desktop.ui.leaflets.preview_pane import PreviewPane
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.card import Card
from ewb_desktop.ui.widgets.text import Label
from tests.support.own_leaflets import GARDEN, Chooser, own_page, write

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllll"
DIG = "We dig and water."
ADD_IT = "Add it under “Our pictures”, or put it into the file's folder."


def looked_at(qtbot: QtBot, desk: Desk, folder: Path, text: str) -> QWidget:
    page = own_page(qtbot, desk, Chooser(leaflet=str(write(folder, text))))
    button = page.findChild(Button, "ownleaflets.add")
    assert button is not None
    button.click()
    return page


def seen(page: QWidget) -> list[str]:
    labels = [part.text() for part in page.findChildren(Label) if part.isVisibleTo(page)]
    return labels + [part.text() for part in page.findChildren(Button) if part.isVisibleTo(page)]


WRONG = {
    "TOML": ('title = "Come', "title = Come", 'Line 3: the head is not written as TOML (name = "words").'),
    "unknown name": (
        "version", 'colour = "red"\nversion', "Line 5: “colour” is not known in the head of a leaflet. Take the line out.",
    ),
    "no day": ("review = 2027-11-21", 'review = "soon"', "Line 7: the head needs “review”, a day such as 2026-11-21."),
    "no title": ("# Come", "Come", "Line 12: the leaflet does not begin with a title (one # sign)."),
    "heading": (DIG, "### We dig", "Line 15: this heading has 3 # signs but the one before it has 1. Use 2."),
    "unknown block": (DIG, "> We dig", "Line 15: a quotation cannot stand in a leaflet. Take it out."),
    "HTML": (DIG, "<div>We dig</div>", "Line 15: HTML cannot stand in a leaflet. Take it out."),
    "link": (
        DIG, "[We dig](javascript:dig)",
        "Line 15: the address of a link or picture here cannot be used. Write it anew, or take it out.",
    ),
    "no picture": (
        DIG, "![The garden](garden.png)\n\n",
        f"Line 15: there is no picture “garden.png” among our pictures, and none beside the file. {ADD_IT}",
    ),
    "no description": (
        DIG, "![](garden.png)\n\n", "Line 15: the picture has no description. Write it between the square brackets.",
    ),
    "no face": (
        DIG, "We dig \N{SNOWMAN}.", "Line 15: “☃” (U+2603 SNOWMAN) cannot be printed. Take it out, or write it in words.",
    ),
}  # fmt: skip
"""What a file says, what stands there instead, and what is told of it."""


@pytest.mark.parametrize(("before", "after", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_file_line_and_remedy_and_leads_there(
    qtbot: QtBot, desk: Desk, tmp_path: Path, before: str, after: str, said: str
) -> None:
    text = GARDEN.replace(before, after, 1)
    assert text != GARDEN
    page = looked_at(qtbot, desk, tmp_path, text)
    told = seen(page)
    assert said in told
    head = page.findChild(Card, "ownleaflets.looked")
    assert head is not None
    assert "garden.md" in head.accessibleName()
    assert "It cannot be printed until what is below is mended. Nothing was changed." in told
    assert not any(part.isVisibleTo(page) for part in page.findChildren(Button, "ownleaflets.use"))
    buttons = [part for part in page.findChildren(Button) if part.objectName().startswith("ownleaflets.messages.open")]
    QTest.keyClick(next(button for button in buttons if said in button.text()), Qt.Key.Key_Space)
    source = page.findChild(QPlainTextEdit, "ownleaflets.source")
    assert source is not None
    line = int(said.split(":")[0].removeprefix("Line "))
    assert source.textCursor().selectedText() == text.split("\n")[line - 1]
    assert page.focusWidget() is source
    with desk.store.read() as connection:
        assert own_in_use(connection).files == ()


def test_a_word_of_forty_letters_in_a_narrow_cell_is_printed_within_it(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    cells = f"| {LONG} | {LONG} | {LONG} |\n|-|-|-|\n| {LONG} | tea | 0161 496 0123 |\n"
    page = looked_at(qtbot, desk, tmp_path, f"{GARDEN}\n{cells}")
    pane = page.findChild(PreviewPane)
    assert pane is not None
    assert LONG in pane.text.toPlainText().replace("\N{SOFT HYPHEN}", "")
    assert page.findChild(Button, "ownleaflets.use").isVisibleTo(page)  # type: ignore[union-attr]  # it is there


def test_a_broken_one_that_came_from_another_laptop_is_named_by_file_line_and_remedy(qtbot: QtBot, desk: Desk) -> None:
    bring_leaflet(desk, "choir.md", GARDEN.replace("our-garden", "choir").replace(DIG, "![](sun.png)\n\n"))
    bring_leaflet(desk, "garden.md", GARDEN)
    told = " ".join(seen(own_page(qtbot, desk, Chooser())))
    assert "choir.md, line 15: the picture has no description. Write it between the square brackets." in told
    assert "Come to our garden" in told


def test_the_way_back_stands_before_the_faults_however_many_there_are(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = looked_at(qtbot, desk, tmp_path, GARDEN.replace(DIG, "> We dig\n\n" * 12, 1))
    messages = [part for part in page.findChildren(Button) if part.objectName().startswith("ownleaflets.messages.open")]
    back = page.findChild(Button, "ownleaflets.close")
    assert back is not None
    assert len(messages) >= 12
    assert back.mapTo(page, QPoint(0, 0)).y() < min(part.mapTo(page, QPoint(0, 0)).y() for part in messages)
    assert getattr(page, "default_focus") is back  # noqa: B009 - a widget to the checker
