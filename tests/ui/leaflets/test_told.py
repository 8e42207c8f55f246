"""What a worker must be told: what is on a leaflet unasked, why there is none, where the fault stands, and what is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.actions.signposting import signpost
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.view import LeafletsPage
from ewb_desktop.ui.leaflets.wish import one_line
from ewb_desktop.ui.widgets.field import LineEdit, TextArea
from ewb_desktop.ui.widgets.text import Text
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, warning, words
from tests.support.leaflet_scene import scene

UNPRINTABLE = "\N{MELTING FACE}"


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def on_the_way(qtbot: QtBot, desk: Desk, tray: PaperTray) -> LeafletsPage:
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "sleep"))
    press(page, "leaflets.services.opener.0")
    return page


def test_what_is_on_it_unasked_is_said_over_the_leaflet_until_it_is_taken_off(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, (debt, walk) = scene(desk, written_language="en")
    signpost(desk, person, debt, how="told")
    signpost(desk, person, walk, how="told")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    said = "Stretford debt advice are on it, because Amina Kowalska was told of them lately. Take off what is not wanted"
    assert said in warning(page)
    page.leaving()
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    press(page, "leaflets.services.act.0")
    assert "is on it, because Amina Kowalska was told of it lately" in warning(page)
    press(page, "leaflets.services.act.0")
    assert "lately" not in warning(page)


def test_what_is_on_it_unasked_is_said_at_the_foot_too_beside_why_the_topic_was_chosen(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    person, (debt, _walk) = scene(desk, written_language="en")
    signpost(desk, person, debt, how="told")
    page = leaflets_page(qtbot, desk, tray)
    said: list[str] = []
    page.said.connect(said.append)
    page.opened(ToLeaflets(person))
    assert said[-1].startswith("What they were told of lately is on it. “Low mood” is chosen: it suits")


def test_what_a_worker_put_on_it_is_not_said(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, services = scene(desk, written_language="en")
    assert "told of" not in warning(leaflets_page(qtbot, desk, tray, ToLeaflets(person, services)))


def test_a_service_that_closed_is_told_beside_why_the_topic_was_chosen(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, (debt, _walk) = scene(desk, written_language="en")
    with desk.store.write() as writing:
        writing.edit(Service, debt, status="defunct")
    said: list[str] = []
    page = leaflets_page(qtbot, desk, tray)
    page.said.connect(said.append)
    page.opened(ToLeaflets(person, (debt,)))
    assert "Stretford debt advice does not run now, so it was left off." in said[-1]
    assert "is chosen: it suits" in said[-1]


def test_enter_in_how_to_get_there_is_printed_on_one_line(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = on_the_way(qtbot, desk, tray)
    where = found(page, TextArea, "leaflets.service_where")
    where.area.selectAll()
    QTest.keyClicks(where.area, "Side door")
    QTest.keyClick(where.area, Qt.Key.Key_Return)
    QTest.keyClicks(where.area, "Bus 255")
    press(page, "leaflets.service_done")
    assert "Side door, Bus 255" in words(page)
    press(page, "leaflets.print")
    assert len(tray.printed) == 1


def test_an_imported_service_with_line_ends_and_tabs_is_printed(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    person, (debt, _walk) = scene(desk, written_language="en")
    with desk.store.write() as writing:
        writing.edit(
            Service, debt, name="Debt\tadvice", address="Mill Hall\r\n2 Mill Lane,\n\nStretford", cost="Pay what\nyou can"
        )
    text = words(leaflets_page(qtbot, desk, tray, ToLeaflets(person, (debt,))))
    assert "Debt advice" in text
    assert "Mill Hall, 2 Mill Lane, Stretford, M32 0TH" in text


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("a\nb", "a, b"),
        ("a,\r\n b", "a, b"),
        ("\n a \t b\n\n", "a b"),
        ("a\N{LINE SEPARATOR}b.", "a, b."),
        ("a\na", "a, a"),
        ("", ""),
    ],
)
def test_lines_become_one(typed: str, line: str) -> None:
    assert one_line(typed) == line


def test_why_there_is_no_leaflet_and_where_the_fault_stands_is_told_at_the_foot_after_a_try_to_print(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = on_the_way(qtbot, desk, tray)
    press(page, "leaflets.print")
    said: list[str] = []
    page.said.connect(said.append)
    where = found(page, TextArea, "leaflets.service_where")
    where.area.setPlainText(f"Side door {UNPRINTABLE}")
    press(page, "leaflets.service_done")
    place = "It is in “How to get there” of Stretford debt advice: press “Change” beside it."
    shown = page.preview.trouble.text.text()
    assert shown.endswith(place)
    assert "cannot print" in shown
    assert "Nothing was printed" not in shown
    assert said == []
    press(page, "leaflets.print")
    assert said == [f"Nothing was printed or saved. {shown}"]
    assert len(tray.printed) == 1


def test_why_nothing_was_printed_goes_from_the_foot_when_the_leaflet_works_again(
    qtbot: QtBot, desk: Desk, tray: PaperTray
) -> None:
    page = on_the_way(qtbot, desk, tray)
    where = found(page, TextArea, "leaflets.service_where")
    where.area.setPlainText(f"Side door {UNPRINTABLE}")
    press(page, "leaflets.print")
    said: list[str] = []
    page.said.connect(said.append)
    where.area.setPlainText("Side door")
    page.added.flush()
    assert said == [""]
    assert not any("Nothing was printed" in line.text() for line in page.findChildren(Text))


def test_what_a_worker_did_stays_told_when_the_leaflet_changes(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = on_the_way(qtbot, desk, tray)
    press(page, "leaflets.print")
    said: list[str] = []
    page.said.connect(said.append)
    choose(page, "leaflets.palette", "cream")
    assert said == []


def test_a_character_of_the_next_step_that_cannot_be_printed_is_found_there(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray)
    said: list[str] = []
    page.said.connect(said.append)
    press(page, "leaflets.add_step")
    found(page, LineEdit, "leaflets.step.input").setText(f"Rowan rings {UNPRINTABLE}")
    found(page, LineEdit, "leaflets.step.input").textEdited.emit("")
    page.added.flush()
    assert page.preview.trouble.text.text().endswith("It is in the next step.")
    assert said == []
