"""The random key of a file, wrapped for whoever may open it: argon2id makes a key from a secret, AES-256-GCM wraps with it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


class SlotKind(StrEnum):
    """Whose secret opens a slot."""

    PASSPHRASE = "passphrase"  # noqa: S105
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard it is to derive a key: memory in KiB, passes, lanes. The default is the second choice of RFC 9106."""

    memory: int = 65536
    passes: int = 3
    lanes: int = 4


class WrongSecret(Exception):
    """This secret does not open this slot."""


def make_slot(slot: str, kind: SlotKind, secret: bytes, key: bytes | bytearray, database: str, cost: Cost) -> dict[str, Any]:
    """Return the slot, as it stands in the header, in which ``secret`` wraps ``key`` for the database of that id."""
    about = {
        "kind": kind.value,
        "kdf": {"name": "argon2id", "memory": cost.memory, "passes": cost.passes, "lanes": cost.lanes},
        "salt": base64.b64encode(secrets.token_bytes(16)).decode(),
    }
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_derive(secret, about)).encrypt(nonce, bytes(key), _about(slot, about, database))
    return {
        **about, "nonce": base64.b64encode(nonce).decode(), "sealed": base64.b64encode(sealed).decode(), "opens": key_mark(key),
    }  # fmt: skip


def key_mark(key: bytes | bytearray) -> str:
    """Return what tells one key from another and says nothing else about it: slots of a change of key that was cut off."""
    return hashlib.sha256(b"ewb key mark" + bytes(key)).hexdigest()[:16]


def open_slot(slot: str, kept: dict[str, Any], secret: bytes, database: str) -> bytearray:
    """Return the key, or raise :class:`WrongSecret`: also for a slot that was moved here or whose parameters were changed."""
    about = {name: kept[name] for name in ("kind", "kdf", "salt")}
    nonce, sealed = base64.b64decode(kept["nonce"]), base64.b64decode(kept["sealed"])
    try:
        return bytearray(AESGCM(_derive(secret, about)).decrypt(nonce, sealed, _about(slot, about, database)))
    except InvalidTag as error:
        raise WrongSecret from error


def _about(slot: str, about: dict[str, Any], database: str) -> bytes:
    return json.dumps([database, slot, about], sort_keys=True).encode()


def _derive(secret: bytes, about: dict[str, Any]) -> bytes:
    kdf = about["kdf"]
    memory, passes, lanes = int(kdf["memory"]), int(kdf["passes"]), int(kdf["lanes"])
    if kdf["name"] != "argon2id" or not (8 <= memory <= 1 << 21 and 1 <= passes <= 20 and 1 <= lanes <= 16):
        # a doctored header must not make this laptop work for hours
        raise WrongSecret("parameters out of bounds")
    salt = base64.b64decode(about["salt"])
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(secret)
