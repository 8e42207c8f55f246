"""What both ends add up to find out whether they hold the same: sums of (record, number) by kind of record and bucket."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b

LISTED = 5_000
"""Records that one answer lists at most, beyond the bucket that has begun."""

NAMED = 500
"""Records that one request names at most."""

_WRAP = 1 << 64


def bucket_of(record: str) -> str:
    """Return the bucket of a record, one of 256: its id's last two digits, which are random in a UUIDv7."""
    return record[-2:]


class Sums:
    """Sums over records in any order; equal sums mean equal sets, but for one chance in 2^64."""

    def __init__(self) -> None:
        self._buckets: dict[str, Counter[str]] = {}

    def add(self, entity: str, record: str, number: int, gone: bool) -> None:
        """Count a record in."""
        mark = blake2b(f"{record} {number} {int(gone)}".encode(), digest_size=8).digest()
        self._buckets.setdefault(entity, Counter())[bucket_of(record)] += int.from_bytes(mark)

    def whole(self) -> dict[str, str]:
        """Return one sum for each kind of record."""
        return {entity: _text(sum(buckets.values())) for entity, buckets in self._buckets.items()}

    def buckets(self, entity: str) -> dict[str, str]:
        """Return one sum for each bucket of a kind of record that is not empty."""
        return {bucket: _text(total) for bucket, total in self._buckets.get(entity, {}).items()}


def _text(total: int) -> str:
    return f"{total % _WRAP:016x}"
