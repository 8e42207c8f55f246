"""The account of a walk: what was done, how long each step took, the pictures, and the figures at the end."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.journeys.walker import Walker


class StepFailed(Exception):
    """A step could not be done. The text names the step and says what was missing."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done: its part of the day, its words, how long it took in wall seconds, and its pictures."""

    part: str
    words: str
    seconds: float
    pictures: tuple[str, ...]


@dataclass
class Account:
    """Keeps what happened. ``folder`` is where pictures go; None takes none."""

    folder: Path | None = None
    tell: Callable[[str], None] = lambda _line: None
    done: list[Done] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    part: str = ""
    _taken: list[str] = field(default_factory=list)
    _number: int = 0
    _faults: list[str] = field(default_factory=list)

    def begin(self, part: str) -> None:
        """Begin a part of the day."""
        self.part = part
        self.tell(f"\n{part}")

    def do(self, words: str, work: Callable[[], None], hands: Callable[[], Walker]) -> None:
        """Do one step and note how long it took; when it fails, keep a picture of the moment and raise ``StepFailed``."""
        self._taken = []
        began = time.monotonic()
        try:
            work()
            if self._faults:
                raise RuntimeError(self._faults[0])
        except Exception as fault:
            self._picture_of_failure(hands)
            raise StepFailed(f"{words}: {type(fault).__name__}: {fault}") from fault
        self.done.append(Done(self.part, words, time.monotonic() - began, tuple(self._taken)))
        self.tell(f"  {self.done[-1].seconds:5.1f} s  {words}")

    def hear_of_fault(self, kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
        """Take what nobody caught inside the program: the step that is being done has failed."""
        self._faults.append("".join(traceback.format_exception(kind, fault, where)))

    def picture(self, hands: Walker, name: str, *, top: bool = False) -> None:
        """Take a numbered picture, if pictures are taken."""
        if self.folder is None:
            return
        if top:
            hands.to_top()
        self._number += 1
        file = f"{self._number:02}-{name}.png"
        hands.picture(self.folder / file)
        self._taken.append(file)

    def _picture_of_failure(self, hands: Callable[[], Walker]) -> None:
        if self.folder is None:
            return
        try:
            self.picture(hands(), "failed-here")
        except Exception as fault:  # noqa: BLE001 - the step's own fault is what has to be told
            self.tell(f"         no picture of the moment: {fault}")

    @property
    def seconds(self) -> float:
        """How long all steps took together."""
        return sum(step.seconds for step in self.done)

    def page(self) -> str:
        """Return the account as one page of Markdown."""
        lines = [
            "# One drop-in afternoon",
            "",
            "Played through the real window with real keys and a real mouse, over real encrypted files and a real server.",
            f"{len(self.done)} steps in {self.seconds:.0f} seconds. Everyone in it is made up.",
        ]
        part = ""
        for step in self.done:
            if step.part != part:
                part = step.part
                lines += ["", f"## {part}", "", "| step | seconds | pictures |", "|---|---:|---|"]
            shown = ", ".join(f"[{name[:2]}]({name})" for name in step.pictures)
            lines.append(f"| {step.words} | {step.seconds:.1f} | {shown} |")
        lines += ["", "## Figures", "", "| what | how much |", "|---|---|"]
        lines += [f"| {what} | {much} |" for what, much in self.figures.items()]
        return "\n".join(lines) + "\n"
