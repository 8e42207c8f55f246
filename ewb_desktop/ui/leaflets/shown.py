"""What the presenter of leaflets tells its page, in plain data. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.destinations import Destination
from ewb_desktop.ui.leaflets.wish import ServiceLook, Step
from ewb_desktop.ui.widgets.row import Row

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Looks:
    """What can be chosen under "How it should look", and what is."""

    styles: Options
    languages: Options
    palettes: Options
    sheets: Options
    style: str
    language: str
    palette: str
    sheet: str
    discreet: bool
    has_cover: bool = True


class LeafletsView(Protocol):
    """What the presenter needs of the page."""

    def begin_anew(self) -> None:
        """Empty what was typed or found and not yet told, and take back what was said: the leaflet is another one now."""

    def show_whom(self, name: str, line: str) -> None:
        """Say for whom the leaflet is; no name: for nobody in particular."""

    def show_topics(self, rows: Sequence[Row], chosen: object) -> None:
        """Show the topics, the chosen one marked."""

    def show_looks(self, looks: Looks) -> None:
        """Show format, language, colours, paper and cover."""

    def show_own_trouble(self, sentence: str) -> None:
        """Say quietly which of the organisation's own leaflets cannot be printed; nothing when all can."""

    def show_warnings(self, sentences: Sequence[str]) -> None:
        """Show what to look at before printing; none takes the notice away."""

    def show_services(self, rows: Sequence[Row]) -> None:
        """Show the services on the leaflet."""

    def show_service(self, name: str, look: ServiceLook, where: str, *, first: bool) -> None:
        """Show what of one service is printed; ``where`` is its address, ``first`` whether it stands before the others."""

    def show_found(self, rows: Sequence[Row], typed: str) -> None:
        """Show the services found for what was typed."""

    def show_step(self, step: Step, contacts: Options) -> None:
        """Show the next step and whom one could ask for."""

    def show_waiting(self) -> None:
        """Say that the leaflet is being made."""

    def show_nothing(self) -> None:
        """Take the leaflet that is shown away: it was somebody else's."""

    def show_proof(self, title: str, pages: Sequence[PageImage], text: str) -> None:
        """Show the finished leaflet."""

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no leaflet to look at."""

    def show_copies(self, copies: int) -> None:
        """Say how many will be printed."""

    def leave_for(self, destination: Destination) -> None:
        """Go to another page."""

    def tell(self, sentence: str) -> None:
        """Say what was done."""

    def take_back(self, sentence: str) -> None:
        """Say a sentence no more, if it is still there."""
