"""A desk for every test of an action."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.actions.desk import Desk
from tests.support.desks import open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as lent:
        yield lent
