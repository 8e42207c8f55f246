"""The doors of this laptop: every worker's vault as the lock screen and the first start use it. No window in here.

Heavy rooms (SQLAlchemy, cryptography, the network) are loaded when a door is opened, never before the first paint.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.areas import ALONE
from ewb_desktop.storage.errors import WeakPassphrase
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.ui.lock.presenter import Door
from ewb_desktop.whole_file import write_whole

if TYPE_CHECKING:
    from ewb_desktop.storage.store import Store
    from ewb_desktop.storage.vault import Opened
    from ewb_desktop.syncing.engine import OpenWire
    from ewb_desktop.ui.firstrun.presenter import Made, NewWorker

_TO_SEND = "to-send"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An open door: the store behind it, whose it is, and the key for backups until :meth:`shut`."""

    vault: str
    store: Store
    worker_name: str
    key: bytearray = field(repr=False)
    has_recovery_key: bool = True

    def shut(self) -> None:
        """Close the file and overwrite the key."""
        self.store.close()
        self.key[:] = bytes(len(self.key))


class Doors:
    """What :class:`Gatekeeper` and :class:`Builder` promise, over real vaults. ``open_wire`` is how a server is reached."""

    def __init__(self, vaults: Vaults, clock: Clock, *, device_name: str, open_wire: Callable[[], OpenWire]) -> None:
        self._vaults = vaults
        self._clock = clock
        self._device_name = device_name
        self._open_wire = open_wire

    def doors(self) -> list[Door]:
        """Return everyone who has a vault here, the last one who was here first."""
        cards = self._vaults.workers()
        last = sorted(cards, key=lambda card: self._left_at(card.id), reverse=True)
        return [Door(card.id, card.worker_name, self._to_send(card.id)) for card in last]

    def wait_seconds(self, key: str) -> float:
        """Return how long the next try has to wait."""
        from ewb_desktop.storage.file.throttle import TRIES, Throttle

        return Throttle(self._vaults.folder / key / TRIES, self._clock).wait_seconds()

    def unlock(self, key: str, passphrase: str) -> Unlocked:
        """Open with the passphrase. Raises ``WorkerCanAct``."""
        return self._entered(key, self._vaults.vault(key).open(passphrase))

    def recover(self, key: str, recovery_key: str, passphrase: str) -> Unlocked:
        """Open with the recovery key and set a new passphrase. Raises ``WorkerCanAct``."""
        return self._entered(key, self._vaults.vault(key).open_with_recovery(recovery_key, passphrase))

    def bring_back(self, key: str, backup: str, passphrase: str) -> Unlocked:
        """Put a backup in the place of the file, which is kept, and open it. Raises ``WorkerCanAct``.

        Without a ``key`` the backup comes from another laptop: its vault is made here.
        """
        if key:
            self._vaults.vault(key).restore(Path(backup), passphrase)
        else:
            key = self._vaults.bring_back(Path(backup), passphrase)
        return self.unlock(key, passphrase)

    def bring_back_with_recovery(self, key: str, backup: str, recovery_key: str, passphrase: str) -> Unlocked:
        """Do as :meth:`bring_back` with the recovery key, set a new passphrase and open. Raises ``WorkerCanAct``."""
        if key:
            self._vaults.vault(key).restore_with_recovery(Path(backup), recovery_key, passphrase)
        else:
            key = self._vaults.bring_back_with_recovery(Path(backup), recovery_key, passphrase)
        return self.unlock(key, passphrase)

    def _entered(self, key: str, opened: Opened) -> Unlocked:
        from ewb_desktop.storage.file.aside_files import waiting_asides

        store = opened.store(self._clock)
        if waiting_asides(store.path):
            from ewb_desktop.storage.asides.taking_over import take_over

            take_over(store)
        return Unlocked(key, store, opened.worker_name, opened.key, opened.has_recovery_key)

    def weakness(self, passphrase: str, name: str) -> str:
        """Return why this passphrase is too easy to guess, or nothing."""
        from ewb_desktop.storage.file.passphrase import check_passphrase

        try:
            check_passphrase(passphrase, (name,))
        except WeakPassphrase as weak:
            return str(weak)
        return ""

    def make(self, worker: NewWorker) -> Made:
        """Make a vault for the worker. Raises ``WorkerCanAct``, or ``RoundFailed`` when the server could not be joined."""
        from ewb_desktop.ui.firstrun.presenter import Made

        opened, recovery_key = self._vaults.create(worker.name, worker.passphrase)
        key = opened.path.parent.name
        unlocked = self._entered(key, opened)
        try:
            unlocked = self._join(unlocked, worker) if worker.server else self._sit_down(unlocked, worker)
        except BaseException:
            # nothing was written in it yet, and the name must be free for the next try
            unlocked.shut()
            self._vaults.vault(key).destroy()
            raise
        return Made(unlocked, recovery_key)

    def _sit_down(self, unlocked: Unlocked, worker: NewWorker) -> Unlocked:
        from ewb_desktop.storage.tables import Worker

        with unlocked.store.write() as writing:
            writing.add(
                Worker(
                    id=unlocked.store.author, area=ALONE, name=unlocked.worker_name, role=worker.role, areas=[ALONE], active=True
                )
            )
        return unlocked

    def _join(self, unlocked: Unlocked, worker: NewWorker) -> Unlocked:
        from ewb_desktop.syncing.enrol import enrol

        joined = enrol(unlocked.store, worker.server, worker.code, worker.laptop or self._device_name, self._open_wire())
        self._vaults.vault(unlocked.vault).rename(worker=joined.worker, worker_name=joined.worker_name)
        return replace(unlocked, worker_name=joined.worker_name)

    def keep_key(self, recovery_key: str, path: str) -> None:
        """Write the recovery key into a file that only this user can read. Raises ``OSError``."""
        text = (
            "Recovery key of EWB Desktop\n\n"
            f"{recovery_key}\n\n"
            "It opens one worker's part of a laptop when the passphrase is forgotten.\n"
            'Keep it away from the laptop. Choose "I cannot get in" on the lock screen to use it, or\n'
            '"Bring back a backup" on a new laptop.\n'
        )
        write_whole(Path(path), text.encode())

    def note_to_send(self, unlocked: Unlocked) -> None:
        """Keep beside the vault how many changes wait: a bare number, for the lock screen, which has no key."""
        from ewb_desktop.storage.exchange.journal import counts
        from ewb_desktop.storage.settling.brought_held import count_unsettled

        with unlocked.store.read() as connection:
            own = counts(connection)
            # what the server did not take is not there either
            waiting = own.to_send + own.quarantined + sum(count_unsettled(connection))
        with contextlib.suppress(OSError):
            write_whole(self._vaults.folder / unlocked.vault / _TO_SEND, str(waiting).encode())

    def _to_send(self, key: str) -> int | None:
        try:
            return max(0, int((self._vaults.folder / key / _TO_SEND).read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def _left_at(self, key: str) -> float:
        try:
            return (self._vaults.folder / key / _TO_SEND).stat().st_mtime
        except OSError:
            return 0.0
