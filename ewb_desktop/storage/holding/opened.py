"""Members from outside the area who are on this laptop for a few hours: since when, until when, and that they leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.drafts import bring_in_unkept
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.holding.in_hand import KEPT_AFTER_OPENING, InHand, hold, words_by_person
from ewb_desktop.storage.holding.scope import OPENED, leave_now, may_hold, renew_copies
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing

PUT_BACK = timedelta(minutes=2)
"""A clock that says so much less than before was put back by hand: clocks that are put right by the network move less."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A member who is here for a while. ``opening`` is the server's id of it.

    It ends at ``ends_at`` by this laptop's clock, once it was unlocked for ``seconds`` in all, of which ``spent`` are over, and
    when the clock says less than ``seen_at``, the last moment at which somebody looked: whichever comes first.
    """

    opening: str
    person: str
    seconds: float
    ends_at: datetime
    seen_at: datetime
    spent: float = 0.0

    def is_over(self, now: datetime) -> bool:
        """Say whether the time is over at ``now``."""
        return now >= self.ends_at or self.spent >= self.seconds or now < self.seen_at - PUT_BACK


def read_opened(connection: Connection) -> tuple[Opened, ...]:
    """Return who is here for a while."""
    kept: Any = read_note(connection, OPENED) or ()
    return tuple(
        Opened(**{**one, "ends_at": parse_instant(one["ends_at"]), "seen_at": parse_instant(one["seen_at"])}) for one in kept
    )


def opened_ends(connection: Connection) -> dict[str, datetime]:
    """Return until when members are here who are here for a while only, by this laptop's clock.

    Not of those whom the worker may hold anyway since: her area came back, or they moved into one of hers.
    """
    opened, progress = read_opened(connection), read_progress(connection)
    return {one.person: one.ends_at for one in opened if not may_hold(connection, progress, one.person)}


def opened_until(connection: Connection, person: str) -> datetime | None:
    """Return until when a member is here, by this laptop's clock; None for one who is not here for a while only."""
    return opened_ends(connection).get(person)


def keep_opened(writing: Writing, opening: str, person: str, seconds: float) -> None:
    """Keep that a member is here for ``seconds`` from now; in the same transaction as her records."""
    now = writing.clock.now()
    fresh = Opened(opening, person, seconds, now + timedelta(seconds=seconds), now)
    _note(writing, [*(one for one in read_opened(writing.connection) if one.person != person), fresh])


def let_opened_go(
    store: Store, elapsed: float = 0.0, initiator: object | None = None, now_already: Collection[str] = ()
) -> tuple[str, ...]:
    """Count ``elapsed`` seconds of this laptop's own sense of time, and destroy the records of members whose time is over.

    The time of the members in ``now_already`` is over because the worker says so.

    They leave as everything outside the scope does: with history, words in the search and copies beside the file. What is
    unsent of them stays until it was sent. Of one about whom words were typed that are not saved only what they hang on stays,
    until the worker saved them or let them go (:mod:`ewb_desktop.storage.holding.in_hand`).

    Returns the members whose time is over. Raises ``FullDisk`` when there is no room for a new copy; the records have left
    then, and it is tried again at the next call.
    """
    with store.read() as connection:
        before = read_opened(connection)
    if not before:
        renew_copies(store)
        return ()
    now = store.clock.now()
    counted = [replace(one, spent=one.spent + elapsed, seen_at=max(one.seen_at, now)) for one in before]
    # the clock is judged against what was seen before, not against itself
    over = [
        one
        for one, then in zip(counted, before, strict=True)
        if one.is_over(now) or then.is_over(now) or one.person in now_already
    ]
    if not over and not elapsed:
        return ()
    people = tuple(one.person for one in over)
    if over:
        bring_in_unkept(store)
    with store.write(initiator) as writing:
        _note(writing, [one for one in counted if one not in over])
        if over:
            until = now + KEPT_AFTER_OPENING
            words = words_by_person(writing.connection)
            hold(writing, [InHand(person, until, is_opened=True) for person in people if person in words])
            leave_now(writing, people)
    if people:
        renew_copies(store)
    return people


def _note(writing: Writing, opened: Iterable[Opened]) -> None:
    kept: Any = [{**asdict(one), "ends_at": instant_text(one.ends_at), "seen_at": instant_text(one.seen_at)} for one in opened]
    writing.note(OPENED, kept or None)
