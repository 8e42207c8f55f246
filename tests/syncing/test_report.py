"""What the worker reads: nothing is called sent before the server has named it, and every trouble has its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ewb_desktop.syncing.report import SyncStatus, foot_words, receive_words, trouble_words, warnings, when_words

TODAY = date(2026, 11, 21)
JOINED = SyncStatus(
    server="https://sync.example.org",
    last_exchange=datetime(2026, 11, 21, 16, 40, tzinfo=UTC),
    last_sent=datetime(2026, 11, 17, 16, 40, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (SyncStatus(to_send=2), "Working on this laptop only."),
        (JOINED, "Everything is sent. Last exchange today 16:40."),
        (
            replace(JOINED, trouble="no_line", to_send=3),
            "Working offline. Last sent Tuesday 16:40. 3 changes to send.",
        ),
        (replace(JOINED, trouble="no_line"), "Working offline. Everything is sent. Last sent Tuesday 16:40."),
        (
            replace(JOINED, trouble="no_line", next_try=datetime(2026, 7, 21, 13, 5, 59, tzinfo=UTC), to_send=1),
            "Working offline. Tries again at 14:05. Last sent Tuesday 16:40. 1 change to send.",
        ),
        (
            replace(JOINED, trouble="no_line", next_try=datetime(2026, 7, 21, 13, 5, 59, tzinfo=UTC), tries_soon=True, to_send=1),
            "Working offline. Tries again in less than a minute. Last sent Tuesday 16:40. 1 change to send.",
        ),
        (
            replace(JOINED, trouble="revoked", next_try=datetime(2026, 11, 21, 14, 5, tzinfo=UTC), to_send=1),
            "Sending and receiving do not work at the moment. Last sent Tuesday 16:40. 1 change to send.",
        ),
        (
            replace(JOINED, next_try=datetime(2026, 11, 21, 14, 5, tzinfo=UTC), to_send=1),
            "Last sent Tuesday 16:40. 1 change to send.",
        ),
        (replace(JOINED, to_send=1), "Last sent Tuesday 16:40. 1 change to send."),
        (replace(JOINED, quarantined=1), "1 change needs a look. Last sent Tuesday 16:40."),
        (replace(JOINED, to_bring=2), "Last sent Tuesday 16:40. 2 changes from colleagues to send."),
        (
            replace(JOINED, sealed_files=(Path("unsent.outbox"),)),
            "Last sent Tuesday 16:40. Some work is in a sealed file for your administrator: see Send and receive.",
        ),
        (replace(JOINED, is_working=True, to_send=1), "Sending and receiving. 1 change to send."),
        (
            replace(JOINED, is_working=True, arrived=12_000, to_arrive=45_000),
            "Sending and receiving. 12,000 of the first 45,000 records are here.",
        ),
        (
            replace(JOINED, is_working=True, to_arrive=6_045, received=0.4999),
            "Sending and receiving. 40% of the data of the first 6,045 records has arrived.",
        ),
        (
            replace(JOINED, is_working=True, arrived=10, to_arrive=6_045, received=1.0),
            "Sending and receiving. 100% of the data has arrived, 10 of the first 6,045 records are in place.",
        ),
        (
            replace(JOINED, trouble="untrusted_server", conflicts=2),
            (
                "Sending and receiving do not work at the moment. Everything is sent. Last sent Tuesday 16:40. "
                "Something waits for you to choose."
            ),
        ),
        (replace(JOINED, is_working=True, more_to_receive=True), "Sending and receiving. More is on its way."),
        (
            replace(JOINED, trouble="no_line", more_to_receive=True),
            "Working offline. Everything is sent. Last sent Tuesday 16:40. More is still to come.",
        ),
        (replace(JOINED, last_exchange=None, last_sent=None), "Nothing was sent yet."),
        (
            replace(
                JOINED, last_exchange=None, last_sent=None, next_try=datetime(2026, 7, 21, 13, 5, tzinfo=UTC), tries_soon=True
            ),
            "This laptop begins to receive in a moment.",
        ),
        (replace(JOINED, last_sent=None, trouble="no_line"), "Working offline. Everything is sent. Last exchange today 16:40."),
        (
            replace(JOINED, last_sent=None, trouble="no_line", arrived=22, to_arrive=6_045),
            "Working offline. 22 of the first 6,045 records are here.",
        ),
        (
            replace(JOINED, trouble="unknown_laptop", to_send=1),
            "A new code is needed to send and receive. Last sent Tuesday 16:40. 1 change to send.",
        ),
        (
            replace(JOINED, clock_off_minutes=-4 * 24 * 60),
            "Everything is sent. Last exchange today 16:40. This laptop's clock is 4 days slow: days here are wrong.",
        ),
        (replace(JOINED, clock_off_minutes=45), "Everything is sent. Last exchange today 16:40."),
    ],
)
def test_the_foot_of_the_window_says_how_things_stand(status: SyncStatus, words: str) -> None:
    assert foot_words(status, TODAY) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (replace(JOINED, trouble="no_line"), "Working offline"),
        # beside "Sending and receiving" that would be untrue
        (replace(JOINED, trouble="no_line", is_working=True), "The last try did not work"),
        (replace(JOINED, trouble="server_fault", is_working=True), "The last try did not work"),
        (replace(JOINED, trouble="unknown_laptop", is_working=True), "A new code is needed to send and receive"),
    ],
)
def test_what_was_in_the_way_is_no_more_than_the_last_try_while_another_is_under_way(status: SyncStatus, words: str) -> None:
    assert trouble_words(status) == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (JOINED, "nothing more was waiting"),
        (replace(JOINED, more_to_receive=True, is_working=True), "more is on its way"),
        (replace(JOINED, more_to_receive=True), "more is still to come"),
        (replace(JOINED, more_to_receive=True, is_more_told=False, is_working=True), "newer records are being asked for"),
        (replace(JOINED, more_to_receive=True, is_more_told=False), "newer records are still to be asked for"),
        (replace(JOINED, last_exchange=None), "not asked yet"),
        (replace(JOINED, last_exchange=None, is_working=True), "being asked for now"),
        (replace(JOINED, last_exchange=None, arrived=5, to_arrive=9), "5 of the first 9 records are here"),
    ],
)
def test_what_is_to_be_received_is_said_before_the_first_answer_too(status: SyncStatus, words: str) -> None:
    assert receive_words(status) == words


@pytest.mark.parametrize(
    "status",
    [
        replace(JOINED, to_send=1),
        replace(JOINED, to_bring=1),
        replace(JOINED, quarantined=1),
        replace(JOINED, sealed_files=(Path("unsent.outbox"),)),
        replace(JOINED, last_exchange=None),
        replace(JOINED, server=""),
    ],
)
def test_everything_is_sent_only_when_the_server_has_acknowledged_everything(status: SyncStatus) -> None:
    assert "Everything is sent" not in foot_words(status, TODAY)


@pytest.mark.parametrize(
    ("minutes", "words"), [(9, ""), (-10, "10 minutes slow"), (180, "3 hours fast"), (-60 * 24 * 30, "30 days slow")]
)
def test_a_clock_that_is_off_by_ten_minutes_is_told(minutes: int, words: str) -> None:
    told = " ".join(warnings(replace(JOINED, clock_off_minutes=minutes)))
    assert words in told
    assert bool(told) is bool(words)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (None, "not yet"),
        (datetime(2026, 11, 20, 9, 5, tzinfo=UTC), "yesterday 09:05"),
        (datetime(2026, 11, 14, 9, 5, tzinfo=UTC), "14 November 09:05"),
        (datetime(2025, 6, 14, 9, 5, tzinfo=UTC), "14 June 2025 10:05"),
        (datetime(2026, 11, 29, 9, 5, tzinfo=UTC), "29 November 09:05 (later than today: a clock was wrong)"),
    ],
)
def test_times_are_said_as_people_here_say_them(instant: datetime | None, words: str) -> None:
    assert when_words(instant, TODAY) == words
