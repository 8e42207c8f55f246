"""A venue for every test of work that goes from laptop to laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.connected import house
from tests.support.venue import Venue


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    with house(tmp_path) as centre:
        made = Venue(centre, centre.join("Rowan Oak"), centre.join("Amina Khan"))
        made.meet()
        yield made
