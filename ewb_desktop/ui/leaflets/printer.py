"""The way to paper on this computer: its print dialog, then the file itself where CUPS takes it, or its pages as pictures."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QApplication, QDialog

from ewb_desktop.leaflets.preview import page_images, page_size
from ewb_desktop.ui.leaflets.edge import PrintResult, Way

log = logging.getLogger(__name__)

DOTS = 300
"""Dots an inch on paper."""
_A5_AND_MORE = 600
"""Points that the long side of A5 does not reach, and that of A4 does."""
_LP_SECONDS = 30


class Handed(Enum):
    """What CUPS did with a file."""

    TAKEN = "taken"
    NOT_TAKEN = "not taken"
    NO_ANSWER = "no answer"
    """It may print it yet."""


def ask_in_dialog(printer: QPrinter) -> bool:
    """Show this computer's print dialog; return whether the worker goes on. Files are saved elsewhere, with their tags."""
    dialog = QPrintDialog(printer, QApplication.activeWindow())
    for option in (QAbstractPrintDialog.PrintDialogOption.PrintToFile, QAbstractPrintDialog.PrintDialogOption.PrintPageRange):
        dialog.setOption(option, on=False)
    went_on = dialog.exec() == QDialog.DialogCode.Accepted.value
    # it is the window's child and would outlive the printer that it points to
    dialog.deleteLater()
    return went_on


class SystemPrinting:
    """Asks which printer and how many, and prints. No file is left on the disk: ``lp`` gets the leaflet through a pipe.

    What stands outside is handed in: the printers there are, the dialog, where ``lp`` is and how many seconds it has to answer,
    and what makes the printer that the dialog is about.
    """

    def __init__(
        self,
        names: Callable[[], Sequence[str]] = QPrinterInfo.availablePrinterNames,
        dialog: Callable[[QPrinter], bool] = ask_in_dialog,
        lp: Callable[[], str | None] = lambda: shutil.which("lp"),
        lp_seconds: float = _LP_SECONDS,
        make: Callable[[], QPrinter] = lambda: QPrinter(QPrinter.PrinterMode.HighResolution),
    ) -> None:
        self._names = names
        self._dialog = dialog
        self._lp = lp
        self._lp_seconds = lp_seconds
        self._make = make
        self._printer: QPrinter | None = None

    def ask(self, pdf: bytes, title: str, copies: int) -> Way:
        """Show the dialog with the leaflet's paper chosen."""
        if not self._names():
            return Way(0, _say("No printer is set up on this computer. Nothing was printed. Save the leaflet instead."))
        # kept until the next one: the dialog points to it until the window has taken the dialog away
        printer = self._printer = self._make()
        printer.setDocName(title)
        printer.setCopyCount(copies)
        lay_out(printer, pdf)
        if not self._dialog(printer):
            return Way(0, _say("Nothing was printed."))
        if printer.outputFileName():
            # a picture of a leaflet is no accessible file
            return Way(
                0, _say("Nothing was printed. To keep the leaflet as a file, choose Save: a screen reader can read that one.")
            )
        return Way(max(1, printer.copyCount()), device=printer)

    def send(self, way: Way, pdf: bytes, title: str, copies: int) -> PrintResult:
        """Hand the file to CUPS where it is, or print its pages as pictures; a sentence says what is in the way."""
        printer = way.device
        if not isinstance(printer, QPrinter):
            return PrintResult(0, way.trouble)
        name = printer.printerName()
        if name and name not in self._names():
            return PrintResult(0, _gone(name))
        lp = self._lp()
        if lp is not None:
            handed = hand_to_lp(lp, name, pdf, title, copies, lp_options(pdf, printer), self._lp_seconds)
            if handed is Handed.TAKEN:
                return PrintResult(copies)
            if handed is Handed.NO_ANSWER:
                return PrintResult(0, _silent(name))
        lay_out(printer, pdf)
        printer.setDocName(title)
        pages = paint(printer, pdf, copies)
        if pages is None:
            return PrintResult(copies)
        if name and name not in self._names():
            return PrintResult(0, _gone(name))
        return PrintResult(0, _stopped(name, pages))


def _gone(name: str) -> str:
    words = _say(
        "The printer “{0}” is not there any more. See that it is on and its cable or network is in place, then print again. "
        "Or choose another printer, or save the leaflet."
    )
    return words.format(name)


def _silent(name: str) -> str:
    words = _say("The printer “{0}” has not answered. It may print yet: look at the paper before you print again.")
    return words.format(name or _say("of this computer"))


def _stopped(name: str, pages: int) -> str:
    begun = _say("stopped after page {0}. Throw away what came out").format(pages) if pages else _say("did not take it")
    words = _say("The printer “{0}” {1}. See that it is on and has paper, then print again, or save the leaflet.")
    return words.format(name or _say("of this computer"), begun)


def lay_out(printer: QPrinter, pdf: bytes) -> None:
    """Choose the leaflet's paper: its size, its way round, and both sides turned on the short edge for a booklet."""
    wide, high = page_size(pdf)
    across = wide > high
    upright = QSizeF(min(wide, high), max(wide, high))
    printer.setPageSize(QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)
    if across:
        printer.setDuplex(QPrinter.DuplexMode.DuplexShortSide)


def paint(printer: QPrinter, pdf: bytes, copies: int = 1) -> int | None:
    """Draw every page as a picture of 300 dots an inch. Return ``None``, or after how many pages the printer took no more."""
    printer.setResolution(DOTS)
    printer.setFullPage(True)
    itself = printer.supportsMultipleCopies()
    printer.setCopyCount(copies if itself else 1)
    painter = QPainter()
    if not painter.begin(printer):
        return 0
    pages = page_images(pdf, round(page_size(pdf)[0] / 72 * DOTS))
    for number, page in enumerate(pages * (1 if itself else copies)):
        if _failed(printer) or (number and not printer.newPage()):
            painter.end()
            printer.abort()
            return number
        picture = QImage(page.rgba, page.width, page.height, 4 * page.width, QImage.Format.Format_RGBA8888)
        room = printer.pageLayout().fullRectPixels(DOTS)
        size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), picture)
    return None if painter.end() and not _failed(printer) else len(pages)


def _failed(printer: QPrinter) -> bool:
    return printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


_SIDES = {
    QPrinter.DuplexMode.DuplexLongSide: "two-sided-long-edge",
    QPrinter.DuplexMode.DuplexShortSide: "two-sided-short-edge",
}


def lp_options(pdf: bytes, printer: QPrinter | None = None) -> list[str]:
    """Return what CUPS is told of the leaflet's paper, and of sides and ink as they were chosen for ``printer``."""
    wide, high = page_size(pdf)
    media = "A5" if max(wide, high) < _A5_AND_MORE else "A4"
    chosen = _SIDES.get(printer.duplex(), "") if printer is not None else ""
    sides = _SIDES[QPrinter.DuplexMode.DuplexShortSide] if wide > high else chosen
    grey = printer is not None and printer.colorMode() == QPrinter.ColorMode.GrayScale
    return [
        *("-o", f"media={media}"),
        *(("-o", f"sides={sides}") if sides else ()),
        *(("-o", "print-color-mode=monochrome") if grey else ()),
    ]


def hand_to_lp(
    lp: str, printer: str, pdf: bytes, title: str, copies: int, options: Sequence[str] = (), seconds: float = _LP_SECONDS
) -> Handed:
    """Hand the file to CUPS; return what it did with it."""
    chosen = ["-d", printer] if printer else []
    command = [lp, *chosen, "-n", str(copies), "-t", title, *options, "-"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        log.warning("lp gave no answer")
        return Handed.NO_ANSWER
    except OSError as error:
        log.warning("lp did not run: %s", type(error).__name__)
        return Handed.NOT_TAKEN
    if done.returncode:
        log.warning("lp gave back %d", done.returncode)
    return Handed.NOT_TAKEN if done.returncode else Handed.TAKEN


def _say(words: str) -> str:
    return QCoreApplication.translate("SystemPrinting", words)


def open_in_viewer(path: Path) -> bool:
    """Open a file in this computer's own program for it; return whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def copy_text(text: str) -> None:
    """Put text where other programs paste from."""
    QGuiApplication.clipboard().setText(text)
