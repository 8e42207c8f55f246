"""The way to paper on this computer: its print dialog, then the file itself where CUPS takes it, or its pages as pictures."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QDialog

from ewb_desktop.leaflets.preview import page_images, page_size
from ewb_desktop.ui.leaflets.edge import PrintResult

log = logging.getLogger(__name__)

DOTS = 300
"""Dots an inch on paper."""
_A5_AND_MORE = 600
"""Points that the long side of A5 does not reach, and that of A4 does."""
_LP_SECONDS = 30


class SystemPrinting:
    """Asks which printer and how many, and prints. No file is left on the disk: ``lp`` gets the leaflet through a pipe."""

    def print(self, pdf: bytes, title: str, copies: int) -> PrintResult:
        """Show the dialog and print; a sentence says what is in the way."""
        if not QPrinterInfo.availablePrinterNames():
            return PrintResult(0, _say("No printer is set up on this computer. Nothing was printed. Save the leaflet instead."))
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        printer.setCopyCount(copies)
        lay_out(printer, pdf)
        dialog = QPrintDialog(printer, QApplication.activeWindow())
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return PrintResult(0, _say("Nothing was printed."))
        wanted = max(1, printer.copyCount())
        lp = shutil.which("lp")
        if lp is not None and not printer.outputFileName():
            name, options = printer.printerName(), lp_options(pdf)
            if hand_to_lp(lp, name, pdf, title, wanted, options):
                return PrintResult(wanted)
        if paint(printer, pdf):
            return PrintResult(wanted)
        return PrintResult(0, _say("The printer did not take it. Nothing was printed. See that it is on, or save the leaflet."))


def lay_out(printer: QPrinter, pdf: bytes) -> None:
    """Choose the leaflet's paper: its size, its way round, and both sides turned on the short edge for a booklet."""
    wide, high = page_size(pdf)
    across = wide > high
    upright = QSizeF(min(wide, high), max(wide, high))
    printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)
    if across:
        printer.setDuplex(QPrinter.DuplexMode.DuplexShortSide)


def paint(printer: QPrinter, pdf: bytes) -> bool:
    """Draw every page as a picture of 300 dots an inch; return whether the printer took them."""
    printer.setResolution(DOTS)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        return False
    for number, page in enumerate(page_images(pdf, round(page_size(pdf)[0] / 72 * DOTS))):
        if number and not printer.newPage():
            painter.end()
            return False
        picture = QImage(page.rgba, page.width, page.height, 4 * page.width, QImage.Format.Format_RGBA8888)
        room = printer.pageLayout().fullRectPixels(DOTS)
        size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), picture)
    return painter.end()


def lp_options(pdf: bytes) -> list[str]:
    """Return what CUPS is told of the leaflet's paper."""
    wide, high = page_size(pdf)
    media = "A5" if max(wide, high) < _A5_AND_MORE else "A4"
    return ["-o", f"media={media}", *(["-o", "sides=two-sided-short-edge"] if wide > high else [])]


def hand_to_lp(lp: str, printer: str, pdf: bytes, title: str, copies: int, options: Sequence[str] = ()) -> bool:
    """Hand the file to CUPS; return whether it took it."""
    chosen = ["-d", printer] if printer else []
    command = [lp, *chosen, "-n", str(copies), "-t", title, *options, "-"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=_LP_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("lp did not run: %s", type(error).__name__)
        return False
    if done.returncode:
        log.warning("lp gave back %d", done.returncode)
    return done.returncode == 0


def _say(words: str) -> str:
    return QCoreApplication.translate("SystemPrinting", words)


def open_in_viewer(path: Path) -> bool:
    """Open a file in this computer's own program for it; return whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
