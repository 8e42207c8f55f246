"""The page for leaving a laptop passes the accessibility gate in every look, at each of its steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.ui.destinations import ToLeaving
from ewb_desktop.ui.leaving.page import LeavingPage, build
from ewb_desktop.ui.leaving.presenter import Standing
from tests.support.doors import run_now
from tests.support.looks import Look, expect_accessible, in_every_look
from tests.support.partings import MadeUpParting


def at_the_start() -> LeavingPage:
    page = build(MadeUpParting(Standing(to_send=3, held=1, words=1)), run_now)
    page.opened(ToLeaving())
    return page


def where_something_waits() -> LeavingPage:
    page = at_the_start()
    page.send_button.click()
    page.presenter.hear(is_working=False)
    return page


def at_the_end() -> LeavingPage:
    page = where_something_waits()
    page.seal_button.click()
    page.leave_button.click()
    return page


@in_every_look
@pytest.mark.parametrize("make", [at_the_start, where_something_waits, at_the_end])
def test_leaving_has_no_faults(qtbot: QtBot, look: Look, make: Callable[[], LeavingPage]) -> None:
    expect_accessible(qtbot, look, make)
