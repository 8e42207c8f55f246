"""Printers that vanish, stop or stay silent, through the page: told with what to do, nothing counted, and the leaflet stays."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from ewb_desktop.actions.desk import Desk
from ewb_desktop.storage.drafts import load_draft
from ewb_desktop.ui.destinations import ToLeaflets
from ewb_desktop.ui.leaflets.printer import SystemPrinting
from tests.support.leaflet_desk import PaperTray, leaflets_page, press, words
from tests.support.leaflet_scene import scene
from tests.support.of_member import copies_printed, leaflets_given


@dataclass
class Hall:
    """The only printer of a hall, which is there until it is not, and how it behaves between two sheets."""

    paper: Path
    names: list[str] = field(default_factory=lambda: ["Hall"])
    between: Callable[[Hall], bool] = lambda _hall: True
    after_dialog: Callable[[Hall], None] = lambda _hall: None
    lp: str | None = None

    def printing(self) -> SystemPrinting:
        return SystemPrinting(lambda: self.names, self._dialog, lambda: self.lp, 0.2, self._make)

    def _dialog(self, _printer: QPrinter) -> bool:
        self.after_dialog(self)
        return True

    def _make(self) -> QPrinter:
        hall = self

        class _Printer(QPrinter):
            def printerName(self) -> str:
                return "Hall"

            def newPage(self) -> bool:
                return hall.between(hall) and super().newPage()

            def setFullPage(self, full: bool) -> None:
                # what it prints on in a test; the dialog may not choose a file
                self.setOutputFileName(str(hall.paper))
                super().setFullPage(full)

        return _Printer(QPrinter.PrinterMode.HighResolution)


def vanish(hall: Hall) -> bool:
    hall.names.clear()
    return False


def stop(_hall: Hall) -> bool:
    return False


GONE = (
    "The printer “Hall” is not there any more. See that it is on and its cable or network is in place, then print again. "
    "Or choose another printer, or save the leaflet."
)
OUT_OF_PAPER = (
    "The printer “Hall” stopped after page 1. Throw away what came out. See that it is on and has paper, then print again, or "
    "save the leaflet."
)


def expect(qtbot: QtBot, desk: Desk, tray: PaperTray, hall: Hall, sentence: str) -> None:
    """Print for a member with a service; see what is told, that nothing is counted, and that all that was added stays."""
    tray.printing = hall.printing()
    person, services = scene(desk, written_language="en")
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person, services, "low-mood"))
    shown = words(page)
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.print")
    assert told.args == [f"Nothing was counted. {sentence}"]
    assert words(page) == shown
    page.leaving()
    assert load_draft(desk.store, f"leaflet:{person}") is not None
    assert not tray.edge().tallies.exists()
    with desk.store.read() as connection:
        assert copies_printed(connection, desk.clock.today()) == 0
        assert leaflets_given(connection, person) == []


@pytest.fixture
def tray(tmp_path: Path) -> PaperTray:
    return PaperTray(tmp_path)


def test_a_printer_that_is_switched_off_after_it_was_chosen(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    expect(qtbot, desk, tray, Hall(tmp_path / "paper.pdf", after_dialog=lambda hall: hall.names.clear()), GONE)


def test_a_printer_that_vanishes_in_the_middle_of_a_leaflet(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    expect(qtbot, desk, tray, Hall(tmp_path / "paper.pdf", between=vanish), GONE)


def test_a_printer_that_runs_out_of_paper_in_the_middle_of_a_leaflet(
    qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path
) -> None:
    expect(qtbot, desk, tray, Hall(tmp_path / "paper.pdf", between=stop), OUT_OF_PAPER)


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_a_printer_that_says_nothing(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    lp = tmp_path / "lp"
    lp.write_text("#!/bin/sh\nexec sleep 60\n")
    lp.chmod(0o700)
    silent = "The printer “Hall” has not answered. It may print yet: look at the paper before you print again."
    expect(qtbot, desk, tray, Hall(tmp_path / "paper.pdf", lp=str(lp)), silent)
    assert not (tmp_path / "paper.pdf").exists()


def test_the_printer_that_was_mended_prints_the_same_leaflet(qtbot: QtBot, desk: Desk, tray: PaperTray, tmp_path: Path) -> None:
    hall = Hall(tmp_path / "paper.pdf", between=stop)
    expect(qtbot, desk, tray, hall, OUT_OF_PAPER)
    hall.between = lambda _hall: True
    with desk.store.read() as connection:
        person = str(connection.exec_driver_sql("SELECT id FROM person").scalar())
    page = leaflets_page(qtbot, desk, tray, ToLeaflets(person))
    with qtbot.waitSignal(page.said) as told:
        press(page, "leaflets.print")
    assert told.args == ["1 copy is at the printer. It is written down that Amina Kowalska was given it."]
    assert hall.paper.read_bytes().startswith(b"%PDF")
