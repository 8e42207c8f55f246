"""Paper itself: pages as pictures at 300 dots an inch, and the file through a pipe where CUPS takes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from ewb_desktop.leaflets.order import Rendered
from ewb_desktop.ui.leaflets.edge import PrintResult
from ewb_desktop.ui.leaflets.printer import Handed, SystemPrinting, hand_to_lp, lay_out, lp_options, paint
from tests.support.leaflet_desk import STUDIO
from tests.support.leaflet_orders import an_order


@pytest.fixture(scope="module")
def leaflet() -> Rendered:
    return STUDIO.press().render(an_order())


def test_every_page_is_painted_on_a_sheet_of_its_own(qapp: QApplication, tmp_path: Path, leaflet: Rendered) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert paint(printer, leaflet.pdf) is None
    paper = pypdf.PdfReader(tmp_path / "paper.pdf")
    assert len(paper.pages) == leaflet.pages
    picture = paper.pages[0].images[0].image
    assert picture is not None
    assert picture.width == pytest.approx(2481, abs=4)


def test_a_booklet_is_laid_across_its_sheets(qapp: QApplication, tmp_path: Path) -> None:
    booklet = STUDIO.press().render(replace(an_order(), sheet="booklet"))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    lay_out(printer, booklet.pdf)
    assert paint(printer, booklet.pdf) is None
    box = pypdf.PdfReader(tmp_path / "paper.pdf").pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


@pytest.mark.parametrize(
    ("sheet", "options"),
    [("a4", ["-o", "media=A4"]), ("a5", ["-o", "media=A5"]), ("booklet", ["-o", "media=A4", "-o", "sides=two-sided-short-edge"])],
)
def test_cups_is_told_which_paper_the_leaflet_is_for(sheet: str, options: list[str]) -> None:
    assert lp_options(STUDIO.press().render(replace(an_order(), sheet=sheet)).pdf) == options


def test_a_printer_that_takes_nothing_is_no_print(qapp: QApplication, tmp_path: Path, leaflet: Rendered) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "gone" / "paper.pdf"))
    assert paint(printer, leaflet.pdf) == 0


def _lp(folder: Path, ends_with: int) -> Path:
    """Write an ``lp`` that keeps what it was told and given."""
    script = folder / "lp"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\nhere = pathlib.Path(__file__).parent\n"
        "(here / 'told').write_text('|'.join(sys.argv[1:]))\n(here / 'given').write_bytes(sys.stdin.buffer.read())\n"
        f"sys.exit({ends_with})\n"
    )
    script.chmod(0o700)
    return script


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_cups_gets_the_file_itself_through_a_pipe(tmp_path: Path) -> None:
    script = _lp(tmp_path, 0)
    assert hand_to_lp(str(script), "Hall", b"%PDF-1.7 a leaflet", "Sleeping better", 3) is Handed.TAKEN
    assert (tmp_path / "told").read_text() == "-d|Hall|-n|3|-t|Sleeping better|-"
    assert (tmp_path / "given").read_bytes() == b"%PDF-1.7 a leaflet"


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_an_lp_that_fails_or_is_not_there_leaves_it_to_the_pictures(tmp_path: Path) -> None:
    assert hand_to_lp(str(_lp(tmp_path, 1)), "", b"%PDF", "Sleep", 1) is Handed.NOT_TAKEN
    assert hand_to_lp(str(tmp_path / "nothing"), "", b"%PDF", "Sleep", 1) is Handed.NOT_TAKEN


@dataclass
class _Computer:
    """What stands outside the program: its printers, what the worker does in the dialog, and an ``lp`` that may be there."""

    names: list[str]
    goes_on: bool = True
    copies: int = 1
    lp: str | None = None
    asked: int = 0

    def dialog(self, printer: QPrinter) -> bool:
        self.asked += 1
        printer.setCopyCount(self.copies)
        return self.goes_on

    def printing(self) -> SystemPrinting:
        return SystemPrinting(lambda: self.names, self.dialog, lambda: self.lp)


def test_without_any_printer_nobody_is_asked_and_a_way_out_is_named(qapp: QApplication, leaflet: Rendered) -> None:
    computer = _Computer([])
    way = computer.printing().ask(leaflet.pdf, leaflet.title, 1)
    assert (way.copies, computer.asked) == (0, 0)
    assert way.trouble == "No printer is set up on this computer. Nothing was printed. Save the leaflet instead."


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_the_copies_chosen_in_the_dialog_go_to_cups_as_the_file_itself(
    qapp: QApplication, tmp_path: Path, leaflet: Rendered
) -> None:
    computer = _Computer(["Hall"], copies=7, lp=str(_lp(tmp_path, 0)))
    printing = computer.printing()
    way = printing.ask(leaflet.pdf, leaflet.title, 1)
    assert printing.send(way, leaflet.pdf, leaflet.title, way.copies) == PrintResult(7)
    assert "-n|7|-t" in (tmp_path / "told").read_text()
    assert (tmp_path / "given").read_bytes() == leaflet.pdf


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_where_cups_does_not_take_it_the_pages_are_painted_for_every_copy(
    qapp: QApplication, tmp_path: Path, leaflet: Rendered
) -> None:
    printing = _Computer(["Hall"], lp=str(_lp(tmp_path, 1))).printing()
    way = printing.ask(leaflet.pdf, leaflet.title, 2)
    assert isinstance(way.device, QPrinter)
    way.device.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert printing.send(way, leaflet.pdf, leaflet.title, 2) == PrintResult(2)
    assert len(pypdf.PdfReader(tmp_path / "paper.pdf").pages) == 2 * leaflet.pages


def test_a_printer_that_takes_no_more_is_named_with_what_to_do(qapp: QApplication, tmp_path: Path, leaflet: Rendered) -> None:
    printing = _Computer(["Hall"]).printing()
    way = printing.ask(leaflet.pdf, leaflet.title, 1)
    assert isinstance(way.device, QPrinter)
    way.device.setOutputFileName(str(tmp_path / "gone" / "paper.pdf"))
    result = printing.send(way, leaflet.pdf, leaflet.title, 1)
    assert result.copies == 0
    assert result.trouble.endswith("See that it is on and has paper, then print again, or save the leaflet.")


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_a_printer_that_does_not_answer_may_print_yet_and_nothing_is_painted_beside_it(tmp_path: Path) -> None:
    script = tmp_path / "lp"
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o700)
    assert hand_to_lp(str(script), "Hall", b"%PDF", "Sleep", 1, seconds=0.2) is Handed.NO_ANSWER


def test_no_picture_of_a_leaflet_is_kept_as_a_file_that_nobody_can_read(
    qapp: QApplication, tmp_path: Path, leaflet: Rendered
) -> None:
    def to_a_file(printer: QPrinter) -> bool:
        printer.setOutputFileName(str(tmp_path / "paper.pdf"))
        return True

    way = SystemPrinting(lambda: ["Hall"], to_a_file, lambda: None).ask(leaflet.pdf, leaflet.title, 1)
    assert way.copies == 0
    assert "choose Save" in way.trouble
