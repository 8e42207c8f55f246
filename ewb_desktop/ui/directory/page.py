"""Builds the page of the directory."""

from __future__ import annotations

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.directory.presenter import DirectoryPresenter
from ewb_desktop.ui.directory.view import DirectoryPage
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.page import Page


def build(desk: Desk, feed: Feed, *, practice: bool = False) -> Page:
    """Return the directory for the worker at ``desk``; opens on ``ToDirectory`` and ``ToService``.

    In ``practice`` everything is made up, and nothing is said of it here.
    """
    view = DirectoryPage(desk.library, desk.may)
    presenter = DirectoryPresenter(desk, view, practice=practice)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.came_back.connect(presenter.come_back)
    view.searched.connect(presenter.search)
    view.filtered.connect(lambda filters, near, nearest: presenter.filter(filters, near=near, nearest=nearest))
    view.chosen.connect(presenter.choose)
    view.made_up_asked.connect(presenter.try_made_up)
    view.made_up_unwanted.connect(presenter.take_out_made_up)
    service = view.service
    service.signpost_asked.connect(presenter.signpost)
    service.handover_asked.connect(presenter.hand_over)
    service.leaflet_asked.connect(presenter.add_to_leaflet)
    service.wrong_told.connect(presenter.say_wrong)
    service.undo_asked.connect(presenter.undo)
    service.note_settled.connect(presenter.settle)
    service.vouched.connect(presenter.vouch)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
