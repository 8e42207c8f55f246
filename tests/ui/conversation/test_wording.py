"""The words of a conversation say when something was said, also where somebody's clock was wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ewb_desktop.ui.conversation.wording import day_said

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime(2026, 11, 21, 9, tzinfo=UTC), "today"),
        (datetime(2026, 10, 28, 9, tzinfo=UTC), "28 October"),
        (datetime(2025, 10, 28, 9, tzinfo=UTC), "28 October 2025"),
        (datetime(2026, 11, 24, 9, tzinfo=UTC), "24 November (later than today: a clock was wrong)"),
    ],
)
def test_the_day_is_said_and_one_that_has_not_come_yet_as_such(day: datetime, words: str) -> None:
    assert day_said(day, TODAY) == words
