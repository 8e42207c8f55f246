"""GET /v1/snapshot/{id}: the sealed file of a snapshot that a round has told of, from any byte on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from sync.packing import MEDIA_TYPE, pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import TroubleReply
from sync.protocol.version import PROTOCOL
from sync.server.asking import let_in
from sync.server.clock import instant_text
from sync.server.exchange import House, answer
from sync.server.giving import note_given

router: Final = APIRouter()

SNAPSHOT_TYPE: Final = "application/vnd.ewb.snapshot"
PIECE_BYTES: Final = 128 << 10
"""Most bytes that are read of the file at a time."""


@router.get("/v1/snapshot/{id}")
async def get_snapshot(request: Request, id: str) -> Response:
    """Give the file, or the part of it that is asked for; 404 when it is gone, of another scope or not to be given any more."""
    header = request.headers.get("authorization")
    begins = _first_byte(request.headers.get("range", ""))

    async def answered(house: House) -> tuple[Response, dict[str, int]]:
        found = await anyio.to_thread.run_sync(_find, house, header, id, begins, limiter=house.threads)
        if found is None:
            gone = TroubleReply(trouble=Trouble.MALFORMED, words="this snapshot is not here", protocol=PROTOCOL)
            return Response(pack(gone), status_code=404, media_type=MEDIA_TYPE), {}
        path, told = found
        # its name is its content's: a file is never written twice
        return _File(path, media_type=SNAPSHOT_TYPE, headers={"ETag": f'"{id}"'}, stat_result=told), {}

    return await answer(request, answered)


class _File(FileResponse):
    # a thread is woken for each piece; of larger ones more would wait in memory for a slow line
    chunk_size = PIECE_BYTES


def _first_byte(asked: str) -> int:
    begins = asked.removeprefix("bytes=").partition("-")[0]
    return int(begins) if begins.isascii() and begins.isdigit() else 0


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
