"""Miles between two places, and how they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewb_desktop.domain.distance import distance_words, miles

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_london_to_manchester_is_about_163_miles() -> None:
    assert miles(51.5074, -0.1278, 53.4808, -2.2426) == pytest.approx(163, abs=1)


def test_one_degree_north_is_about_69_miles() -> None:
    assert miles(53, -2, 54, -2) == pytest.approx(69.09, abs=0.05)


@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back_and_never_past_half_the_earth(a: float, b: float, c: float, d: float) -> None:
    there = miles(a, b, c, d)
    assert there == pytest.approx(miles(c, d, a, b), abs=1e-6)
    assert 0 <= there <= 12437


@given(latitudes, longitudes)
def test_a_place_is_no_distance_from_itself(a: float, b: float) -> None:
    assert miles(a, b, a, b) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("far", "words"),
    [
        (0.1, "under ¼ mile"),
        (0.25, "0.2 miles"),
        (1.0, "1 mile"),
        (1.24, "1.2 miles"),
        (2.0, "2 miles"),
        (9.97, "10 miles"),
        (23.4, "23 miles"),
    ],
)
def test_a_distance_reads_in_miles(far: float, words: str) -> None:
    assert distance_words(far) == words
