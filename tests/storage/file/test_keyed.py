"""The file is encrypted, can be read by another program that has the key, and survives a full disk and a killed process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from ewb_desktop.storage.errors import DamagedFile, FullDisk, NotEncrypted
from ewb_desktop.storage.exchange.journal import counts
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.tables import Person
from tests.support.laptops import Laptop, laptop


def test_another_driver_reads_the_same_file(lent: Laptop) -> None:
    with lent.store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Zoë"))
    lent.store.close()
    other = apsw.Connection(str(lent.path))
    other.execute("PRAGMA cipher = 'sqlcipher'")
    other.execute("PRAGMA legacy = 4")
    other.execute(f"PRAGMA key = \"x'{lent.key.hex()}'\"")
    assert other.execute("SELECT preferred_name FROM person").fetchall() == [("Zoë",)]
    other.execute("INSERT INTO note (key, value) VALUES ('from', '\"apsw\"')")
    other.close()
    again = lent.reopen()
    with again.store.read() as connection:
        assert connection.exec_driver_sql("SELECT value FROM note").scalar() == '"apsw"'
    again.store.close()


def test_a_key_of_another_length_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotEncrypted):
        connect_keyed(tmp_path / "file", b"x" * 31)
    assert list(tmp_path.iterdir()) == []


def test_another_key_does_not_open_it(lent: Laptop) -> None:
    with pytest.raises(DamagedFile):
        connect_keyed(lent.path, bytes(32))


def test_pragmas_are_as_the_design_says(lent: Laptop) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1, "cache_size": -65536, "secure_delete": 1}
    with lent.store.read() as connection:
        told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
    assert told == expected


def test_a_full_disk_says_so_and_keeps_everything_before(lent: Laptop) -> None:
    with lent.store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Grace"))
    with pytest.raises(FullDisk, match="everything before it is safe"), lent.store.write() as writing:  # noqa: PT012
        pages = writing.connection.exec_driver_sql("PRAGMA page_count").scalar()
        writing.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        writing.add(Person(area="sale", preferred_name="Amina" * 10_000))
    with lent.store.read() as connection:
        assert connection.exec_driver_sql("SELECT preferred_name FROM person").scalars().all() == ["Grace"]
        assert counts(connection).to_send == 1
    again = lent.reopen()
    with again.store.write() as writing:
        writing.add(Person(area="sale", preferred_name="Amina"))
    again.store.close()


_WORKER = """
import sys
from pathlib import Path
from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.store import open_store
from ewb_desktop.storage.tables import Person
store = open_store(Path(sys.argv[1]), bytes(range(32)), author="w" * 36, device="d" * 36, clock=SystemClock())
number = 0
while True:
    with store.write() as writing:
        for _ in range(3):
            writing.add(Person(area="sale", preferred_name=str(number)))
    print(number, flush=True)
    number += 1
"""


@pytest.mark.parametrize("commits", [1, 7, 20])
def test_a_killed_process_loses_no_commit_and_tears_none(tmp_path: Path, commits: int) -> None:
    lent = laptop(tmp_path)
    lent.store.close()
    process = subprocess.Popen([sys.executable, "-c", _WORKER, str(lent.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    heard = [int(process.stdout.readline()) for _ in range(commits)]
    os.kill(process.pid, signal.SIGKILL)
    heard += [int(line) for line in process.stdout.read().split()]
    process.stdout.close()
    process.wait()
    again = lent.reopen()
    with again.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT preferred_name, count(*) FROM person GROUP BY preferred_name").all()
        entries = connection.exec_driver_sql("SELECT count(*) FROM journal").scalar()
    again.store.close()
    assert {int(name) for name, _ in kept} >= set(heard)
    assert all(rows == 3 for _, rows in kept)
    assert entries == 3 * len(kept)
