"""Work that the server will not take from this laptop, and that may not stay on it, goes into a sealed file, and out of hers."""

from __future__ import annotations

from ewb_desktop.storage.exchange.journal import drop_entries
from ewb_desktop.storage.exchange.sync_state import note_sealed_file, read_enrolment, read_progress
from ewb_desktop.storage.holding.scope import withheld
from ewb_desktop.storage.holding.sealed_files import KeepSealed
from ewb_desktop.storage.settling.brought_held import brought_outside, drop_sealed
from ewb_desktop.storage.store import Store
from sync import outbox


def let_go_of_withheld(store: Store, keep: KeepSealed, initiator: object | None = None) -> int:
    """Seal the unsent edits of records outside the scope that the server refused, then drop them; return how many.

    What was brought for colleagues and lies outside, or is about a member who leaves, goes along: the laptop where it was
    written may be lost. The records themselves go with everything else that is outside. Ended between the two, it seals them
    once more: ids make it harmless to take both files. Raises ``OSError`` when the file cannot be written; nothing is dropped
    then.
    """
    with store.read() as connection:
        enrolment, progress = read_enrolment(connection), read_progress(connection)
        entries = withheld(connection, progress) if progress.scope_changed else []
        brought = brought_outside(connection, progress)
    unsent = outbox.Outbox([entry.change() for entry in entries], (), [each.carried for each in brought], epoch=progress.epoch)
    if unsent.is_empty or enrolment is None:
        return 0
    path = keep(outbox.seal(unsent, enrolment.credential))
    with store.write(initiator) as writing:
        drop_entries(writing, [entry.id for entry in entries])
        drop_sealed(writing, [each.carried.id for each in brought])
        note_sealed_file(writing, path)
    return len(entries) + len(brought)
