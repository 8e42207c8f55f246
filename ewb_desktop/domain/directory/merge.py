"""What a new import would change in the directory that is kept, by the publisher's own ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ewb_desktop.domain.directory.listing import FIELD_NAMES, Listing

_SAYS_NOTHING: dict[str, object] = {"step_free": "unknown"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a listing before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Changed:
    """A kept listing that the new import tells differently.

    ``merged`` is what should be kept now. ``no_longer_given`` names fields the import leaves empty; their kept value
    stays in ``merged``, as a short list page says less than the full one.
    """

    stored: Listing
    merged: Listing
    fields: tuple[FieldChange, ...]
    no_longer_given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """The whole comparison. Every stored and every found listing is in exactly one place."""

    new: tuple[Listing, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[Listing, ...]
    not_in_file: tuple[Listing, ...]
    """Kept, but not in the latest file: to be marked so and never deleted."""

    @property
    def summary(self) -> str:
        """One sentence for the screen."""
        return (
            f"{len(self.new)} new, {len(self.changed)} changed, {len(self.unchanged)} the same, "
            f"{len(self.not_in_file)} not in the latest file (kept)."
        )


def compare(stored: Iterable[Listing], found: Iterable[Listing]) -> Differences:
    """Compare what is kept with what an import found. ``found`` holds each id once, as an import promises."""
    kept = {listing.source_id: listing for listing in stored}
    new: list[Listing] = []
    changed: list[Changed] = []
    unchanged: list[Listing] = []
    seen: set[str] = set()
    for listing in found:
        seen.add(listing.source_id)
        before = kept.get(listing.source_id)
        if before is None:
            new.append(listing)
            continue
        difference = _changed(before, listing)
        if difference.fields:
            changed.append(difference)
        else:
            unchanged.append(before)
    missing = tuple(listing for source_id, listing in kept.items() if source_id not in seen)
    return Differences(tuple(new), tuple(changed), tuple(unchanged), missing)


def _changed(before: Listing, after: Listing) -> Changed:
    changes: list[FieldChange] = []
    silent: list[str] = []
    for name in FIELD_NAMES:
        old, new = getattr(before, name), getattr(after, name)
        if name == "extra":
            new = {**old, **new}
        if old == new:
            continue
        if new in (None, "", ()) or new == _SAYS_NOTHING.get(name, ""):
            silent.append(name)
        else:
            changes.append(FieldChange(name, old, new))
    merged = replace(before, **{change.name: change.after for change in changes})
    return Changed(before, merged, tuple(changes), tuple(silent))
