"""Few requests are worked on at once in a process, and one that takes long keeps nobody waiting.

Python runs one thread at a time. Requests that all begin at once take it from each other in the middle of what others wait for,
such as the counter row.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Final

LONG: Final = 0.25
"""Seconds after which a request waits for something else, or makes a snapshot: the next one begins beside it."""


class FewAtOnce:
    """Lets ``most`` requests at a time begin, in the order in which they came. For one event loop."""

    def __init__(self, most: int, long: float = LONG) -> None:
        self._free = asyncio.Semaphore(most)
        self._long = long

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it until the block ends, or has taken long."""
        await self._free.acquire()
        with ExitStack() as leaving:
            # closed twice, it is given back once
            leaving.callback(self._free.release)
            leaving.callback(asyncio.get_running_loop().call_later(self._long, leaving.close).cancel)
            yield
