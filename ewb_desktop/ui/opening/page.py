"""Builds the page that looks on the server for a member outside the area."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ewb_desktop.actions.desk import Desk
from ewb_desktop.syncing.engine import OpenWire
from ewb_desktop.syncing.wire import Wire
from ewb_desktop.ui.background import Background
from ewb_desktop.ui.opening.presenter import OpeningPresenter
from ewb_desktop.ui.opening.view import OpeningPage
from ewb_desktop.ui.page import Page


def build(desk: Desk, background: Background, open_wire: OpenWire = Wire) -> Page:
    """Return the page for the worker at ``desk``."""
    view = OpeningPage(desk.library.list("opening_reasons"), desk.clock.today)

    def run_aside(work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        background.run(lambda _job: work(), owner=view, done=done, failed=failed, in_lane=False)

    presenter = OpeningPresenter(desk, view, run_aside, open_wire)
    view.presenter = presenter
    view.begun.connect(presenter.begin)
    view.asked.connect(presenter.ask)
    view.typed.connect(presenter.keep)
    view.started_again.connect(presenter.start_again)
    return view
