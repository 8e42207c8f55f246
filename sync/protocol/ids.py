"""Ids that follow from what is said, for two laptops to mean the same record by one id; all others are fresh (UUIDv7).

Whoever knows what is said can name such an id (UUIDv5) before the record is there. So nothing else is made under one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID, uuid5

_ANSWERS: Final = UUID("6f1d3d5e-6c0c-5b0e-9a63-0f6e3f0f7a11")
_SERVICES: Final = UUID("0b0c6f4e-52a5-5f0a-8d0e-3f3a5a6a9e21")
_SAID_IN: Final[Mapping[str, tuple[UUID, str, str]]] = MappingProxyType(
    {"answer": (_ANSWERS, "assessment", "question"), "service": (_SERVICES, "source", "source_id")}
)
"""For each kind of record whose ids follow from two of its fields: under which name space, and from which fields."""

_OF_THE_SERVER: Final = "conflict"
"""Its ids follow from what only the server knows when it asks."""

VERSION_AT: Final = 14
"""Where an id tells how it was made."""
FOLLOWING: Final = "5"
"""Stands there in an id that follows from something."""
KINDS_FOLLOWING: Final = frozenset({*_SAID_IN, _OF_THE_SERVER})
"""The kinds of record that have such ids."""


def answer_id(assessment: str, question: str) -> str:
    """Return the id of the answer to ``question`` in ``assessment``, the same wherever it is answered."""
    return str(uuid5(_ANSWERS, f"{assessment}/{question}"))


def service_id(source: str, source_id: str) -> str:
    """Return the id of a service, the same on every laptop that reads the same directory."""
    return str(uuid5(_SERVICES, f"{source}/{source_id}"))


def may_begin(entity: str, id_: str, fields: Mapping[str, Any]) -> bool:
    """Tell whether a record of this kind that says this may be made under an id: nothing takes the place of another to come."""
    if id_[VERSION_AT] != FOLLOWING or entity == _OF_THE_SERVER:
        return True
    if entity not in _SAID_IN:
        return False
    space, first, second = _SAID_IN[entity]
    return id_ == str(uuid5(space, f"{fields.get(first)}/{fields.get(second)}"))
