"""Bytes that are no message are told apart from bytes that are."""

from __future__ import annotations

import pytest
import zstandard

from sync.packing import Unreadable, pack, squeeze, unpack
from sync.protocol.messages import Page, RoundReply, RoundRequest, Scope

ID = "01a20080-9465-7226-999e-9089f20ff8ce"


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


def test_an_empty_round_travels_in_a_fraction_of_its_text() -> None:
    hello = RoundRequest(protocol=1, program="0.1.0", device_time="2026-11-23T08:14:09.120Z", epoch=ID, cursor=9_123)
    scope = Scope(
        organisation="stretford", worker=ID[::-1], role="connector", areas=("stretford",), classes=("open", "staff", "care")
    )
    reply = RoundReply(protocol=1, server_time="2026-11-23T08:14:11.640Z", epoch=ID, scope=scope, page=Page(next=9_123))
    for message in (hello, reply):
        assert len(pack(message)) < 170
        assert unpack(pack(message), 10_000) == message.model_dump(mode="json")


def test_a_message_of_one_who_does_not_know_what_is_said_by_all_is_read_too() -> None:
    text = b'{"protocol":1,"rows":[1,2,3]}'
    assert unpack(zstandard.ZstdCompressor(write_checksum=True).compress(text), 100) == {"protocol": 1, "rows": [1, 2, 3]}
