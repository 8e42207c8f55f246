"""Many more lines that go wrong than the fast gate has time for; ``SOAK_EXAMPLES`` says how many (200)."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.bad_lines import LINES, Town, live_through, town
from tests.support.proxy import Line

EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "200"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as open_town:
        yield open_town


@pytest.mark.soak
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(line=LINES)
def test_whatever_the_line_does_nothing_is_lost_doubled_or_altered(place: Town, line: Line) -> None:
    live_through(place, line)
