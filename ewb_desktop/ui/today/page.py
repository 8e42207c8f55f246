"""Builds the Today page."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.today.presenter import TodayPresenter
from ewb_desktop.ui.today.view import TodayPage


def build(desk: Desk, feed: Feed) -> TodayPage:
    """Return the Today page for the worker at ``desk``. Its ``counted`` tells how many wait for that worker."""
    view = TodayPage(desk.library.list("visit_reasons"), desk.may)
    presenter = TodayPresenter(desk, view)
    view.presenter = presenter
    view.asked_again.connect(presenter.refresh)
    view.list_chosen.connect(presenter.choose)
    view.more_asked.connect(presenter.show_more)
    view.visit_counted.connect(presenter.count_a_visit)
    view.several_counted.connect(presenter.count_several)
    view.all_visits_asked.connect(presenter.show_all_visits)
    view.visit_taken_back.connect(presenter.take_back_the_visit)
    view.opening_read.connect(presenter.note_read)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
