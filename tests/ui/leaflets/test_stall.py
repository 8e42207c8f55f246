"""Leaflets for a stall: several topics one after another, what fails is told and the rest comes out, all of it counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.print_notes import take_in_prints
from ewb_desktop.storage.cards.leaflets import PrintCard, prints_between
from ewb_desktop.ui.leaflets.stall import MOST_COPIES, Pile, Stall, stall_from_draft
from ewb_desktop.ui.leaflets.stall_pane import PileRow
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.choices import CheckChoices
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.notice import ProgressPanel
from ewb_desktop.ui.widgets.text import Text
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press

THREE = ("low-mood", "sleep", "worry-and-anxiety")
TITLES = ["Low mood", "Sleeping better", "Worry and anxiety"]


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def stall(qtbot: QtBot, desk: Desk | None, tray: PaperTray, topics: tuple[str, ...] = THREE) -> LeafletsPage:
    """Return the page with these topics ticked."""
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_stall")
    for row in found(page, CheckChoices, "leaflets.stall.topics").rows:
        if getattr(row, "choice").value in topics:  # noqa: B009 - a button to the checker
            row.click()
    return page


def prints(desk: Desk) -> list[PrintCard]:
    today = desk.clock.today()
    with desk.store.read() as connection:
        return prints_between(connection, today, today)[::-1]


def told(qtbot: QtBot, page: LeafletsPage, act: Callable[[], None]) -> str:
    said: list[str] = []
    page.said.connect(said.append)
    act()
    return said[-1] if said else ""


def states(page: LeafletsPage) -> str:
    return " | ".join(
        text.text() for row in page.findChildren(PileRow) for text in row.findChildren(Text) if text.isVisibleTo(row)
    )


def test_twenty_of_these_three_are_printed_one_after_another_and_asked_for_once(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = stall(qtbot, desk, tray)
    assert found(page, Button, "leaflets.print_all").words() == "Print 60 copies"
    said = told(qtbot, page, lambda: press(page, "leaflets.print_all"))
    assert [(title, copies) for _, title, copies in tray.printed] == [(title, 20) for title in TITLES]
    assert len(tray.asked) == 1
    assert said == "60 copies of 3 leaflets at the printer."
    assert "20 copies at the printer" in states(page)


def test_each_is_counted_with_its_looks_as_one_batch(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = stall(qtbot, desk, tray)
    choose(page, "leaflets.stall.palette", "cream")
    choose(page, "leaflets.stall.sheet", "a5")
    choose(page, "leaflets.stall.sleep.copies", 5)
    choose(page, "leaflets.stall.sleep.language", "pl")
    choose(page, "leaflets.stall.low-mood.style", "large-18")
    press(page, "leaflets.print_all")
    counted = prints(desk)
    assert [(each.topic, each.copies, each.language, each.format, each.palette, each.sheet) for each in counted] == [
        ("low-mood", 20, "en", "large-18", "cream", "a5"),
        ("sleep", 5, "pl", "clear-14", "cream", "a5"),
        ("worry-and-anxiety", 20, "en", "clear-14", "cream", "a5"),
    ]
    assert len({each.batch for each in counted}) == 1
    assert counted[0].batch


def test_one_that_fails_is_told_and_the_rest_comes_out_and_the_next_press_prints_what_is_missing(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    tray.jams = frozenset({"Sleeping better"})
    page = stall(qtbot, desk, tray)
    said = told(qtbot, page, lambda: press(page, "leaflets.print_all"))
    assert said == "40 copies of 2 leaflets at the printer. Not done: Sleeping better. The list says why."
    assert "The printer ran out of ink." in states(page)
    assert [each.topic for each in prints(desk)] == ["low-mood", "worry-and-anxiety"]
    tray.jams = frozenset()
    assert found(page, Button, "leaflets.print_all").words() == "Print what is missing"
    press(page, "leaflets.print_all")
    assert [title for _, title, _ in tray.printed] == ["Low mood", "Worry and anxiety", "Sleeping better"]


def test_a_choice_for_all_holds_for_each_and_for_those_to_come(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = stall(qtbot, desk, tray, ("sleep",))
    choose(page, "leaflets.stall.copies", 50)
    choose(page, "leaflets.stall.language", "pl")
    for row in found(page, CheckChoices, "leaflets.stall.topics").rows:
        if getattr(row, "choice").value in ("panic", "low-mood"):  # noqa: B009 - a button to the checker
            row.click()
    assert [found(page, SelectField, f"leaflets.stall.{topic}.copies").value for topic in ("sleep", "panic")] == [50, 50]
    assert found(page, SelectField, "leaflets.stall.language").value == "pl"
    assert "Not there in Polish: in English." in states(page)
    assert "This translation is not checked yet, and says so." in states(page)


def test_it_is_stopped_between_two_leaflets_and_the_rest_waits(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    waiting: list[Callable[[], None]] = []

    def later(work: Callable[[], object], done: Callable[[object], None], failed: Callable[[Exception], None]) -> None:
        waiting.append(lambda: done(work()))

    page = leaflets_page(qtbot, desk, tray, run=later)
    press(page, "leaflets.to_stall")
    while waiting:
        waiting.pop(0)()
    for row in found(page, CheckChoices, "leaflets.stall.topics").rows:
        if getattr(row, "choice").value in THREE:  # noqa: B009 - a button to the checker
            row.click()
    press(page, "leaflets.print_all")
    waiting.pop(0)()
    assert found(page, ProgressPanel, "leaflets.stall.progress").isVisibleTo(page)
    found(page, ProgressPanel, "leaflets.stall.progress").button.click()
    said: list[str] = []
    page.said.connect(said.append)
    while waiting:
        waiting.pop(0)()
    assert said == ["20 copies of 1 leaflet at the printer. Not done: Sleeping better and Worry and anxiety. The list says why."]
    assert not found(page, ProgressPanel, "leaflets.stall.progress").isVisibleTo(page)
    assert found(page, Button, "leaflets.print_all").words() == "Print what is missing"


def test_thinking_better_of_it_in_the_printers_dialog_prints_and_counts_nothing(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    tray.takes, tray.trouble = 0, "Nothing was printed."
    page = stall(qtbot, desk, tray)
    assert told(qtbot, page, lambda: press(page, "leaflets.print_all")) == "Nothing was printed."
    assert (tray.printed, prints(desk)) == ([], [])
    assert found(page, Button, "leaflets.print_all").words() == "Print 60 copies"


def test_all_are_saved_in_a_folder_and_no_file_there_is_written_over(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path
) -> None:
    (tmp_path / "stall").mkdir()
    (tmp_path / "stall" / "panic-clear-14-en.pdf").write_text("mine")
    tray.save_in = str(tmp_path / "stall")
    page = stall(qtbot, desk, tray, ("sleep", "panic"))
    assert told(qtbot, page, lambda: press(page, "leaflets.save_all")) == "2 leaflets saved in the folder stall."
    names = ["panic-clear-14-en-2.pdf", "panic-clear-14-en.pdf", "sleeping-better-clear-14-en.pdf"]
    assert sorted(path.name for path in (tmp_path / "stall").iterdir()) == names
    assert (tmp_path / "stall" / "panic-clear-14-en.pdf").read_text() == "mine"
    assert prints(desk) == []


def test_the_stall_is_there_again_the_next_time(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = stall(qtbot, desk, tray)
    choose(page, "leaflets.stall.sleep.copies", 5)
    again = leaflets_page(qtbot, desk, tray)
    press(again, "leaflets.to_stall")
    assert found(again, CheckChoices, "leaflets.stall.topics").values == list(THREE)
    assert found(again, Button, "leaflets.print_all").words() == "Print 45 copies"


def test_at_the_lock_screen_a_stall_is_printed_and_counted_at_the_next_unlocking(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = stall(qtbot, None, tray)
    press(page, "leaflets.print_all")
    assert take_in_prints(desk, tray.edge().tallies) == 3
    assert sum(each.copies for each in prints(desk)) == 60


def test_nothing_chosen_prints_nothing_and_says_what_to_do(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = stall(qtbot, desk, tray, ())
    assert told(qtbot, page, lambda: press(page, "leaflets.print_all")) == "Choose one leaflet or more first."


def test_the_keyboard_alone_goes_from_one_leaflet_to_a_printed_stall_and_back(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    page.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(found(page, Button, "leaflets.to_stall"), Qt.Key.Key_Return)
    topics = found(page, CheckChoices, "leaflets.stall.topics")
    QTest.keyClick(topics.rows[0], Qt.Key.Key_Space)
    QTest.keyClick(topics.rows[0], Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert [copies for _, _, copies in tray.printed] == [20]
    QTest.keyClick(found(page, Button, "leaflets.to_one"), Qt.Key.Key_Return)
    assert found(page, Button, "leaflets.print").isVisibleTo(page)
    assert found(page, Button, "leaflets.to_stall").hasFocus()


@pytest.mark.parametrize("kept", [None, {}, {"piles": [{"moon": 1}], "palette": "", "sheet": ""}, {"piles": 3}])
def test_a_kept_stall_that_cannot_be_read_is_an_empty_one(kept: object) -> None:
    assert stall_from_draft(kept) == Stall()


def test_a_stall_is_kept_as_it_is_and_copies_stay_within_reason() -> None:
    laid = Stall().with_topics(["sleep"]).with_pile("sleep", copies=100_000, language="pl").with_all(style="large-18")
    assert laid.piles == (Pile("sleep", MOST_COPIES, "large-18", "pl"),)
    assert stall_from_draft(laid.as_draft()) == laid
    assert laid.with_pile("sleep", copies=0).copies == 1


def test_what_was_said_of_an_empty_stall_goes_when_something_is_ticked(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = stall(qtbot, desk, tray, ())
    said = told(qtbot, page, lambda: press(page, "leaflets.print_all"))
    assert said == "Choose one leaflet or more first."
    again = told(qtbot, page, lambda: found(page, CheckChoices, "leaflets.stall.topics").rows[0].click())
    assert again == ""
    assert "Choose one leaflet or more first." not in [text.text() for text in page.findChildren(Text)]
