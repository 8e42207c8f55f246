"""Many more orders of edits and broken lines than the fast tests have time for; ``SOAK_EXAMPLES`` says how many (200)."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.orders import LONG_STEPS, play
from tests.support.postgres import Cluster

EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "200"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.soak
@pytest.mark.timeout(0)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=SLOW)
@given(steps=LONG_STEPS)
def test_all_laptops_end_equal_after_any_order(steps: list[tuple[Any, ...]]) -> None:
    play(steps)


@pytest.mark.soak
@pytest.mark.timeout(0)
@settings(max_examples=max(1, EXAMPLES // 4), deadline=None, suppress_health_check=SLOW)
@given(steps=LONG_STEPS)
def test_all_laptops_end_equal_after_any_order_on_postgresql(postgres: Cluster, steps: list[tuple[Any, ...]]) -> None:
    with postgres.new_database() as url:
        play(steps, url)
