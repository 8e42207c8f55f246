"""What more than one worker has to know of: two answers to one question, records opened from outside."""

from __future__ import annotations

from ewb_desktop.storage.columns import Instant, Json, Text
from ewb_desktop.storage.tables.row import Row


class Opening(Row, table=True):
    """Somebody outside the area opened this member's records for a few hours: who, until when and why."""

    __tablename__ = "opening"

    person: Text = None
    worker: Text = None
    worker_name: Text = None
    reason: Text = None
    words: Text = None
    opened_at: Instant = None
    until: Instant = None
    read_at: Instant = None
    read_by: Text = None


class Conflict(Row, table=True):
    """One field that two workers answered differently."""

    __tablename__ = "conflict"

    person: Text = None
    entity: Text = None
    record: Text = None
    field: Text = None
    shown: Json = None
    other: Json = None
    other_told: Json = None
    before: Json = None
    shown_by: Text = None
    other_by: Text = None
    shown_at: Instant = None
    other_at: Instant = None
    found_at: Instant = None
    chosen: Json = None
    settled_at: Instant = None
    settled_by: Text = None
