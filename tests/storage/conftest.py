"""A laptop for every test of the encrypted file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ewb_desktop.storage.tables import Person
from ewb_desktop.storage.vault import Vault
from ewb_desktop.storage.vaults import Vaults
from tests.support.clock import HandClock
from tests.support.laptops import PASSPHRASE, Laptop, open_laptop, vaults


@pytest.fixture
def lent(tmp_path: Path) -> Iterator[Laptop]:
    """A laptop with an empty file, closed afterwards."""
    with open_laptop(tmp_path) as laptop:
        yield laptop


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def made(tmp_path: Path, clock: HandClock) -> tuple[Vaults, Vault, str]:
    """A vault with one member in it, and its recovery key."""
    folder = vaults(tmp_path, clock)
    opened, recovery = folder.create("Amina Okafor", PASSPHRASE)
    store = opened.store(clock)
    with store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Bartholomew", family_name="Quillfeather"))
    store.close()
    return folder, folder.vault(folder.workers()[0].id), recovery
