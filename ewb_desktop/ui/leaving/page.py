"""Makes the page for leaving this laptop."""

from __future__ import annotations

from ewb_desktop.ui.heartbeat import Heartbeat
from ewb_desktop.ui.leaving.presenter import LeavingPresenter, Parting, Run
from ewb_desktop.ui.leaving.view import LeavingView


class LeavingPage(LeavingView):
    """The page with what drives it."""

    presenter: LeavingPresenter


def build(parting: Parting, run: Run, heartbeat: Heartbeat | None = None) -> LeavingPage:
    """Return the page; ``heartbeat`` tells it of rounds."""
    view = LeavingPage()
    presenter = LeavingPresenter(view, parting, run)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.send_asked.connect(presenter.send)
    view.seal_asked.connect(presenter.seal)
    view.leave_asked.connect(presenter.leave)
    view.heard_of.connect(presenter.hear)
    view.went.connect(presenter.stop)
    if heartbeat is not None:
        heartbeat.told.connect(view.hear_status)
    return view
