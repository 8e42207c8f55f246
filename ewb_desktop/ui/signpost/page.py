"""Builds the page of a signpost."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page
from ewb_desktop.ui.signpost.presenter import SignpostPresenter
from ewb_desktop.ui.signpost.view import SignpostPage


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page; opens on ``ToSignpost``: with a service the form, with a signpost the questions of how it went."""
    view = SignpostPage(desk.library, desk.clock.today)
    presenter = SignpostPresenter(desk, view)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.typed.connect(presenter.keep)
    view.save_asked.connect(presenter.save)
    view.service_asked.connect(presenter.choose_service)
    view.answer.answered.connect(presenter.answer)
    view.answer.ticked.connect(presenter.tick)
    view.answer.later_asked.connect(presenter.later)
    view.answer.corrected.connect(presenter.correct)
    view.answer.opened_again.connect(presenter.open_again)
    view.answer.taken_back.connect(presenter.take_back)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
