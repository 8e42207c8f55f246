"""What was printed here: one click away, behind the first choice, shown as a list, and saved as a table."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.leaflets import Printed, count_print
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.printed import LAST_MONTH, MONTH, TODAY, WEEK, days_of
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, topics, words
from tests.support.leaflet_scene import scene


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def pick(page: LeafletsPage, place: int) -> None:
    chosen = found(page, TopicList, "leaflets.topics")
    row = chosen.model().index(place, 0).data(ROW_ROLE)
    assert isinstance(row, Row)
    chosen.picked.emit(row)


def test_with_nobody_chosen_it_begins_with_how_the_service_works(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    assert "How this service works" in words(leaflets_page(qtbot, desk, tray))


def test_with_nobody_chosen_it_begins_with_what_is_printed_most_here(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    count_print(desk, Printed("stress", "en", "clear-14", 5))
    count_print(desk, Printed("panic", "en", "large-18", 10))
    page = leaflets_page(qtbot, desk, tray)
    assert "Panic" in words(page)
    assert found(page, SelectField, "leaflets.style").value == "large-18"


def test_a_translation_that_nobody_checked_is_never_the_first_choice(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    count_print(desk, Printed("sleep", "pl", "large-18", 20))
    page = leaflets_page(qtbot, desk, tray)
    assert topics(page)[0].startswith("Sleeping better")
    assert "How this service works" in words(page)


def test_nobody_is_seen_with_what_they_did_not_ask_for(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    for topic in ("self-harm", "crisis", "my-safety-plan"):
        count_print(desk, Printed(topic, "en", "clear-14", 50))
    page = leaflets_page(qtbot, desk, tray)
    assert "How this service works" in words(page)
    assert not any("printed here lately" in line for line in topics(page))


def test_what_was_printed_lately_is_one_click_away_in_its_format_and_language(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    count_print(desk, Printed("sleep", "pl", "large-18", 20))
    page = leaflets_page(qtbot, desk, tray)
    assert topics(page)[0] == "Sleeping better. printed here lately · Large print, 18 point · Polish"
    pick(page, 0)
    assert found(page, SelectField, "leaflets.style").value == "large-18"
    assert found(page, SelectField, "leaflets.language").value == "pl"
    press(page, "leaflets.print")
    assert len(tray.printed) == 1
    pick(page, 2)
    assert found(page, SelectField, "leaflets.style").value == "clear-14"


def test_a_member_gets_what_suits_them_and_not_what_was_printed_for_others(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, _ = scene(desk)
    count_print(desk, Printed("panic", "en", "clear-14", 20))
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    assert not any("printed here lately" in line for line in topics(page))


def test_what_was_printed_is_counted_by_leaflet_the_most_first(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    for copies in (2, 20):
        count_print(desk, Printed("sleep", "pl", "large-18", copies, "cream", "a5", discreet=True))
    count_print(desk, Printed("panic", "en", "clear-14", 5, "white", "a4"))
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_printed")
    spoken = [part.accessibleName() for part in page.printed.findChildren(QWidget) if "·" in part.accessibleName()]
    assert spoken == [
        "Sleeping better. Large print, 18 point · Polish · Black on cream · A5 · discreet cover. 22 copies",
        "Panic. Clear print, 14 point · English · Black on white · A4. 5 copies",
    ]


def test_the_table_has_every_print_and_no_cell_that_a_spreadsheet_runs(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path
) -> None:
    count_print(desk, Printed("sleep", "pl", "large-18", 20, "cream", "a5", batch="0199a000-0000-7000-8000-00000000cc01"))
    count_print(desk, Printed("=1+1", "en", "clear-14", 1))
    tray.save_as = str(tmp_path / "printed")
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_printed")
    choose(page, "leaflets.period", MONTH)
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.save_printed")
    assert str((told.args or [""])[0]).endswith("No person is named in it.")
    rows = list(csv.DictReader((tmp_path / "printed.csv").read_text("utf-8-sig").splitlines()))
    today = desk.clock.today().isoformat()
    wanted = ("Day", "Leaflet", "Format", "Language", "Colours", "Paper", "Copies", "Printed together")
    assert [rows[0][name] for name in wanted] == [
        today, "Sleeping better", "Large print, 18 point", "Polish", "Black on cream", "A5", "20", "1",
    ]  # fmt: skip
    assert rows[1]["Leaflet"] == "'=1+1"


def test_a_table_that_cannot_be_saved_says_so(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    tray.save_as = str(tmp_path / "gone" / "printed.csv")
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_printed")
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.save_printed")
    assert told.args == ["“printed.csv” was not saved. The folder “gone” is not there. Choose another folder."]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (TODAY, date(2026, 3, 1), date(2026, 3, 1)),
        (WEEK, date(2026, 2, 23), date(2026, 3, 1)),
        (MONTH, date(2026, 3, 1), date(2026, 3, 1)),
        (LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_a_period_has_its_first_and_last_day(period: str, first: date, last: date) -> None:
    assert days_of(period, date(2026, 3, 1)) == (first, last)


def test_pages_are_turned_by_keys_from_anywhere_on_the_page(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    page.activateWindow()
    QApplication.processEvents()
    for key, number in ((Qt.Key.Key_PageDown, 2), (Qt.Key.Key_PageUp, 1), (Qt.Key.Key_PageUp, 1)):
        QTest.keyClick(page, key, Qt.KeyboardModifier.AltModifier)
        assert page.preview.picture.accessibleName().startswith(f"Page {number} of")
