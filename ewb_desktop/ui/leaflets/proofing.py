"""The finished leaflet as it is chosen now: made beside the window, shown, and handed to whatever waits for it. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ewb_desktop.leaflets.errors import MissingGlyphError
from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.leaflets.edge import Run
from ewb_desktop.ui.leaflets.paper import not_made
from ewb_desktop.ui.leaflets.studio import Proof, Studio


class ProofView(Protocol):
    """What is shown of a leaflet in the making."""

    def show_nothing(self) -> None:
        """Take the leaflet that is shown away."""

    def show_waiting(self) -> None:
        """Say that the leaflet is being made."""

    def show_proof(self, title: str, pages: tuple[PageImage, ...], text: str) -> None:
        """Show the finished leaflet."""

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no leaflet to look at."""

    def tell(self, sentence: str) -> None:
        """Say it at the foot as well, where the buttons are that need a leaflet."""

    def take_back(self, sentence: str) -> None:
        """Say it no more."""


class Proofing:
    """Makes the newest order only; what waited for an earlier one is given up with it."""

    def __init__(self, studio: Studio, run: Run, view: ProofView) -> None:
        self._studio = studio
        self._run = run
        self._view = view
        self.proof: Proof | None = None
        self._then: Callable[[Proof], None] | None = None
        self._making: int | None = None
        self._asked: LeafletOrder | None = None
        self._told = ""

    def begin(self) -> None:
        """Forget the leaflet of before; none is being made."""
        self.proof = self._then = self._making = None
        self._view.show_nothing()
        self._view.show_waiting()

    def make(self, order: LeafletOrder, *, waiting: bool = False) -> None:
        """Make the leaflet, unless it is made. With ``waiting`` what waits for a leaflet is done with this one."""
        if self.proof is not None and self.proof.order == order:
            return
        self.proof = None
        if not waiting:
            self._then = None
        self._view.show_waiting()
        number = self._making = self._studio.next_number()
        self._asked = order
        self._run(
            lambda: self._studio.proof(order, number),
            lambda proof: self._proved(proof, number),
            lambda error: self.fail(error, number),
        )

    def want(self, act: Callable[[Proof], None], make: Callable[[], LeafletOrder | None]) -> None:
        """Do something with the leaflet as it is chosen now: at once, or when it is ready."""
        if self.proof is not None:
            act(self.proof)
            return
        self._then = act
        order = make() if self._making is None else None
        if order is not None:
            self.make(order, waiting=True)

    def fail(self, error: Exception, number: int | None = None) -> None:
        """Say why there is no leaflet, unless another one is being made by now.

        The foot says it only to who tried to print or save: nobody is told off in the middle of typing.
        """
        if number != self._making:
            return
        tried = self._then is not None
        self._making = self._then = None
        asked, self._asked = self._asked, None
        sentence = not_made(error)
        place = stands_in(asked, error.text) if isinstance(error, MissingGlyphError) and asked is not None else ""
        sentence = f"{sentence} {place}".strip()
        self._view.show_trouble(sentence)
        if tried:
            self._told = f"Nothing was printed or saved. {sentence}"
            self._view.tell(self._told)

    def _proved(self, proof: object, number: int) -> None:
        if not isinstance(proof, Proof) or number != self._making:
            return
        self._making, self.proof = None, proof
        self._view.show_proof(proof.rendered.title, proof.pages, proof.rendered.text)
        told, self._told = self._told, ""
        if told:
            self._view.take_back(told)
        then, self._then = self._then, None
        if then is not None:
            then(proof)


def stands_in(order: LeafletOrder, text: str) -> str:
    """Return where on the page the words with ``text`` were typed or put, or nothing when they are the topic's own."""
    step = order.next_step
    if step is not None and text in f"{step.words} {step.telephone}":
        return "It is in the next step."
    for service in order.services:
        if text in service.where:
            return f"It is in “How to get there” of {service.name}: press “Change” beside it."
        if text in f"{service.name} {service.what} {service.cost} {service.telephone}":
            return f"It is in what the directory says of {service.name}: press “Remove” or “Change” beside it."
    return ""
