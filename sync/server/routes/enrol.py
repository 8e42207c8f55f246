"""POST /v1/enrol: a one-time code becomes a laptop's credential."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from sync.one_time_code import read_code
from sync.packing import pack
from sync.protocol.errors import Trouble
from sync.protocol.messages import EnrolRequest
from sync.server.admission.auth import enrol
from sync.server.damage.retold import tell_counter_again
from sync.server.listening.asking import as_agreed
from sync.server.listening.exchange import House, address_of, exchange
from sync.server.pushing.checking import is_id
from sync.server.records import audit
from sync.server.trouble import RoundRefused

router: Final = APIRouter()


@router.post("/v1/enrol")
async def post_enrol(request: Request) -> Response:
    """Let a laptop in by its worker's code."""
    return await exchange(request, _enrol)


def _enrol(house: House, request: Request, raw: Any) -> tuple[bytes, dict[str, int]]:
    address = address_of(request)
    if not house.strangers.take(address):
        raise RoundRefused(Trouble.TOO_MANY, "too many codes were tried from this address", house.strangers.wait(address))
    asked = as_agreed(raw, EnrolRequest)
    if not is_id(asked.device) or not asked.device_name.isprintable():
        raise RoundRefused(Trouble.MALFORMED, "not as agreed: device")
    try:
        return _joined(house, asked), {}
    except audit.EndLost:
        organisation, _ = read_code(asked.code) or ("", "")
        with house.database.writing() as connection:
            tell_counter_again(connection, organisation, house.clock())
    # nothing of it was kept: the code is unused
    return _joined(house, asked), {}


def _joined(house: House, asked: EnrolRequest) -> bytes:
    with house.database.writing() as connection:
        return pack(enrol(connection, asked, house.clock()))
