"""What is typed while a change is put right, kept by the record that it is about: a change sent again has another id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ewb_desktop.storage.drafts import drop_draft, load_draft, save_draft
from ewb_desktop.storage.held import HeldChange
from ewb_desktop.storage.store import Store


def kept_for(store: Store, change: HeldChange) -> dict[str, Any]:
    """Return what was typed into fields of ``change`` and not saved, by their names; nothing when nothing was."""
    return {name: value for name, value in _fields(store, change).items() if name in change.fields}


def keep_for(store: Store, change: HeldChange, typed: Mapping[str, Any]) -> None:
    """Keep what was typed; raises what ``save_draft`` raises. What was typed for another change of the record stays."""
    # with whom it is about, so that it goes with her when she leaves this laptop
    save_draft(store, _key(change), {"person": change.person, "fields": {**_fields(store, change), **typed}})


def drop_for(store: Store, change: HeldChange) -> None:
    """Forget what was typed for ``change``: it was saved, let go of, or given up."""
    others = {name: value for name, value in _fields(store, change).items() if name not in change.fields}
    if others:
        save_draft(store, _key(change), {"person": change.person, "fields": others})
    else:
        drop_draft(store, _key(change))


def _key(change: HeldChange) -> str:
    return f"mending:{change.entity}:{change.record}"


def _fields(store: Store, change: HeldChange) -> dict[str, Any]:
    kept = load_draft(store, _key(change))
    fields = kept.get("fields") if isinstance(kept, dict) else None
    return dict(fields) if isinstance(fields, dict) else {}
