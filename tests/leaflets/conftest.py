"""One warm press for all tests of leaflets: it reads the real resources and keeps no state of an order."""

from __future__ import annotations

import pytest

from ewb_desktop.leaflets.press import Press
from tests.support.leaflet_orders import RESOURCES


@pytest.fixture(scope="session")
def press() -> Press:
    return Press.open(RESOURCES)
