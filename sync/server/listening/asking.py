"""A laptop asks: whose it is, whether it is its turn, and what it asks; each route begins with it."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection

from sync.protocol.errors import Trouble
from sync.server.admission.auth import Admitted, admit, bearer
from sync.server.listening.exchange import House, check_protocol
from sync.server.trouble import RoundRefused

_Asked = TypeVar("_Asked", bound=BaseModel)


def let_in(house: House, connection: Connection, header: str | None) -> Admitted:
    """Return whose laptop this is, by its ``Authorization`` header, and use one of its turns.

    Raises :class:`RoundRefused` when it is unknown, was signed off, or asks too often.
    """
    admitted = admit(connection, bearer(header))
    laptop = f"{admitted.grant.organisation}/{admitted.grant.device}"
    if not house.turns.take(laptop):
        raise RoundRefused(Trouble.TOO_MANY, "this laptop asks too often", house.turns.wait(laptop))
    return admitted


def as_agreed(raw: Any, kind: type[_Asked]) -> _Asked:
    """Return what ``raw`` asks; raise :class:`RoundRefused` when its protocol is not spoken here, or it is not as agreed."""
    check_protocol(raw)
    try:
        return kind.model_validate(raw)
    except ValidationError:
        raise RoundRefused(Trouble.MALFORMED, "not as agreed") from None
