"""A laptop that was signed off, sealed under the key of the backups: a restored server that never heard of it can tell it so.

What the server keeps of a laptop's credential lets nobody in, but opens what the laptop sealed: it leaves the database only so.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from pydantic import BaseModel, ConfigDict, ValidationError

from sync.sealing import NONCE_BYTES, cipher_for

_MARK: Final = b"EWB signed-off laptop 1"


class Laptop(BaseModel):
    """What a server has of a laptop and of her whose it is."""

    model_config = ConfigDict(frozen=True)

    credential_hash: str
    name: str
    enrolled_at: str
    worker: str
    worker_name: str
    role: str
    areas: tuple[str, ...]


def seal(key: bytes, organisation: str, id_: str, laptop: Laptop) -> str:
    """Return ``laptop`` sealed, bound to its organisation and id."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher_for(key, _MARK).encrypt(nonce, laptop.model_dump_json().encode(), _bound(organisation, id_))
    return base64.b64encode(nonce + sealed).decode()


def unseal(key: bytes, organisation: str, id_: str, text: str) -> Laptop | None:
    """Return the laptop in ``text``; None when it was sealed under another key, for another laptop, or altered."""
    try:
        raw = base64.b64decode(text, validate=True)
        return Laptop.model_validate_json(
            cipher_for(key, _MARK).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(organisation, id_))
        )
    except (binascii.Error, InvalidTag, ValidationError, ValueError):
        return None


def _bound(organisation: str, id_: str) -> bytes:
    return f"{organisation}\n{id_}".encode()
