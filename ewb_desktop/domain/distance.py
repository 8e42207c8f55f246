"""How far two places are apart, as the crow flies, in miles."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_MILES = 3958.7613
"""The mean radius of the Earth (IUGG, 6371.0088 km) in miles."""


def miles(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """Return the great-circle distance (haversine) in miles between two places given in degrees."""
    a, b = radians(latitude_a), radians(latitude_b)
    across = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(longitude_b - longitude_a) / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, across)))


def distance_words(far: float) -> str:
    """Return ``under ¼ mile``, ``1 mile``, ``1.2 miles``, or whole miles from 10 on."""
    if far < 0.25:
        return "under ¼ mile"
    shown = f"{far:.0f}" if far >= 9.95 else f"{far:.1f}".removesuffix(".0")
    return "1 mile" if shown == "1" else f"{shown} miles"
