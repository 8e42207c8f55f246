"""Backups of vaults: each worker's own on one stick, with the key file beside them, brought back here or on another laptop."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.errors import (
    NameTaken,
    NoBackup,
    NoKeyFile,
    WeakPassphrase,
    WrongPassphrase,
    WrongRecoveryKey,
)
from ewb_desktop.storage.file.backups import KEPT, list_backups
from ewb_desktop.storage.file.header import read_header
from ewb_desktop.storage.file.recovery_key import new_recovery_key
from ewb_desktop.storage.vault import Vault
from ewb_desktop.storage.vaults import Vaults
from tests.support.clock import HandClock
from tests.support.laptops import PASSPHRASE, names, vaults

OTHER = "seven quiet kettles Urmston"


def test_two_workers_keep_seven_copies_each_on_one_stick(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    folder, amina, _ = made
    opened, _ = folder.create("Grace Mensah", OTHER)
    grace = folder.vault(opened.path.parent.name)
    stick = tmp_path / "stick"
    key = amina.open(PASSPHRASE).key
    of_amina = []
    for _ in range(KEPT):
        clock.move(days=1)
        of_amina.append(amina.back_up(key, stick))
        grace.back_up(opened.key, stick)
    assert all(copy.exists() for copy in of_amina)
    assert len(list(stick.rglob("*.backup"))) == 2 * KEPT
    assert names(amina.open(PASSPHRASE), clock) == ["Bartholomew"]
    for vault, passphrase in ((amina, PASSPHRASE), (grace, OTHER)):
        vault.restore(list_backups(stick / read_header(vault.folder).database)[0], passphrase)
        assert vault.open(passphrase).key


def lose_headers(vault: Vault) -> None:
    for place in (vault.folder, vault.folder / "backups"):
        (place / "header.json").write_text("{")


def test_a_backup_brings_back_the_key_file_too(made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path) -> None:
    _, vault, recovery = made
    copy = vault.back_up(vault.open(PASSPHRASE).key, tmp_path / "stick")
    lose_headers(vault)
    vault.path.write_bytes(b"noise" * 1000)
    with pytest.raises(WrongPassphrase):
        vault.restore(copy, OTHER)
    vault.restore(copy, PASSPHRASE)
    assert names(vault.open(PASSPHRASE), clock) == ["Bartholomew"]
    assert names(vault.open_with_recovery(recovery, OTHER), clock) == ["Bartholomew"]


def test_without_any_key_file_a_restore_says_so_and_moves_nothing(made: tuple[Vaults, Vault, str]) -> None:
    _, vault, _ = made
    copy = vault.back_up(vault.open(PASSPHRASE).key)
    lose_headers(vault)
    before = vault.path.read_bytes()
    with pytest.raises(NoKeyFile, match=r"header\.json"):
        vault.restore(copy, PASSPHRASE)
    assert vault.path.read_bytes() == before


def test_a_backup_from_before_a_change_of_key_opens_with_its_own_key_file(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    _, vault, recovery = made
    copy = vault.back_up(vault.open(PASSPHRASE).key, tmp_path / "stick")
    vault.change_passphrase(PASSPHRASE, OTHER)
    vault.change_key(OTHER)
    vault.restore(copy, PASSPHRASE)
    assert names(vault.open(PASSPHRASE), clock) == ["Bartholomew"]
    assert names(vault.open_with_recovery(recovery, OTHER), clock) == ["Bartholomew"]


def test_a_backup_of_another_worker_is_not_put_in_ones_place(made: tuple[Vaults, Vault, str], tmp_path: Path) -> None:
    folder, vault, _ = made
    opened, _ = folder.create("Grace Mensah", OTHER)
    copy = folder.vault(opened.path.parent.name).back_up(opened.key, tmp_path / "stick")
    before = vault.path.read_bytes()
    for passphrase, trouble in ((PASSPHRASE, NoBackup), (OTHER, WrongPassphrase)):
        with pytest.raises(trouble):
            vault.restore(copy, passphrase)
    assert vault.path.read_bytes() == before


def test_a_file_that_is_no_backup_is_told_from_damage_of_ones_own(made: tuple[Vaults, Vault, str], tmp_path: Path) -> None:
    _, vault, _ = made
    before = vault.path.read_bytes()
    chosen = tmp_path / "letter.txt"
    chosen.write_text("Dear Amina")
    for file in (chosen, tmp_path / "gone.backup"):
        with pytest.raises(NoBackup, match="Your own file on this laptop was not touched"):
            vault.restore(file, PASSPHRASE)
    assert vault.path.read_bytes() == before


def test_a_laptop_that_never_had_the_vault_makes_it_from_a_backup(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    _, vault, recovery = made
    copy = vault.back_up(vault.open(PASSPHRASE).key, tmp_path / "stick")
    other = vaults(tmp_path / "another laptop", clock)
    with pytest.raises(WrongPassphrase):
        other.bring_back(copy, OTHER)
    assert other.workers() == []
    there = other.vault(other.bring_back(copy, PASSPHRASE))
    assert [card.worker_name for card in other.workers()] == ["Amina Okafor"]
    assert names(there.open(PASSPHRASE), clock) == ["Bartholomew"]
    assert names(there.open_with_recovery(recovery, OTHER), clock) == ["Bartholomew"]
    with pytest.raises(NameTaken, match="was not changed"):
        other.bring_back(copy, PASSPHRASE)


def test_the_recovery_key_brings_a_backup_to_another_laptop_and_sets_a_new_passphrase(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    _, vault, recovery = made
    copy = vault.back_up(vault.open(PASSPHRASE).key, tmp_path / "stick")
    other = vaults(tmp_path / "another laptop", clock)
    with pytest.raises(WrongRecoveryKey, match="another file"):
        other.bring_back_with_recovery(copy, new_recovery_key(), OTHER)
    with pytest.raises(WeakPassphrase):
        other.bring_back_with_recovery(copy, recovery, "tea")
    assert other.workers() == []
    there = other.vault(other.bring_back_with_recovery(copy, recovery, OTHER))
    assert names(there.open(OTHER), clock) == ["Bartholomew"]
    with pytest.raises(WrongPassphrase):
        there.open(PASSPHRASE)
    assert names(there.open_with_recovery(recovery, PASSPHRASE), clock) == ["Bartholomew"]


def test_a_backup_without_its_key_file_makes_no_vault(made: tuple[Vaults, Vault, str], tmp_path: Path) -> None:
    _, vault, _ = made
    copy = vault.back_up(vault.open(PASSPHRASE).key, tmp_path / "stick")
    (copy.parent / "header.json").unlink()
    other = vaults(tmp_path / "another laptop")
    with pytest.raises(NoKeyFile, match="memory stick"):
        other.bring_back(copy, PASSPHRASE)
    assert other.workers() == []
