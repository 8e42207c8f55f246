"""Changes that a colleague's laptop carries to the server: signed by the laptop where they were made, and read again there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from sync.keys import LaptopKeys, is_signed
from sync.protocol.change import Change
from sync.protocol.messages import Carried

_MARK: Final = b"EWB carried change 1\n"
"""Signed with the text, so that a signature of this kind is never taken for one of another."""


class NotSigned(ValueError):
    """The text was not signed by the laptop that it names, or it was altered since."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a carried text says. ``raw`` is the change as it would have been pushed; ``epoch`` is that of its ``base``."""

    organisation: str
    epoch: str | None
    device: str
    raw: dict[str, Any]


def sign(change: Change, organisation: str, epoch: str | None, keys: LaptopKeys) -> Carried:
    """Return ``change`` as another laptop may carry it."""
    text = orjson.dumps({"organisation": organisation, "epoch": epoch, "change": change.model_dump(mode="json")})
    return Carried(id=change.id, text=text.decode(), signature=keys.signing.sign(_MARK + text).hex())


def read(carried: Carried) -> Brought:
    """Return what the text says, whoever signed it; raises :class:`NotSigned` when it is none."""
    try:
        said = orjson.loads(carried.text)
        raw, organisation, epoch = said["change"], said["organisation"], said["epoch"]
        if raw["id"] != carried.id or not isinstance(raw["device"], str) or not isinstance(organisation, str):
            raise NotSigned("this text is not about the change that it is sent as")
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise NotSigned("this is no carried change") from error
    return Brought(organisation, epoch if isinstance(epoch, str) else None, raw["device"], raw)


def is_from(carried: Carried, signing_key: str) -> bool:
    """Tell whether the laptop with this public key signed exactly this text."""
    try:
        signature = bytes.fromhex(carried.signature)
    except ValueError:
        return False
    return is_signed(_MARK + carried.text.encode(), signature, signing_key)
