"""How often one laptop, or one address, may ask: a bucket of turns for each, in this process's memory.

Each worker process counts for itself, so N of them allow up to N times as much: a limit against a program that runs wild needs no
shared memory, and a question to the database for every request would cost more than it saves.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable
from typing import Final

_MOST_BUCKETS: Final = 10_000
_OF_ONE: Final = 64


def household(address: str) -> str:
    """Return what stands for everybody behind an address: of IPv6 its network of 64 bits, in which one machine has any number."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or ipaddress.ip_network((int(read), _OF_ONE), strict=False))


class Turns:
    """Gives each key ``burst`` turns at once and ``per_minute`` new ones a minute. Safe to call from several threads."""

    def __init__(self, burst: int, per_minute: float, seconds: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(burst)
        self._rate = per_minute / 60
        self._seconds = seconds
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Use one turn of ``key``; return False when there is none."""
        with self._lock:
            now = self._seconds()
            left, since = self._buckets.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - since) * self._rate)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_BUCKETS:
                # the one that has not asked for longest has a full bucket again anyway
                del self._buckets[next(iter(self._buckets))]
            return allowed

    def wait(self, key: str) -> int:
        """Return after how many whole seconds ``key`` has a turn again, at least 1."""
        with self._lock:
            left, since = self._buckets.get(key, (self._burst, 0.0))
            return max(1, math.ceil((1 - left) / self._rate - (self._seconds() - since)))
