"""Joins the page of leaflets to this computer: printer, dialogs, viewer, and two places in the profile's folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ewb_desktop.settings import Settings
from ewb_desktop.ui.leaflets.edge import TALLIES, TO_VIEW, Edge, Giver
from ewb_desktop.ui.leaflets.printer import open_in_viewer

if TYPE_CHECKING:
    from ewb_desktop.app.program import Surroundings


def make_edge(around: Surroundings, window: Callable[[], QWidget | None], settings: Callable[[], Settings]) -> Edge:
    """Return the edge; ``window`` tells over which window a dialog opens, ``settings`` what is set now."""
    data = around.paths.data
    return Edge(
        printing=around.printing(),
        ask_where=lambda name: around.dialogs.save_file(window(), "Save the leaflet", name),
        view=open_in_viewer,
        to_view=data / TO_VIEW,
        tallies=data / TALLIES,
        giver=lambda: Giver(settings().service_name, settings().service_telephone),
    )
