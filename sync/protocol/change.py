"""A change: one worker's edit of one record, made where the edit was made and never altered afterwards."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SkipValidation

Id = str
"""A UUIDv7 as text; of some kinds a UUIDv5 (:mod:`sync.protocol.ids`), so that two laptops mean the same record."""
ID_PATTERN: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""What every id looks like, as a regular expression: a UUID in small letters."""


class ChangeKind(StrEnum):
    """What the edit does to the record."""

    CREATE = "create"
    EDIT = "edit"
    TOMBSTONE = "tombstone"
    """Taken off the screens; stays in history and can be brought back by an edit."""
    ERASE = "erase"
    """Destroyed by law: the fields go, the fact that something was erased stays."""


KINDS: Final = frozenset(map(str, ChangeKind))
"""Every kind as it is written: what else stands where one should was altered, or is of a newer program."""


class Change(BaseModel):
    """One edit of one record.

    ``fields`` holds only what changed. ``base`` is the server's number of the record as the editor saw it (0: not yet on the
    server). ``counter`` tells in which order one device made its changes: a file put back from a backup leaves numbers out.
    ``at`` is the device's own time, for people to read: no order depends on it. ``after`` is the id of a change that must come
    first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id = Field(min_length=36, max_length=36)
    entity: str = Field(max_length=40)
    record: Id = Field(min_length=36, max_length=36)
    kind: ChangeKind
    area: str = Field(max_length=80)
    # out of JSON comes nothing but JSON: looking at each value again took most of the time of reading a push
    fields: dict[str, SkipValidation[JsonValue]]
    base: int = Field(ge=0)
    author: Id = Field(max_length=36)
    device: Id = Field(max_length=36)
    counter: int = Field(ge=1)
    at: str = Field(max_length=30)
    after: Id | None = None
