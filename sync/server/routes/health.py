"""Whether the server lives, whether it can answer, and its figures. Nothing about anybody."""

from __future__ import annotations

import hmac
from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from sync.server.database.engine import known_revisions, revision_of
from sync.server.database.joining import NotKept
from sync.server.listening.exchange import House
from sync.server.listening.metrics import TEXT, count_laptops, free_bytes
from sync.server.settings import is_loopback

router: Final = APIRouter()

_NOT_KEPT: Final = {"Cache-Control": "no-store"}


@router.get("/v1/health/live")
async def get_live() -> JSONResponse:
    """Tell that the process answers: it need not be started again."""
    return JSONResponse({"ok": True}, headers=_NOT_KEPT)


@router.get("/v1/health/ready")
@router.get("/v1/health")
async def get_ready(request: Request) -> JSONResponse:
    """Tell whether the database answers and has this program's tables: laptops may be sent here."""
    house: House = request.app.state.house
    is_well = await anyio.to_thread.run_sync(_is_well, house, limiter=house.threads)
    return JSONResponse({"ok": is_well}, status_code=200 if is_well else 503, headers=_NOT_KEPT)


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """Return the figures to this machine or to whoever has their token; to others there is nothing here."""
    house: House = request.app.state.house
    if not _may_see(house, request):
        return JSONResponse({"detail": "Not Found"}, status_code=404)
    text = await anyio.to_thread.run_sync(_figures, house, limiter=house.threads)
    return Response(text, media_type=TEXT, headers=_NOT_KEPT)


def _may_see(house: House, request: Request) -> bool:
    token = house.settings.metrics_token
    if token:
        told = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(told, b"Bearer " + token.encode())
    # a proxy on this machine would make everybody look as if they were here
    here = request.client is not None and is_loopback(request.client.host)
    return here and not house.settings.proxies


def _is_well(house: House) -> bool:
    try:
        with house.database.reading() as connection:
            return revision_of(connection) == known_revisions()[-1]
    except (SQLAlchemyError, NotKept):
        return False


def _figures(house: House) -> bytes:
    try:
        with house.database.reading() as connection:
            laptops, age = count_laptops(connection, house.clock()), house.metrics.backups.age(connection, house.clock())
    except (SQLAlchemyError, NotKept):
        # the other figures are needed most when the database does not answer
        laptops, age = {}, None
    return house.metrics.text(laptops, age, free_bytes(house.settings.file))
