"""Copies of a running server's embedded database, and how one is put in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_pages(source: Path, target: Path) -> None:
    """Let the database at ``target`` say what the one at ``source`` says, page by page, whoever has it open."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
