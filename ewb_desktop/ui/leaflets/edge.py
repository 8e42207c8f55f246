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
class PrintResult:
    """How a print ended: ``copies`` that went to the printer (0: none), and a sentence when something is in the way."""

    copies: int
    trouble: str = ""


class Printing(Protocol):
    """A way to paper."""

    def print(self, pdf: bytes, title: str, copies: int) -> PrintResult:
        """Print ``copies`` of ``pdf``; the worker may choose another number or think better of it."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives the leaflet: the service's name and telephone; empty while nobody has written them into the settings."""

    name: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """``ask_where`` shows a file dialog with a name offered and returns a path, or nothing. ``view`` opens a file in the
    viewer of this computer and says whether it could. ``to_view`` is the private folder of files that were opened there;
    ``tallies`` is where prints are noted while nobody is unlocked. ``giver`` says who gives the leaflet, as it is set now.
    """

    printing: Printing
    ask_where: Callable[[str], str]
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
