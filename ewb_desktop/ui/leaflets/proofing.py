"""The finished leaflet as it is chosen now: made beside the window, shown, and handed to whatever waits for it. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ewb_desktop.leaflets.order import LeafletOrder
from ewb_desktop.leaflets.preview import PageImage
from ewb_desktop.ui.leaflets.edge import Run
from ewb_desktop.ui.leaflets.paper import not_made
from ewb_desktop.ui.leaflets.studio import Proof, Studio


class ProofView(Protocol):
    """What is shown of a leaflet in the making."""

    def show_waiting(self) -> None:
        """Say that the leaflet is being made."""

    def show_proof(self, title: str, pages: tuple[PageImage, ...], text: str) -> None:
        """Show the finished leaflet."""

    def show_trouble(self, sentence: str) -> None:
        """Say why there is no leaflet to look at."""


class Proofing:
    """Makes the newest order only; what waited for an earlier one is given up with it."""

    def __init__(self, studio: Studio, run: Run, view: ProofView) -> None:
        self._studio = studio
        self._run = run
        self._view = view
        self.proof: Proof | None = None
        self._then: Callable[[Proof], None] | None = None
        self._making: int | None = None

    def begin(self) -> None:
        """Forget the leaflet of before; none is being made."""
        self.proof = self._then = self._making = None
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
        """Say why there is no leaflet, unless another one is being made by now."""
        if number != self._making:
            return
        self._making = self._then = None
        self._view.show_trouble(not_made(error))

    def _proved(self, proof: object, number: int) -> None:
        if not isinstance(proof, Proof) or number != self._making:
            return
        self._making, self.proof = None, proof
        self._view.show_proof(proof.rendered.title, proof.pages, proof.rendered.text)
        then, self._then = self._then, None
        if then is not None:
            then(proof)
