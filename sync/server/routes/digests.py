"""POST /v1/digest and /v1/records: a laptop compares what it holds with the server, and fetches what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection, select

from sync.packing import pack, squeeze
from sync.protocol.errors import Trouble
from sync.protocol.messages import DigestReply, DigestRequest, RecordsRequest
from sync.server.admission.auth import Admitted
from sync.server.clock import instant_text
from sync.server.database import tables
from sync.server.database.cells import is_text
from sync.server.laptops.digests import differing_buckets, list_buckets, read_records, size_of, sums_of
from sync.server.laptops.giving import note_given
from sync.server.listening.asking import as_agreed, let_in
from sync.server.listening.exchange import House, exchange
from sync.server.pushing.mending import lost_among, lost_matches, mend
from sync.server.records.following import with_matched
from sync.server.records.history import told_of
from sync.server.records.openings import with_opened
from sync.server.records.scope import Grant
from sync.server.records.wire import nothing, with_history
from sync.server.trouble import RoundRefused

router: Final = APIRouter()

PAGES: Final = 4
"""Records that are asked for by their ids are so many pages' bytes at most: a laptop asks for fewer at a time."""

_Asked = TypeVar("_Asked", bound=BaseModel)


@router.post("/v1/digest")
async def post_digest(request: Request) -> Response:
    """Tell a laptop where what it holds differs from what it should hold."""
    return await exchange(request, _digest)


@router.post("/v1/records")
async def post_records(request: Request) -> Response:
    """Give a laptop records by their ids."""
    return await exchange(request, _records)


def _digest(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    admitted, asked = _read(house, request, raw, DigestRequest)
    with house.database.reading() as connection:
        grant = with_opened(connection, admitted.grant, house.clock(), asked.opened)
        ours = sums_of(connection, grant, list(asked.buckets))
        if not asked.buckets:
            whole = ours.whole()
            differ = sorted(entity for entity in whole.keys() | asked.sums.keys() if whole.get(entity) != asked.sums.get(entity))
            return pack(DigestReply(protocol=asked.protocol, epoch=admitted.epoch, differ=tuple(differ))), {"differ": len(differ)}
        records, buckets, more = list_buckets(connection, grant, differing_buckets(ours, asked.buckets))
    reply = DigestReply(
        protocol=asked.protocol, epoch=admitted.epoch, records=records,
        buckets={entity: tuple(names) for entity, names in buckets.items()}, more=more,
    )  # fmt: skip
    return pack(reply), {"listed": sum(map(len, records.values()))}


def _records(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    admitted, asked = _read(house, request, raw, RecordsRequest)
    with house.database.reading() as connection:
        grant = with_opened(connection, admitted.grant, house.clock(), asked.opened)
        if asked.history:
            told, left_out = told_of(connection, grant, asked.records, house.settings.page_bytes)
            page = with_history(nothing(0), told).text
            opening = orjson.dumps({"protocol": asked.protocol, "left_out": left_out})
            return squeeze(opening[:-1] + b',"page":' + page + b"}"), {"lines": len(told)}
        lost = _lost(connection, grant, asked.records)
    if lost:
        with house.database.writing() as connection:
            mend(connection, grant.organisation, lost, instant_text(house.clock()))
    with house.database.reading() as connection:
        grant = with_matched(connection, grant) if lost else grant
        if len(asked.records) > 1 and size_of(connection, grant, asked.records) > PAGES * house.settings.page_bytes:
            raise RoundRefused(Trouble.TOO_LARGE, "these records are more than one answer holds")
        page, rows, elsewhere, unreadable = read_records(connection, grant, asked.records)
    if unreadable:
        with house.database.writing() as connection:
            mend(connection, grant.organisation, unreadable, instant_text(house.clock()))
    if rows:
        with house.database.writing() as connection:
            note_given(connection, grant, f"{rows} rows to repair", instant_text(house.clock()))
    opening = orjson.dumps({"protocol": asked.protocol, "elsewhere": elsewhere})
    return squeeze(opening[:-1] + b',"page":' + page + b"}"), {"rows": rows}


def _lost(connection: Connection, grant: Grant, ids: Sequence[str]) -> list[str]:
    """Return what has to be made again for the answer to be true.

    Told that a record is not here, a laptop would offer it as new, also what was destroyed by law; told that it is for others, it
    would let go of a member whom its worker supports.
    """
    lost = lost_among(connection, grant.organisation, ids)
    if not grant.is_matched_only:
        return lost
    row = tables.record.c
    query = select(row.person).where(row.organisation == grant.organisation, row.id.in_(ids), row.person.is_not(None))
    people = {*lost, *filter(is_text, connection.execute(query.distinct()).scalars())} - grant.matched
    return sorted({*lost, *lost_matches(connection, grant, people)})


def _read(house: House, request: Request, raw: Any, kind: type[_Asked]) -> tuple[Admitted, _Asked]:
    with house.database.reading() as connection:
        admitted = let_in(house, connection, request.headers.get("authorization"))
    return admitted, as_agreed(raw, kind)
