"""Unsent work that leaves a laptop by hand: sealed in a file that only the organisation can open.

The key comes from the hash of the laptop's credential, which the server keeps and which is destroyed here with the vault.
Nobody who holds only this laptop can open the file; the administrator can.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ValidationError

from sync.protocol.change import Change
from sync.protocol.messages import Carried, Look
from sync.sealing import NONCE_BYTES, cipher_for

MARK: Final = b"EWB outbox 2\n"
_WITH_CARRIED: Final = b"EWB outbox 3\n"
"""Marks files with colleagues' work: a server that does not know of it refuses the whole file, and never leaves that out."""
_CHANGES_ONLY: Final = b"EWB outbox 1\n"
"""Files from before looks were sealed too; somebody may still keep one."""
_ANY: Final = b"EWB outbox "
_NEWEST: Final = 3
_Kind = TypeVar("_Kind", bound=BaseModel)


class OutboxUnreadable(ValueError):
    """The file is no outbox, was altered, or belongs to another laptop."""


class NothingReadable(OutboxUnreadable):
    """Its own laptop sealed the file, and what is in it is no list of anything."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """What was not sent: what a worker wrote, who looked at what, and what she carries for colleagues, as they signed it."""

    changes: Sequence[Change]
    looks: Sequence[Look] = ()
    carried: Sequence[Carried] = ()
    unread: Sequence[Any] = ()
    """What else stands in a file that was opened, as it stands: of a newer program, or spoilt. The rest is good without it."""
    epoch: str | None = None
    """The server's epoch as the laptop knew it, in which the numbers that its changes name mean something; None: not told."""

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to seal."""
        return not (self.changes or self.looks or self.carried)


def seal(unsent: Outbox, credential: str) -> bytes:
    """Return the file that keeps ``unsent`` for whoever has the hash of ``credential``."""
    nonce, mark = os.urandom(NONCE_BYTES), _WITH_CARRIED if unsent.carried else MARK
    text = orjson.dumps(
        {
            "changes": [change.model_dump(mode="json") for change in unsent.changes],
            "looks": [look.model_dump(mode="json", warnings=False) for look in unsent.looks],
            "carried": [each.model_dump(mode="json") for each in unsent.carried],
            # a server that does not know of it leaves it out: then the numbers count as they stand
            "epoch": unsent.epoch,
        }
    )
    return mark + nonce + _cipher(credential_hash(credential), mark).encrypt(nonce, text, mark)


def unseal(file: bytes, kept_hash: str) -> Outbox:
    """Return what is in ``file``, by the hash that the server keeps; raises :class:`OutboxUnreadable`.

    Each change is read by itself, and looks come as they stand: one that cannot be read must not keep the work beside it from
    the server.
    """
    mark = file[: len(MARK)]
    if is_newer(file):
        raise OutboxUnreadable("this outbox was sealed by a newer program")
    if mark not in (MARK, _CHANGES_ONLY, _WITH_CARRIED):
        raise OutboxUnreadable("this file is no outbox")
    nonce, sealed = file[len(mark) : len(mark) + NONCE_BYTES], file[len(mark) + NONCE_BYTES :]
    try:
        text = _cipher(kept_hash, mark).decrypt(nonce, sealed, mark)
    except (InvalidTag, ValueError) as error:
        raise OutboxUnreadable("this outbox was altered or belongs to another laptop") from error
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NothingReadable("what is in this outbox cannot be read") from error
    held = {"changes": found} if mark == _CHANGES_ONLY else found
    unread: list[Any] = []
    changes = _read(Change, _list(held, "changes", unread), unread)
    carried = _read(Carried, _list(held, "carried", unread), unread)
    looks = _list(held, "looks", unread)
    unread += [each for each in looks if not isinstance(each, dict)]
    epoch = held.get("epoch") if isinstance(held, dict) else None
    known = [_as_it_stands(each) for each in looks if isinstance(each, dict)]
    return Outbox(changes, known, carried, unread, epoch if isinstance(epoch, str) else None)


def _as_it_stands(look: dict[str, Any]) -> Look:
    """Return a look without looking at what it says: the server does, and keeps the place of one that cannot be read."""
    return Look.model_construct(**{name: value for name, value in look.items() if name in Look.model_fields})


def _list(held: Any, name: str, unread: list[Any]) -> Sequence[Any]:
    """Return what stands under ``name``; whatever stands there and is no list is added to ``unread``, once."""
    if not isinstance(held, dict):
        unread += [] if unread else [held]
        return ()
    told = held.get(name, [])
    if isinstance(told, list):
        return told
    unread.append(told)
    return ()


def is_outbox(file: bytes) -> bool:
    """Tell from its beginning whether a file is sealed work, of whatever program."""
    return file.startswith(_ANY)


def is_newer(file: bytes) -> bool:
    """Tell whether a newer program than this one sealed the file."""
    number = file.removeprefix(_ANY).partition(b"\n")[0] if file.startswith(_ANY) else b""
    return number[:4].isdigit() and int(number[:4]) > _NEWEST


def _read(kind: type[_Kind], held: Sequence[Any], unread: list[Any]) -> list[_Kind]:
    """Return those of ``held`` that can be read; the others are added to ``unread``."""
    read: list[_Kind] = []
    for each in held:
        try:
            read.append(kind.model_validate(each))
        except ValidationError:
            unread.append(each)
    return read


def credential_hash(credential: str) -> str:
    """Return what the server keeps of a credential."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _cipher(kept_hash: str, mark: bytes) -> AESGCM:
    return cipher_for(bytes.fromhex(kept_hash), mark)
