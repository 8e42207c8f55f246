"""The answers that take nothing: which number of HTTP each trouble has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sync.protocol.errors import Trouble

STATUS: Final[Mapping[Trouble, int]] = MappingProxyType(
    {
        Trouble.PROTOCOL_TOO_OLD: 426,
        # one end has to be upgraded; the body says which
        Trouble.PROTOCOL_TOO_NEW: 426,
        Trouble.UNKNOWN_LAPTOP: 401,
        Trouble.REVOKED: 403,
        Trouble.BAD_CODE: 403,
        Trouble.MALFORMED: 400,
        Trouble.TOO_LARGE: 413,
        Trouble.TOO_MANY: 429,
        Trouble.SERVER_FAULT: 500,
    }
)


class RoundRefused(Exception):
    """A whole request was not taken. ``words`` are for whoever reads a log, and hold nothing about anybody.

    ``wait`` is after how many seconds it may be asked again, where that is known.
    """

    def __init__(self, trouble: Trouble, words: str, wait: int | None = None) -> None:
        self.trouble = trouble
        self.words = words
        self.wait = wait
        super().__init__(words)


class LineCut(ConnectionError):
    """The server itself ends a line, as it should: the laptop asks anew, and nothing is wrong."""
