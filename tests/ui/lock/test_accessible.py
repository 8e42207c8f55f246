"""The lock screen and the ways back in pass the accessibility gate in every look."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.lock.page import LockPage, build
from ewb_desktop.ui.lock.recover_page import CannotGetInPage, build_recover
from tests.support.doors import MadeUpDoors, run_now
from tests.support.looks import Look, expect_accessible, in_every_look


def locked(*, troubled: bool) -> LockPage:
    page = build(MadeUpDoors(waits=9 if troubled else 0), run_now, lambda _opened: None)
    if troubled:
        page.show_error("This passphrase is not right. Nothing is lost.")
        page.show_trouble("Your part of this laptop could not be opened", "Your file is damaged.", offer_backup=True)
        page.show_busy(True)
    return page


def cannot_get_in() -> CannotGetInPage:
    page = build_recover(MadeUpDoors(), run_now, lambda _opened: None, lambda: "")
    page.show_worker("Rowan Okafor", "In the file that is here now 3 changes are not sent yet.")
    page.presenter.recover("", "", "")
    return page


@in_every_look
def test_the_lock_screen_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: locked(troubled=False))


@in_every_look
def test_the_lock_screen_in_trouble_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: locked(troubled=True))


@in_every_look
def test_i_cannot_get_in_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, cannot_get_in)


@in_every_look
def test_bringing_back_a_backup_of_another_laptop_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: build_recover(MadeUpDoors(), run_now, lambda _opened: None, lambda: "", anew=True))
