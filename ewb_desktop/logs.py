"""A small log for whoever looks after the laptop: what went wrong and where in the program, never a word about a member."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import IO

LOG = logging.getLogger("ewb_desktop")

_BYTES = 512 * 1024
_FILES = 3


class _Pages(logging.FileHandler):
    """Writes on a new page when one is full, and keeps the last ones as ``.1`` and so on.

    In the place of the standard library's, which brings sockets and queues with it before the lock screen is painted.
    """

    def _open(self) -> TextIOWrapper:
        page = super()._open()
        Path(self.baseFilename).chmod(0o600)
        return page

    def emit(self, record: logging.LogRecord) -> None:
        """Turn the page first when it is full; where that fails the line goes on the old one."""
        try:
            if self.stream is not None and self.stream.tell() >= _BYTES:
                self.stream.close()
                with contextlib.suppress(OSError):
                    self._turn()
                self.stream = self._open()
            super().emit(record)
        except OSError:
            self.handleError(record)

    def _turn(self) -> None:
        pages = [Path(self.baseFilename), *(Path(f"{self.baseFilename}.{number}") for number in range(1, _FILES + 1))]
        for older, newer in zip(reversed(pages), reversed(pages[:-1]), strict=False):
            with contextlib.suppress(FileNotFoundError):
                newer.replace(older)


class _PlainFormatter(logging.Formatter):
    """Writes an exception as its type and places: its text may quote what somebody typed."""

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Return type and places."""
        return "" if ei[1] is None else describe(ei[1])


def describe(error: BaseException) -> str:
    """Return the types of an error and its causes, each with the places in the program that it passed, and no text of theirs."""
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < 100:
        places = traceback.extract_tb(seen.__traceback__)
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [f"  {Path(place.filename).name}:{place.lineno} {place.name}" for place in places]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def start_logs(path: Path, *, also_tell: Callable[[BaseException], None] | None = None) -> Callable[[], None]:
    """Write to ``path`` from now on, and note there every error that nobody caught; return what ends it.

    ``also_tell`` is given such an error afterwards, so that a window can say that it was not the worker's fault.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pages = _Pages(path, encoding="utf-8")
    pages.setFormatter(_PlainFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    LOG.addHandler(pages)
    LOG.setLevel(logging.INFO)
    crash: IO[str] = path.with_suffix(".crash").open("a", encoding="utf-8")
    faulthandler.enable(crash)
    before = sys.excepthook, threading.excepthook

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before[0](kind, error, trace)
            return
        LOG.error("nobody caught this: %s", describe(error))
        if also_tell is not None:
            also_tell(error)

    def note_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            note(told.exc_type, told.exc_value, told.exc_traceback)

    sys.excepthook = note
    threading.excepthook = note_thread

    def end() -> None:
        sys.excepthook, threading.excepthook = before
        faulthandler.disable()
        crash.close()
        LOG.removeHandler(pages)
        pages.close()

    return end
