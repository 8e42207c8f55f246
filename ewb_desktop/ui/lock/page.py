"""Makes the lock screen and the page "I cannot get in"."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.ui.lock.presenter import Gatekeeper, LockPresenter, RecoverPresenter, Run
from ewb_desktop.ui.lock.recover_view import RecoverPage
from ewb_desktop.ui.lock.view import LockView


class LockPage(LockView):
    """The lock screen with what drives it."""

    presenter: LockPresenter


class CannotGetInPage(RecoverPage):
    """The ways back in with what drives them."""

    presenter: RecoverPresenter


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


def build_recover(
    gatekeeper: Gatekeeper, run: Run, opened: Callable[[object], None], pick_backup: Callable[[], str], *, anew: bool = False
) -> CannotGetInPage:
    """Return the page "I cannot get in". ``pick_backup`` asks for a file and returns its path, or nothing.

    ``anew`` shows only how to bring back a backup, to a laptop that never had the file.
    """
    view = CannotGetInPage(pick_backup, anew=anew)
    presenter = RecoverPresenter(view, gatekeeper, run, opened)
    view.presenter = presenter
    view.recover_asked.connect(presenter.recover)
    view.backup_asked.connect(presenter.bring_back)
    return view
