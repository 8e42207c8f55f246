"""Builds the page that looks on the server for a member outside the area."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.opening.presenter import OpeningPresenter
from ewb_desktop.ui.opening.view import OpeningPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, background: Background, open_wire: OpenWire = Wire) -> Page:
    """Return the page for the worker at ``desk``."""
    view = OpeningPage(desk.library.list("opening_reasons"), desk.clock.today)

    presenter = OpeningPresenter(desk, view, background.aside_for(view), open_wire)
    view.presenter = presenter
    view.begun.connect(presenter.begin)
    view.asked.connect(presenter.ask)
    view.typed.connect(presenter.keep)
    view.started_again.connect(presenter.start_again)
    return view
