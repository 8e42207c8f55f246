"""What the page of sending and receiving says, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ewb_desktop.syncing.report import SyncStatus
from ewb_desktop.ui.sync.presenter import to_look_at
from tests.syncing.test_report import JOINED


@pytest.mark.parametrize(
    ("status", "questions", "words"),
    [
        (JOINED, 0, "Nothing"),
        (JOINED, 1, "1 question with two answers"),
        (replace(JOINED, quarantined=3), 0, "3 changes"),
        (replace(JOINED, quarantined=1), 2, "1 change and 2 questions with two answers"),
    ],
)
def test_what_needs_a_look_counts_all_that_waits_for_the_worker(status: SyncStatus, questions: int, words: str) -> None:
    assert to_look_at(status, questions) == words
