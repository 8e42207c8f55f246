"""Copies can be put back, and what they replace is kept."""

from __future__ import annotations

import errno

import pytest

from ewb_desktop.storage.errors import DamagedFile, FullDisk
from ewb_desktop.storage.exchange.journal import pending
from ewb_desktop.storage.file.backups import KEPT, back_up, list_backups, restore, verify
from ewb_desktop.storage.tables import Person
from tests.support.laptops import Laptop


def names(laptop: Laptop) -> list[str]:
    with laptop.store.read() as connection:
        return [str(name) for name in connection.exec_driver_sql("SELECT preferred_name FROM person ORDER BY id").scalars()]


def add(laptop: Laptop, name: str) -> None:
    with laptop.store.write() as writing:
        writing.add(Person(area="sale", preferred_name=name))


def test_a_copy_made_while_the_file_is_open_can_be_put_back(lent: Laptop) -> None:
    folder = lent.path.parent / "backups"
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, folder, lent.clock)
    add(lent, "Amina")
    lent.store.close()
    aside = restore(copy, lent.path, lent.key, lent.clock)
    again = lent.reopen()
    assert names(again) == ["Grace"]
    again.store.close()
    assert aside is not None
    verify(aside, lent.key)


def test_what_is_written_after_it_counts_as_later_than_what_was_sent_from_the_lost_file(lent: Laptop) -> None:
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    for each in range(9):
        add(lent, f"Amina {each}")
    with lent.store.read() as connection:
        sent = pending(connection)[-1].counter
    lent.store.close()
    restore(copy, lent.path, lent.key, lent.clock)
    again = lent.reopen()
    add(again, "Bo")
    with again.store.read() as connection:
        assert pending(connection)[-1].counter > sent
    again.store.close()


def test_a_damaged_file_is_kept_beside_the_restored_one(lent: Laptop) -> None:
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    lent.store.close()
    noise = b"\x07" * 8192
    lent.path.write_bytes(noise)
    aside = restore(copy, lent.path, lent.key, lent.clock)
    assert aside is not None
    assert aside.read_bytes() == noise
    again = lent.reopen()
    assert names(again) == ["Grace"]
    again.store.close()


def test_the_log_of_a_damaged_file_is_not_replayed_into_the_restored_one(lent: Laptop) -> None:
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    lent.store.close()
    log = lent.path.with_name(lent.path.name + "-wal")
    log.write_bytes(b"\x07" * 4096)
    aside = restore(copy, lent.path, lent.key, lent.clock)
    assert aside is not None
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"\x07" * 4096
    assert not log.exists()


def test_a_restore_that_was_cut_off_can_be_tried_again(lent: Laptop) -> None:
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    add(lent, "Amina")
    # the log of the file that was moved away is still there, as when the power went
    log = lent.path.with_name(lent.path.name + "-wal")
    left = log.read_bytes()
    lent.store.close()
    lent.path.unlink()
    log.write_bytes(left)
    restore(copy, lent.path, lent.key, lent.clock)
    assert not log.exists()
    again = lent.reopen()
    assert names(again) == ["Grace"]
    again.store.close()


def test_a_copy_on_a_full_disk_is_told_as_that(lent: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    lent.store.close()
    before = lent.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ewb_desktop.storage.file.backups.shutil.copyfile", full)
    with pytest.raises(FullDisk):
        restore(copy, lent.path, lent.key, lent.clock)
    assert lent.path.read_bytes() == before


def test_a_damaged_copy_is_not_put_back(lent: Laptop) -> None:
    add(lent, "Grace")
    copy = back_up(lent.path, lent.key, lent.path.parent / "backups", lent.clock)
    lent.store.close()
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    before = lent.path.read_bytes()
    with pytest.raises(DamagedFile):
        restore(copy, lent.path, lent.key, lent.clock)
    assert lent.path.read_bytes() == before


def test_an_empty_file_is_no_copy(lent: Laptop) -> None:
    lent.store.close()
    empty = lent.path.with_name("records-20261101T100000000000-daily.backup")
    empty.touch()
    before = lent.path.read_bytes()
    with pytest.raises(DamagedFile):
        restore(empty, lent.path, lent.key, lent.clock)
    assert lent.path.read_bytes() == before


def test_the_newest_seven_stay(lent: Laptop) -> None:
    folder = lent.path.parent / "backups"
    made = []
    for _ in range(KEPT + 2):
        lent.clock.move(days=1)
        made.append(back_up(lent.path, lent.key, folder, lent.clock))
    assert list_backups(folder) == list(reversed(made))[:KEPT]


def test_a_copy_that_failed_leaves_nothing_behind(lent: Laptop) -> None:
    folder = lent.path.parent / "backups"
    with pytest.raises(DamagedFile):
        back_up(lent.path, bytes(32), folder, lent.clock)
    assert list(folder.iterdir()) == []
