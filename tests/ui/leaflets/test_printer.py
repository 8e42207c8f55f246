"""Paper itself: pages as pictures at 300 dots an inch, and the file through a pipe where CUPS takes it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from ewb_desktop.leaflets.order import Rendered
from ewb_desktop.ui.leaflets.printer import hand_to_lp, lay_out, lp_options, paint
from tests.support.leaflet_desk import STUDIO
from tests.support.leaflet_orders import an_order


@pytest.fixture(scope="module")
def leaflet() -> Rendered:
    return STUDIO.press().render(an_order())


def test_every_page_is_painted_on_a_sheet_of_its_own(qapp: QApplication, tmp_path: Path, leaflet: Rendered) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert paint(printer, leaflet.pdf)
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
    assert paint(printer, booklet.pdf)
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
    assert not paint(printer, leaflet.pdf)


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
    assert hand_to_lp(str(script), "Hall", b"%PDF-1.7 a leaflet", "Sleeping better", 3)
    assert (tmp_path / "told").read_text() == "-d|Hall|-n|3|-t|Sleeping better|-"
    assert (tmp_path / "given").read_bytes() == b"%PDF-1.7 a leaflet"


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_an_lp_that_fails_or_is_not_there_leaves_it_to_the_pictures(tmp_path: Path) -> None:
    assert not hand_to_lp(str(_lp(tmp_path, 1)), "", b"%PDF", "Sleep", 1)
    assert not hand_to_lp(str(tmp_path / "nothing"), "", b"%PDF", "Sleep", 1)
