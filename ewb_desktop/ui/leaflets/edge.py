"""What the page of leaflets needs from outside: a printer, the system's dialogs, and two places on the disk. No Qt in here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window, then calls the second with its result or the third with what went wrong."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where leaflets go, as the worker chose it, and how many ``copies``. None: nowhere, and ``trouble`` says why.

    ``device`` is what the printing that was asked keeps for itself.
    """

    copies: int
    trouble: str = ""
    device: object = None


@dataclass(frozen=True, slots=True)
class PrintResult:
    """How a print ended: ``copies`` that went to the printer (0: none), and a sentence when something is in the way."""

    copies: int
    trouble: str = ""


class Printing(Protocol):
    """A way to paper: asked once which, then given one leaflet or several."""

    def ask(self, pdf: bytes, title: str, copies: int) -> Way:
        """Ask which printer and how many; the worker may choose another number or think better of it. In the window's thread."""

    def send(self, way: Way, pdf: bytes, title: str, copies: int) -> PrintResult:
        """Print ``copies`` of ``pdf`` there, asking nothing. May take seconds, and may be called beside the window."""


def print_now(printing: Printing, pdf: bytes, title: str) -> PrintResult:
    """Ask and print in one go, one copy unless another number is chosen."""
    way = printing.ask(pdf, title, 1)
    return printing.send(way, pdf, title, way.copies) if way.copies else PrintResult(0, way.trouble)


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives the leaflet: the service's name, telephone and page of the web; empty while the settings do not say."""

    name: str = ""
    telephone: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """``ask_where`` shows a file dialog with a name offered and returns a path, or nothing; ``ask_folder`` does so for a folder.
    ``copy`` puts text where other programs paste from. ``view`` opens a file in the viewer of this computer and says whether it
    could. ``to_view`` is the private folder of files that were opened there; ``tallies`` is where prints are noted while nobody
    is unlocked. ``giver`` says who gives the leaflet, as it is set now.
    """

    printing: Printing
    ask_where: Callable[[str], str]
    ask_folder: Callable[[], str]
    copy: Callable[[str], None]
    view: Callable[[Path], bool]
    to_view: Path
    tallies: Path
    giver: Callable[[], Giver]


TO_VIEW = "leaflets-to-view"
TALLIES = "prints-to-count"


def forget_viewed(folder: Path) -> None:
    """Take away the leaflets that were opened in the viewer; call it at the lock, at the end, and when the program starts.

    A file that another program still holds open is left for the next time.
    """
    if not folder.is_dir():
        return
    for file in folder.glob("leaflet-*.pdf*"):
        with contextlib.suppress(OSError):
            file.unlink()
    with contextlib.suppress(OSError):
        folder.rmdir()
