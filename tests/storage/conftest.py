"""A laptop for every test of the encrypted file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.laptops import Laptop, open_laptop


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    """A laptop with an empty file, closed afterwards."""
    with open_laptop(tmp_path) as laptop:
        yield laptop
