"""Two hundred laptops at one moment: each is answered, each change is in the ledger once, nobody is given more than her scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.crowd import CHANGES, LAPTOPS, WORKERS, come


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_two_hundred_laptops_at_one_moment_are_all_answered_and_nothing_is_lost_or_shown_too_widely(
    tmp_path: Path, database_url: str
) -> None:
    crowd = come(database_url, tmp_path, 1 if database_url.startswith("sqlite") else WORKERS)
    assert crowd.wrong == 0
    assert crowd.numbers >= LAPTOPS * CHANGES
    assert crowd.broken is None
    assert crowd.memory < 300
