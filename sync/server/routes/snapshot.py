"""GET /v1/snapshot/{id}: the sealed file of a snapshot that a round has told of, from any byte on."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from sync.packing import MEDIA_TYPE, pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import TroubleReply
from sync.protocol.version import PROTOCOL
from sync.server.admission.auth import admit, bearer
from sync.server.clock import instant_text
from sync.server.laptops.giving import note_given
from sync.server.listening.asking import let_in
from sync.server.listening.exchange import House, answer
from sync.server.logs import logger
from sync.server.trouble import LineCut, RoundRefused

router: Final = APIRouter()

SNAPSHOT_TYPE: Final = "application/vnd.ewb.snapshot"
PIECE_BYTES: Final = 128 << 10
"""Most bytes that are read of the file at a time."""
LOOKED_EVERY: Final = 1.0
"""Seconds after which it is looked at again whether a file that is on its way may still be given."""
_DIGITS: Final = 18
"""No file is longer than such a number of bytes; the number itself may have any length."""


@router.get("/v1/snapshot/{id}")
async def get_snapshot(request: Request, id: str) -> Response:
    """Give the file, or the part of it that is asked for; 404 when it is gone, of another scope or not to be given any more.

    What comes to be so while the file is on its way is noticed within a second, and the line is cut.
    """
    header = request.headers.get("authorization")
    begins = _first_byte(request.headers.get("range", ""))

    async def answered(house: House) -> tuple[Response, dict[str, int]]:
        found = await anyio.to_thread.run_sync(_find, house, header, id, begins, limiter=house.threads)
        if found is None:
            gone = TroubleReply(trouble=Trouble.MALFORMED, words="this snapshot is not here", protocol=PROTOCOL)
            return Response(pack(gone), status_code=404, media_type=MEDIA_TYPE), {}
        path, told = found

        async def is_given() -> bool:
            return await anyio.to_thread.run_sync(_is_given, house, header, id, limiter=house.threads)

        # its name is its content's: a file is never written twice
        return _File(is_given, path, media_type=SNAPSHOT_TYPE, headers={"ETag": f'"{id}"'}, stat_result=told), {}

    return await answer(request, answered)


class GivenNoMore(LineCut):
    """What a laptop is being given is not to be given any more: its line is cut, and it asks anew."""


class _File(FileResponse):
    # a thread is woken for each piece; of larger ones more would wait in memory for a slow line
    chunk_size = PIECE_BYTES

    def __init__(self, is_given: Callable[[], Awaitable[bool]], path: Path, **otherwise: Any) -> None:
        super().__init__(path, **otherwise)
        self._is_given = is_given

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        looked = time.monotonic()

        async def look_and_send(message: Message) -> None:
            nonlocal looked
            if message["type"] == "http.response.body" and time.monotonic() - looked >= LOOKED_EVERY:
                if not await self._is_given():
                    logger.info("a snapshot on its way is given no more")
                    raise GivenNoMore
                looked = time.monotonic()
            await send(message)

        await super().__call__(scope, receive, look_and_send)


def _first_byte(asked: str) -> int:
    begins = asked.removeprefix("bytes=").partition("-")[0]
    return int(begins) if len(begins) <= _DIGITS and begins.isascii() and begins.isdigit() else 0


def _is_given(house: House, header: str | None, id: str) -> bool:
    try:
        with house.database.reading() as connection:
            # it is one request: looking again uses none of the laptop's turns
            return house.snapshots.keeps(connection, admit(connection, bearer(header)), id)
    except RoundRefused:
        # signed off meanwhile
        return False


def _find(house: House, header: str | None, id: str, begins: int) -> tuple[Path, os.stat_result] | None:
    now = house.clock()
    with house.database.reading() as connection:
        admitted = let_in(house, connection, header)
        path = house.snapshots.find(connection, admitted, id)
    grant = admitted.grant
    if path is None:
        return None
    told = path.stat()
    with house.database.writing() as connection:
        note_given(connection, grant, f"snapshot {id} from byte {begins}", instant_text(now))
    return path, told
