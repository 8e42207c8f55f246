"""Every test of the server runs on the embedded file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, cluster
from tests.support.servers import RunningServer, running, settings_for


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running_cluster:
        yield running_cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.db'}"
        return
    running_cluster: Cluster = request.getfixturevalue("postgres")
    with running_cluster.new_database() as url:
        yield url


@pytest.fixture
def server(database_url: str) -> Iterator[RunningServer]:
    with running(settings_for(database_url)) as running_server:
        yield running_server
