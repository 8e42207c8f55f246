"""Builds the page on which somebody chooses between two answers."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.conflicts.presenter import ConflictsPresenter
from ewb_desktop.ui.conflicts.view import ConflictsPage
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page for the worker at ``desk``."""
    view = ConflictsPage()
    presenter = ConflictsPresenter(desk, view)
    view.presenter = presenter
    view.asked.connect(presenter.open)
    view.chosen.connect(presenter.choose)
    view.undo_asked.connect(presenter.undo)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
