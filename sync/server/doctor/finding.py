"""What the doctor says of one subject, and the words that several subjects share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sync.server.records.legible import in_a_row

BACKUP: Final = "stop the server and restore the newest backup without -damaged in its name; laptops offer what came after it"
"""What to do where nothing else helps."""
NAMED: Final = 5
"""Most numbers of the ledger, or names, that one finding names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``is_well`` is False when somebody has to do something; ``words`` say what."""

    subject: str
    is_well: bool
    words: str


def numbered(what: str, numbers: Sequence[int]) -> str:
    """Return how many there are of something, and at which numbers of the ledger."""
    # one that the disk altered may be none
    some = in_a_row(sorted(numbers, key=lambda each: (not isinstance(each, int), each)), NAMED)
    return f"{len(numbers)} {what} (at number {some})"
