"""What the server did not take and a copy was saved of: whether an administrator has taken it in since is asked once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from pydantic import JsonValue
from sqlalchemy import Connection

from ewb_desktop.storage.exchange.journal import quarantined
from ewb_desktop.storage.exchange.remaking import offer_same, says_the_same
from ewb_desktop.storage.notes import read_note
from ewb_desktop.storage.settling.brought_held import held_brought, offer_brought_again
from ewb_desktop.storage.writing import Writing

_COPIED: Final = "sync.copied"


def note_copied(writing: Writing, ids: Iterable[str]) -> None:
    """Note which changes are in the copy that was saved last: it has all that the server did not take."""
    writing.note(_COPIED, list[JsonValue](sorted(ids)))


def is_copied(connection: Connection, id: str) -> bool:
    """Say whether a change is in the copy that was saved last."""
    noted = read_note(connection, _COPIED, [])
    return isinstance(noted, list) and id in noted


def copied_and_held(connection: Connection) -> tuple[str, ...]:
    """Return the ids of changes in that copy that still need a look, as they were copied."""
    noted = read_note(connection, _COPIED, [])
    if not isinstance(noted, list) or not noted:
        return ()
    own = [entry.id for entry in quarantined(connection) if entry.id in noted and says_the_same(connection, entry)]
    return (*own, *(each.change.id for each in held_brought(connection) if each.change.id in noted))


def ask_about(writing: Writing, ids: Collection[str]) -> None:
    """Offer these once more as they are: the server takes none twice, and says whether it has them."""
    for id_ in ids:
        offer_same(writing, id_)
    offer_brought_again(writing, ids)
