"""What the page of our own leaflets needs from outside, and what its presenters tell it, in plain data. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.own import Own
from ewb_desktop.leaflets.press import Press
from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.widgets.row import Row

Run = Callable[[Callable[[], object], Callable[[object], None], Callable[[Exception], None]], None]
"""Does work beside the window, then calls the second with its result or the third with what went wrong."""


class Proof(Protocol):
    """A finished leaflet and a picture of each page."""

    @property
    def rendered(self) -> Rendered:
        """The leaflet."""

    @property
    def pages(self) -> tuple[PageImage, ...]:
        """Its pages."""


class Bench(Protocol):
    """Where leaflets are made and tried out, beside the window."""

    def press(self) -> Press:
        """Return the press as it prints now. Raises ``LeafletError``."""

    def try_out(self, order: LeafletOrder, own: Own) -> Proof:
        """Return a leaflet as it would be with these leaflets of the organisation's own. Raises ``LeafletError``."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The dialogs: each returns a path, or nothing when nothing was chosen. ``save_as`` is given the name that is offered."""

    choose_leaflet: Callable[[], str]
    choose_picture: Callable[[], str]
    save_as: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Lists:
    """What is there: leaflets in use, earlier versions, pictures and the logo."""

    leaflets: Sequence[Row] = ()
    stopped: Sequence[Row] = ()
    pictures: Sequence[Row] = ()
    logo: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file. Each message and hard word has as its key the line of ``source`` that it is about.

    ``is_new`` says whether it was chosen now and could be used; ``usable`` whether nothing must be mended first.
    ``words`` say what using it would do.
    """

    title: str
    words: str
    messages: Sequence[Row]
    reading: Sequence[tuple[str, str]]
    reading_hint: str
    hard: Sequence[Row]
    source: str
    is_new: bool
    usable: bool


@dataclass(frozen=True, slots=True)
class PictureWords:
    """A picture that was chosen and is not kept yet; ``is_logo`` says what for. Its bytes are fit to be kept."""

    name: str
    content: bytes = field(repr=False)
    description: str = ""
    credit: str = ""
    is_logo: bool = False


class OwnLeafletsView(Protocol):
    """What the presenters need of the page."""

    def show_lists(self, lists: Lists) -> None:
        """Show what is there."""

    def show_busy(self, words: str) -> None:
        """Say what is being done beside the window; no words take it away."""

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say what did not work, and what to do; no title takes it away."""

    def show_looked(self, looked: Looked | None) -> None:
        """Show what was found in a file in place of the lists, or the lists again."""

    def show_proof(self, proof: Proof | None, trouble: str) -> None:
        """Show the leaflet as it would be printed, or why it cannot be."""

    def show_picture(self, picture: PictureWords | None) -> None:
        """Ask for the words of a picture, or take the form away."""

    def show_picture_faults(self, sentences: dict[str, str]) -> None:
        """Say what is missing from the words of the picture."""

    def say(self, sentence: str) -> None:
        """Say at the foot of the window what was done."""
