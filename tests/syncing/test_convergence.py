"""Any edits on any laptops in any order, with lines that break: all end equal, and no accepted edit is nowhere."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.support.orders import STEPS, play
from tests.support.postgres import Cluster

# one example takes a second: shrinking would take minutes
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(steps=STEPS)
def test_all_laptops_end_equal_and_every_edit_is_current_or_in_history_or_in_a_conflict(steps: list[tuple[Any, ...]]) -> None:
    play(steps)


@settings(max_examples=4, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(steps=STEPS)
def test_the_same_holds_on_postgresql(postgres: Cluster, steps: list[tuple[Any, ...]]) -> None:
    with postgres.new_database() as url:
        play(steps, url)
