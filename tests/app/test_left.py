"""A worker's part goes from a laptop: killed at whatever step, all of it is there or nothing of it can be read."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import pytest

from ewb_desktop.app.left import destroy_part, forget_left, left_words
from ewb_desktop.storage.errors import StorageTrouble
from ewb_desktop.storage.vault import Vault
from ewb_desktop.storage.vaults import Vaults
from ewb_desktop.syncing.unsent import seal_into
from sync import outbox
from sync.protocol.change import Change, ChangeKind
from tests.support.clock import HandClock
from tests.support.programs import CHEAP, PASSPHRASE

CREDENTIAL = "a credential that only this laptop had"
UNSENT = outbox.Outbox(
    [
        Change(
            id="0199a000-0000-7000-8000-00000000aa01", entity="person", record="0199a000-0000-7000-8000-00000000cc01",
            kind=ChangeKind.CREATE, fields={"preferred_name": "Zephyrine"}, base=0, counter=1, area="stretford",
            author="0199a000-0000-7000-8000-00000000bb01", device="0199a000-0000-7000-8000-00000000dd01",
            at="2026-11-21T13:00:00Z",
        )
    ]
)  # fmt: skip


def made(folder: Path) -> Vault:
    """Make a part of a laptop with a backup in it."""
    opened, _key = Vaults(folder / "workers", HandClock(), CHEAP).create("Rowan Oak", PASSPHRASE)
    vault = Vault(opened.path.parent, HandClock(), CHEAP)
    vault.back_up(opened.key)
    opened.wipe()
    return vault


def opens(vault: Vault) -> bool:
    try:
        vault.open(PASSPHRASE).wipe()
    except StorageTrouble:
        return False
    return True


def readable(folder: Path) -> list[Path]:
    """Return what in the folder still holds a key's slot."""
    return [path for path in folder.rglob("*") if path.is_file() and b'"slots"' in path.read_bytes()]


def leave_and_die(folder: Path, last: int) -> None:
    """Seal, then destroy the part and its files; be killed as a power cut does before the step number ``last`` on a file."""
    left = [last]

    def hear(what: str, asked: tuple[object, ...]) -> None:
        writes = what == "open" and isinstance(asked[2], int) and bool(asked[2] & (os.O_WRONLY | os.O_RDWR))
        if (writes or what in {"os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}) and str(folder) in str(asked[0]):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    vault = Vault(next((folder / "workers").iterdir()), HandClock(), CHEAP)
    sys.addaudithook(hear)
    seal_into(folder / "stick", UNSENT, CREDENTIAL)
    destroy_part(folder, vault, folder / "stick")
    vault.destroy()


def test_killed_at_whatever_step_all_of_it_is_there_or_nothing_can_be_read_and_the_sealed_file_is_whole(tmp_path: Path) -> None:
    fresh, ends = multiprocessing.get_context("fork"), []
    for last in range(1, 60):
        folder = tmp_path / str(last)
        folder.mkdir()
        vault = made(folder)
        dying = fresh.Process(target=leave_and_die, args=(folder, last))
        dying.start()
        dying.join()
        is_whole = (folder / "stick").exists()
        had_keys, words = opens(vault), left_words(folder, folder / "workers")
        if had_keys:
            ends.append("all")
            assert words == ""
            assert opens(vault)
            assert list(vault.backups.glob("*.backup"))
        else:
            ends.append("none")
            assert is_whole
            assert outbox.unseal((folder / "stick").read_bytes(), outbox.credential_hash(CREDENTIAL)).changes == UNSENT.changes
            assert f"the sealed file stick, in {folder}" in words
            assert readable(folder) == []
            assert not vault.folder.exists()
        if dying.exitcode == 0:
            break
        assert dying.exitcode == -signal.SIGKILL
    assert dying.exitcode == 0
    assert sorted(ends) == ends
    assert (ends.count("all") > 3, ends.count("none") > 3) == (True, True)


def test_a_note_of_a_part_whose_keys_are_there_is_dropped_and_nothing_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = made(tmp_path)

    def fails(_vault: Vault) -> None:
        raise OSError

    monkeypatch.setattr(Vault, "destroy_keys", fails)
    with pytest.raises(OSError):
        destroy_part(tmp_path, vault, None)
    assert left_words(tmp_path, tmp_path / "workers") == ""
    assert opens(vault)


def test_it_is_told_until_somebody_works_here_again(tmp_path: Path) -> None:
    vault = made(tmp_path)
    destroy_part(tmp_path, vault, None)
    assert "Everything had been sent." in left_words(tmp_path, tmp_path / "workers")
    assert not vault.folder.exists()
    assert "Everything had been sent." in left_words(tmp_path, tmp_path / "workers")
    forget_left(tmp_path)
    assert left_words(tmp_path, tmp_path / "workers") == ""


@pytest.mark.parametrize("note", ["", "{", "[]", '{"part": "..", "sealed": ""}', '{"part": "../../elsewhere", "sealed": ""}'])
def test_a_note_that_cannot_be_read_or_names_another_place_takes_nothing(tmp_path: Path, note: str) -> None:
    vault = made(tmp_path)
    (tmp_path / "left").write_text(note, "utf-8")
    assert left_words(tmp_path, tmp_path / "workers") == ""
    assert opens(vault)
