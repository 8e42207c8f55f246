"""A line that drops, cuts, shortens, doubles, delays, turns round or alters what it carries loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.bad_lines import LINES, Town, live_through, town
from tests.support.proxy import Fate, Line


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("town")) as open_town:
        yield open_town


@pytest.mark.parametrize("fate", [Fate.DROP_REQUEST, Fate.DROP_ANSWER, Fate.DUPLICATE, Fate.LATE])
def test_a_request_that_is_lost_doubled_or_late_loses_and_doubles_nothing(place: Town, fate: Fate) -> None:
    live_through(place, Line(fate=lambda _number: fate))


def test_a_line_that_falls_silent_loses_and_doubles_nothing(place: Town) -> None:
    live_through(place, Line(swallow_down=2_000))


@settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(line=LINES)
def test_whatever_the_line_does_nothing_is_lost_doubled_or_altered(place: Town, line: Line) -> None:
    live_through(place, line)
