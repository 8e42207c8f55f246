"""Every value that comes is looked at, whole columns at once; that says the same as looking at each by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.storage.exchange.incoming import read_block
from sync.protocol.entities import ENVELOPE

ROWS = 3
GOOD = "2026-11-20T09:00:00.000Z"
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)


def is_taken(**columns: Sequence[object]) -> bool:
    """Tell whether rows with these columns are ready for the file; the others of the envelope are as they should be."""
    envelope: dict[str, Sequence[object]] = {
        "id": [f"p{number}" for number in range(ROWS)], "area": ["sale"] * ROWS, "number": [*range(ROWS)],
        "author": ["colleague"] * ROWS, "made_at": [GOOD] * ROWS, "gone": [0] * ROWS,
    }  # fmt: skip
    assert tuple(envelope) == ENVELOPE
    told = envelope | columns
    (group,) = read_block({"groups": [["person", list(told), list(told.values()), []]]})
    return group.additions is not None


def is_instant(text: str) -> bool:
    """Say of one text by itself whether it is an instant."""
    if not _INSTANT.fullmatch(text):
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return text[11:13] <= "23" and text[14:16] <= "59" and text[17:19] <= "59"


NEAR = st.builds(
    "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z".format,
    st.sampled_from(["2026", "0000", "2028"]), st.integers(0, 13), st.integers(0, 32), st.integers(0, 30), st.integers(0, 62),
    st.integers(0, 62), st.integers(0, 999),
)  # fmt: skip
ODD = st.sampled_from(
    [GOOD, GOOD[:-1], f"{GOOD}Z", "", "٢٠٢٦-11-20T09:00:00.000Z", "2026-11-20 09:00:00.000Z", GOOD.replace("Z", "z")]
)


@given(st.lists(NEAR | ODD, min_size=ROWS, max_size=ROWS))
def test_instants_are_taken_when_each_by_itself_is_one(texts: list[str]) -> None:
    assert is_taken(made_at=list(texts)) == all(is_instant(text) for text in texts)


@pytest.mark.parametrize("last", ["00:00:00", "19:59:59", "20:00:00", "23:59:59"])
def test_every_hour_of_a_day_is_taken(last: str) -> None:
    assert is_taken(made_at=[GOOD, f"2026-11-20T{last}.000Z", None])


@pytest.mark.parametrize("late", ["24:00:00", "29:00:00", "30:00:00", "09:60:00", "09:00:60", "09:99:00"])
def test_a_time_that_no_clock_shows_is_not_taken(late: str) -> None:
    assert not is_taken(made_at=[GOOD, f"2026-11-20T{late}.000Z", GOOD])


@pytest.mark.parametrize("name", ["id", "area", "number", "author", "gone"])
def test_what_every_record_has_is_missing_in_none(name: str) -> None:
    assert is_taken(made_at=[None] * ROWS)
    assert not is_taken(**{name: [1 if name in ("number", "gone") else "x", None, 0 if name in ("number", "gone") else "y"]})


def test_a_column_that_this_program_does_not_know_may_hold_anything() -> None:
    assert is_taken(shoe_size=[41, None, {"left": "42"}])
