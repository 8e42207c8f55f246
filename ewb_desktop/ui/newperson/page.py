"""Builds the pages of the front door."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.newperson.presenter import EditPersonPresenter, NewPersonPresenter
from ewb_desktop.ui.newperson.view import EditPersonPage, NewPersonPage
from ewb_desktop.ui.page import Page


def build(desk: Desk) -> Page:
    """Return the page on which someone new is added."""
    view = NewPersonPage(desk.library, desk.clock.today)
    presenter = NewPersonPresenter(desk, view)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.typed.connect(presenter.keep)
    view.started_again.connect(presenter.start_again)
    view.save_asked.connect(lambda facts, faults, talk: presenter.save(facts, faults, talk=talk, came_today=view.came_today))
    return view


def build_edit(desk: Desk, feed: Feed) -> Page:
    """Return the page on which what is known about a member is corrected."""
    view = EditPersonPage(desk.library, desk.clock.today)
    presenter = EditPersonPresenter(desk, view)
    view.presenter = presenter
    view.person_asked.connect(presenter.open)
    view.typed.connect(presenter.keep)
    view.started_again.connect(presenter.start_again)
    view.save_asked.connect(presenter.save)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
