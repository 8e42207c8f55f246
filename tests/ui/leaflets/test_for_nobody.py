"""A leaflet for nobody in particular: nothing of the person before stays, and what was chosen for nobody is there again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.people import add_person
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.topic_list import TopicList
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.leaflets.wish import Wish, wish_from_draft
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import LineEdit, SelectField
from ewb_desktop.ui.widgets.look import Scheme
from ewb_desktop.ui.widgets.row import Row
from ewb_desktop.ui.widgets.search_box import SearchBox
from ewb_desktop.ui.widgets.virtual_list import ROW_ROLE
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, topics, warning, words
from tests.support.leaflet_scene import scene
from tests.support.looks import worn

OF_HER = ("Amina", "Kowalska", "suits", "debt", "told of", "low mood")


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


@pytest.fixture
def large(qapp: QApplication) -> Iterator[QApplication]:
    with worn(qapp, (Scheme.LIGHT, 200, False)):
        yield qapp


class Later:
    """Keeps work that would be done beside the window until it is asked for."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def run(self, work: Callable[[], object], done: Callable[[object], None], _failed: Callable[[Exception], None]) -> None:
        self.waiting.append(lambda: done(work()))

    def catch_up(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def pick(page: LeafletsPage, title: str) -> None:
    chosen = found(page, TopicList, "leaflets.topics")
    rows = (chosen.model().index(number, 0).data(ROW_ROLE) for number in range(chosen.model().rowCount()))
    chosen.picked.emit(next(row for row in rows if isinstance(row, Row) and row.title == title))


def in_view(page: LeafletsPage) -> str:
    """Return every word that a worker, or a screen reader, finds on the page."""
    labels = [label for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    spoken = [f"{label.text()} {label.accessibleName()}" for label in labels]
    typed = [line.text() for line in page.findChildren(LineEdit)] + [box.text() for box in page.findChildren(SearchBox)]
    text = found(page, QPlainTextEdit, "leaflets.text").toPlainText()
    return "\n".join([*spoken, *typed, *topics(page), text, page.preview.picture.accessibleName(), warning(page)])


def for_her(qtbot: QtBot, desk: Desk, tray: PaperTray, topic: str = "") -> LeafletsPage:
    person, (debt, _walk) = scene(desk, written_language="en", safe_to_post="no")
    signpost(desk, person, debt, how="told")
    return leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic=topic))


def test_nothing_that_speaks_of_the_person_stays_in_view_or_is_said(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = for_her(qtbot, desk, tray)
    assert all(each in in_view(page) for each in OF_HER)
    said: list[str] = []
    page.said.connect(said.append)
    press(page, "leaflets.nobody")
    assert [each for each in OF_HER if each in in_view(page)] == []
    assert said == ["", "It is for nobody in particular now."]
    assert "How this service works" in words(page)


def test_nothing_of_the_person_is_in_view_while_the_other_leaflet_is_made(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    later = Later()
    person, services = scene(desk, written_language="en", safe_to_post="no")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services), run=later.run)
    later.catch_up()
    assert "Stretford debt advice" in words(page)
    press(page, "leaflets.nobody")
    assert [each for each in OF_HER if each in in_view(page)] == []
    assert page.preview.waiting.isVisibleTo(page)


def test_what_ends_at_the_printer_afterwards_does_not_name_the_person(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    later = Later()
    person, _ = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person), run=later.run)
    later.catch_up()
    press(page, "leaflets.print")
    said: list[str] = []
    page.said.connect(said.append)
    press(page, "leaflets.nobody")
    later.catch_up()
    assert said[-1] == "1 copy is at the printer."
    assert not any("Amina" in each for each in said)


def test_what_was_being_typed_for_the_person_does_not_come_onto_the_other_leaflet(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = for_her(qtbot, desk, tray)
    press(page, "leaflets.add_step")
    QTest.keyClicks(found(page, LineEdit, "leaflets.step.input"), "Grace rings Amina")
    found(page, SearchBox, "leaflets.search").setText("low mood")
    press(page, "leaflets.nobody")
    page.leaving()
    assert "Grace rings" not in in_view(page)
    assert found(page, SearchBox, "leaflets.search").text() == ""
    assert load_draft(desk.store, "leaflet") is None


def test_a_topic_that_was_asked_for_stays(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = for_her(qtbot, desk, tray)
    pick(page, "Panic")
    press(page, "leaflets.nobody")
    assert "Panic" in words(page)
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(add_person(desk, {"preferred_name": "Kasia"}), topic="sleep"))
    press(page, "leaflets.nobody")
    assert "Sleeping better" in words(page)


def test_what_was_begun_for_nobody_outlasts_a_leaflet_that_was_asked_for_by_itself(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    _, services = scene(desk)
    leaflets_page(qtbot, desk, tray, ToLeaflets(services=services)).leaving()
    leaflets_page(qtbot, desk, tray, ToLeaflets(topic="crisis")).leaving()
    assert "Park walking group" in words(leaflets_page(qtbot, desk, tray))


def test_what_was_chosen_by_hand_is_there_again_after_a_look_in_the_directory(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    _, (debt, _walk) = scene(desk)
    page = leaflets_page(qtbot, desk, tray)
    pick(page, "Grief")
    for name, value in (("style", "large-18"), ("palette", "cream"), ("sheet", "a5"), ("copies", 5)):
        choose(page, f"leaflets.{name}", value)
    press(page, "leaflets.to_directory")
    page.leaving()
    again = leaflets_page(qtbot, desk, tray, ToLeaflets(services=(debt,)))
    assert "Grief" in words(again)
    assert "Stretford debt advice" in words(again)
    for name, value in (("style", "large-18"), ("palette", "cream"), ("sheet", "a5"), ("copies", 5)):
        assert found(again, SelectField, f"leaflets.{name}").value == value
    assert found(again, Button, "leaflets.print").words() == "Print 5 copies"
    press(again, "leaflets.print")
    again.leaving()
    assert "How this service works" in words(leaflets_page(qtbot, desk, tray))


def test_a_language_chosen_for_a_member_is_kept_and_what_they_were_told_of_still_comes(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    person, (debt, _walk) = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="sleep"))
    choose(page, "leaflets.language", "pl")
    page.leaving()
    signpost(desk, person, debt, how="told")
    again = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    assert found(again, SelectField, "leaflets.language").value == "pl"
    assert "Stretford debt advice" in words(again)


def test_a_topic_that_nobody_should_be_seen_with_comes_back_only_from_the_directory(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    _, (debt, _walk) = scene(desk)
    page = leaflets_page(qtbot, desk, tray)
    pick(page, "Self-harm: getting through the moment")
    page.leaving()
    assert "How this service works" in words(leaflets_page(qtbot, desk, tray))
    assert "Self-harm" in words(leaflets_page(qtbot, desk, tray, ToLeaflets(services=(debt,))))


def test_the_page_that_chose_by_itself_keeps_nothing(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    leaflets_page(qtbot, desk, tray).leaving()
    assert load_draft(desk.store, "leaflet") is None


@pytest.mark.parametrize("gone", ["by_hand", "copies"])
def test_a_draft_of_an_older_program_is_read(gone: str) -> None:
    kept = Wish(topic="sleep", services=("a",)).as_draft()
    del kept[gone]
    assert wish_from_draft(kept) == Wish(topic="sleep", services=("a",))


def test_a_wish_comes_back_from_its_draft_as_it_was() -> None:
    wish = Wish(services=("a",)).chosen(topic="sleep", copies=5, discreet=True)
    assert wish_from_draft(wish.as_draft()) == wish


def test_the_chosen_topic_is_in_sight_in_large_letters(qtbot: QtBot, desk: Desk, tray: PaperTray, large: QApplication) -> None:
    person, _ = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, topic="panic"))
    large.processEvents()
    chosen = found(page, TopicList, "leaflets.topics")
    row = chosen.visualRect(chosen.currentIndex())
    top = chosen.viewport().mapTo(page.sheet.viewport(), row.topLeft()).y()
    assert row.top() >= 0
    assert top + row.height() <= page.sheet.viewport().height()
    rows = page.sheet.viewport().height() - chosen.viewport().mapTo(page.sheet.viewport(), chosen.viewport().rect().topLeft()).y()
    assert rows >= 2.5 * row.height()
