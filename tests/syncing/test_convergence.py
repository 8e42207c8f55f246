"""Any edits on any laptops in any order, with lines that break: all end equal, and no accepted edit is nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from ewb_desktop.actions.conflicts import Keep
from ewb_desktop.storage.tables import Person
from tests.support.alike import expect_alike
from tests.support.connected import AREA, House
from tests.support.orders import STEPS, play
from tests.support.postgres import Cluster

# one example takes a second: shrinking would take minutes
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


_TWO_CHOICES = [
    ("differ", 0, 0, "safe_to_call", "no", "mornings"),
    ("choose", 0, 0, Keep.SHOWN),
    ("choose", 1, 0, Keep.OTHER),
    ("sync", 0),
    ("sync", 1),
]
"""Two people choose differently before they hear of each other."""
_SINCE = [
    ("differ", 0, 0, "safe_to_call", "no", "mornings"),
    ("edit", 2, 0, "safe_to_call", "yes"),
    ("choose", 0, 0, Keep.SHOWN),
    ("sync", 2),
    ("sync", 0),
]
"""Somebody who knew of both answers writes a third, and another keeps what her own screen says."""


_TAKEN_OFF = [("remove", 0, 0), ("sync", 0)]
"""Somebody takes a member off the screens; then another is heard who wrote, or writes, without knowing."""


@example(steps=[("edit", 1, 0, "telephone", None), *_TAKEN_OFF])
@example(steps=[("tell", 1, 0), *_TAKEN_OFF])
@example(steps=[("tell", 1, 0), ("sync", 1), *_TAKEN_OFF])
@example(steps=[("remove", 2, 0), ("edit", 1, 0, "telephone", None), ("sync", 1), *_TAKEN_OFF])
@example(steps=_TWO_CHOICES)
@example(steps=[*_TWO_CHOICES[:3], *_TWO_CHOICES[:2:-1]])
@example(steps=_SINCE)
@settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(steps=STEPS)
def test_all_laptops_end_equal_and_every_edit_is_current_or_in_history_or_in_a_conflict(steps: list[tuple[Any, ...]]) -> None:
    play(steps)


@settings(max_examples=4, deadline=None, phases=PHASES, suppress_health_check=SLOW)
@given(steps=STEPS)
def test_the_same_holds_on_postgresql(postgres: Cluster, steps: list[tuple[Any, ...]]) -> None:
    with postgres.new_database() as url:
        play(steps, url)


def test_where_two_laptops_differ_the_failure_tells_what_each_shows_its_number_and_how_far_it_has_come(centre: House) -> None:
    rowan, grace = centre.join("Rowan Oak"), centre.join("Grace Lamb")
    with rowan.store.write() as writing:
        amina = writing.add(Person(area=AREA, preferred_name="Amina"))
    rowan.sync()
    grace.sync()
    expect_alike(centre, [rowan, grace])
    with rowan.store.write() as writing:
        writing.edit(Person, amina, telephone="0161 496 0001")
    with pytest.raises(AssertionError, match=r"(?s)laptop 0, epoch .*, cursor \d+:.*0161 496 0001.*number \d+.*laptop 1, epoch"):
        expect_alike(centre, [rowan, grace])
