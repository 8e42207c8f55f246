"""Makes the settings page."""

from __future__ import annotations

from ewb_desktop.ui.settings.presenter import Choices, Run, SettingsPresenter
from ewb_desktop.ui.settings.view import SettingsView


class SettingsPage(SettingsView):
    """The page with what drives it."""

    presenter: SettingsPresenter


def build(choices: Choices, run: Run) -> SettingsPage:
    """Return the page over what can be chosen on this laptop."""
    view = SettingsPage(practice=choices.in_practice())
    presenter = SettingsPresenter(view, choices, run)
    view.presenter = presenter
    view.came.connect(presenter.open)
    view.look_chosen.connect(presenter.change_look)
    view.minutes_chosen.connect(presenter.change_minutes)
    view.place_chosen.connect(presenter.change_place)
    view.place_added.connect(presenter.add_place)
    view.place_located.connect(presenter.locate_place)
    view.service_named.connect(presenter.name_service)
    view.passphrase_asked.connect(presenter.change_passphrase)
    view.backup_asked.connect(presenter.back_up)
    view.key_asked.connect(presenter.new_recovery_key)
    view.profile_asked.connect(choices.leave_practice)
    return view
