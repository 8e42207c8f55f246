"""Two laptops that most tests of the server speak for."""

from __future__ import annotations

import pytest

from tests.support.callers import Caller, enrolled
from tests.support.servers import RunningServer


@pytest.fixture
def ada(server: RunningServer) -> Caller:
    return enrolled(server, "Ada Okafor")


@pytest.fixture
def ben(server: RunningServer) -> Caller:
    return enrolled(server, "Ben Shah", "clinician")
