"""A restore of an older backup does not let in again whom the administrator signed off after it was made."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from sync import outbox
from sync.server.admission.opened import open_database
from sync.server.cli import main
from sync.server.database import tables
from sync.server.records import audit
from sync.server.settings import from_environment
from tests.support.callers import Caller, enrolled, trouble
from tests.support.servers import ORGANISATION, running, sqlite_settings


class Place:
    """A machine with a server's file in which Ada, Bea and Cy work, and a backup of it; then its administrator types on."""

    def __init__(self, root: Path, typed: Callable[..., tuple[int, str]]) -> None:
        self.root, self._typed = root, typed
        self.noted, self.backup = root / "server.signed-off", root / "one.ewb-backup"
        with running(sqlite_settings(root / "server.db")) as server:
            self.ada, self.bea, self.cy = (enrolled(server, name) for name in ("Ada Okafor", "Bea Lind", "Cy Moss"))
        assert self.type("backup", str(self.backup))[0] == 0

    def join(self, name: str) -> Caller:
        """Let somebody join after the backup."""
        with running(sqlite_settings(self.root / "server.db"), organisation=None) as server:
            return enrolled(server, name)

    def answers(self, *callers: Caller) -> list[tuple[int, str | None]]:
        """Return what the server answers to laptops now: the status, and the trouble if there is one."""
        found = []
        with running(sqlite_settings(self.root / "server.db"), organisation=None) as server:
            for caller in callers:
                caller.session.mount(caller.url, server.adapter())
                answer = caller.send(caller.ask())
                found.append((answer.status_code, None if answer.status_code == 200 else str(trouble(answer).trouble)))
        return found

    def type(self, *words: str) -> tuple[int, str]:
        """Type a command; return whether it was done and what was said."""
        return self._typed("--database", f"sqlite:///{self.root / 'server.db'}", *words)

    def restore(self, *words: str) -> str:
        """Put the old file aside, as the guide says, and restore; return what was said."""
        for file in self.root.glob("server.db*"):
            file.rename(self.root / f"before-{file.name}")
        status, said = self.type("restore", str(self.backup), *words)
        assert status == 0, said
        return said

    def kept_out(self) -> set[str]:
        """Return the laptops that are signed off and the workers who have left, as the database says."""
        database = open_database(from_environment({"EWB_DATABASE": f"sqlite:///{self.root / 'server.db'}"}))
        with database.reading() as connection:
            device, worker = tables.device.c, tables.worker.c
            found = set(connection.execute(select(device.id).where(device.revoked_at.is_not(None))).scalars())
            found |= set(connection.execute(select(worker.id).where(worker.active == 0)).scalars())
            assert audit.first_broken(connection, ORGANISATION) is None
        database.close()
        return found


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    def typed(*words: str) -> tuple[int, str]:
        code = main(list(words))
        told = capsys.readouterr()
        return code, told.out + told.err

    return Place(tmp_path, typed)


def test_a_laptop_that_was_signed_off_after_the_backup_is_not_let_in_by_a_restore(place: Place) -> None:
    assert place.type("revoke", ORGANISATION, place.ada.device)[0] == 0
    said = place.restore()
    assert f"Signed off again: laptop {place.ada.device} of {ORGANISATION}" in said
    assert place.kept_out() == {place.ada.device}
    with running(sqlite_settings(place.root / "server.db"), organisation=None) as server:
        for caller, expected in ((place.ada, 403), (place.bea, 200)):
            caller.session.mount(caller.url, server.adapter())
            assert caller.send(caller.ask()).status_code == expected


def test_who_left_after_the_backup_has_left_after_a_restore_too_and_who_came_back_has_not(place: Place) -> None:
    for worker, active in ((place.bea.worker, "no"), (place.cy.worker, "no"), (place.cy.worker, "yes")):
        place.type("worker", ORGANISATION, worker, "--active", active)
    assert f"Has left again: worker {place.bea.worker} of {ORGANISATION}" in place.restore()
    assert place.kept_out() == {place.bea.worker}


def test_another_role_is_told_as_the_command_that_gives_it_and_given_by_nobody_else(place: Place) -> None:
    place.type("worker", ORGANISATION, place.bea.worker, "--role", "volunteer")
    place.type("worker", ORGANISATION, place.bea.worker, "--areas", "sale", "north end", "--new-area")
    said = place.restore()
    asked = f"ewb-server worker {ORGANISATION} {place.bea.worker} --role volunteer --areas sale 'north end' --new-area"
    assert asked in said
    assert "(connector)" in place.type("laptops", ORGANISATION)[1]
    # what the backup has already is not told again
    assert place.cy.worker not in said


def test_a_sealed_file_that_was_taken_in_after_the_backup_is_named_to_be_taken_again(place: Place) -> None:
    files = {}
    for name, caller in (("ada", place.ada), ("bea", place.bea)):
        work = outbox.Outbox([caller.change("person", {"preferred_name": "Zuleika"})])
        files[name] = place.root / f"{name}.outbox"
        files[name].write_bytes(outbox.seal(work, caller.credential))
    assert place.type("outbox", ORGANISATION, str(files["ada"]))[0] == 0
    place.backup = place.root / "two.ewb-backup"
    place.type("backup", str(place.backup))
    for _ in range(2):
        assert place.type("outbox", ORGANISATION, str(files["bea"]))[0] == 0
    digests = {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    said = place.restore()
    assert f"laptop {place.bea.device}, " in said
    assert said.count(f"SHA-256 {digests['bea'][:16]}") == 1
    assert digests["ada"][:16] not in said
    assert "cannot be read" not in said
    assert digests["bea"][:16] in place.type("restored", ORGANISATION)[1]
    assert place.type("outbox", ORGANISATION, str(files["bea"]))[0] == 0
    assert digests["bea"][:16] not in place.type("restored", ORGANISATION)[1]
    assert "Zuleika" not in place.noted.read_text("utf-8")


def test_that_the_laptop_of_a_sealed_file_may_have_been_left_is_said_until_it_is_signed_off(place: Place) -> None:
    file = place.root / "ada.outbox"
    work = outbox.Outbox([place.ada.change("person", {"preferred_name": "Zuleika"})])
    file.write_bytes(outbox.seal(work, place.ada.credential))
    asked = f"ewb-server revoke {ORGANISATION} {place.ada.device}"
    assert asked in place.type("outbox", ORGANISATION, str(file))[1]
    place.type("revoke", ORGANISATION, place.ada.device)
    assert asked not in place.type("outbox", ORGANISATION, str(file))[1]


def test_a_restore_says_what_it_cannot_know(place: Place) -> None:
    said = place.restore()
    assert f"There is no list {place.noted}: " in said
    assert "`ewb-server outbox` since then have to be taken again" in said
    for command in ("laptops", "workers"):
        assert f"ewb-server {command} {ORGANISATION}" in said


def test_a_list_whose_first_line_a_full_disk_kept_from_it_is_said_to_be_empty(place: Place) -> None:
    place.noted.touch()
    said = place.restore()
    assert f"There is nothing in the list {place.noted}: who was signed off, left" in said
    assert "names nobody" not in said


def test_the_list_can_be_another_file(place: Place) -> None:
    place.type("revoke", ORGANISATION, place.ada.device)
    place.noted.rename(place.root / "carried")
    assert place.ada.device in place.restore("--signed-off", str(place.root / "carried"))
    assert place.kept_out() == {place.ada.device}


def test_a_list_that_was_named_and_is_not_there_restores_nothing(place: Place) -> None:
    (place.root / "server.db").rename(place.root / "before.db")
    status, said = place.type("restore", str(place.backup), "--signed-off", str(place.root / "nowhere"))
    assert (status, "nowhere" in said) == (2, True)
    assert not (place.root / "server.db").exists()


def test_the_list_names_nobody_and_is_the_account_s_own(place: Place) -> None:
    place.type("revoke", ORGANISATION, place.ada.device)
    place.type("worker", ORGANISATION, place.bea.worker, "--active", "no")
    written = place.noted.read_text("utf-8")
    assert stat.S_IMODE(place.noted.stat().st_mode) == 0o600
    assert len(written.splitlines()) == 2
    assert not [word for word in ("Ada", "Okafor", "Bea", "Lind") if word in written]


def test_a_line_that_a_power_cut_tore_is_told_and_the_next_one_stands_alone(place: Place) -> None:
    place.noted.write_text('{"at":"2026-11-21T14:0')
    place.type("revoke", ORGANISATION, place.ada.device)
    said = place.restore()
    assert f"Line 1 of {place.noted} cannot be read" in said
    assert place.kept_out() == {place.ada.device}


def test_a_list_that_cannot_be_written_is_said_and_the_laptop_is_signed_off_all_the_same(place: Place) -> None:
    place.noted.mkdir()
    status, said = place.type("revoke", ORGANISATION, place.ada.device)
    assert (status, place.kept_out()) == (2, {place.ada.device})
    assert f"cannot be noted in {place.noted}" in said
    # the next backup notes what is missing
    place.noted.rmdir()
    place.type("backup", str(place.root / "two.ewb-backup"))
    place.restore()
    assert place.kept_out() == {place.ada.device}


def test_a_database_that_came_back_by_other_means_is_put_right_too(place: Place) -> None:
    copied = (place.root / "server.db").read_bytes()
    place.type("revoke", ORGANISATION, place.ada.device)
    for file in place.root.glob("server.db*"):
        file.unlink()
    (place.root / "server.db").write_bytes(copied)
    assert place.ada.device in place.type("restored", ORGANISATION)[1]
    assert place.kept_out() == {place.ada.device}


def test_a_list_that_another_account_keeps_is_named_by_a_setting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWB_SIGNED_OFF", str(place.root / "elsewhere"))
    place.type("revoke", ORGANISATION, place.ada.device)
    assert (place.root / "elsewhere").is_file()
    assert not place.noted.exists()


@pytest.fixture
def key(place: Place, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the server its key of the backups, as the guide does."""
    file = place.root / "backup.key"
    place.type("backup-key", str(file))
    monkeypatch.setenv("EWB_BACKUP_KEY_FILE", str(file))
    return file


@pytest.mark.usefixtures("key")
def test_a_laptop_that_joined_and_was_signed_off_after_the_backup_is_told_to_destroy_its_keys(place: Place) -> None:
    di = place.join("Di Hart")
    place.type("revoke", ORGANISATION, di.device)
    said = place.restore()
    assert f"Joined after the backup, and signed off again: laptop {di.device} of {ORGANISATION}" in said
    assert place.answers(di, place.ada) == [(403, "revoked"), (200, None)]
    # whose it was is known by name, and let in by nobody
    assert f"{di.worker}  Di Hart  connector  stretford  has left" in place.type("workers", ORGANISATION)[1]
    assert "signed off" in place.type("laptops", ORGANISATION)[1]
    assert place.kept_out() == {di.device, di.worker}


@pytest.mark.usefixtures("key")
def test_so_is_the_laptop_of_somebody_who_joined_and_left_after_the_backup_and_of_nobody_who_came_back(place: Place) -> None:
    di, eve = place.join("Di Hart"), place.join("Eve Sand")
    for worker, active in ((di.worker, "no"), (eve.worker, "no"), (eve.worker, "yes")):
        place.type("worker", ORGANISATION, worker, "--active", active)
    place.restore()
    assert place.answers(di, eve) == [(403, "revoked"), (401, "unknown_laptop")]


@pytest.mark.usefixtures("key")
def test_what_such_a_laptop_sealed_before_its_keys_went_is_taken_in(place: Place) -> None:
    di = place.join("Di Hart")
    file = place.root / "unsent.outbox"
    file.write_bytes(outbox.seal(outbox.Outbox([di.change("person", {"preferred_name": "Mina"})]), di.credential))
    place.type("revoke", ORGANISATION, di.device)
    place.restore()
    status, said = place.type("outbox", ORGANISATION, str(file))
    assert (status, "1 taken" in said) == (0, True), said


@pytest.mark.usefixtures("key")
def test_the_list_opens_nothing_for_who_reads_it(place: Place) -> None:
    place.type("revoke", ORGANISATION, place.ada.device)
    written = place.noted.read_text("utf-8")
    for secret in (place.ada.credential, outbox.credential_hash(place.ada.credential), "Okafor"):
        assert secret not in written
    # said once, though a seal is never the same twice
    place.type("backup", str(place.root / "two.ewb-backup"))
    assert place.noted.read_text("utf-8") == written


@pytest.mark.usefixtures("key")
def test_a_line_that_was_altered_or_moved_to_another_laptop_makes_nobody_known(place: Place) -> None:
    di = place.join("Di Hart")
    place.type("revoke", ORGANISATION, di.device)
    place.noted.write_text(place.noted.read_text("utf-8").replace(di.device, place.cy.worker), "utf-8")
    assert "Not in the backup, so nobody lets them in: 1" in place.restore()
    assert place.answers(di) == [(401, "unknown_laptop")]


def test_a_list_from_before_the_key_is_completed_by_the_next_command(place: Place, request: pytest.FixtureRequest) -> None:
    di = place.join("Di Hart")
    place.type("revoke", ORGANISATION, di.device)
    request.getfixturevalue("key")
    place.type("revoke", ORGANISATION, place.ada.device)
    place.restore()
    assert place.answers(di, place.ada) == [(403, "revoked"), (403, "revoked")]
