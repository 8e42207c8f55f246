"""A full disk is said in plain words, whatever was typed."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError

from sync.server.cli import main, why_not

_HARDLY_ANY_ROOM: Final = 8192
"""Bytes: less than what SQLite needs beside a file to open it, as on a disk that is full."""
INVITE = ("invite", "stretford", "--name", "Zuleika", "--role", "connector", "--areas", "stretford")


def test_a_full_disk_is_said_in_words_and_nothing_of_what_was_written() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE note (said TEXT)"))
        connection.execute(text("PRAGMA max_page_count = 3"))
        with pytest.raises(DatabaseError) as full:
            connection.execute(text("INSERT INTO note VALUES (:said)"), {"said": "Zuleika" * 5000})
    engine.dispose()
    assert why_not(full.value) == "The disk of the database is full: make room and type it again. Nothing of it was done."
    on_postgres = DatabaseError("INSERT", {}, psycopg.errors.DiskFull("Zuleika"))
    assert why_not(on_postgres) == why_not(full.value)


@pytest.mark.parametrize("command", [INVITE, ("migrate",), ("backup", "kept"), ("doctor",), ("restored", "stretford")])
def test_a_full_disk_is_said_by_whatever_is_typed(tmp_path: Path, command: tuple[str, ...]) -> None:
    file = tmp_path / "server.db"
    assert main(["--database", f"sqlite:///{file}", "migrate"]) == 0

    def without_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_HARDLY_ANY_ROOM, _HARDLY_ANY_ROOM))

    typed = [sys.executable, "-m", "sync.server.cli", "--database", f"sqlite:///{file}", *command]
    told = subprocess.run(typed, capture_output=True, text=True, check=False, preexec_fn=without_room)
    said = told.stdout + told.stderr
    assert (told.returncode, "disk is full" in said or "disk of the database is full" in said) == (2, True), said
    assert "does not answer" not in said
