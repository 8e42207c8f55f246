"""Makes the lock screen."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.ui.lock.presenter import Gatekeeper, LockPresenter, Run
from ewb_desktop.ui.lock.view import LockView


class LockPage(LockView):
    """The lock screen with what drives it."""

    presenter: LockPresenter


def build(gatekeeper: Gatekeeper, run: Run, opened: Callable[[object], None], *, leaflets: bool = True) -> LockPage:
    """Return the lock screen, showing who is on this laptop. ``opened`` gets what the gatekeeper opened."""
    view = LockPage(leaflets=leaflets)
    presenter = LockPresenter(view, gatekeeper, run, opened)
    view.presenter = presenter
    view.unlock_asked.connect(presenter.unlock)
    view.door_chosen.connect(presenter.choose)
    view.ticked.connect(presenter.tick)
    presenter.show()
    return view
