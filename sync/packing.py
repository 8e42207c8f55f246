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

_KNOWN: Final = zstandard.ZstdCompressionDict(
    b'"missing_record""waiting_for""not_allowed""malformed""kind":"refused","number":0,"reason":"kind":"known","number":'
    b'"kind":"conflict","number":"kind":"merged","number":"kind":"edit","area":"kind":"create","area":"fields":{"person":"'
    b'"gone":1},"base":0,"author":"","device":"","counter":1,"at":"2026-11-21T","after":null},{"id":"01","entity":"contact","record":"'
    b'{"organisation":"stretford","worker":"01","role":"volunteer","areas":["*"],"classes":["open"]},"role":"clinician","classes":'
    b'["open","staff","contact","care","safeguarding"]},"verdicts":[{"id":"01","kind":"accepted","number":1,"reason":null},'
    b'"columns":{"person":["id","area","number","author","made_at","gone","'
    b'{"protocol":1,"program":"0.1.0","device_time":"2026-11-21T13:00:00.000Z","epoch":null,"cursor":0,"room":10000,"snapshot":"",'
    b'"changes":[]}{"protocol":1,"program":"0.1.0","device_time":"2026-11-21T13:00:00.000Z","epoch":"01","cursor":1,"room":2000,'
    b'"snapshot":null,"changes":[]}{"protocol":1,"server_time":"2026-11-21T13:00:00.000Z","epoch":"01","scope":{"organisation":"",'
    b'"worker":"01","role":"connector","areas":["stretford"],"classes":["open","staff","contact","care"]},"verdicts":[],'
    b'"page":{"columns":{},"rows":{},"next":1,"more":false}}',
    dict_type=zstandard.DICT_TYPE_RAWCONTENT,
)
"""What nearly every message says, known at both ends: an empty round travels without it. Another text is another protocol."""

_local = threading.local()


class Unreadable(ValueError):
    """The bytes are not a message: not zstd, altered or cut short on the way, larger than agreed, or not JSON."""


class TooMuch(Unreadable):
    """The bytes may well be a message, and it is larger than agreed."""


def pack(message: BaseModel | dict[str, Any]) -> bytes:
    """Return ``message`` as it travels."""
    # a model writes its own JSON: a dump that orjson writes once more takes three times as long
    return squeeze(message.model_dump_json().encode() if isinstance(message, BaseModel) else orjson.dumps(message))


def squeeze(text: bytes) -> bytes:
    """Return JSON text, ready made, as it travels."""
    compressor: zstandard.ZstdCompressor | None = getattr(_local, "compressor", None)
    if compressor is None:
        # one a thread: a compressor is costly to make and must not be shared
        compressor = _local.compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=_KNOWN, write_checksum=True)
    return compressor.compress(text)


def unpack(body: bytes, limit: int) -> Any:
    """Return the JSON value in ``body``; raise :class:`Unreadable` when it is none, :class:`TooMuch` beyond ``limit`` bytes."""
    try:
        return orjson.loads(unsqueeze(body, limit))
    except orjson.JSONDecodeError as error:
        raise Unreadable("this message was cut short or is not JSON") from error


def unsqueeze(body: bytes, limit: int) -> bytes:
    """Return the text in ``body``; raise :class:`Unreadable` when there is none, :class:`TooMuch` beyond ``limit`` bytes."""
    try:
        frame = zstandard.get_frame_parameters(body)
        if not frame.has_checksum:
            # a byte that changed on the way would change somebody's words, and nobody would know
            raise Unreadable("these bytes carry no checksum")
        if frame.content_size > limit:
            raise TooMuch(f"this message is larger than {limit} bytes")
        # what is longer than the frame's own claim of its size is an error here
        return zstandard.ZstdDecompressor(dict_data=_KNOWN).decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Unreadable("these bytes are not a compressed message") from error
