"""The ids of records: made where the record is made, in the order of time; on those of answers laptops agree."""

from __future__ import annotations

import re

from uuid_utils import uuid7

from sync.protocol.change import ID_PATTERN
from sync.protocol.ids import answer_id as answer_id

_ID = re.compile(ID_PATTERN)


def new_id() -> str:
    """Return a fresh UUIDv7 as text."""
    return str(uuid7())


def find_ids(text: str) -> list[str]:
    """Return whatever reads as the id of a record in ``text``, each once, in its order."""
    return list(dict.fromkeys(_ID.findall(text)))
