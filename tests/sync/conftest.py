"""Every test of the server runs on the embedded file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import RunningServer, running, settings_for


@pytest.fixture
def server(database_url: str) -> Iterator[RunningServer]:
    with running(settings_for(database_url)) as running_server:
        yield running_server
