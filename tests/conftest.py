"""What every test starts with: no screen, a Qt that never asks for one, and the server's two kinds of database."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtCore import QCoreApplication, QEvent

from tests.support.compiled_once import compile_once
from tests.support.offscreen import use_offscreen_screen
from tests.support.postgres import Cluster, cluster
from tests.support.ready_databases import ReadyDatabases, put_ready_file

if TYPE_CHECKING:
    from tests.support.connected import House

use_offscreen_screen()

# no test fails because the machine was busy for a moment: nothing here is judged by a clock on the wall
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_EVERYTHING_AFTER = 250
"""After so many tests the old is looked through as well: what a module's fixtures left, little by now."""
_tests = itertools.count(1)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect garbage between tests and in this thread, as the program does: no widget may die in a thread of a server.

    It is done once the test's own fixtures are let go: what is collected while a test still holds it counts as old, and the
    old costs half a second to look through. What was to be deleted later goes first. Qt leaves that to a running event loop,
    and between tests none runs: the windows of a hundred tests would stand about, and every change of colours or text size
    would be worn by all of them.
    """
    gc.disable()
    ended = yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(2 if next(_tests) % _EVERYTHING_AFTER == 0 else 1)
    return ended


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what was read in for good, modules above all, out of every later collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def statements_written_once() -> Iterator[None]:
    """Keep what SQLAlchemy wrote of a statement for the tests that follow."""
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Lend a PostgreSQL that runs as long as the tests do; it starts when the first test asks for it."""
    with cluster() as running_cluster:
        yield running_cluster


@pytest.fixture(scope="session")
def ready_databases(postgres: Cluster) -> ReadyDatabases:
    """Lend those databases of that PostgreSQL which have the server's tables already."""
    return ReadyDatabases(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Lend a database of each kind in turn, with the server's tables and nothing in them."""
    if request.param == "sqlite":
        yield put_ready_file(tmp_path / "server.db")
        return
    ready: ReadyDatabases = request.getfixturevalue("ready_databases")
    with ready.lend() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Lend a database of each kind in turn in which there is nothing, not even a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.db'}"
        return
    running_cluster: Cluster = request.getfixturevalue("postgres")
    with running_cluster.new_database() as url:
        yield url


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[House]:
    """Lend a server in this process on an embedded database, which laptops can join."""
    # the server is read in by tests that need one
    from tests.support.connected import house

    with house(tmp_path) as open_house:
        yield open_house
