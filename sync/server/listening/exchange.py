"""One request and its answer: reads the body within its limits, works in one of a few threads, and turns faults into words."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import anyio.to_thread
import uuid_utils
from anyio import CapacityLimiter
from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from sync.packing import MEDIA_TYPE, TooMuch, Unreadable, pack, unpack
from sync.protocol.errors import Trouble
from sync.protocol.messages import TroubleReply
from sync.protocol.version import OLDEST_SPOKEN, PROTOCOL
from sync.server.admission.auth import bearer
from sync.server.admission.credentials import digest
from sync.server.clock import Clock
from sync.server.database.away import is_away, why_away
from sync.server.database.engine import Database
from sync.server.laptops.snapshots import Snapshots
from sync.server.listening.few_at_once import FewAtOnce
from sync.server.listening.limits import Turns, household
from sync.server.listening.metrics import Metrics
from sync.server.logs import logger
from sync.server.settings import Settings
from sync.server.trouble import STATUS, RoundRefused

_WAIT: Final = 30
"""Seconds after which to ask again, where it is not known better."""
_COUNTED: Final = CapacityLimiter(math.inf)
"""For threads whose place was taken before they begin."""
_WORK: Final = ("changes", "carried", "looks", "keys", "handed")
"""Under these names a laptop tells what it has to say."""
CUT: Final = 499
"""The status in the log of a request whose line broke before it had arrived, or before its turn; no laptop ever receives it."""


@dataclass(frozen=True, slots=True)
class House:
    """What every route needs; made once by :func:`sync.server.app.create_app`."""

    settings: Settings
    database: Database
    clock: Clock
    threads: CapacityLimiter
    few: FewAtOnce
    turns: Turns
    strangers: Turns
    """Turns for those who are not let in yet, by address: a code cannot be guessed by trying."""
    seekers: Turns
    """Turns for looking for members outside the area, by worker: nobody's birthday is found out by trying."""
    metrics: Metrics
    snapshots: Snapshots


_OUTCOMES: Final = {CUT: "cut", 404: "gone"}
"""How it went in words of the figures, where no trouble tells it: a snapshot that is not here any more is no fault."""

Work = Callable[[House, Request, Any], tuple[bytes, dict[str, int]]]
"""Takes the unpacked body; returns the packed answer, and figures for the log. Runs in a thread."""


async def exchange(request: Request, work: Work) -> Response:
    """Answer a message by ``work``; whatever happens, the answer is one that a laptop understands."""

    async def answered(house: House) -> tuple[Response, dict[str, int]]:
        async with asyncio.timeout(house.settings.seconds):
            body = await _body(request, house.settings.body_bytes)
        async with house.few.place(), house.threads:
            in_thread = partial(anyio.to_thread.run_sync, limiter=_COUNTED)
            # whose line has ended while she waited for her turn waits for nothing more, and others wait behind her
            if await request.is_disconnected() and not await in_thread(_brings_something, body, house.settings.body_bytes):
                raise ClientDisconnect
            packed, figures = await in_thread(_unpack_and_work, house, request, body, work)
        return Response(packed, media_type=MEDIA_TYPE), figures

    return await answer(request, answered)


async def answer(request: Request, answered: Callable[[House], Awaitable[tuple[Response, dict[str, int]]]]) -> Response:
    """Return what ``answered`` returns, or the trouble that it met in words that a laptop understands; log and count it."""
    house: House = request.app.state.house
    began = time.perf_counter()
    request_id = str(uuid_utils.uuid7())
    figures: dict[str, int] = {}
    trouble: Trouble | None = None
    path = _path(request)
    try:
        response, figures = await answered(house)
    except RoundRefused as refused:
        if refused.trouble in (Trouble.UNKNOWN_LAPTOP, Trouble.REVOKED):
            refused = _as_stranger(house, request, refused)
        trouble = refused.trouble
        response = _trouble(trouble, refused.words, STATUS[trouble])
        if trouble is Trouble.TOO_MANY:
            response.headers["Retry-After"] = str(refused.wait or _WAIT)
    except TimeoutError:
        trouble = Trouble.MALFORMED
        response = _trouble(trouble, "the request took too long to arrive", 408)
    except ClientDisconnect:
        # an outreach line that broke is no fault; nobody hears the answer
        trouble = Trouble.MALFORMED
        response = _trouble(trouble, "the request broke off", CUT)
    except Exception as fault:  # noqa: BLE001 - whatever broke, the laptop must hear that its work is safe
        is_to_pass = is_away(fault)
        logger.exception(why_away(fault) if is_to_pass else "fault", extra={"facts": {"request": request_id, "path": path}})
        trouble = Trouble.SERVER_FAULT
        response = _trouble(trouble, f"request {request_id}", 503 if is_to_pass else STATUS[trouble])
        if is_to_pass:
            response.headers["Retry-After"] = str(_WAIT)
    took, status = time.perf_counter() - began, response.status_code
    try:
        house.metrics.note(path, _OUTCOMES.get(status, trouble or "ok"), took, figures)
    except OSError:
        # the folder of the figures may be gone, with whoever made it; the answer stands all the same
        logger.error("a figure was not counted")
    facts = {"request": request_id, "path": path, "status": status, "ms": round(took * 1000), "trouble": trouble, **figures}
    logger.info("cut" if status == CUT else "answered", extra={"facts": facts})
    if status != 200:
        # what nobody asks after is not said with every empty round; the log has it
        response.headers["X-Request-Id"] = request_id
        response.headers["Cache-Control"] = "no-store"
    return response


def address_of(request: Request) -> str:
    """Return for whose tries a request counts: its address, as far as it is known, or the network of one household."""
    return household(request.client.host) if request.client else ""


def _path(request: Request) -> str:
    """Return the route's own path: what somebody typed after it may name anybody."""
    path: str = getattr(request.scope.get("route"), "path", "")
    return path


def _as_stranger(house: House, request: Request, refused: RoundRefused) -> RoundRefused:
    """Return how to answer somebody without a credential that lets in: kindly, until it is tried too often.

    A laptop that was signed off counts for itself: colleagues beside it can still join.
    """
    is_known = refused.trouble is Trouble.REVOKED
    # the credential itself, however it is written in the header
    key = f"signed off {digest(bearer(request.headers.get('authorization')))}" if is_known else address_of(request)
    if house.strangers.take(key):
        return refused
    return RoundRefused(Trouble.TOO_MANY, "too many credentials were tried from this address", house.strangers.wait(key))


def newest() -> int:
    """Return the highest protocol number that is spoken here."""
    return PROTOCOL


def check_protocol(raw: Any) -> int:
    """Return the protocol number that ``raw`` names and is answered in; raise :class:`RoundRefused` unless it is spoken here.

    An older laptop understands nothing but its own number, so a server that was updated first answers it in that one.
    """
    spoken = raw.get("protocol") if isinstance(raw, dict) else None
    if not isinstance(spoken, int) or isinstance(spoken, bool):
        raise RoundRefused(Trouble.MALFORMED, "no protocol number")
    if spoken < OLDEST_SPOKEN:
        raise RoundRefused(Trouble.PROTOCOL_TOO_OLD, f"this server speaks {OLDEST_SPOKEN} to {PROTOCOL}")
    if spoken > PROTOCOL:
        raise RoundRefused(Trouble.PROTOCOL_TOO_NEW, f"this server speaks {OLDEST_SPOKEN} to {PROTOCOL}")
    return spoken


def _unpack_and_work(house: House, request: Request, body: bytes, work: Work) -> tuple[bytes, dict[str, int]]:
    try:
        raw = unpack(body, house.settings.body_bytes)
    except Unreadable as unreadable:
        trouble = Trouble.TOO_LARGE if isinstance(unreadable, TooMuch) else Trouble.MALFORMED
        raise RoundRefused(trouble, str(unreadable)) from unreadable
    return work(house, request, raw)


def _brings_something(body: bytes, most: int) -> bool:
    """Tell whether there is work in a request, which is taken although nobody hears the answer any more."""
    try:
        raw = unpack(body, most)
    except Unreadable:
        return False
    return isinstance(raw, dict) and any(raw.get(name) for name in _WORK)


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        # counted as it arrives: a length that the sender states proves nothing
        if len(body) > limit:
            raise RoundRefused(Trouble.TOO_LARGE, f"more than {limit} bytes")
    return bytes(body)


def _trouble(trouble: Trouble, words: str, status: int) -> Response:
    return Response(
        pack(TroubleReply(trouble=trouble, words=words, protocol=PROTOCOL)), status_code=status, media_type=MEDIA_TYPE
    )
