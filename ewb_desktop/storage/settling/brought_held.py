"""Colleagues' changes that are not at the server yet: those that wait for a look, are offered again or are sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection

from ewb_desktop.storage.direct import fetch_all
from ewb_desktop.storage.exchange.brought import person_of
from ewb_desktop.storage.exchange.journal import PASSING, kept_since
from ewb_desktop.storage.exchange.sync_state import Progress
from ewb_desktop.storage.holding.leaving import named
from ewb_desktop.storage.holding.scope import covers, is_matched, is_matched_only
from ewb_desktop.storage.writing import Writing
from sync.protocol.change import Change
from sync.protocol.entities import ENTITIES
from sync.protocol.errors import Refusal
from sync.protocol.messages import Carried

_NOT_HELD = ("", *PASSING)


@dataclass(frozen=True, slots=True)
class BroughtChange:
    """One colleague's change that the server has not acknowledged. ``refusal`` says why it was not taken, if it was not.

    ``person`` is the member whom it is about, empty when there is none.
    """

    change: Change
    carried: Carried
    refusal: Refusal | None
    person: str

    @property
    def is_held(self) -> bool:
        """Say whether a person has to look at it; else it goes with the next round."""
        return self.refusal is not None and self.refusal not in PASSING


def unsettled(connection: Connection) -> list[BroughtChange]:
    """Return every brought change that the server has not acknowledged, in the order in which they came."""
    rows = fetch_all(connection, "SELECT id, text, signature, refusal FROM brought WHERE settled_at IS NULL ORDER BY place")
    found = []
    for id_, text, signature, refusal in rows:
        change = Change.model_validate(orjson.loads(text)["change"])
        carried = Carried(id=id_, text=text, signature=signature)
        found.append(BroughtChange(change, carried, Refusal(refusal) if refusal else None, person_of(connection, change)))
    return found


def held_brought(connection: Connection) -> list[BroughtChange]:
    """Return the brought changes that the server did not take and a person has to look at."""
    return [each for each in unsettled(connection) if each.is_held]


def count_unsettled(connection: Connection) -> tuple[int, int]:
    """Return how many brought changes wait to be sent, and how many the server did not take."""
    rows = fetch_all(connection, "SELECT coalesce(refusal, ''), count(*) FROM brought WHERE settled_at IS NULL GROUP BY 1")
    waiting = sum(number for refusal, number in rows if refusal in _NOT_HELD)
    return waiting, sum(number for _, number in rows) - waiting


def offer_brought_again(writing: Writing, ids: Collection[str]) -> None:
    """Send these brought changes again in the next round, exactly as they were signed."""
    for id_ in ids:
        writing.connection.exec_driver_sql("UPDATE brought SET refusal = NULL WHERE id = ? AND settled_at IS NULL", (id_,))


def offer_carried_again(writing: Writing) -> int:
    """Put back what the server took of colleagues' changes: a restored one lost some of it. Return how many.

    The laptops where they were written may be lost since. Ids make it harmless to offer what the server still has.
    """
    return writing.connection.exec_driver_sql(
        "UPDATE brought SET settled_at = NULL, verdict = NULL, number = NULL WHERE settled_at IS NOT NULL AND text <> ''"
    ).rowcount


def forget_carried(writing: Writing, server_time: datetime | None = None) -> int:
    """Drop the words of colleagues' changes that the server took so long ago that an entry of the journal would be dropped.

    Return how many. Their ids stay, so that an old file brings nothing twice.
    """
    before = kept_since(writing.clock.now(), server_time)
    return writing.connection.exec_driver_sql(
        "UPDATE brought SET text = '', signature = '' WHERE settled_at < ? AND text <> ''", (before,)
    ).rowcount


def brought_outside(connection: Connection, progress: Progress) -> list[BroughtChange]:
    """Return the unsettled brought changes that this laptop may not hold any more.

    They are outside the scope that shrank, as the server told it last, or about members whom it has named as leaving.
    """
    leaving = named(connection)
    if not (leaving or progress.scope_changed):
        return []
    return [each for each in unsettled(connection) if each.person in leaving or _is_outside(connection, progress, each)]


def _is_outside(connection: Connection, progress: Progress, brought: BroughtChange) -> bool:
    change = brought.change
    if not progress.scope_changed:
        return False
    if not covers(progress, change.entity, change.area):
        return True
    return is_matched_only(ENTITIES[change.entity], progress) and not is_matched(connection, brought.person)


def drop_sealed(writing: Writing, ids: Collection[str]) -> None:
    """Forget brought changes that this laptop may not hold: a sealed file keeps them."""
    for id_ in ids:
        writing.connection.exec_driver_sql("DELETE FROM brought WHERE id = ?", (id_,))
