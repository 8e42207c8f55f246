"""Members who left this worker's scope one by one: moved to another area, or supported by somebody else from now on.

The server names them in a round. What is about them leaves the file, its copies and the search as everything outside the scope
does, but not before all that was written about them here has been sent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from ewb_desktop.domain.time import instant_text, parse_instant
from ewb_desktop.storage.journal import counts_about
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.scope import let_members_go, renew_copies
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.writing import Writing

_LEAVING = "scope.leaving"

KEPT_FOR_DRAFTS = timedelta(days=7)
"""Words that somebody has typed about a member and not saved hold her here so long; then they go with her."""


def note_leaving(writing: Writing, told: Collection[str], here_again: Collection[str]) -> None:
    """Keep whom the server has named, and not those whose records came again since."""
    kept = _read(writing.connection)
    now = instant_text(writing.clock.now())
    after = {person: kept.get(person, now) for person in (*kept, *told) if person not in here_again}
    if after != kept:
        writing.note(_LEAVING, {**after} or None)


def is_anyone_leaving(connection: Connection) -> bool:
    """Say whether somebody was named whose records are still here."""
    return bool(_read(connection))


def let_leaving_go(store: Store, initiator: object | None = None) -> tuple[str, ...]:
    """Destroy what is about members who have left and of whom nothing is unsent; return who has left now.

    Raises ``FullDisk`` when there is no room for a new copy beside the file; the records have left then, and it is tried again.
    """
    with store.read() as connection:
        kept = _read(connection)
        ready = [person for person, since in kept.items() if _may_go(store, connection, person, since)]
    if not ready:
        return ()
    with store.write(initiator) as writing:
        let_members_go(writing, ready)
        writing.note(_LEAVING, {person: since for person, since in kept.items() if person not in ready} or None)
    renew_copies(store)
    return tuple(ready)


def _read(connection: Connection) -> dict[str, str]:
    kept: Any = read_note(connection, _LEAVING)
    return dict(kept) if isinstance(kept, dict) else {}


def _may_go(store: Store, connection: Connection, person: str, since: str) -> bool:
    waiting = counts_about(connection, person)
    if waiting.to_send or waiting.quarantined:
        return False
    if store.clock.now() - parse_instant(since) >= KEPT_FOR_DRAFTS:
        return True
    if any(person in f"{key}{value}" for key, value in store.unkept.items()):
        return False
    named = connection.exec_driver_sql("SELECT 1 FROM draft WHERE instr(key || value, ?) > 0 LIMIT 1", (person,))
    return named.first() is None
