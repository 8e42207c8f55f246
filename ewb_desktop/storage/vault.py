"""One worker's vault: the encrypted file, the slots that open it, and what happens when they do not; nothing is recreated."""

from __future__ import annotations

import contextlib
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from uuid_utils import uuid7

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.errors import (
    DamagedFile,
    DamagedHeader,
    NoBackup,
    NoKeyFile,
    WaitBeforeTrying,
    WorkerCanAct,
    WrongPassphrase,
    WrongRecoveryKey,
)
from ewb_desktop.storage.file import aside_files, backups
from ewb_desktop.storage.file.header import Header, copy_header, has_header, header_in, read_header, wipe_header, write_header
from ewb_desktop.storage.file.key_slots import Cost, SlotKind, WrongSecret, key_mark, make_slot, open_slot
from ewb_desktop.storage.file.keyed import KEY_BYTES, connect_keyed, translated
from ewb_desktop.storage.file.passphrase import check_passphrase, secret
from ewb_desktop.storage.file.recovery_key import new_recovery_key, read_recovery_key
from ewb_desktop.storage.file.throttle import TRIES, Throttle
from ewb_desktop.whole_file import write_whole

if TYPE_CHECKING:
    from ewb_desktop.storage.store import Store

RECORDS = "records.ewb"
SHOWN = "key-shown"
"""Stands beside the file from when a recovery key is shown until it was typed back. Older vaults never had it: theirs is kept."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A vault that was opened: where its file is, the key to it, and whose it is. Wipe it once the store has been opened."""

    path: Path
    key: bytearray = field(repr=False)
    worker: str
    worker_name: str
    device: str
    has_recovery_key: bool = True
    """False after a change of key was cut off: no paper opens this file until another recovery key is made."""

    def store(self, clock: Clock) -> Store:
        """Open the file; the store has a key of its own."""
        # SQLAlchemy is not loaded before somebody unlocks: the lock screen is painted first
        from ewb_desktop.storage.store import open_store

        return open_store(self.path, self.key, author=self.worker, device=self.device, clock=clock)

    def wipe(self) -> None:
        """Overwrite the key."""
        self.key[:] = bytes(len(self.key))


class Vault:
    """The folder of one worker on this laptop. ``cost`` is for slots that are made from now on."""

    def __init__(self, folder: Path, clock: Clock, cost: Cost | None = None) -> None:
        self.folder = folder
        self.path = folder / RECORDS
        self.backups = folder / "backups"
        self.throttle = Throttle(folder / TRIES, clock)
        self._clock = clock
        self._cost = cost or Cost()

    @classmethod
    def create(
        cls, folder: Path, clock: Clock, *, worker: str, worker_name: str, device: str, passphrase: str, cost: Cost | None = None
    ) -> tuple[Opened, str]:
        """Make the vault in ``folder``, which must not exist; return it opened, and the recovery key to be printed.

        Raises ``WeakPassphrase`` before anything is written. The header is written last: a folder without one is no vault.
        """
        from ewb_desktop.storage.migrate import bring_up_to_date

        check_passphrase(passphrase, (worker_name,))
        folder.mkdir(mode=0o700, parents=True)
        vault = cls(folder, clock, cost)
        key = bytearray(secrets.token_bytes(KEY_BYTES))
        bring_up_to_date(vault.path, key, clock, create=True)
        recovery = new_recovery_key()
        header = Header(str(uuid7()), worker, worker_name, device)
        header = replace(header, slots=vault._slots(header, key, passphrase, recovery))
        write_whole(folder / SHOWN, b"")
        write_header(folder, header)
        return vault._opened(header, key), recovery

    def open(self, passphrase: str) -> Opened:
        """Open with the passphrase.

        Raises ``WaitBeforeTrying`` without looking, ``WrongPassphrase``, ``DamagedHeader``, ``DamagedFile`` or ``NewerFile``.
        """
        header = read_header(self.folder)
        return self._opened(*self._key(header, SlotKind.PASSPHRASE, secret(passphrase)))

    def open_with_recovery(self, recovery_key: str, new_passphrase: str) -> Opened:
        """Open with the printed key and set a new passphrase; raises ``WrongRecoveryKey`` or ``WeakPassphrase``."""
        header = read_header(self.folder)
        check_passphrase(new_passphrase, (header.worker_name,))
        header, key = self._key(header, SlotKind.RECOVERY, read_recovery_key(recovery_key))
        self._set_passphrase(header, key, new_passphrase)
        self.note_key_kept()
        return self._opened(header, key)

    def check(self, typed: str) -> None:
        """Raise ``WrongPassphrase`` or ``WrongRecoveryKey`` unless ``typed`` is the passphrase or the recovery key."""
        header = read_header(self.folder)
        try:
            kind, known = SlotKind.RECOVERY, read_recovery_key(typed)
        except WrongRecoveryKey:
            kind, known = SlotKind.PASSPHRASE, secret(typed)
        _, key = self._key(header, kind, known)
        key[:] = bytes(len(key))

    def has_kept_key(self) -> bool:
        """Return whether somebody has the recovery key: False when the laptop stopped while it was shown."""
        return not (self.folder / SHOWN).exists()

    def note_key_kept(self) -> None:
        """The recovery key was typed back from its paper."""
        with contextlib.suppress(OSError):
            # then the worker is asked once more to make one, which loses nothing
            (self.folder / SHOWN).unlink(missing_ok=True)

    def change_passphrase(self, old: str, new: str) -> None:
        """Put ``new`` in the place of ``old``; one slot is rewritten, the records are not touched."""
        header = read_header(self.folder)
        header, key = self._key(header, SlotKind.PASSPHRASE, secret(old))
        check_passphrase(new, (header.worker_name,))
        self._set_passphrase(header, key, new)

    def change_key(self, passphrase: str) -> str:
        """Encrypt the closed file anew under another key; return the new recovery key. The old backups go: their key is gone.

        In two phases: slots for the new key stand beside the old ones before a page is written, so that the passphrase opens
        the file wherever this is cut off.
        """
        header = read_header(self.folder)
        header, old = self._key(header, SlotKind.PASSPHRASE, secret(passphrase))
        new, recovery = bytearray(secrets.token_bytes(KEY_BYTES)), new_recovery_key()
        fresh = self._slots(header, new, passphrase, recovery)
        aside_files.keep_slots(self.path, header)
        unseen = {slot: {**kept, "unseen": kept["kind"] == SlotKind.RECOVERY} for slot, kept in fresh.items()}
        write_header(self.folder, replace(header, slots={**header.slots, **unseen}))
        with translated():
            connection = connect_keyed(self.path, old)
            try:
                # with a log beside it the pages would be under two keys for a while
                connection.execute("PRAGMA journal_mode = DELETE").fetchall()
                connection.execute(f"PRAGMA rekey = \"x'{bytes(new).hex()}'\"").fetchall()
            finally:
                connection.close()
        copy = backups.back_up(self.path, new, self.backups, self._clock, why="new-key")
        write_whole(self.folder / SHOWN, b"")
        write_header(self.folder, replace(header, slots=fresh))
        backups.drop_all_but(self.backups, copy)
        aside_files.discard_taken(self.path)
        return recovery

    def rename(self, *, worker: str | None = None, worker_name: str | None = None) -> None:
        """Say anew whose vault it is, after enrolment has told the worker's id or name."""
        header = read_header(self.folder)
        write_header(self.folder, replace(header, worker=worker or header.worker, worker_name=worker_name or header.worker_name))

    def back_up(self, key: bytes | bytearray, folder: Path | None = None, why: str = "daily") -> Path:
        """Copy the file, which may be in use, beside itself, or into a folder of its own in ``folder``.

        Of its own, because several workers may use one memory stick, and seven copies of each stay. The header goes with the
        copy, so that it can be opened on any laptop.
        """
        if folder is None:
            return backups.back_up(self.path, key, self.backups, self._clock, why)
        header = read_header(self.folder)
        copy = backups.back_up(self.path, key, folder / header.database, self._clock, why)
        copy_header(copy.parent, header)
        return copy

    def restore(self, backup: Path, passphrase: str) -> Path | None:
        """Put ``backup`` in the place of the closed file and return where what stood there is kept.

        The passphrase may be of this vault, or the one from when the backup was made: then the header beside the backup opens
        it, and is taken over. A vault without a readable header takes the one beside the backup. Raises ``NoKeyFile``
        when there is neither, ``WrongPassphrase``, ``NoBackup``; nothing is moved then.
        """
        return self._restore(backup, SlotKind.PASSPHRASE, secret(passphrase))[2]

    def restore_with_recovery(self, backup: Path, recovery_key: str, new_passphrase: str) -> Path | None:
        """Do as :meth:`restore` with the printed key, and set a new passphrase.

        Raises ``WrongRecoveryKey`` or ``WeakPassphrase`` too; nothing is moved then.
        """
        typed = read_recovery_key(recovery_key)
        named = _own(self.folder) or header_in(backup.parent)
        check_passphrase(new_passphrase, (named.worker_name,) if named is not None else ())
        header, key, aside = self._restore(backup, SlotKind.RECOVERY, typed)
        self._set_passphrase(header, key, new_passphrase)
        self.note_key_kept()
        return aside

    def _restore(self, backup: Path, kind: SlotKind, typed: bytes) -> tuple[Header, bytearray, Path | None]:
        own, beside = _own(self.folder), header_in(backup.parent)
        known = [header for header in (own, beside) if header is not None and (own is None or header.database == own.database)]
        if not known:
            raise NoKeyFile
        if not backup.is_file():
            raise NoBackup
        for header, key in self._keys(known, kind, typed):
            try:
                backups.verify(backup, key)
            except DamagedFile:
                # several keys when the key was changed since, or a change was cut off: the backup is under one of them
                continue
            before = {} if own is None else own.slots
            # all the slots until the file is there: wherever this is cut off the passphrase opens what is there
            write_header(self.folder, replace(own or header, slots={**before, **header.slots}))
            # the key was changed since the backup: what is set aside is under the later one
            is_other = any(kept.get("opens", "") != key_mark(key) for kept in before.values())
            aside = backups.restore(backup, self.path, key, self._clock, own if is_other else None)
            restored = replace(own or header, slots=header.slots)
            write_header(self.folder, restored)
            return restored, key, aside
        raise NoBackup

    def destroy(self) -> None:
        """Destroy the keys, then the closed file and its backups; there is no way back. What is unsent must be sent before."""
        self.destroy_keys()
        shutil.rmtree(self.folder)

    def has_keys(self) -> bool:
        """Say whether something here can still be opened with a passphrase or a recovery key."""
        return has_header(self.folder)

    def destroy_keys(self) -> None:
        """Destroy the keys alone: the file, which may still be open, and its backups are noise from then on."""
        wipe_header(self.folder)
        aside_files.wipe_slots(self.path)

    def _opened(self, header: Header, key: bytearray) -> Opened:
        has_recovery = any(kept["kind"] == SlotKind.RECOVERY for kept in header.slots.values())
        return Opened(self.path, key, header.worker, header.worker_name, header.device, has_recovery)

    def _key(self, header: Header, kind: SlotKind, typed: bytes) -> tuple[Header, bytearray]:
        """Return the key that opens the file, and the header without the slots of a change of key that was cut off."""
        keys = [key for _, key in self._keys([header], kind, typed)]
        if not self.path.exists() or not self.path.stat().st_size:
            raise DamagedFile("Your file on this laptop is empty or missing")
        for key in keys:
            try:
                connect_keyed(self.path, key, pragmas=False).close()
            except DamagedFile:
                continue
            return self._settled(header, key), key
        if kind is SlotKind.RECOVERY and len({kept.get("opens") for kept in header.slots.values()}) > 1:
            raise WrongRecoveryKey(
                "Your key was being changed when the laptop stopped, so this recovery key may not open your file any more. "
                "Nothing is lost. Use your passphrase. You can then make a new recovery key in Settings."
            )
        raise DamagedFile

    def _settled(self, header: Header, key: bytearray) -> Header:
        mark = key_mark(key)
        kept = {
            slot: made for slot, made in header.slots.items() if made.get("opens", mark) == mark and not made.get("unseen", False)
        }
        if kept == header.slots:
            return header
        settled = replace(header, slots=kept)
        with contextlib.suppress(WorkerCanAct):
            # a full disk keeps nobody out; it is tried again at the next unlocking
            write_header(self.folder, settled)
        return settled

    def _keys(self, headers: Sequence[Header], kind: SlotKind, typed: bytes) -> list[tuple[Header, bytearray]]:
        """Return every key that ``typed`` opens, and whose header holds it; one try, however many slots are looked at."""
        wait = self.throttle.wait_seconds()
        if wait > 0:
            raise WaitBeforeTrying(wait)
        wait = self.throttle.count()
        found = []
        for header in headers:
            for slot, kept in header.slots.items():
                if kept["kind"] == kind:
                    with contextlib.suppress(WrongSecret):
                        found.append((header, open_slot(slot, kept, typed, header.database)))
        if not found:
            if kind is SlotKind.RECOVERY:
                raise WrongRecoveryKey(
                    "This recovery key belongs to another file. Nothing is lost. Look for the one that was printed last."
                )
            raise WrongPassphrase(wait)
        self.throttle.forget()
        return found

    def _slots(self, header: Header, key: bytearray, passphrase: str, recovery: str) -> dict[str, dict[str, object]]:
        named = {str(uuid7()): SlotKind.PASSPHRASE, str(uuid7()): SlotKind.RECOVERY}
        secrets_of = {SlotKind.PASSPHRASE: secret(passphrase), SlotKind.RECOVERY: read_recovery_key(recovery)}
        return {slot: make_slot(slot, kind, secrets_of[kind], key, header.database, self._cost) for slot, kind in named.items()}

    def _set_passphrase(self, header: Header, key: bytearray, passphrase: str) -> None:
        slot = str(uuid7())
        kept = {id_: kept for id_, kept in header.slots.items() if kept["kind"] != SlotKind.PASSPHRASE}
        made = make_slot(slot, SlotKind.PASSPHRASE, secret(passphrase), key, header.database, self._cost)
        write_header(self.folder, replace(header, slots={**kept, slot: made}))


def _own(folder: Path) -> Header | None:
    try:
        return read_header(folder)
    except DamagedHeader:
        return None
