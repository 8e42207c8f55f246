"""``ewb-server`` as it is, on another day: its clock is put forward or back by ``SECONDS_APART`` before it is loaded."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import sync.server.clock

APART = "SECONDS_APART"


def now_on_that_day() -> datetime:
    """Return the instant by the clock that was put forward or back."""
    return datetime.now(UTC) + timedelta(seconds=float(os.environ.get(APART, "0")))


if __name__ == "__main__":
    sync.server.clock.utc_now = now_on_that_day
    # only now, as the command takes its clock by name
    from sync.server.cli import main

    sys.exit(main())
