"""The file of a backup: lines of JSON, compressed, sealed under a key if there is one, and a digest over all of it at the end.

Layout: ``MARK``, one line of JSON that says how it was made, blocks (4 bytes of length, then the block), a length of 0, and the
SHA-256 of everything before it. A block is a piece of the zstd stream; when sealed, AES-GCM of it under a key derived from the
key file for this backup alone, with the block's number and whether it is the last bound in.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.sealing import cipher_for
from sync.server.own_files import emptied_file, new_file

MARK: Final = b"EWB backup 1\n"
BLOCK: Final = 1 << 20
_LONGEST_BLOCK: Final = BLOCK + 4096
_LONGEST_LINE: Final = 1 << 28
_DIGEST: Final = 32
_KEY_BYTES: Final = 32


class CopyUnreadable(ValueError):
    """The file cannot be used: it is no backup, was cut or altered, or the key is another one; the message says which."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a backup was made. ``revision`` is the version of the tables in it."""

    made_at: str
    revision: str
    is_sealed: bool
    salt: str = ""


def write_copy(file: Path, made: Made, lines: Iterable[bytes], key: bytes | None) -> str:
    """Write ``lines`` to ``file``, whole or not at all, readable by its owner only; return the digest."""
    part = file.with_name(file.name + ".part")
    salt = os.urandom(16)
    told = {"made_at": made.made_at, "revision": made.revision, "sealed": key is not None, "salt": salt.hex() if key else ""}
    try:
        with emptied_file(part) as out:
            digest = hashlib.sha256()
            for piece in _pieces(orjson.dumps(told) + b"\n", lines, _cipher(key, salt)):
                digest.update(piece)
                out.write(piece)
            out.write(digest.digest())
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def check_copy(file: Path) -> Made:
    """Return how ``file`` was made, once its digest proves right; raises :class:`CopyUnreadable` otherwise."""
    with file.open("rb") as read:
        made = _opening(read)
        read.seek(0)
        left = file.stat().st_size - _DIGEST
        digest = hashlib.sha256()
        while left > 0:
            piece = read.read(min(BLOCK, left))
            if not piece:
                break
            digest.update(piece)
            left -= len(piece)
        if left != 0 or read.read() != digest.digest():
            raise CopyUnreadable("the backup is damaged or not whole: its digest is not right. Use another one")
    return made


def read_copy(file: Path, key: bytes | None) -> Iterator[Any]:
    """Yield the lines of ``file``; :func:`check_copy` first. Raises :class:`CopyUnreadable` when the key does not open it."""
    with file.open("rb") as read:
        made = _opening(read)
        if made.is_sealed and key is None:
            raise CopyUnreadable("the backup is sealed: name its key file with --key-file or EWB_BACKUP_KEY_FILE")
        plain = _unsealed(read, _cipher(key if made.is_sealed else None, bytes.fromhex(made.salt)))
        unpacking = zstandard.ZstdDecompressor().decompressobj()
        rest = b""
        for block in plain:
            rest += unpacking.decompress(block)
            *lines, rest = rest.split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise CopyUnreadable("the backup holds a line that is longer than any row")
            for line in lines:
                yield orjson.loads(line)


def read_key(file: Path) -> bytes:
    """Return the key in ``file``: 64 hexadecimal digits. Raises :class:`CopyUnreadable` when it holds something else."""
    try:
        key = bytes.fromhex(file.read_text("ascii").strip())
    except OSError as fault:
        words = f"the key {file} cannot be read ({fault.strerror}): name the file that `ewb-server backup-key` made"
        raise CopyUnreadable(words) from fault
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise CopyUnreadable(f"{file} holds no key of backups: name the file that `ewb-server backup-key` made")
    return key


def new_key(file: Path) -> None:
    """Make a key in ``file``, which must not be there yet: the backups of an overwritten key could never be opened again."""
    with new_file(file) as out:
        out.write(os.urandom(_KEY_BYTES).hex().encode() + b"\n")


def _pieces(told: bytes, lines: Iterable[bytes], cipher: AESGCM | None) -> Iterator[bytes]:
    yield MARK + told
    packing = zstandard.ZstdCompressor(level=6, write_checksum=True).compressobj()
    waiting, number = bytearray(), 0
    for line in chain(lines, [None]):
        waiting += packing.flush() if line is None else packing.compress(line + b"\n")
        while len(waiting) > BLOCK:
            yield _block(bytes(waiting[:BLOCK]), number, cipher, is_last=False)
            del waiting[:BLOCK]
            number += 1
    yield _block(bytes(waiting), number, cipher, is_last=True)
    yield (0).to_bytes(4, "big")


def _block(plain: bytes, number: int, cipher: AESGCM | None, *, is_last: bool) -> bytes:
    sealed = cipher.encrypt(_nonce(number, is_last), plain, MARK) if cipher else plain
    return len(sealed).to_bytes(4, "big") + sealed


def _unsealed(read: BinaryIO, cipher: AESGCM | None) -> Iterator[bytes]:
    number, block = 0, _next_block(read)
    while block:
        following = _next_block(read)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), block, MARK) if cipher else block
        except InvalidTag as fault:
            raise CopyUnreadable("this key does not open the backup") from fault
        block, number = following, number + 1


def _next_block(read: BinaryIO) -> bytes:
    length = int.from_bytes(read.read(4), "big")
    if length > _LONGEST_BLOCK:
        raise CopyUnreadable("the backup is damaged")
    return read.read(length)


def _nonce(number: int, is_last: bool) -> bytes:
    # the key is this backup's own, so counting is enough
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes | None, salt: bytes) -> AESGCM | None:
    if key is None:
        return None
    return cipher_for(key, MARK, salt)


def _opening(read: BinaryIO) -> Made:
    if read.read(len(MARK)) != MARK:
        raise CopyUnreadable("this file is no backup of this server")
    try:
        told = orjson.loads(read.readline(4096))
        return Made(str(told["made_at"]), str(told["revision"]), bool(told["sealed"]), str(told["salt"]))
    except (orjson.JSONDecodeError, KeyError, TypeError) as fault:
        raise CopyUnreadable("the backup is damaged: it does not say how it was made") from fault
