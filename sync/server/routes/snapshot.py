"""GET /v1/snapshot/{id}: the sealed file of a snapshot that a round has told of, from any byte on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from sync.packing import MEDIA_TYPE, pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import TroubleReply
from sync.protocol.version import PROTOCOL
from sync.server import audit
from sync.server.auth import admit, bearer
from sync.server.clock import instant_text
from sync.server.exchange import House
from sync.server.trouble import STATUS, RoundRefused

router: Final = APIRouter()

SNAPSHOT_TYPE: Final = "application/vnd.ewb.snapshot"


@router.get("/v1/snapshot/{id}")
async def get_snapshot(request: Request, id: str) -> Response:
    """Give the file, or the part of it that is asked for; 404 when it is gone or of another scope."""
    house: House = request.app.state.house
    header = request.headers.get("authorization")
    begins = _first_byte(request.headers.get("range", ""))
    try:
        path = await anyio.to_thread.run_sync(_find, house, header, id, begins, limiter=house.threads)
    except RoundRefused as refused:
        return _told(STATUS[refused.trouble], refused.trouble, refused.words)
    if path is None:
        return _told(404, Trouble.MALFORMED, "this snapshot is not here")
    # its name is its content's: a file is never written twice
    headers = {"ETag": f'"{id}"', "Cache-Control": "no-store"}
    return FileResponse(path, media_type=SNAPSHOT_TYPE, headers=headers)


def _first_byte(asked: str) -> int:
    begins = asked.removeprefix("bytes=").partition("-")[0]
    return int(begins) if begins.isascii() and begins.isdigit() else 0


def _find(house: House, header: str | None, id: str, begins: int) -> Path | None:
    now = house.clock()
    with house.database.reading() as connection:
        admitted = admit(connection, bearer(header))
    grant = admitted.grant
    if not house.turns.take(f"{grant.organisation}/{grant.device}"):
        raise RoundRefused(Trouble.TOO_MANY, "this laptop asks too often")
    path = house.snapshots.find(admitted, id)
    if path is not None:
        with house.database.writing() as connection:
            given = audit.Entry(grant.worker, grant.device, "give", detail=f"snapshot {id} from byte {begins}")
            audit.write(connection, grant.organisation, instant_text(now), [given])
    return path


def _told(status: int, trouble: Trouble, words: str) -> Response:
    headers = {"Retry-After": "30"} if trouble is Trouble.TOO_MANY else None
    body = pack(TroubleReply(trouble=trouble, words=words, protocol=PROTOCOL))
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)
