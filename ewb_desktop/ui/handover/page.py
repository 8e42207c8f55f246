"""Builds the page of a handover."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.handover.presenter import HandoverPresenter
from ewb_desktop.ui.handover.view import HandoverPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page; opens on ``ToHandover``: the form, or with a handover where it stands."""
    view = HandoverPage(desk.library, desk.clock.today)
    presenter = HandoverPresenter(desk, view)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.typed.connect(presenter.keep)
    view.check_asked.connect(presenter.check)
    view.agreed.connect(presenter.agree)
    view.answered.connect(presenter.answer)
    view.met.connect(presenter.met)
    view.answer.passed_on.connect(presenter.pass_on)
    view.answer.taken_back.connect(presenter.take_back)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
