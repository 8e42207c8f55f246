"""A backup holds everything as it stood at one moment and fills an empty database of either kind, or nothing happens."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from sync.server.admission.people import NotPossible
from sync.server.admission.signed_off import note, read_noted
from sync.server.backups import backup
from sync.server.backups.backup import back_up, restore
from sync.server.backups.copies import new_key, read_key
from sync.server.database import tables
from sync.server.database.engine import Database, upgrade
from sync.server.doctor.examining import examine
from sync.server.records import audit
from tests.support.callers import Caller, enrolled
from tests.support.postgres import Cluster
from tests.support.servers import ORGANISATION, RunningServer, running, settings_for, sqlite_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Lend an empty database of each kind in turn, to restore into."""
    if request.param == "sqlite":
        yield from lent(f"sqlite:///{tmp_path / 'elsewhere.db'}")
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.new_database() as url:
        yield from lent(url)


def lent(url: str) -> Iterator[Database]:
    database = Database(settings_for(url))
    yield database
    database.close()


@contextmanager
def empty(tmp_path: Path) -> Iterator[Database]:
    yield from lent(f"sqlite:///{tmp_path / 'empty.db'}")


@pytest.fixture
def ada(server: RunningServer) -> Caller:
    ada = enrolled(server, "Ada Okafor")
    ada.round(*[ada.change("person", {"preferred_name": f"Zuleika {n} ü"}) for n in range(3)])
    return ada


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[RunningServer]:
    """Lend a server with something in it, for what is the same on either kind."""
    with running(sqlite_settings(tmp_path / "server.db")) as server:
        ada = enrolled(server, "Ada Okafor")
        ada.round(ada.change("person", {"preferred_name": "Zuleika"}))
        yield server


def everything(database: Database) -> dict[str, list[Any]]:
    """Return every row of every table, without the epochs and what a restore adds."""
    with database.reading() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables.metadata.sorted_tables
        }
    found.pop("organisation")
    found.pop("counter")
    found["audit"] = [row for row in found["audit"] if row[5] not in {"restored", "epoch_ended", "backup"}]
    return found


def test_everything_comes_back_in_either_kind_of_database(
    server: RunningServer, ada: Caller, elsewhere: Database, tmp_path: Path
) -> None:
    kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    came = restore(elsewhere, kept.file, server.at[0])
    assert came.rows == kept.rows
    assert kept.rows["record"] == 4
    assert everything(elsewhere) == everything(server.database)
    with elsewhere.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None
        assert audit.is_kept(connection)


def test_whoever_is_on_the_list_of_sign_offs_is_kept_out_of_either_kind(
    server: RunningServer, ada: Caller, elsewhere: Database, tmp_path: Path
) -> None:
    kept, listed = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0]), tmp_path / "signed-off"
    server.revoke(ada.device)
    server.change_worker(ada.worker, is_active=False)
    server.do(lambda connection: note(listed, connection, server.at[0]))
    again = restore(elsewhere, kept.file, server.at[0], noted=read_noted(listed)).again
    assert (again.laptops, again.leavers) == ([(ORGANISATION, ada.device)], [(ORGANISATION, ada.worker)])
    with elsewhere.reading() as connection:
        assert audit.first_broken(connection, ORGANISATION) is None


def test_a_restored_server_has_a_new_epoch_and_goes_on_numbering(
    server: RunningServer, ada: Caller, elsewhere: Database, tmp_path: Path
) -> None:
    kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    restore(elsewhere, kept.file, server.at[0])
    epoch = ada.round().epoch
    with running(settings_for(elsewhere.address), organisation=None) as second:
        ada.session.mount(ada.url, second.adapter())
        reply = ada.round(ada.change("visit", {"people": 1}))
        assert reply.epoch != epoch
        assert reply.verdicts[0].number == 5


def test_a_backup_shows_one_moment_while_others_write(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    with server.database.copying() as connection:
        first = connection.execute(select(tables.record.c.id)).all()
        ada.round(ada.change("visit", {"people": 1}))
        assert connection.execute(select(tables.record.c.id)).all() == first


def test_a_backup_made_while_laptops_push_is_whole(
    server: RunningServer, ada: Caller, elsewhere: Database, tmp_path: Path
) -> None:
    pushers = [enrolled(server, f"Worker {n}", "volunteer") for n in range(3)]

    def push(caller: Caller) -> None:
        for _ in range(8):
            caller.round(caller.change("visit", {"people": 1}), caller.change("visit", {"people": 2}))

    with ThreadPoolExecutor(4) as pool:
        pushing = [pool.submit(push, caller) for caller in pushers]
        kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
        for one in pushing:
            one.result()
    restore(elsewhere, kept.file, server.at[0])
    # half a push in it would be a gap, an orphan or a broken chain
    assert [finding for finding in examine(elsewhere, settings_for(elsewhere.address), server.at[0]) if not finding.is_well] == []


def test_a_database_that_holds_anything_is_left_as_it_is(server: RunningServer, ada: Caller, tmp_path: Path) -> None:
    kept = back_up(server.database, tmp_path / "one.ewb-backup", server.at[0])
    before = everything(server.database)
    with pytest.raises(NotPossible, match="not empty"):
        restore(server.database, kept.file, server.at[0])
    assert everything(server.database) == before


def test_a_database_that_was_only_migrated_counts_as_empty(embedded: RunningServer, tmp_path: Path) -> None:
    kept = back_up(embedded.database, tmp_path / "one.ewb-backup", embedded.at[0])
    with empty(tmp_path) as database:
        database.migrate()
        assert restore(database, kept.file, embedded.at[0]).rows == kept.rows


@pytest.mark.parametrize("damage", ["flipped", "cut", "another file", "emptied"])
def test_a_damaged_backup_fills_nothing(embedded: RunningServer, tmp_path: Path, damage: str) -> None:
    kept = back_up(embedded.database, tmp_path / "one.ewb-backup", embedded.at[0])
    whole = kept.file.read_bytes()
    middle = len(whole) // 2
    kept.file.write_bytes(
        {
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "cut": whole[:-40],
            "another file": b"PK" + whole,
            "emptied": b"",
        }[damage]
    )
    with empty(tmp_path) as database:
        with pytest.raises(NotPossible, match="was not restored"):
            restore(database, kept.file, embedded.at[0])
        with database.reading() as connection:
            assert not inspect(connection).get_table_names()


def test_a_sealed_backup_opens_with_its_key_only_and_is_its_owners(embedded: RunningServer, tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    new_key(tmp_path / "other")
    key = read_key(tmp_path / "key")
    kept = back_up(embedded.database, tmp_path / "one.ewb-backup", embedded.at[0], key=key)
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    with empty(tmp_path) as database:
        for wrong, said in ((None, "name its key file"), (read_key(tmp_path / "other"), "this key does not open")):
            with pytest.raises(NotPossible, match=said):
                restore(database, kept.file, embedded.at[0], key=wrong)
        assert restore(database, kept.file, embedded.at[0], key=key).rows == kept.rows


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "key")


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    embedded: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty(tmp_path) as old:
        with old.refilling() as connection:
            upgrade(connection, "0001")
            connection.execute(text("INSERT INTO organisation VALUES ('sale', 'Sale', 'e', 0, '{}', 'x')"))
            connection.execute(text(f"INSERT INTO counter VALUES ('sale', 0, 0, '{audit.FIRST}')"))
        kept = back_up(old, tmp_path / "old.ewb-backup", embedded.at[0])
    (tmp_path / "empty.db").unlink()
    with empty(tmp_path) as new:
        restore(new, kept.file, embedded.at[0])
        with new.reading() as connection:
            assert audit.is_kept(connection)
    monkeypatch.setattr(backup, "known_revisions", lambda: ())
    with pytest.raises(NotPossible, match="newer version of this program"):
        restore(embedded.database, kept.file, embedded.at[0])


def test_a_folder_keeps_as_many_as_asked_for_and_nothing_is_overwritten(embedded: RunningServer, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "ewb-20260101T000000Z.ewb-backup.part").write_text("a power cut left this")
    made = [back_up(embedded.database, folder, embedded.at[0] + timedelta(days=n), keep=2).file for n in range(3)]
    assert sorted(folder.iterdir()) == made[1:]
    with pytest.raises(NotPossible, match="there already"):
        back_up(embedded.database, made[-1], embedded.at[0] + timedelta(days=2))
    assert sorted(folder.iterdir()) == made[1:]


def test_of_a_database_in_which_nothing_is_no_backup_is_made_and_none_goes_for_it(
    embedded: RunningServer, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    real = back_up(embedded.database, folder, embedded.at[0], keep=1).file
    with closing(Database(sqlite_settings(tmp_path / "not-mounted.db"))) as another:
        another.migrate()
        with pytest.raises(NotPossible, match="nothing is in this database"):
            back_up(another, folder, embedded.at[0], keep=1)
        found = [each.subject for each in examine(another, embedded.settings, embedded.at[0]) if not each.is_well]
    assert list(folder.iterdir()) == [real]
    assert "organisations" in found


def test_a_backup_that_is_more_than_twice_as_large_as_the_last_stays_however_many_follow(
    embedded: RunningServer, tmp_path: Path
) -> None:
    folder, ada = tmp_path / "backups", enrolled(embedded, "Ada Okafor")
    folder.mkdir()
    ada.round(*(ada.change("person", {"preferred_name": token_hex(60)}) for _ in range(200)))
    large = back_up(embedded.database, folder, embedded.at[0], keep=2).file
    with running(sqlite_settings(tmp_path / "small.db")) as another:
        kept = [back_up(another.database, folder, embedded.at[0], keep=2) for _ in range(4)]
        assert sorted(folder.iterdir()) == [large, *(each.file for each in kept[-2:])]
        assert kept[-1].larger == large
    back = [back_up(embedded.database, folder, embedded.at[0], keep=2) for _ in range(3)]
    assert sorted(folder.iterdir()) == [each.file for each in back[-2:]]
    assert back[-1].larger is None


def test_a_clock_that_is_wrong_deletes_no_backup_that_was_made_later(embedded: RunningServer, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    unnumbered = folder / "ewb-20991231T000000Z.ewb-backup"
    unnumbered.write_text("from before backups had numbers")
    now = embedded.at[0]
    wrong = [now.replace(year=2100), now, now.replace(year=1970), now + timedelta(days=1)]
    made = []
    for moment in wrong:
        made.append(back_up(embedded.database, folder, moment, keep=2).file)
        assert max(folder.iterdir()) == made[-1], "the restore of the guide takes the last by name"
        assert made[-2:] == [each for each in sorted(folder.iterdir()) if each != unnumbered]
    assert not unnumbered.exists()


def test_backups_that_are_made_at_once_wait_for_each_other_and_each_gets_a_number(
    embedded: RunningServer, tmp_path: Path
) -> None:
    folder, together = tmp_path / "backups", threading.Barrier(5)
    folder.mkdir()

    def make(_: int) -> Path:
        together.wait()
        return back_up(embedded.database, folder, embedded.at[0], keep=3).file

    with ThreadPoolExecutor(5) as threads:
        made = sorted(threads.map(make, range(5)))
    assert [each.name[:12] for each in made] == [f"ewb-n000000{number}" for number in range(1, 6)]
    assert sorted(folder.iterdir()) == made[2:]


def test_an_unwritable_place_is_said_and_leaves_nothing(embedded: RunningServer, tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="could not be written"):
        back_up(embedded.database, tmp_path / "nowhere" / "one.ewb-backup", embedded.at[0])
    assert not (tmp_path / "nowhere").exists()


def test_the_audit_says_that_everything_was_copied_out(embedded: RunningServer, tmp_path: Path) -> None:
    kept = back_up(embedded.database, tmp_path / "one.ewb-backup", embedded.at[0])
    with embedded.database.reading() as connection:
        found = connection.execute(select(tables.audit).where(tables.audit.c.action == "backup")).one()
        assert audit.first_broken(connection, ORGANISATION) is None
    assert kept.digest.startswith(found.detail.removeprefix("sha256 "))
