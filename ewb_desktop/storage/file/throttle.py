"""Slow down whoever tries passphrases at the lock screen: five free tries, then waits that double up to a quarter of an hour."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from ewb_desktop.domain.time import Clock, instant_text, parse_instant
from ewb_desktop.whole_file import write_whole

FREE_TRIES = 5
FIRST_WAIT = 5
LONGEST_WAIT = 15 * 60
"""Seconds. Nothing is ever wiped: a forgetful worker and a curious child must not destroy a member's record."""


def wait_after(failures: int) -> int:
    """Return the seconds to wait after so many wrong tries in a row."""
    if failures < FREE_TRIES:
        return 0
    return min(FIRST_WAIT << min(failures - FREE_TRIES, 8), LONGEST_WAIT)


TRIES = "tries.json"
"""Where in a vault's folder the tries are counted."""


class Throttle:
    """Counts wrong tries in a small file, so that ending the program does not reset them."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def wait_seconds(self) -> float:
        """Return how long the next try has to wait; a clock that was set back never makes it shorter."""
        failures, last = self._read()
        wait = wait_after(failures)
        if not wait or last is None:
            return 0
        passed = (self._clock.now() - parse_instant(last)).total_seconds()
        if passed < 0:
            # the clock was set back: the wait begins again now, and so never lasts longer than it was meant to
            self._write(failures)
            return wait
        return max(0.0, wait - passed)

    def count(self) -> float:
        """Count a try before it is looked at, so that killing the program mid-way does not save it; return the wait after it."""
        failures = self._read()[0] + 1
        self._write(failures)
        return wait_after(failures)

    def forget(self) -> None:
        """Begin anew: the right passphrase was given."""
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _read(self) -> tuple[int, str | None]:
        try:
            kept = json.loads(self._path.read_bytes())
            parse_instant(kept["last"])
            return max(0, int(kept["failures"])), str(kept["last"])
        except FileNotFoundError:
            return 0, None
        except (ValueError, KeyError, TypeError, AttributeError):
            # the count was damaged: one long wait from now on is safer than none, and is written so that it ends
            self._write(FREE_TRIES + 8)
            return FREE_TRIES + 8, instant_text(self._clock.now())

    def _write(self, failures: int) -> None:
        # a disk that is full or takes nothing must not lock the worker out; whoever could make it so can copy the file away
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps({"failures": failures, "last": instant_text(self._clock.now())}).encode())
