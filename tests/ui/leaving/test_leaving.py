"""Leaving a laptop, one step at a time: nothing goes before everything is sent or sealed, and the secret was typed once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from ewb_desktop.storage.errors import FullDisk
from ewb_desktop.ui.destinations import ToLeaving, ToSync
from ewb_desktop.ui.leaving.page import LeavingPage, build
from ewb_desktop.ui.leaving.presenter import ROUNDS, BadPlace, SealedFileGone, Standing, StillUnsent, unsent_lines
from tests.support.doors import RIGHT, run_now
from tests.support.partings import STICK, MadeUpParting

SENT = Standing(is_all_sent=True)
WAITS = Standing(to_send=2, trouble="There is no internet connection.")


def opened(qtbot: QtBot, parting: MadeUpParting) -> LeavingPage:
    page = build(parting, run_now)
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.opened(ToLeaving())
    return page


def after_a_round(page: LeavingPage) -> LeavingPage:
    page.send_button.click()
    page.presenter.hear(is_working=True)
    page.presenter.hear(is_working=False)
    return page


def typed(page: LeavingPage, secret: str) -> LeavingPage:
    page.secret.line.setText(secret)
    page.leave_button.click()
    return page


def told(page: LeavingPage) -> str:
    return f"{page.notice.title.text()}. {page.notice.text.text()}"


def test_what_is_unsent_is_counted_by_kind() -> None:
    lines = unsent_lines(Standing(to_send=3, to_bring=1, held=1, words=2, files=1))
    assert lines[:3] == [
        "3 changes to send.", "1 change from colleagues to send.", "1 change that the server did not take: see Send and receive.",
    ]  # fmt: skip
    assert lines[3].startswith("Words on 2 forms that were not saved.")
    assert lines[4].startswith("1 sealed file of earlier work")


def test_nothing_unsent_is_said_too() -> None:
    assert unsent_lines(SENT) == ["Nothing. Everything is sent."]


def test_first_of_all_everything_is_sent_with_what_was_only_typed(qtbot: QtBot) -> None:
    parting = MadeUpParting(WAITS)
    page = opened(qtbot, parting)
    assert not page.secret.isVisible()
    page.send_button.click()
    assert parting.asked == ["write down", "exchange"]
    assert not page.send_button.isVisible()


def test_once_everything_is_sent_the_secret_is_asked_for_and_the_part_goes(qtbot: QtBot) -> None:
    parting = MadeUpParting(SENT)
    page = after_a_round(opened(qtbot, parting))
    assert not page.seal_button.isVisible()
    typed(page, RIGHT)
    assert parting.asked[-2:] == ["check", "leave"]


def test_a_wrong_secret_is_told_at_its_field_and_nothing_goes(qtbot: QtBot) -> None:
    parting = MadeUpParting(SENT)
    page = typed(after_a_round(opened(qtbot, parting)), "something else")
    assert "This passphrase is not right" in page.secret.error.text()
    assert (parting.asked[-1], page.secret.value) == ("check", "")


def test_without_a_secret_nothing_is_tried(qtbot: QtBot) -> None:
    parting = MadeUpParting(SENT)
    typed(after_a_round(opened(qtbot, parting)), "")
    assert "check" not in parting.asked


def test_while_something_waits_there_is_no_way_to_the_end_but_the_sealed_file(qtbot: QtBot) -> None:
    parting = MadeUpParting(WAITS)
    page = after_a_round(opened(qtbot, parting))
    assert told(page).startswith("Not everything is sent yet. There is no internet connection.")
    assert (page.again_button.isVisible(), page.seal_button.isVisible()) == (True, True)
    assert not page.secret.isVisible()
    page.seal_button.click()
    assert parting.asked[-1] == f"seal {STICK}"
    assert "my-unsent-work.ewb-outbox, in /media/stick" in told(page)
    typed(page, RIGHT)
    assert parting.asked[-1] == "leave"


def test_a_round_that_left_something_without_trouble_is_followed_by_others_and_no_end_of_them(qtbot: QtBot) -> None:
    parting = MadeUpParting(Standing(held=1))
    page = after_a_round(opened(qtbot, parting))
    for _ in range(5):
        page.presenter.hear(is_working=False)
    assert parting.asked.count("exchange") == ROUNDS
    assert "did not take all of it" in told(page)


def test_no_place_chosen_writes_nothing(qtbot: QtBot) -> None:
    parting = MadeUpParting(WAITS, place="")
    page = after_a_round(opened(qtbot, parting))
    page.seal_button.click()
    assert not page.secret.isVisible()


@pytest.mark.parametrize("failure", [OSError(), BadPlace("Choose another name.")])
def test_a_file_that_cannot_be_written_or_read_again_leads_nowhere(qtbot: QtBot, failure: Exception) -> None:
    parting = MadeUpParting(WAITS)
    page = after_a_round(opened(qtbot, parting))
    parting.failure = failure
    page.seal_button.click()
    assert told(page).startswith("The sealed file was not written. ")
    assert (page.secret.isVisible(), page.seal_button.isVisible()) == (False, True)


def test_a_server_that_does_not_know_the_laptop_could_not_open_the_file(qtbot: QtBot) -> None:
    page = after_a_round(opened(qtbot, MadeUpParting(Standing(to_send=1, trouble="It is not known.", can_seal=False))))
    assert "Ask your administrator for a new code first" in told(page)
    assert not page.seal_button.isVisible()


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(is_joined=False), "not joined to a service"),
        (Standing(asides=1), "could not be read"),
        (Standing(is_all_sent=True, files_inside=1), "Move it to a stick"),
    ],
)
def test_what_a_sealed_file_could_not_keep_has_to_be_settled_first(qtbot: QtBot, standing: Standing, words: str) -> None:
    page = opened(qtbot, MadeUpParting(standing))
    assert words in told(page)
    assert not any(each.isVisible() for each in (page.send_button, page.seal_button, page.leave_button))
    with qtbot.waitSignal(page.go) as went:
        page.sync_button.click()
    assert went.args == [ToSync()]


@pytest.mark.parametrize("failure", [StillUnsent(), SealedFileGone()])
def test_what_changed_at_the_last_moment_takes_nothing_off(qtbot: QtBot, failure: Exception) -> None:
    parting = MadeUpParting(WAITS)
    page = after_a_round(opened(qtbot, parting))
    page.seal_button.click()
    parting.failure = failure
    typed(page, RIGHT)
    assert told(page).startswith("Nothing was taken off. ")
    assert page.seal_button.isVisible()


def test_words_that_cannot_be_kept_stop_it(qtbot: QtBot) -> None:
    parting = MadeUpParting(WAITS, failure=FullDisk())
    page = opened(qtbot, parting)
    page.send_button.click()
    assert "The disk of this laptop is full" in told(page)
    assert "exchange" not in parting.asked


def test_the_keyboard_is_led_to_what_can_be_done_next(qtbot: QtBot) -> None:
    page = opened(qtbot, MadeUpParting(WAITS))
    led = [page.default_focus]
    led.append(after_a_round(page).default_focus)
    page.seal_button.click()
    led.append(page.default_focus)
    assert led == [page.back_button, page.again_button, page.secret.line]


def test_who_goes_to_another_page_while_her_secret_is_looked_at_stays_on_the_laptop(qtbot: QtBot) -> None:
    begun: list[Callable[[], None]] = []
    parting = MadeUpParting(SENT)
    page = build(parting, lambda work, done, failed: begun.append(lambda: run_now(work, done, failed)))
    qtbot.addWidget(page)
    page.opened(ToLeaving())
    typed(after_a_round(page), RIGHT)
    page.leaving()
    begun[0]()
    assert parting.asked[-1] == "check"


def test_a_round_that_ends_on_another_page_asks_for_no_other(qtbot: QtBot) -> None:
    parting = MadeUpParting(Standing(held=1))
    page = opened(qtbot, parting)
    page.send_button.click()
    page.leaving()
    page.presenter.hear(is_working=False)
    assert parting.asked.count("exchange") == 1


def test_what_was_typed_into_the_secret_field_goes_with_the_page(qtbot: QtBot) -> None:
    page = after_a_round(opened(qtbot, MadeUpParting(SENT)))
    page.secret.line.setText(RIGHT)
    page.leaving()
    assert page.secret.value == ""
