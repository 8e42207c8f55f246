"""What a transaction changed, as the screens hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Changes:
    """The records that one transaction touched, as pairs of entity and id.

    ``wholesale`` names entities of which so much changed (a first pull, an import) that no ids are listed.
    """

    records: frozenset[tuple[str, str]] = frozenset()
    wholesale: frozenset[str] = frozenset()

    @cached_property
    def entities(self) -> frozenset[str]:
        """The kinds of record that were touched."""
        return frozenset(entity for entity, _ in self.records) | self.wholesale

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(record for _, record in self.records)

    def concerns(self, *entities: str) -> bool:
        """Say whether a record of one of these kinds was touched."""
        return not self.entities.isdisjoint(entities)

    def touches(self, id: str) -> bool:
        """Say whether this record was touched, as far as records are listed."""
        return id in self._ids

    def may_touch(self, entity: str, id: str) -> bool:
        """Say whether this record of a kind was touched, or so much of the kind that no records are listed."""
        return self.touches(id) or entity in self.wholesale

    def __bool__(self) -> bool:
        return bool(self.records or self.wholesale)
