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
    """The bytes are not a message: not zstd, altered or cut short on the way, larger than agreed, or not JSON."""


def pack(message: BaseModel | dict[str, Any]) -> bytes:
    """Return ``message`` as it travels."""
    plain = message.model_dump(mode="json") if isinstance(message, BaseModel) else message
    return squeeze(orjson.dumps(plain))


def squeeze(text: bytes) -> bytes:
    """Return JSON text, ready made, as it travels."""
    compressor: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if compressor is None:
        # one a thread: a compressor is costly to make and must not be shared
        compressor = _local.compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    return compressor.compress(text)


def unpack(body: bytes, limit: int) -> Any:
    """Return the JSON value in ``body``; raise :class:`Unreadable` when it is none or has more than ``limit`` bytes."""
    try:
        frame = zstandard.get_frame_parameters(body)
        if not frame.has_checksum:
            # a byte that changed on the way would change somebody's words, and nobody would know
            raise Unreadable("these bytes carry no checksum")
        if frame.content_size > limit:
            raise Unreadable(f"this message is larger than {limit} bytes")
        # what is longer than the frame's own claim of its size is an error here
        text = zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Unreadable("these bytes are not a compressed message") from error
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable("this message was cut short or is not JSON") from error
