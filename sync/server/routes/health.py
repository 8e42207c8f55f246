"""GET /v1/health: whether the server can answer. Nothing about anybody."""

from __future__ import annotations

from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sync.server.exchange import House

router: Final = APIRouter()


@router.get("/v1/health")
async def get_health(request: Request) -> JSONResponse:
    """Tell whether the database answers."""
    house: House = request.app.state.house
    is_well = await anyio.to_thread.run_sync(_is_well, house, limiter=house.threads)
    return JSONResponse({"ok": is_well}, status_code=200 if is_well else 503)


def _is_well(house: House) -> bool:
    try:
        with house.database.reading() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
