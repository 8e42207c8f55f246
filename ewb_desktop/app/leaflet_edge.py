"""Joins the page of leaflets to this computer: printer, dialogs, viewer, and two places in the profile's folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ewb_desktop.settings import Settings
from ewb_desktop.ui.leaflets.edge import TALLIES, TO_VIEW, Edge, Giver
from ewb_desktop.ui.leaflets.preview_pane import PreviewPane
from ewb_desktop.ui.leaflets.printer import copy_text, open_in_viewer
from ewb_desktop.ui.ownleaflets.looked_part import Preview
from ewb_desktop.ui.ownleaflets.shown import Edge as OwnEdge
from ewb_desktop.ui.ownleaflets.shown import Proof

if TYPE_CHECKING:
    from ewb_desktop.app.program import Surroundings


def make_edge(around: Surroundings, window: Callable[[], QWidget | None], settings: Callable[[], Settings]) -> Edge:
    """Return the edge; ``window`` tells over which window a dialog opens, ``settings`` what is set now."""
    data = around.paths.data
    return Edge(
        printing=around.printing(),
        ask_where=lambda name: around.dialogs.save_file(window(), "Save the leaflet", name),
        ask_folder=lambda: around.dialogs.choose_folder(window(), "Save the leaflets in a folder"),
        copy=copy_text,
        view=open_in_viewer,
        to_view=data / TO_VIEW,
        tallies=data / TALLIES,
        giver=lambda: _giver(settings()),
    )


def _giver(settings: Settings) -> Giver:
    return Giver(settings.service_name, settings.service_telephone, settings.service_address)


def make_own_edge(around: Surroundings, window: Callable[[], QWidget | None]) -> OwnEdge:
    """Return the dialogs of the page of the organisation's own leaflets."""
    dialogs = around.dialogs
    return OwnEdge(
        choose_leaflet=lambda: dialogs.open_file(window(), "Choose a leaflet", "Leaflets (*.md *.txt);;All files (*)"),
        choose_picture=lambda: dialogs.open_file(window(), "Choose a picture", "Pictures (*.png *.jpg *.jpeg);;All files (*)"),
        save_as=lambda name: dialogs.save_file(window(), "Save the example", name),
    )


def make_preview() -> Preview:
    """Return what shows a leaflet that is tried out."""
    pane = PreviewPane()

    def show(proof: Proof | None, trouble: str) -> None:
        if proof is None:
            pane.show_trouble(trouble)
        else:
            pane.show_proof(proof.rendered.title, proof.pages, proof.rendered.text)

    return Preview(pane, show)
