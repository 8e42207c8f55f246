"""Members who left this worker's scope one by one: moved to another area, or supported by somebody else from now on.

The server names them in a round. What is about them leaves the file, its copies and the search as everything outside the scope
does, but not before all that was written about them here has been sent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.drafts import bring_in_unkept, drop_draft
from ewb_desktop.storage.exchange.brought import people_carried
from ewb_desktop.storage.exchange.journal import counts_about
from ewb_desktop.storage.holding.in_hand import KEPT_FOR_WORDS, InHand, about, read_in_hand, words_by_person, write_down
from ewb_desktop.storage.holding.scope import leave_scope, let_members_go, opened_people, outside_members, renew_copies
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing

_LEAVING = "scope.leaving"


def note_leaving(writing: Writing, told: Collection[str], here_again: Collection[str]) -> None:
    """Keep whom the server has named, and not those whose records came again since."""
    kept = _read(writing.connection)
    now = instant_text(writing.clock.now())
    after = {person: kept.get(person, now) for person in (*kept, *told) if person not in here_again}
    if after != kept:
        writing.note(_LEAVING, {**after} or None)


def named(connection: Connection) -> frozenset[str]:
    """Return whom the server has named and whose records are still here."""
    return frozenset(_read(connection))


def is_anyone_leaving(connection: Connection) -> bool:
    """Say whether somebody was named whose records are still here."""
    return bool(_read(connection))


def about_leaving(connection: Connection, entity: str, ids: Sequence[str]) -> frozenset[str]:
    """Return the records among ``ids`` that are about members who were named: all about one of them leaves together."""
    return about(connection, entity, ids, tuple(_read(connection)))


def let_leaving_go(store: Store, initiator: object | None = None) -> tuple[str, ...]:
    """Destroy what is about members who have left and of whom nothing is unsent or being typed; return who has left now.

    Who left with an area or a role before is not told twice.

    Words that were not saved for a week become a note on her page, which is sent; see :mod:`ewb_desktop.storage.holding.in_hand`.

    Raises ``FullDisk`` when there is no room for a new copy beside the file; the records have left then, and it is tried again.
    """
    bring_in_unkept(store)
    with store.read() as connection:
        kept = _read(connection)
        words = words_by_person(connection) if kept else {}
        due = [key for person, since in kept.items() if _is_long_ago(store, since) for key in words.get(person, ())]
        ready = [person for person in kept if person not in words and _is_all_sent(connection, person)]
    if due:
        with store.write(initiator) as writing:
            write_down(writing, due)
    if not ready:
        return ()
    with store.write(initiator) as writing:
        here = about(writing.connection, "person", ready, ready)
        let_members_go(writing, ready)
        writing.note(_LEAVING, {person: since for person, since in kept.items() if person not in ready} or None)
    renew_copies(store)
    return tuple(person for person in ready if person in here)


def let_held_go(store: Store, initiator: object | None = None) -> tuple[str, ...]:
    """Destroy what is about members whose words wait no longer: saved and sent, let go of, or older than they may grow.

    Returns who has left now. No line is needed for it. Raises as :func:`let_leaving_go`.
    """
    with store.read() as connection:
        is_held = bool(read_in_hand(connection))
    return (leave_scope(store, initiator) if is_held else ()) + let_leaving_go(store, initiator)


def let_words_go(store: Store, person: str) -> None:
    """Forget what was typed about a member and not saved: the worker let it go."""
    bring_in_unkept(store)
    with store.read() as connection:
        keys = words_by_person(connection).get(person, ())
    for key in keys:
        drop_draft(store, key)


def _read(connection: Connection) -> dict[str, str]:
    kept: Any = read_note(connection, _LEAVING)
    return dict(kept) if isinstance(kept, dict) else {}


def _is_long_ago(store: Store, since: str) -> bool:
    return store.clock.now() - parse_instant(since) >= KEPT_FOR_WORDS


def _is_all_sent(connection: Connection, person: str) -> bool:
    waiting = counts_about(connection, person)
    return not (waiting.to_send or waiting.quarantined or person in people_carried(connection))


def held_members(connection: Connection) -> tuple[InHand, ...]:
    """Return every member whose records would have left this laptop but for words that wait, whatever made her leave."""
    held = {one.person: one for one in read_in_hand(connection)}
    words = words_by_person(connection) if held or is_anyone_leaving(connection) else {}
    named = {person: InHand(person, parse_instant(since) + KEPT_FOR_WORDS) for person, since in _read(connection).items()}
    return tuple(one for person, one in {**named, **held}.items() if person in words)


def still_to_leave(connection: Connection) -> int:
    """Return how many members leave with areas or a role that became smaller, and for whom no words wait.

    They are here while somebody types, and until what was written about them is sent.
    """
    outside = set(outside_members(connection))
    if not outside:
        return 0
    return len(outside.difference(opened_people(connection), (one.person for one in held_members(connection))))
