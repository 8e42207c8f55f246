"""A file from one laptop to another: sealed so that only the receiving laptop opens it, signed by the one that made it.

::

    mark | length of the head, 4 bytes | head, JSON | sealed content | signature, 64 bytes

The head says, for everybody to read, from which laptop and for which, and the key made for this file alone. The content is JSON,
compressed, then sealed under what X25519 makes of that key and the receiver's (HKDF-SHA256, AES-GCM with the head as its
companion). The signature (Ed25519) stands over everything before it. Whoever carries the file learns two ids, a time and a size.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, Final

import orjson
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from sync.keys import LaptopKeys, is_signed
from sync.sealing import NONCE_BYTES, cipher_for

MARK: Final = b"EWB parcel 1\n"
MOST_BYTES: Final = 256 << 20
"""Most bytes of the content, unpacked."""

_SIGNATURE = 64
_HEAD_BYTES = 4096
_NONCE = bytes(NONCE_BYTES)
"""A key seals one file and no other, so its one nonce never comes twice."""


class ParcelUnreadable(ValueError):
    """The file is no parcel, or a newer program's, or was cut or altered on its way, or is sealed for another laptop."""


@dataclass(frozen=True, slots=True)
class Head:
    """What everybody may read of a parcel: the ids of two laptops of one organisation, and when it was made."""

    organisation: str
    sender: str
    receiver: str
    made_at: str
    ephemeral: str = ""


def seal(head: Head, content: dict[str, Any], keys: LaptopKeys, sealing_key: str) -> bytes:
    """Return the file that brings ``content`` to the laptop whose public ``sealing_key`` (hex) this is."""
    once = X25519PrivateKey.generate()
    told = {
        "organisation": head.organisation, "sender": head.sender, "receiver": head.receiver, "made_at": head.made_at,
        "ephemeral": once.public_key().public_bytes_raw().hex(),
    }  # fmt: skip
    text = orjson.dumps(told)
    opening = MARK + struct.pack(">I", len(text)) + text
    shared = once.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(sealing_key)))
    packed = zstandard.ZstdCompressor(level=9).compress(orjson.dumps(content))
    file = opening + cipher_for(shared, opening).encrypt(_NONCE, packed, opening)
    return file + keys.signing.sign(file)


def read_head(file: bytes) -> Head:
    """Return what the file says of itself, which nobody has vouched for yet; raises :class:`ParcelUnreadable`."""
    return _head(file)[0]


def unseal(file: bytes, keys: LaptopKeys, signing_key: str) -> dict[str, Any]:
    """Return the content, by the receiver's ``keys`` and the sender's ``signing_key``; raises :class:`ParcelUnreadable`."""
    head, end = _head(file)
    signed, signature = file[:-_SIGNATURE], file[-_SIGNATURE:]
    if len(file) < end + _SIGNATURE or not is_signed(signed, signature, signing_key):
        raise ParcelUnreadable("the file was altered or cut short, or another laptop made it")
    try:
        shared = keys.sealing.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(head.ephemeral)))
        packed = cipher_for(shared, signed[:end]).decrypt(_NONCE, signed[end:], signed[:end])
        if not 0 <= zstandard.frame_content_size(packed) <= MOST_BYTES:
            raise ParcelUnreadable("the file holds more than agreed")
        content = orjson.loads(zstandard.ZstdDecompressor().decompress(packed))
    except (InvalidTag, ValueError, zstandard.ZstdError) as error:
        raise ParcelUnreadable("the file does not open here") from error
    if not isinstance(content, dict):
        raise ParcelUnreadable("the file does not hold what a parcel holds")
    return content


def _head(file: bytes) -> tuple[Head, int]:
    start = len(MARK) + 4
    if not file.startswith(MARK) or len(file) < start:
        raise ParcelUnreadable("this file is no parcel of this program")
    (length,) = struct.unpack(">I", file[len(MARK) : start])
    if length > _HEAD_BYTES:
        raise ParcelUnreadable("the file was altered")
    try:
        told = orjson.loads(file[start : start + length])
        head = Head(*(str(told[name]) for name in Head.__slots__))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise ParcelUnreadable("the file was altered or cut short") from error
    return head, start + length
