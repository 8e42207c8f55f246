"""What a file has not sent: gathered and sealed alike when its laptop is signed off and when its worker leaves the laptop."""

from __future__ import annotations

from pathlib import Path

from ewb_desktop.storage.drafts import bring_in_unkept
from ewb_desktop.storage.exchange.journal import all_pending, changes_of, quarantined
from ewb_desktop.storage.exchange.looks import ALL_LOOKS, looks_to_tell
from ewb_desktop.storage.exchange.sync_state import read_progress
from ewb_desktop.storage.holding.in_hand import write_down_all
from ewb_desktop.storage.settling.brought_held import unsettled
from ewb_desktop.storage.store import Store
from ewb_desktop.syncing.afterwards import FinishTyping
from ewb_desktop.whole_file import write_whole
from sync import outbox


def write_down_words(store: Store, finish_typing: FinishTyping, initiator: object | None = None) -> None:
    """Turn what was typed and not saved into work that was not sent: the keys go, and nobody could finish it any more."""
    finish_typing()
    bring_in_unkept(store)
    with store.write(initiator) as writing:
        write_down_all(writing)


def gather_unsent(store: Store) -> outbox.Outbox:
    """Return all that the server has not acknowledged: changes, refused ones too, looks, and what is carried for colleagues."""
    with store.read() as connection:
        work = changes_of([*all_pending(connection), *quarantined(connection)])
        looks = looks_to_tell(connection, limit=ALL_LOOKS)
        brought = [each.carried for each in unsettled(connection)]
        return outbox.Outbox(work, looks, brought, epoch=read_progress(connection).epoch)


def ids_of(unsent: outbox.Outbox) -> frozenset[str]:
    """Return what tells each thing in there from all others."""
    ids = [each.id for each in unsent.changes] + [each.id for each in unsent.looks] + [each.id for each in unsent.carried]
    return frozenset(map(str, ids))


def seal_into(path: Path, unsent: outbox.Outbox, credential: str) -> bytes:
    """Seal ``unsent`` into the file at ``path`` and return its bytes, once it was read again and all of it is in there.

    Raises ``OSError`` when it cannot be written, or not be read as it was written.
    """
    sealed = outbox.seal(unsent, credential)
    write_whole(path, sealed)
    if not holds(path, sealed):
        raise OSError("what was written cannot be read again")
    found = outbox.unseal(sealed, outbox.credential_hash(credential))
    # what the administrator's program cannot read either is told there, and is in the file all the same
    unread = {str(each.get("id")) for each in found.unread if isinstance(each, dict)}
    if ids_of(unsent) - ids_of(found) - unread:
        raise OSError("not everything is in what was written")
    return sealed


def holds(path: Path, sealed: bytes) -> bool:
    """Say whether the file at ``path`` can be read and is whole, byte for byte."""
    try:
        return path.read_bytes() == sealed
    except OSError:
        return False
