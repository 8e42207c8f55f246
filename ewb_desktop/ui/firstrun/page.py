"""Makes the pages of the first start."""

from __future__ import annotations

from collections.abc import Callable

from ewb_desktop.domain.lists import WordList
from ewb_desktop.domain.roles import NO_LIST
from ewb_desktop.ui.authority_field import ChooseFile
from ewb_desktop.ui.firstrun.presenter import Builder, FirstRunPresenter, Run
from ewb_desktop.ui.firstrun.view import FirstRunView


class FirstRunPage(FirstRunView):
    """The form with what drives it."""

    presenter: FirstRunPresenter


def build(
    builder: Builder, run: Run, done: Callable[[object], None], pick_file: Callable[[], str], print_key: Callable[[str], str],
    roles: WordList | None, *, enrol: bool = False, choose_authority: ChooseFile | None = None,
) -> FirstRunPage:  # fmt: skip
    """Return the form.

    ``done`` gets what was opened; ``pick_file`` asks where to save the recovery key; ``print_key`` prints it and says how that
    went; ``roles`` are offered to who sets up a laptop without a server, None when their list cannot be used.
    ``choose_authority`` asks for the file of the service's own certificate authority.
    """
    view = FirstRunPage(pick_file, roles, enrol=enrol, choose_authority=choose_authority)
    if roles is None and not enrol:
        view.show_trouble(f"{NO_LIST} A laptop of your service can still join with a code.")
    presenter = FirstRunPresenter(view, builder, run, done, print_key)
    view.presenter = presenter
    view.make_asked.connect(lambda worker, again: presenter.make(worker, again, enrol=enrol))
    view.advice_asked.connect(presenter.advise)
    view.keep_asked.connect(presenter.keep_key)
    view.print_asked.connect(presenter.print_key)
    view.confirmed.connect(presenter.confirm)
    return view
