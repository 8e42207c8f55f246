"""Builds the page of the organisation's own leaflets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ewb_desktop.actions.desk import Desk
from ewb_desktop.ui.feed import Feed
from ewb_desktop.ui.ownleaflets.picture_presenter import PicturePresenter
from ewb_desktop.ui.ownleaflets.presenter import OwnLeafletsPresenter
from ewb_desktop.ui.ownleaflets.shown import Bench, Edge, Run
from ewb_desktop.ui.ownleaflets.view import OwnLeafletsPage, Preview
from ewb_desktop.ui.page import Page


def build(
    desk: Desk, feed: Feed, bench: Bench, run: Run, edge: Edge, make_preview: Callable[[], Preview], resources: Path
) -> Page:  # fmt: skip
    """Return the page; ``make_preview`` makes what shows a leaflet as it will be printed."""
    view = OwnLeafletsPage(make_preview())
    presenter = OwnLeafletsPresenter(desk, bench, run, edge, resources / "examples" / "leaflet.md", view)
    pictures = PicturePresenter(desk, run, edge, view, presenter.open)
    view.presenters = [presenter, pictures]
    view.came.connect(presenter.open)
    view.came.connect(pictures.open)
    view.add_asked.connect(presenter.add)
    view.dropped.connect(lambda path: presenter.look_at(Path(path)))
    view.example_asked.connect(presenter.save_example)
    view.looked.use_asked.connect(presenter.use)
    view.looked.again_asked.connect(presenter.look_again)
    view.looked.closed.connect(presenter.close)
    view.lists.shown.connect(presenter.show)
    view.lists.stopped.connect(presenter.stop)
    view.lists.used_again.connect(presenter.use_again)
    view.lists.picture_asked.connect(pictures.choose)
    view.lists.picture_stopped.connect(pictures.stop)
    view.picture.typed.connect(pictures.type)
    view.picture.kept.connect(pictures.keep)
    view.picture.given_up.connect(pictures.give_up)
    view.heard.connect(presenter.hear)
    feed.changed.connect(view.hear)
    return view
