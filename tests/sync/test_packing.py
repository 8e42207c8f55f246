"""Bytes that are no message are told apart from bytes that are."""

from __future__ import annotations

import pytest
import zstandard

from sync.packing import Unreadable, pack, squeeze, unpack


def test_what_is_packed_unpacks_to_the_same() -> None:
    assert unpack(pack({"a": [1, None, "ł"]}), 100) == {"a": [1, None, "ł"]}


@pytest.mark.parametrize("body", [b"", b"<html>", squeeze(b"{"), squeeze(b'{"a":1}' * 9)[:-4], b"\x28\xb5\x2f\xfd"])
def test_other_bytes_are_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(body, 1_000)


@pytest.mark.parametrize("place", range(len(squeeze(b'{"words": "slept four hours"}'))))
def test_a_byte_that_changed_on_the_way_is_told(place: int) -> None:
    body = bytearray(squeeze(b'{"words": "slept four hours"}'))
    body[place] ^= 0xFF
    with pytest.raises(Unreadable):
        unpack(bytes(body), 1_000)


def test_bytes_without_a_checksum_are_not_taken() -> None:
    with pytest.raises(Unreadable, match="no checksum"):
        unpack(zstandard.ZstdCompressor().compress(b"{}"), 100)


def test_nothing_unpacks_beyond_the_agreed_size() -> None:
    with pytest.raises(Unreadable, match="larger than 1000 bytes"):
        unpack(squeeze(b" " * 50_000_000), 1_000)
