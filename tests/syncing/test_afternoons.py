"""A few afternoons that chance makes up, with everything that may happen in them; the long run has many more."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

from tests.support.hand_overs import HandOvers

TestAFewAfternoons = HandOvers.TestCase
TestAFewAfternoons.settings = settings(
    max_examples=6,
    stateful_step_count=16,
    deadline=None,
    # one example takes a second: shrinking would take minutes
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
