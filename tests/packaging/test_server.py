"""What an organisation is given to run the server with: its written commands work, its unit is closed, its lock is enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.server.admission.opened import open_database
from sync.server.certificates import fingerprint
from sync.server.database import tables
from sync.server.settings import Settings, from_environment
from tests.support.callers import enrolled
from tests.support.servers import running, sqlite_settings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "packaging" / "server"
UNITS = ("ewb-server.service", "ewb-server-backup.service")


def written(name: str) -> str:
    """Return the commands that the README gives under a name."""
    (found,) = re.findall(rf"```sh {name}\n(.*?)```", (FOLDER / "README.md").read_text("utf-8"), re.DOTALL)
    return str(found)


class Machine:
    """A folder that stands for a machine: the README's own commands run in it, as they are but for where / is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("var/lib/ewb-server", "var/backups/ewb-server", "etc/ewb-server", "bin"):
            (root / name).mkdir(parents=True)
        (root / "etc/ewb-server/settings").write_text(self.here((FOLDER / "settings.example").read_text()))
        # the account and the services are the machine's: here they are only noted
        self.put("runuser", f'shift 3; shift; exec {sys.executable} -m sync.server.cli "$@"')
        self.put("systemctl", f'echo "$@" >> {root}/systemctl.log')
        self.put("install", 'while [ $# -gt 2 ]; do shift; done; exec cp "$@"')
        self.put("ewb-server", self.here((FOLDER / "ewb-server").read_text()))

    def here(self, text: str) -> str:
        """Return commands with the machine's folders in place of the real ones."""
        return re.sub(r"(?<![\w.])/(var|etc)/", lambda found: f"{self.root}/{found[1]}/", text)

    def settings(self) -> dict[str, str]:
        """Return the settings as systemd reads them."""
        return dict(re.findall(r"^(EWB_[A-Z_]+)=(.*)$", (self.root / "etc/ewb-server/settings").read_text(), re.MULTILINE))

    def put(self, name: str, script: str) -> None:
        """Put a program where commands are found first."""
        file = self.root / "bin" / name
        file.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def run(self, commands: str) -> str:
        """Run commands as somebody types them; return what they said."""
        environment = {"PATH": f"{self.root}/bin:{os.environ['PATH']}", "HOME": str(self.root)}
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", self.here(commands)],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_the_guide_works_in_the_order_in_which_it_is_written(tmp_path: Path) -> None:
    steps = re.findall(r"```sh (\S+)", (FOLDER / "README.md").read_text("utf-8"))
    assert steps == [
        "set-up",
        "certificate",
        "own-certificate",
        "backup-key",
        "first",
        "backup",
        "restore",
        "restored",
        "before-update",
        "after-update",
    ]
    machine = Machine(tmp_path)
    file = tmp_path / "var/lib/ewb-server/ewb-server.db"
    machine.run(written("own-certificate") + written("backup-key"))
    # the service starts in the next step, with the key handed over
    settings = from_environment({**machine.settings(), "EWB_TLS_KEY": str(tmp_path / "etc/ewb-server/key.pem")})
    said = machine.run(written("first"))
    assert f"https://192.168.1.20:8461#{fingerprint(settings.certificate or file)} stretford-" in said
    assert (tmp_path / "var/lib/ewb-server/ada.png").is_file()
    with running(sqlite_settings(file), organisation=None) as server:
        ada, lost = enrolled(server, "Ada Okafor"), enrolled(server, "Bea Lind")
        made = ada.change("person", {"preferred_name": "Zuleika"})
        ada.round(made)
    assert "Kept in" in machine.run(written("backup"))
    (backup,) = (tmp_path / "var/backups/ewb-server").iterdir()
    assert b"Zuleika" not in backup.read_bytes()
    machine.run(f"ewb-server revoke stretford {lost.device}")
    # one in which something could not be read is not taken, however new
    (tmp_path / "var/backups/ewb-server/ewb-n0000999-20261122T010000Z-damaged.ewb-backup").write_bytes(b"x")
    file.write_bytes(b"the disk broke")
    said = machine.run(written("restore"))
    assert "Restored as it was" in said
    assert f"Signed off again: laptop {lost.device} of stretford" in said
    assert "well   certificate" in said
    assert "FAULT" not in said
    assert [line.split()[0] for line in (tmp_path / "systemctl.log").read_text().splitlines()] == ["enable", "stop", "start"]
    # `restore` began one just before
    assert "A new epoch began a moment ago" in machine.run(written("restored"))
    assert "Kept in" in machine.run(written("before-update"))
    assert "is up to date" in machine.run(written("after-update"))
    database = open_database(from_environment({"EWB_DATABASE": f"sqlite:///{file}"}))
    with database.reading() as connection:
        assert connection.execute(select(tables.record.c.id).where(tables.record.c.id == made.record)).all()
    database.close()


@pytest.mark.parametrize("name", ["restore", "after-update"])
def test_a_step_that_fails_starts_no_server(tmp_path: Path, name: str) -> None:
    machine = Machine(tmp_path)
    machine.put("ewb-server", "exit 2")
    (tmp_path / "var/lib/ewb-server/ewb-server.db").write_bytes(b"x")
    (tmp_path / "var/backups/ewb-server/ewb-n0000001-x.ewb-backup").write_bytes(b"x")
    # pasted whole, as into a shell that goes on
    machine.run(f"set +e\n{written(name)}\ntrue")
    log = tmp_path / "systemctl.log"
    assert "start " not in (log.read_text() if log.exists() else "")


def test_a_restore_without_a_backup_leaves_the_database_where_it_is_and_the_server_running(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    file = tmp_path / "var/lib/ewb-server/ewb-server.db"
    file.write_bytes(b"x")
    machine.run(f"set +e\n{written('restore')}\ntrue")
    assert file.read_bytes() == b"x"
    assert not (tmp_path / "systemctl.log").exists()


def test_the_settings_that_are_given_start_once_there_is_a_certificate() -> None:
    told = dict(re.findall(r"^(EWB_[A-Z_]+)=(.*)$", (FOLDER / "settings.example").read_text(), re.MULTILINE))
    del told["EWB_BACKUP_KEY_FILE"]
    assert from_environment(told, listens=False).host == "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize("value", ["postgresql://ewb:a$b@h/x?sslmode=require&connect_timeout=5", "sqlite:////a b;c `d` \\e.db"])
def test_the_service_and_whoever_types_read_the_settings_in_one_way(tmp_path: Path, value: str) -> None:
    machine = Machine(tmp_path)
    (tmp_path / "etc/ewb-server/settings").write_text(f"# a word\n\nEWB_DATABASE={value}  \nEWB_PROXIES=10.0.0.1 10.0.0.2\n")
    reading = "from sync.server.settings import *; s = from_environment(); print(s.database, len(s.proxies))"
    machine.put("runuser", f"exec {sys.executable} -c '{reading}'")
    typed = machine.run("ewb-server workers stretford").strip()
    named = [
        line.removeprefix("Environment=")
        for unit in UNITS
        for line in (FOLDER / unit).read_text().splitlines()
        if "SETTINGS" in line
    ]
    assert named == ["EWB_SETTINGS=/etc/ewb-server/settings"] * len(UNITS)
    (name, _, file) = machine.here(named[0]).partition("=")
    served = from_environment({name: file})
    assert typed == f"{served.database} 2"
    assert served.database.replace("+psycopg", "") == value


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_closed(unit: str) -> None:
    lines = set((FOLDER / unit).read_text().splitlines())
    assert {
        "User=ewb-server", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "UMask=0077",
        "CapabilityBoundingSet=", "SystemCallFilter=@system-service", "RestrictNamespaces=yes",
    } <= lines  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_may_write_wherever_the_settings_let_the_server_write(unit: str) -> None:
    told = dict(re.findall(r"^(EWB_[A-Z_]+)=(.*)$", (FOLDER / "settings.example").read_text(), re.MULTILINE))
    written_to = [Path(told[name].removeprefix("sqlite:///")) for name in ("EWB_DATABASE", "EWB_SIGNED_OFF", "EWB_SNAPSHOTS")]
    lines = dict(line.split("=", 1) for line in (FOLDER / unit).read_text().splitlines() if "=" in line)
    # the system is read-only for it but for these
    open_to = [f"/var/lib/{lines['StateDirectory']}", f"/var/cache/{lines['CacheDirectory']}", lines["ReadWritePaths"]]
    assert [path for path in written_to if not any(path.is_relative_to(folder) for folder in open_to)] == []


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    names = [*UNITS, "ewb-server-backup.timer"]
    for name in names:
        (tmp_path / name).write_text((FOLDER / name).read_text().replace("/opt/ewb-server/bin/ewb-server", "/bin/true"))
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        # a machine without systemd: the units are at least whole
        assert all("[Unit]" in (tmp_path / name).read_text() for name in names)
        return
    done = subprocess.run(
        [analyze, "verify", *(str(tmp_path / name) for name in names)], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "ewb-server" in line] == []


def test_the_part_of_the_lock_that_the_server_needs_is_enough_and_has_no_window(tmp_path: Path) -> None:
    lock = subprocess.run(
        [sys.executable, FOLDER / "server-requirements", ROOT / "requirements.lock"], capture_output=True, text=True, check=True
    ).stdout
    names = set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE))
    assert "fastapi" in names
    assert not {"pyside6-essentials", "reportlab", "pytest", "schemathesis", "requests"} & names
    looking = """
import importlib.abc, importlib.metadata as m, sys
names = {name.lower().replace('_', '-') for name in sys.argv[1:]}
tops = m.packages_distributions()
class Only(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition('.')[0]
        dists = {d.lower().replace('_', '-') for d in tops.get(top, ())}
        if dists and not dists & names and top not in ('sync', '_cffi_backend'):
            raise ImportError(f'{top} is not in the lock of the server')
sys.meta_path.insert(0, Only())
import sync.server.cli, sync.server.app
"""
    done = subprocess.run([sys.executable, "-c", looking, *sorted(names)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_container_is_not_root_and_holds_no_secret() -> None:
    lines = (FOLDER / "Containerfile").read_text().splitlines()
    last = [line for line in lines if line.startswith(("USER", "ENTRYPOINT"))]
    assert last == ["USER ewb-server", 'ENTRYPOINT ["ewb-server"]']
    assert not [line for line in lines if re.search(r"KEY|PASSWORD|TOKEN|SECRET", line)]


def test_a_container_is_healthy_only_while_the_database_answers() -> None:
    (line,) = [each for each in (FOLDER / "Containerfile").read_text().splitlines() if each.startswith("HEALTHCHECK")]
    assert line.endswith('CMD ["ewb-server", "ready"]')
    # the format of podman's own has no such line
    built = re.findall(r"podman build [^`\n]*", (FOLDER / "README.md").read_text() + (FOLDER / "Containerfile").read_text())
    assert built
    assert all("--format docker" in each for each in built)


def told_by_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str = "") -> Settings:
    """Return the settings in a container, with the image's file of settings or with ``own``."""
    text = (FOLDER / "Containerfile").read_text()
    (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)", text, re.MULTILINE)
    environment = dict(re.findall(r"([A-Z_]+)=(\S+)", block))
    ((said, place),) = re.findall(r"printf '(.*)' > (/etc/\S+)", text)
    assert environment["EWB_SETTINGS"] == place
    file = tmp_path / "settings"
    file.write_text(own or said.replace("\\n", "\n"))
    monkeypatch.setenv("XDG_DATA_HOME", environment["XDG_DATA_HOME"])
    return from_environment({**environment, "EWB_SETTINGS": str(file)})


def test_a_container_keeps_everything_in_its_volumes_unless_its_settings_say_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = told_by_image(tmp_path, monkeypatch)
    assert plain.file == Path("/var/lib/ewb-server/ewb-server.db")
    assert plain.sign_offs == Path("/var/backups/ewb-server/signed-off")
    said = "EWB_DATABASE=postgresql://ewb@db/ewb\nEWB_SIGNED_OFF=/var/backups/ewb-server/another\n"
    own = told_by_image(tmp_path, monkeypatch, said)
    assert (own.is_embedded, own.sign_offs) == (False, Path("/var/backups/ewb-server/another"))


def test_the_page_that_the_unit_names_is_installed() -> None:
    (page,) = re.findall(r"^Documentation=file:(\S+)$", (FOLDER / "ewb-server.service").read_text(), re.MULTILINE)
    assert f"packaging/server/README.md {page}\n" in (FOLDER / "README.md").read_text("utf-8")


def test_every_setting_in_the_readme_is_one() -> None:
    named = set(re.findall(r"EWB_[A-Z_]+", (FOLDER / "README.md").read_text() + (FOLDER / "settings.example").read_text()))
    source = (ROOT / "sync/server/settings.py").read_text()
    assert not {name for name in named if f'"{name}"' not in source}
