"""Unsent work that leaves a laptop by hand: sealed in a file that only the organisation can open.

The key comes from the hash of the laptop's credential, which the server keeps and which is destroyed here with the vault.
Nobody who holds only this laptop can open the file; the administrator can.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.protocol.change import Change

MARK = b"EWB outbox 1\n"
_NONCE = 12


class OutboxUnreadable(ValueError):
    """The file is no outbox, was altered, or belongs to another laptop."""


def seal(changes: Sequence[Change], credential: str) -> bytes:
    """Return the file that keeps ``changes`` for whoever has the hash of ``credential``."""
    nonce = os.urandom(_NONCE)
    text = orjson.dumps([change.model_dump(mode="json") for change in changes])
    return MARK + nonce + AESGCM(_key(credential_hash(credential))).encrypt(nonce, text, MARK)


def unseal(file: bytes, kept_hash: str) -> list[Change]:
    """Return the changes in ``file``, by the hash that the server keeps; raises :class:`OutboxUnreadable`."""
    if not file.startswith(MARK):
        raise OutboxUnreadable("this file is no outbox")
    nonce, sealed = file[len(MARK) : len(MARK) + _NONCE], file[len(MARK) + _NONCE :]
    try:
        text = AESGCM(_key(kept_hash)).decrypt(nonce, sealed, MARK)
    except (InvalidTag, ValueError) as error:
        raise OutboxUnreadable("this outbox was altered or belongs to another laptop") from error
    return [Change.model_validate(each) for each in orjson.loads(text)]


def credential_hash(credential: str) -> str:
    """Return what the server keeps of a credential."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _key(kept_hash: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=MARK).derive(bytes.fromhex(kept_hash))
