"""One warm press for all tests of leaflets: it reads the real resources and keeps no state of an order."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from ewb_desktop.leaflets.order import LeafletOrder, Rendered
from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import RESOURCES


@pytest.fixture(scope="session")
def press() -> Press:
    return Press.open(RESOURCES)


@pytest.fixture(scope="session")
def printed(press: Press) -> Callable[[LeafletOrder], Rendered]:
    """Makes each leaflet once, however many tests look at it."""
    return functools.cache(press.render)
