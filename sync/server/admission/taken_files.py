"""Which sealed files were taken in, kept in the list outside the database: a restore of an older backup loses that work.

Nobody offers it again by itself: its laptop has no keys any more. So each file stands there with what its SHA-256 begins with; a
database has it where its audit says so. A line of JSON for each; no name, and nothing of what was in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from sync.server.database import tables
from sync.server.records import audit
from sync.server.records.scope import ADMINISTRATOR, SERVER

ACTION: Final = "outbox"
"""The audit's word for a sealed file that was taken in; its detail is the digest."""

_FILE, _LAPTOP = "outbox", "from"
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A sealed file that was taken in: what its SHA-256 begins with, the laptop that sealed it, and when it was taken."""

    organisation: str
    digest: str
    laptop: str
    at: str

    def line(self) -> dict[str, str]:
        """Return the line that keeps it."""
        return {"at": self.at, "organisation": self.organisation, _FILE: self.digest, _LAPTOP: self.laptop}


def digest_of(file: bytes) -> str:
    """Return what the SHA-256 of a file begins with: enough to tell it from any other."""
    return hashlib.sha256(file).hexdigest()[:_DIGITS]


def entry_of(laptop: str, digest: str) -> audit.Entry:
    """Return the audit's entry for a file of a laptop that the administrator took in."""
    return audit.Entry(ADMINISTRATOR, SERVER, ACTION, "laptop", laptop, _detail(digest))


def read_line(line: Mapping[str, Any]) -> TakenFile | None:
    """Return the file that a line of the list is about; None when it is about something else."""
    told = (line.get("organisation"), line.get(_FILE), line.get(_LAPTOP), line.get("at"))
    if not all(isinstance(each, str) for each in told):
        return None
    return TakenFile(*(str(each) for each in told))


def not_here(connection: Connection, taken: Iterable[TakenFile], organisation: str | None = None) -> Sequence[TakenFile]:
    """Return those of the files, of every organisation or of one, that this database has not taken in."""
    asked = [each for each in taken if organisation in (None, each.organisation)]
    if not asked:
        return ()
    row = tables.audit.c
    houses = {each.organisation for each in asked}
    query = select(row.organisation, row.detail).where(row.organisation.in_(sorted(houses)), row.action == ACTION)
    here = {tuple(found) for found in connection.execute(query)}
    return [each for each in asked if (each.organisation, _detail(each.digest)) not in here]


def _detail(digest: str) -> str:
    return f"sha256 {digest}"
