"""More than anybody reads, through the page: hundreds of services and words of forty letters are printed; the window goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.tables import Service
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.added_card import MOST_ROWS
from ewb_desktop.ui.widgets.button import Button
from ewb_desktop.ui.widgets.field import LineEdit
from tests.support.leaflet_desk import PaperTray, choose, found, leaflets_page, press, words
from tests.support.leaflet_kit.drawn import read_drawing

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllll"


def services(desk: Desk, count: int, name: str = "Place") -> tuple[str, ...]:
    with desk.store.write() as writing:
        return tuple(
            writing.add(
                Service(
                    area="*", source="made-up", source_id=f"{name}{number}", name=f"{name} {number}", status="active",
                    telephone="0161 496 0123", address=f"{number} Mill Lane, Northside", assured_on=date(2026, 10, 30),
                )
            )
            for number in range(count)
        )  # fmt: skip


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def test_three_hundred_services_are_all_printed_and_taken_off_at_once(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep", services=services(desk, 300)))
    text = words(page)
    assert all(f"Place {number} " in text for number in range(300))
    assert len([each for each in page.findChildren(Button) if each.objectName().startswith("leaflets.services.act")]) == MOST_ROWS
    press(page, "leaflets.services.act.0")
    press(page, "leaflets.print")
    ((pdf, _, _),) = tray.printed
    printed = "\n".join(line for side in read_drawing(pdf) for line in side.lines())
    assert f"{299} Mill Lane" in printed
    assert "0161 496 0123" in printed.replace("\N{NO-BREAK SPACE}", " ")
    press(page, "leaflets.services_off")
    assert "Place" not in words(page)
    assert not found(page, Button, "leaflets.services_off").isVisibleTo(page)


def test_a_word_of_forty_letters_is_printed_whole_in_the_largest_print(qtbot: QtBot, desk: Desk, tray: PaperTray) -> None:
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(topic="sleep", services=services(desk, 1, LONG)))
    choose(page, "leaflets.style", "large-24")
    press(page, "leaflets.add_step")
    QTest.keyClicks(found(page, LineEdit, "leaflets.step.input"), LONG)
    page.added.flush()
    assert words(page).replace("\N{SOFT HYPHEN}", "").count(LONG) >= 2
    press(page, "leaflets.print")
    assert len(tray.printed) == 1
