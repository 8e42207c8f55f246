"""Many more and longer afternoons, of up to twenty laptops, than the fast gate has time for; ``SOAK_EXAMPLES`` says how many."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.hand_overs import SPARES
from tests.support.wider_afternoons import WiderAfternoons

EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "200"))


class LongAfternoons(WiderAfternoons):
    """Up to twenty laptops, with those in the cupboard: the server takes no more codes from one address at once."""

    most = 20 - SPARES


TestLongAfternoons = LongAfternoons.TestCase
TestLongAfternoons.pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]  # type: ignore[attr-defined]
TestLongAfternoons.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
