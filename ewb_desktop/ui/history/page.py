"""Builds the page that tells the history of one record."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.history.presenter import HistoryPresenter
from ewb_desktop.ui.history.view import HistoryPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed, background: Background, open_wire: OpenWire = Wire) -> Page:
    """Return the page for the worker at ``desk``."""
    view = HistoryPage()

    presenter = HistoryPresenter(desk, view, background.aside_for(view), open_wire)
    view.presenter = presenter
    view.asked.connect(presenter.open)
    view.chosen.connect(presenter.choose)
    view.earlier_asked.connect(presenter.show_earlier)
    view.server_asked.connect(presenter.ask_server)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
