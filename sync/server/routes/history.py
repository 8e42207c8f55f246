"""POST /v1/history: who changed a record, from what, to what and when; each look is written into the audit."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from sync.packing import pack
from sync.protocol.entities import ENTITIES, person_of
from sync.protocol.messages import HistoryReply, HistoryRequest
from sync.server.clock import instant_text
from sync.server.listening.asking import as_agreed, let_in
from sync.server.listening.exchange import House, exchange
from sync.server.pushing.mending import lost_among, mend
from sync.server.records import audit
from sync.server.records.history import told_after
from sync.server.records.openings import with_opened
from sync.server.records.rows import Held, RecordUnreadable, load

router: Final = APIRouter()

LINES: Final = 500
"""Most lines in one answer, which is no larger than a page either."""


@router.post("/v1/history")
async def post_history(request: Request) -> Response:
    """Tell a laptop what was done to a record that its worker may hold."""
    return await exchange(request, _history)


def _history(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    with house.database.reading() as connection:
        grant = let_in(house, connection, request.headers.get("authorization")).grant
        grant = with_opened(connection, grant, house.clock())
    asked = as_agreed(raw, HistoryRequest)
    held = _held(house, grant.organisation, asked.record)
    with house.database.reading() as connection:
        allowed = held is not None and grant.covers(held.sensitivity, held.area, _person(held, asked.record))
        room = house.settings.page_bytes
        told = told_after(connection, grant.organisation, asked.record, asked.after, LINES, room) if allowed else ([], False)
    if held is not None:
        # who asked for what is not hers is worth knowing too; that it exists is not told
        looked = audit.Entry(
            grant.worker, grant.device, "view" if allowed else "view_denied", held.entity, asked.record, "history"
        )
        with house.database.writing() as connection:
            audit.write(connection, grant.organisation, instant_text(house.clock()), [looked])
    lines, more = told
    return pack(HistoryReply(protocol=asked.protocol, lines=lines, more=more)), {"lines": len(lines)}


def _held(house: House, organisation: str, record: str) -> Held | None:
    """Return the record, made again first where it cannot be read or its row is lost.

    None when it is not here, or nothing is left to make it of.
    """
    with contextlib.suppress(RecordUnreadable), house.database.reading() as connection:
        held = load(connection, organisation, [record]).get(record)
        if held is not None or not lost_among(connection, organisation, [record]):
            return held
    with house.database.writing() as connection:
        mend(connection, organisation, [record], instant_text(house.clock()))
        with contextlib.suppress(RecordUnreadable):
            return load(connection, organisation, [record]).get(record)
    return None


def _person(held: Held, record: str) -> str | None:
    return person_of(ENTITIES[held.entity], record, held.record.fields)
