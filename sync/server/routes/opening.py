"""POST /v1/open: a member outside the worker's area, for three hours and with a reason; each try is written into the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, select

from sync.packing import pack, squeeze
from sync.protocol.errors import Trouble
from sync.protocol.messages import OpenReply, OpenRequest, Sought
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.laptops.breaking_glass import Opening, break_glass
from sync.server.laptops.giving import note_given
from sync.server.listening.asking import as_agreed, let_in
from sync.server.listening.exchange import House, exchange
from sync.server.pushing.mending import mend
from sync.server.records.openings import with_opened
from sync.server.records.scope import Grant
from sync.server.records.wire import WirePage, read_page
from sync.server.trouble import RoundRefused

router: Final = APIRouter()


@router.post("/v1/open")
async def post_open(request: Request) -> Response:
    """Open a member's records to a laptop outside its areas."""
    return await exchange(request, _opened)


def _opened(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    now = house.clock()
    with house.database.reading() as connection:
        grant = let_in(house, connection, request.headers.get("authorization")).grant
    asked = as_agreed(raw, OpenRequest)
    seeker = f"{grant.organisation}/{grant.worker}"
    if asked.opening is None and not house.seekers.take(seeker):
        raise RoundRefused(Trouble.TOO_MANY, "this worker has looked for as many as she may", house.seekers.wait(seeker))
    if asked.opening is not None:
        with house.database.reading() as connection:
            opening = _find(connection, grant, asked.opening)
    else:
        with house.database.writing() as connection:
            opening = break_glass(connection, grant, asked, now, house.settings.openings_per_hour)
    with house.database.reading() as connection:
        opened = with_opened(connection, grant, now, [opening.id] if opening.id else [])
        if opening.person not in opened.opened:
            sought = Sought.OVER if opening.sought is Sought.OPENED else opening.sought
            person = opening.person if sought is Sought.HERE else ""
            return pack(OpenReply(protocol=asked.protocol, sought=sought, person=person)), {"rows": 0}
        page = read_page(
            connection, opened, asked.after, house.settings.page_rows, house.settings.page_bytes, frozenset(), opening.person
        )
    with house.database.writing() as connection:
        if page.unreadable:
            mend(connection, grant.organisation, page.unreadable, instant_text(now))
        note_given(connection, grant, f"{page.rows} rows, opened", instant_text(now), opening.person)
    return _reply(asked, opening, page, round((opening.until - now).total_seconds()) if opening.until else 0), {"rows": page.rows}


def _find(connection: Connection, grant: Grant, opening: str) -> Opening:
    given = tables.opened.c
    query = select(given.person, given.until).where(
        given.organisation == grant.organisation, given.id == opening, given.device == grant.device
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return Opening(Sought.OVER)
    return Opening(Sought.OPENED, opening, found.person, datetime.fromisoformat(found.until))


def _reply(asked: OpenRequest, opening: Opening, page: WirePage, seconds: int) -> bytes:
    told = {
        "protocol": asked.protocol, "sought": str(opening.sought), "opening": opening.id, "person": opening.person,
        "seconds": max(seconds, 0),
    }  # fmt: skip
    return squeeze(orjson.dumps(told)[:-1] + b',"page":' + page.text + b"}")
