"""How a topic and a language are found: by the name that is typed, with nothing hidden, in the order in which people look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui import theme
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.widgets.field import SelectField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.text import Text
from tests.support.leaflet_desk import PaperTray, found, leaflets_page, press, topics
from tests.support.leaflet_scene import scene


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


@pytest.fixture
def twice_as_large(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, Scheme.LIGHT, 200)
    yield
    theme.apply(qapp, Scheme.LIGHT, 100)


def search(page: LeafletsPage, typed: str) -> list[str]:
    line = found(page, SearchBox, "leaflets.search")
    line.clear()
    QTest.keyClicks(line, typed)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return [row.split(".")[0] for row in topics(page)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("worry", "Worry and anxiety"),
        ("mood", "Low mood"),
        ("stress", "Stress"),
        ("money", "Money worries"),
        ("anx", "Worry and anxiety"),
    ],
)
def test_the_topic_whose_name_is_typed_comes_first(qtbot: QtBot, desk: Desk, tray: PaperTray, typed: str, first: str) -> None:
    person, _ = scene(desk)
    assert search(leaflets_page(qtbot, desk, tray, ToLeaflets(person)), typed)[0] == first


def test_a_search_that_finds_nothing_says_so_where_it_was_typed(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    assert search(page, "xyzzy") == []
    line, box = found(page, Text, "leaflets.no_topic"), found(page, SearchBox, "leaflets.search")
    assert line.isVisibleTo(page)
    below = line.mapTo(page, QPoint(0, 0)).y() - box.mapTo(page, QPoint(0, box.height())).y()
    assert 0 <= below < 2 * line.height()
    search(page, "sleep")
    assert not line.isVisibleTo(page)


def test_languages_stand_by_name_with_english_first(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="crisis"))
    combo = found(page, SelectField, "leaflets.language").combo
    names = [combo.itemText(number) for number in range(combo.count())]
    assert names == ["English", *sorted(names[1:])]
    assert len(names) > 5


def test_the_languages_of_a_pile_stand_by_name_with_english_first(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    press(page, "leaflets.to_stall")
    page.stall.topics_chosen.emit(["sleep"])
    combo = found(page, SelectField, "leaflets.stall.sleep.language").combo
    names = [combo.itemText(number) for number in range(combo.count())]
    assert names == ["English", *sorted(names[1:])]


def test_at_twice_the_size_three_topics_are_in_sight_with_the_chosen_one(
    qtbot: QtBot, desk: Desk, tray: PaperTray, twice_as_large: None
) -> None:
    person, _ = scene(desk)
    page = leaflets_page(None, desk, tray, ToLeaflets(person, topic="stress"))
    qtbot.addWidget(page)
    page.resize(1160, 660)
    page.show()
    QApplication.processEvents()
    shown = found(page, TopicList, "leaflets.topics")
    rows = [shown.visualRect(shown.model().index(row, 0)) for row in range(shown.model().rowCount())]
    seen = [row for row in rows if shown.viewport().rect().contains(row)]
    assert len(seen) >= 3
    assert shown.visualRect(shown.currentIndex()) in seen
