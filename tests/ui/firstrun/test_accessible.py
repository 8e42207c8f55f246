"""The pages of the first start pass the accessibility gate in every look."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ewb_desktop.ui.firstrun.page import FirstRunPage, build
from ewb_desktop.ui.firstrun.renewal import RenewalPage
from ewb_desktop.ui.firstrun.welcome import WelcomePage
from tests.support.desks import library
from tests.support.doors import RECOVERY_KEY, MadeUpDoors, run_now
from tests.support.looks import Look, expect_accessible, in_every_look


def form(*, enrol: bool, with_key: bool = False) -> FirstRunPage:
    page = build(MadeUpDoors(), run_now, lambda _opened: None, lambda: "", lambda _key: "", library().list("roles"), enrol=enrol)
    if with_key:
        page.show_key(RECOVERY_KEY.split("-"), (2, 5))
        page.show_kept("The recovery key is at the printer. Fetch the paper now.")
    else:
        page.make_button.click()
        page.show_advice("Add another word or two.")
    return page


def renewal() -> RenewalPage:
    page = RenewalPage(lambda: "", lambda _key, _path: None, lambda _key: "")
    page.show_key(RECOVERY_KEY)
    return page


@in_every_look
def test_the_welcome_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: WelcomePage("system", 100, can_go_back=True))


@in_every_look
def test_the_form_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: form(enrol=False))


@in_every_look
def test_the_form_with_a_code_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: form(enrol=True))


@in_every_look
def test_the_recovery_key_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, lambda: form(enrol=False, with_key=True))


@in_every_look
def test_a_new_recovery_key_has_no_faults(qtbot: QtBot, look: Look) -> None:
    expect_accessible(qtbot, look, renewal)
