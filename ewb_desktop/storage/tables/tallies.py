"""What is counted without names."""

from __future__ import annotations

from ewb_desktop.storage.columns import Day, Flag, Instant, Text, Whole
from ewb_desktop.storage.tables.row import Row


class Visit(Row, table=True):
    """A visit that was counted, without a name."""

    __tablename__ = "visit"

    place: Text = None
    day: Day = None
    counted_at: Instant = None
    people: Whole = None
    reason: Text = None


class PrintTally(Row, table=True):
    """Leaflets that were printed, without a name. Those that were printed together for a stall have the same ``batch``."""

    __tablename__ = "print_tally"

    topic: Text = None
    language: Text = None
    format: Text = None
    copies: Whole = None
    printed_at: Instant = None
    place: Text = None
    palette: Text = None
    sheet: Text = None
    discreet: Flag = None
    batch: Text = None
