"""The server's figures, for whoever watches over it: how many, how long, how it went. Nothing about anybody, and no ids.

Several workers write into one folder (``PROMETHEUS_MULTIPROC_DIR``, which ``serve`` makes and takes away), so that whichever is
asked tells the sum over all of them.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Connection, func, select

from sync.protocol.messages import VerdictKind
from sync.server.admission.people import organisations
from sync.server.clock import MAY_BE_OFF, instant_text
from sync.server.database import tables
from sync.server.records import audit

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
LATELY: Final = timedelta(hours=24)
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_KINDS: Final = ("counter", "histogram")
_ROOM: Final = 256 << 10
"""Bytes for each of these: many times what all paths and outcomes come to."""
_VERDICTS: Final = frozenset(str(kind) for kind in VerdictKind)

# when a figure was first counted says nothing to anybody, and doubles the text
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Counts what this process answers."""

    def __init__(self) -> None:
        _take_room()
        self._registry = CollectorRegistry()
        self.backups = Backups()
        self._requests = Counter(
            "ewb_requests", "Requests answered, by how it went.", ("path", "outcome"), registry=self._registry
        )
        self._changes = Counter("ewb_changes", "Changes answered, by verdict.", ("verdict",), registry=self._registry)
        self._pages = Counter("ewb_pages", "Pages with rows that were handed out.", registry=self._registry)
        self._rows = Counter("ewb_rows", "Rows that were handed out.", registry=self._registry)
        self._took = Histogram(
            "ewb_request_seconds", "How long an answer took.", ("path",), buckets=_SECONDS, registry=self._registry
        )

    def note(self, path: str, outcome: str, seconds: float, figures: Mapping[str, int]) -> None:
        """Count one answer. ``path`` is the route's own, never what somebody typed; ``figures`` are those of the log."""
        self._requests.labels(path, outcome).inc()
        self._took.labels(path).observe(seconds)
        for verdict in sorted(_VERDICTS & figures.keys()):
            self._changes.labels(verdict).inc(figures[verdict])
        if figures.get("rows"):
            self._pages.inc()
            self._rows.inc(figures["rows"])

    def text(self, laptops: Mapping[str, int], backup_age: float | None = None, free: int | None = None) -> bytes:
        """Return all figures in Prometheus' text, with how many ``laptops`` there are, by what they are.

        ``backup_age``: seconds since the last backup; None where no organisation is here. ``free``: bytes that are free where the
        embedded database lies; None where that is not known.
        """
        registry = self._registry
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        here = CollectorRegistry()
        here.register(_Stored(laptops, backup_age, free))
        return generate_latest(registry) + generate_latest(here)


def _take_room() -> None:
    """Have the disk keep room for this worker's figures, which lie in files that stand in the memory too.

    Without it the machine ends a worker in the middle of an answer when the disk is full and the next figure is written. Raises
    ``OSError`` when there is no room now.
    """
    folder = os.environ.get(FOLDER)
    if not folder or not hasattr(os, "posix_fallocate"):
        return
    for kind in _KINDS:
        # as the library calls them
        with (Path(folder) / f"{kind}_{os.getpid()}.db").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, _ROOM)


class _Stored(Collector):
    def __init__(self, laptops: Mapping[str, int], backup_age: float | None, free: int | None) -> None:
        self._laptops = laptops
        self._backup_age = backup_age
        self._free = free

    def collect(self) -> Iterable[Metric]:
        """Return what the database, and its disk, tell."""
        gauge = GaugeMetricFamily("ewb_laptops", "Laptops that are enrolled, and seen in the past day.", labels=["state"])
        for state, number in self._laptops.items():
            gauge.add_metric([state], number)
        figures: list[Metric] = [gauge]
        if self._backup_age is not None:
            told = "Time since the last backup, or since an organisation without one was made: the longest."
            figures.append(GaugeMetricFamily("ewb_backup_age_seconds", told, self._backup_age))
        if self._free is not None:
            figures.append(GaugeMetricFamily("ewb_disk_free_bytes", "Room on the disk of the embedded database.", self._free))
        return figures


def free_bytes(file: Path | None) -> int | None:
    """Return how much is free on the disk of the embedded database ``file``; None on PostgreSQL, and where nobody can say."""
    try:
        return shutil.disk_usage(file.parent).free if file is not None else None
    except OSError:
        return None


def count_laptops(connection: Connection, now: datetime) -> dict[str, int]:
    """Return how many laptops are enrolled, and how many of them were seen in the past day."""
    device = tables.device.c
    enrolled = select(func.count()).where(device.revoked_at.is_(None))
    seen = enrolled.where(device.last_seen.between(instant_text(now - LATELY), instant_text(now + MAY_BE_OFF)))
    return {"enrolled": connection.execute(enrolled).scalar_one(), "seen": connection.execute(seen).scalar_one()}


class Backups:
    """How old the last backup is; what of the audits was looked through once is not looked through again."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str | None]] = {}

    def age(self, connection: Connection, now: datetime) -> float | None:
        """Return the seconds since the last backup, of the organisation whose is the oldest; None where there is none.

        One that has no backup yet counts from when it was made: whoever watches the figure hears of it too. Without end where
        one was noted while the clock was ahead: nobody knows how old that is, and another one tells.
        """
        house = tables.organisation.c
        made = {each.organisation: each.made_at for each in connection.execute(select(house.organisation, house.made_at))}
        last = [self._last(connection, each) or made[each] for each in organisations(connection)]
        if not last:
            return None
        if max(last) > instant_text(now + MAY_BE_OFF):
            return math.inf
        return max(0.0, (now - datetime.fromisoformat(min(last))).total_seconds())

    def _last(self, connection: Connection, organisation: str) -> str | None:
        try:
            tip: object = audit.tip(connection, organisation).number
        except audit.EndLost:
            tip = None
        if not isinstance(tip, int):
            # what a failing disk altered is `doctor`'s to tell
            return audit.last_of(connection, organisation, ("backup",))
        seen, at = self._seen.get(organisation, (0, None))
        if seen > tip:
            # the database was put back beneath this process
            seen, at = 0, None
        at = audit.last_of(connection, organisation, ("backup",), seen) or at
        self._seen[organisation] = tip, at
        return at
