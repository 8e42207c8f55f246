"""What keeps a server from starting is said before anything listens, with what to see to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sync.server.cli import main
from sync.server.commands import house


def test_a_host_that_is_none_of_this_machine_is_what_is_to_be_seen_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "can_listen", lambda _host, _port: "Cannot assign requested address")
    assert main(["--database", f"sqlite:///{tmp_path / 'server.db'}", "serve"]) == 2
    said = capsys.readouterr().err
    assert ("stop what listens there" in said, "EWB_HOST" in said) == (False, True)


def test_a_database_with_nobody_in_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a relative name, said from another folder, makes an empty file there
    monkeypatch.setattr(house, "can_listen", lambda _host, _port: "taken")
    monkeypatch.chdir(tmp_path)
    assert main(["--database", "sqlite:///server.db", "serve"]) == 2
    assert f"No organisation is in {tmp_path / 'server.db'}" in capsys.readouterr().out


def test_a_key_of_backups_that_is_none_is_said_before_anything_listens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backup.key").touch()
    monkeypatch.setenv("EWB_BACKUP_KEY_FILE", str(tmp_path / "backup.key"))
    assert main(["--database", f"sqlite:///{tmp_path / 'server.db'}", "serve"]) == 2
    assert "EWB_BACKUP_KEY_FILE" in capsys.readouterr().err


def test_a_command_that_serves_nobody_does_not_wait_for_what_serves() -> None:
    # a container asks `ready` twice a minute, all day
    heavy = "{'fastapi', 'uvicorn', 'prometheus_client'}"
    asked = f"import sync.server.cli, sys; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "[]\n"
