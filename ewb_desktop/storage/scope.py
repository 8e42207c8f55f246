"""Takes out of the file what its worker may no longer hold, once nothing of it is unsent."""

from __future__ import annotations

from collections.abc import Collection

from ewb_desktop.storage.arrivals import take_away
from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES, Sensitivity

_EVERY_AREA = "*"
_WIDE = frozenset({Sensitivity.OPEN, Sensitivity.STAFF})
"""Classes that every area shares."""


def remove_outside(writing: Writing, classes: Collection[str], areas: Collection[str]) -> int:
    """Destroy the records outside these classes and areas; return how many stay for now, because an edit of them is unsent."""
    staying = 0
    for entity in ENTITIES.values():
        if entity.sensitivity in classes and (entity.sensitivity in _WIDE or _EVERY_AREA in areas):
            continue
        allowed = tuple(areas) if entity.sensitivity in classes else ()
        marks = ", ".join("?" * len(allowed))
        found = writing.connection.exec_driver_sql(f"SELECT id FROM {entity.name} WHERE area NOT IN ({marks})", allowed)  # noqa: S608
        ids = [str(id_) for (id_,) in found.all()]
        if ids:
            staying += len(take_away(writing, entity.name, ids))
    return staying
