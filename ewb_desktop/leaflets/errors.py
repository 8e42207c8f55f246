"""What can go wrong with a leaflet, sorted by who can act.

LeafletError                 the sentence can be shown to the worker as it stands
  SourceError                a leaflet's file is wrong: the author mends the line it names
  OrderError                 what was asked for does not exist, or something needed is missing: choose again
  MissingGlyphError          no face can print a character: nothing was printed, no box stands in its place
  PictureError               a picture cannot be used: choose another, or save it in another form
  SavingError                the folder or the disk did not take the file: choose another place
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


class LeafletError(Exception):
    """A leaflet could not be read, made or saved. The text is a sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a leaflet's file: the file's name, the line it stands in (1 is the first), and what is wrong."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


class SourceError(LeafletError):
    """A leaflet's file cannot be used. ``faults`` holds every fault found, in the order of lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class OrderError(LeafletError):
    """The leaflet that was asked for cannot be made from what there is."""


class MissingGlyphError(LeafletError):
    """No face of this style can print a character, so nothing is printed at all."""

    def __init__(self, text: str) -> None:
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'a character without a name')}" for c in text)
        super().__init__(
            f"The leaflet has a character that this style cannot print: “{text}” ({named}). "
            "Take the character out, or choose another style."
        )
        self.text = text


class PictureError(LeafletError):
    """A picture cannot be found, read or kept. The text is the sentence's words after the line it stands in."""


class SavingError(LeafletError):
    """The file could not be saved. What stood there before still stands."""
