"""Builds the page of members."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.members.presenter import MembersPresenter
from ewb_desktop.ui.members.view import MembersPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed) -> Page:
    """Return the page of members for the worker at ``desk``."""
    view = MembersPage()
    presenter = MembersPresenter(desk, view)
    view.presenter = presenter
    view.searched.connect(presenter.search)
    view.mine_asked.connect(presenter.show_mine)
    view.visit_counted.connect(presenter.count_a_visit)
    view.visit_taken_back.connect(presenter.take_back_the_visit)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
