"""Builds the safety page; it answers ``ToSafety``."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.safety.presenter import SafetyPresenter
from ewb_desktop.ui.safety.view import SafetyPage


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page on which the worker at ``desk`` writes down a conversation about staying safe."""
    view = SafetyPage(desk.library.list("safety_steps"), desk.library.list("safety_plans"), desk.library.crisis)
    presenter = SafetyPresenter(desk, view)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.typed.connect(presenter.keep)
    view.left.connect(presenter.leave)
    view.save_asked.connect(presenter.save)
    view.close_asked.connect(presenter.close)
    view.reopen_asked.connect(presenter.reopen)
    view.now_asked.connect(presenter.told_now)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
