"""Makes the page "I cannot get in"; apart from the lock screen, which is painted without it."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.ui.lock.presenter import Gatekeeper, RecoverPresenter, Run
from ewb_desktop.ui.lock.recover_view import RecoverPage


class CannotGetInPage(RecoverPage):
    """The ways back in with what drives them."""

    presenter: RecoverPresenter


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
    view.backup_with_key_asked.connect(presenter.bring_back_with_recovery)
    return view
