"""Instants that another machine told are read, and what is none harms nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ewb_desktop.domain.time import instant_told


def test_an_instant_that_was_told_is_read_in_utc() -> None:
    assert instant_told("2026-11-22T14:05:00+01:00") == datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "soon", "2026-11-22T14:05:00", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant_of_this_world_is_none(text: str | None) -> None:
    assert instant_told(text) is None
