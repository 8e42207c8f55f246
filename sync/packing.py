"""Messages to bytes and back: JSON, compressed with zstd, never larger than was agreed."""

from __future__ import annotations

import threading
from typing import Any, Final

import orjson
import zstandard
from pydantic import BaseModel

MEDIA_TYPE: Final = "application/vnd.ewb.round+zstd"
LEVEL: Final = 3
"""Level 3 costs a quarter of gzip's processor time; higher levels gain less than they cost on a page that is sent once."""

_local = threading.local()


class Unreadable(ValueError):
    """The bytes are not a message: not zstd, cut short, larger than agreed, or not JSON."""


def pack(message: BaseModel | dict[str, Any]) -> bytes:
    """Return ``message`` as it travels."""
    plain = message.model_dump(mode="json") if isinstance(message, BaseModel) else message
    return squeeze(orjson.dumps(plain))


def squeeze(text: bytes) -> bytes:
    """Return JSON text, ready made, as it travels."""
    compressor: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if compressor is None:
        # one a thread: a compressor is costly to make and must not be shared
        compressor = _local.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return compressor.compress(text)


def unpack(body: bytes, limit: int) -> Any:
    """Return the JSON value in ``body``; raise :class:`Unreadable` when it is none or has more than ``limit`` bytes."""
    try:
        # the frame's own claim of its size is not trusted: reading stops at the limit
        with zstandard.ZstdDecompressor().stream_reader(body) as reader:
            text = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise Unreadable("these bytes are not a compressed message") from error
    if len(text) > limit:
        raise Unreadable(f"this message is larger than {limit} bytes")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable("this message was cut short or is not JSON") from error
