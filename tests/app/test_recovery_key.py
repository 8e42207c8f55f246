"""The printed recovery key through the whole program: renewed, and asked for until one is kept."""

from __future__ import annotations

import pytest

from ewb_desktop.storage.vault import Vault
from ewb_desktop.ui.destinations import ToSettings, ToToday
from ewb_desktop.ui.firstrun.renewal import RenewalPage
from ewb_desktop.ui.settings.page import SettingsPage
from tests.support.programs import PASSPHRASE, PATIENCE, Seat, shown


def test_a_new_recovery_key_works_and_the_old_one_does_not(seat: Seat) -> None:
    office = seat.set_up()
    old = seat.recovery_key
    office.window.show_page(ToSettings())
    page = shown(office.window, SettingsPage)
    page.presenter.new_recovery_key(PASSPHRASE)
    seat.qtbot.waitUntil(lambda: seat.program.gate is not None, timeout=PATIENCE)
    renewed = seat.page
    assert isinstance(renewed, RenewalPage)
    seat.qtbot.waitUntil(lambda: bool(renewed.key.words.text()), timeout=PATIENCE)
    groups = renewed.key.words.text().split()
    assert "-".join(groups) != old
    renewed.key.first.value, renewed.key.second.value = groups[2], groups[5]
    renewed.key.confirm_button.click()
    assert seat.restarts == [False]
    assert seat.unlock().window.isVisible()


def test_a_key_that_was_only_shown_when_the_power_failed_is_asked_for_until_one_is_kept(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as power_fails:
        power_fails.setattr(Vault, "note_key_kept", lambda _self: None)
        seat.set_up().window.lock()
    office = seat.unlock()
    assert office.window.trouble.isVisible()
    assert "not kept a recovery key" in office.window.trouble.title.text()
    page = shown(office.window, SettingsPage)
    assert page.default_focus is page.key.line
    page.presenter.new_recovery_key(PASSPHRASE)
    seat.qtbot.waitUntil(lambda: seat.program.gate is not None, timeout=PATIENCE)
    renewed = seat.page
    assert isinstance(renewed, RenewalPage)
    seat.qtbot.waitUntil(lambda: bool(renewed.key.words.text()), timeout=PATIENCE)
    groups = renewed.key.words.text().split()
    assert not Vault(next(vault for vault in (seat.folder).rglob("records.ewb")).parent, seat.clock).has_kept_key()
    renewed.key.first.value, renewed.key.second.value = groups[2], groups[5]
    renewed.key.confirm_button.click()
    again = seat.unlock()
    assert again.window.here == ToToday()
    assert not again.window.trouble.isVisible()
