"""How long ago an entry was checked is said in words."""

from __future__ import annotations

from datetime import date

import pytest

from ewb_desktop.domain.directory.stale import last_checked, months_between

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("checked", "state", "words"),
    [
        (date(2026, 11, 3), "fresh", "Last checked 3 November 2026"),
        (date(2026, 8, 22), "fresh", "Last checked 22 August 2026"),
        (date(2026, 8, 21), "ageing", "Not checked since August"),
        (date(2026, 5, 22), "ageing", "Not checked since May"),
        (date(2026, 5, 21), "old", "Not checked since May. Call before you go."),
        (date(2025, 12, 1), "old", "Not checked since December 2025. Call before you go."),
        (None, "unknown", "No one has said when this was last checked. Call before you go."),
    ],
)
def test_three_and_six_months_part_fresh_ageing_and_old(checked: date | None, state: str, words: str) -> None:
    found = last_checked(checked, TODAY)
    assert (found.state, found.words) == (state, words)


def test_a_month_is_whole_when_its_day_has_come() -> None:
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert months_between(date(2026, 1, 31), date(2026, 3, 1)) == 1
