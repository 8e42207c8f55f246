"""What is typed while a change is put right, kept by the record that it is about: a change sent again has another id."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ewb_desktop.storage.drafts import draft_keys, drop_draft, load_draft, save_draft
from ewb_desktop.storage.errors import FailingDisk, FullDisk
from ewb_desktop.storage.exchange.journal import unsent_entries
from ewb_desktop.storage.exchange.remaking import fields_settled
from ewb_desktop.storage.settling.held import HeldChange
from ewb_desktop.storage.store import Store
from sync.protocol.change import ChangeKind

_BEGINNING = "mending:"


def kept_for(store: Store, change: HeldChange) -> dict[str, Any]:
    """Return what was typed into fields of ``change`` and not saved, by their names; nothing when nothing was."""
    return {name: value for name, value in _fields(store, _key(change)).items() if name in change.fields}


def keep_for(store: Store, change: HeldChange, typed: Mapping[str, Any]) -> None:
    """Keep what was typed; raises what ``save_draft`` raises. What was typed for another change of the record stays."""
    # with whom it is about, so that it goes with her when she leaves this laptop
    save_draft(store, _key(change), {"person": change.person, "fields": {**_fields(store, _key(change)), **typed}})


def drop_for(store: Store, change: HeldChange) -> None:
    """Forget what was typed for ``change``: it was saved, let go of, or given up."""
    others = {name: value for name, value in _fields(store, _key(change)).items() if name not in change.fields}
    if others:
        save_draft(store, _key(change), {"person": change.person, "fields": others})
    else:
        drop_draft(store, _key(change))


def drop_settled(store: Store, opened: HeldChange | None = None) -> int:
    """Forget what was typed for changes that the server has taken meanwhile; return of how many records something went.

    Nobody can open it any more. What waits to be sent again may come back, and what went into a sealed file was not taken: what
    was typed for it stays; so does what stands in the form of ``opened``.
    """
    dropped = 0
    for key in draft_keys(store, _BEGINNING):
        entity, _, record = key.removeprefix(_BEGINNING).partition(":")
        with store.read() as connection:
            unsent = unsent_entries(connection, entity, [record]).get(record, [])
            settled = fields_settled(connection, entity, record)
        kept: Any = load_draft(store, key)
        fields = _fields(store, key)
        waiting = fields.keys() if any(entry.kind == ChangeKind.CREATE for entry in unsent) else set[str]()
        waiting |= {name for entry in unsent for name in entry.fields}
        if opened is not None and key == _key(opened):
            waiting |= set(opened.fields)
        stay = {name: value for name, value in fields.items() if name in waiting or name not in settled}
        if len(stay) == len(fields):
            continue
        dropped += 1
        if not stay:
            drop_draft(store, key)
            continue
        # without room the rest goes another time
        with contextlib.suppress(FullDisk, FailingDisk):
            save_draft(store, key, {**kept, "fields": stay})
    return dropped


def _key(change: HeldChange) -> str:
    return f"{_BEGINNING}{change.entity}:{change.record}"


def _fields(store: Store, key: str) -> dict[str, Any]:
    kept = load_draft(store, key)
    fields = kept.get("fields") if isinstance(kept, dict) else None
    return dict(fields) if isinstance(fields, dict) else {}
