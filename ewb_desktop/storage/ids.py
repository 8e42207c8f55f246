"""The ids of records: made where the record is made, in the order of time; answers have one that two laptops agree on."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from uuid_utils import uuid7

from sync.protocol.change import ID_PATTERN

_ANSWERS = UUID("6f1d3d5e-6c0c-5b0e-9a63-0f6e3f0f7a11")
_ID = re.compile(ID_PATTERN)


def new_id() -> str:
    """Return a fresh UUIDv7 as text."""
    return str(uuid7())


def answer_id(assessment: str, question: str) -> str:
    """Return the id of the answer to ``question`` in ``assessment``, the same wherever it is answered."""
    return str(uuid5(_ANSWERS, f"{assessment}/{question}"))


def find_ids(text: str) -> list[str]:
    """Return whatever reads as the id of a record in ``text``, each once, in its order."""
    return list(dict.fromkeys(_ID.findall(text)))
