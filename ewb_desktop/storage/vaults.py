"""The workers who have a vault on this laptop, as the lock screen lists them; loads nothing but the standard library to do so."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ewb_desktop.domain.time import Clock
from ewb_desktop.storage.errors import DamagedHeader, NameTaken, NoKeyFile, StorageTrouble
from ewb_desktop.storage.file.header import NAME, header_in, read_header
from ewb_desktop.storage.file.synced_folders import refuse_synced

if TYPE_CHECKING:
    from ewb_desktop.storage.file.key_slots import Cost
    from ewb_desktop.storage.vault import Opened, Vault


@dataclass(frozen=True, slots=True)
class VaultCard:
    """One worker on this laptop. ``trouble`` says what is wrong with the vault, if it cannot be opened as it is."""

    id: str
    worker_name: str
    trouble: str | None = None


class Vaults:
    """The folder in which every worker of this laptop has a vault."""

    def __init__(self, folder: Path, clock: Clock, cost: Cost | None = None) -> None:
        self.folder = folder
        self._clock = clock
        self._cost = cost

    def workers(self) -> list[VaultCard]:
        """Return who can unlock here, by name; damaged vaults too, with what is wrong."""
        cards = []
        for folder in sorted(self.folder.iterdir()) if self.folder.is_dir() else []:
            if not ((folder / NAME).exists() or (folder / "backups" / NAME).exists()):
                continue
            try:
                cards.append(VaultCard(folder.name, read_header(folder).worker_name))
            except StorageTrouble as trouble:
                cards.append(VaultCard(folder.name, "A worker whose key file cannot be read", str(trouble)))
        return sorted(cards, key=lambda card: card.worker_name.casefold())

    def vault(self, id: str) -> Vault:
        """Return the vault of the card with this id."""
        from ewb_desktop.storage.vault import Vault

        return Vault(self.folder / id, self._clock, self._cost)

    def create(
        self, worker_name: str, passphrase: str, *, worker: str | None = None, device: str | None = None
    ) -> tuple[Opened, str]:
        """Make a vault for a worker; return it opened, and the recovery key to be printed.

        ``worker`` is the id that the server knows, if one is known. Raises ``WeakPassphrase``, ``SyncedFolder``, ``NameTaken``.
        """
        from uuid_utils import uuid7

        from ewb_desktop.storage.vault import Vault

        refuse_synced(self.folder)
        name = " ".join(worker_name.split())
        if any(card.worker_name.casefold() == name.casefold() for card in self.workers()):
            raise NameTaken(f"{name} has a file on this laptop already. Unlock it, or choose another name.")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Vault.create(
            self.folder / str(uuid7()), self._clock, worker=worker or str(uuid7()), worker_name=name,
            device=device or str(uuid7()), passphrase=passphrase, cost=self._cost,
        )  # fmt: skip

    def bring_back(self, backup: Path, passphrase: str) -> str:
        """Make a vault from a backup with its key file beside it, on a laptop that never had it; return the vault's id.

        Raises ``NoKeyFile``, ``SyncedFolder``, ``NameTaken`` when that worker has a vault here, and what ``Vault.restore`` does.
        """
        return self._bring_back(backup, lambda vault: vault.restore(backup, passphrase))

    def bring_back_with_recovery(self, backup: Path, recovery_key: str, new_passphrase: str) -> str:
        """Do as :meth:`bring_back` with the printed key, and set a new passphrase; raises what restoring with it does."""
        return self._bring_back(backup, lambda vault: vault.restore_with_recovery(backup, recovery_key, new_passphrase))

    def _bring_back(self, backup: Path, restore: Callable[[Vault], object]) -> str:
        from uuid_utils import uuid7

        from ewb_desktop.storage.vault import Vault

        refuse_synced(self.folder)
        header = header_in(backup.parent)
        if header is None:
            raise NoKeyFile
        if header.database in self._databases():
            raise NameTaken(
                f"{header.worker_name} has a file on this laptop already, and it was not changed. "
                'Choose "I cannot get in" on the lock screen to bring back this backup there.'
            )
        folder = self.folder / str(uuid7())
        folder.mkdir(mode=0o700, parents=True)
        try:
            restore(Vault(folder, self._clock, self._cost))
        except BaseException:
            # nothing is in it that is not in the backup
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder.name

    def _databases(self) -> set[str]:
        found = set()
        for card in self.workers():
            with contextlib.suppress(DamagedHeader):
                found.add(read_header(self.folder / card.id).database)
        return found
