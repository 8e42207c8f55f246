"""A file that was set aside under another key than the one of today: its slots are kept, and go with the keys of the vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from ewb_desktop.storage.asides.taking_over import let_aside_go, take_over, take_with
from ewb_desktop.storage.errors import WrongPassphrase
from ewb_desktop.storage.file.aside_files import AsideFile, waiting_asides
from ewb_desktop.storage.store import Store
from ewb_desktop.storage.tables import Person
from ewb_desktop.storage.vault import Vault
from ewb_desktop.storage.vaults import Vaults
from tests.support.clock import HandClock
from tests.support.laptops import PASSPHRASE

OTHER = "seven quiet kettles Urmston"


def replaced(vault: Vault, clock: HandClock, stick: Path) -> tuple[Store, AsideFile, str]:
    """Bring back a copy from before a change of key; return the open file, what was set aside and its recovery key."""
    copy = vault.back_up(vault.open(PASSPHRASE).key, stick)
    vault.change_passphrase(PASSPHRASE, OTHER)
    recovery = vault.change_key(OTHER)
    store = vault.open(OTHER).store(clock)
    with store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Zephyrine"))
    store.close()
    vault.restore(copy, PASSPHRASE)
    store = vault.open(PASSPHRASE).store(clock)
    assert take_over(store) == ()
    (aside,) = waiting_asides(vault.path)
    return store, aside, recovery


def people(store: Store) -> set[str]:
    with store.read() as connection:
        return set(connection.exec_driver_sql("SELECT preferred_name FROM person").scalars())


def test_a_file_under_another_key_opens_with_the_passphrase_that_it_had(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    store, aside, _ = replaced(made[1], clock, tmp_path / "stick")
    with pytest.raises(WrongPassphrase):
        take_with(store, aside, PASSPHRASE)
    assert (waiting_asides(store.path), people(store)) == ([aside], {"Bartholomew"})
    assert take_with(store, aside, OTHER).changes == 1
    assert people(store) == {"Bartholomew", "Zephyrine"}
    assert not aside.slots.exists()
    store.close()


def test_and_with_the_recovery_key_that_it_had(made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path) -> None:
    store, aside, recovery = replaced(made[1], clock, tmp_path / "stick")
    assert take_with(store, aside, recovery.lower()).changes == 1
    assert people(store) == {"Bartholomew", "Zephyrine"}
    store.close()


def test_wrong_tries_at_it_count_with_those_at_the_lock_screen(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    store, aside, _ = replaced(made[1], clock, tmp_path / "stick")
    for _ in range(5):
        with pytest.raises(WrongPassphrase):
            take_with(store, aside, "not this one")
    assert made[1].throttle.wait_seconds() > 0
    with pytest.raises(WrongPassphrase, match="Please wait"):
        take_with(store, aside, OTHER)
    store.close()


def test_destroying_the_keys_of_a_vault_destroys_those_of_what_was_set_aside(
    made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path
) -> None:
    store, aside, _ = replaced(made[1], clock, tmp_path / "stick")
    store.close()
    assert aside.slots.exists()
    made[1].destroy_keys()
    assert not aside.slots.exists()


def test_a_change_of_key_leaves_the_slots_of_a_file_that_may_hold_unsent_work(
    made: tuple[Vaults, Vault, str], clock: HandClock
) -> None:
    vault = made[1]
    copy = vault.back_up(vault.open(PASSPHRASE).key)
    store = vault.open(PASSPHRASE).store(clock)
    with store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Zephyrine"))
    store.close()
    clock.move(minutes=1)
    vault.restore(copy, PASSPHRASE)
    # changed before anybody opened the file: nothing was taken over yet
    vault.change_key(PASSPHRASE)
    store = vault.open(PASSPHRASE).store(clock)
    assert take_over(store) == ()
    (aside,) = waiting_asides(store.path)
    assert take_with(store, aside, PASSPHRASE).changes == 1
    assert people(store) == {"Bartholomew", "Zephyrine"}
    store.close()


def test_a_file_that_was_let_go_of_leaves_nothing(made: tuple[Vaults, Vault, str], clock: HandClock, tmp_path: Path) -> None:
    store, aside, _ = replaced(made[1], clock, tmp_path / "stick")
    let_aside_go(aside)
    assert not list(store.path.parent.glob("*-aside-*"))
    store.close()
