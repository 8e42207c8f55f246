"""The raw floors: what decompressing, decoding and inserting cost with nothing around them, and what moving bytes costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import requests
import zstandard

from ewb_desktop.domain.time import SystemClock
from ewb_desktop.storage.engine import register_functions
from ewb_desktop.storage.file.keyed import connect_keyed
from ewb_desktop.storage.schema import index_statements, table_statement
from ewb_desktop.storage.tables import METADATA
from sync.protocol.entities import ENTITIES, Kind
from tests.benchmarks.figures import both_seconds
from tests.benchmarks.workload import Record, as_pages

KEY = bytes(range(32))


def dump_of(records: list[Record]) -> bytes:
    """Return the records as one compressed dump."""
    return zstandard.ZstdCompressor(level=3).compress(orjson.dumps(as_pages(records, "0" * 36)))


def floor(path: Path, body: bytes) -> tuple[float, float]:
    """Return the seconds in which a dump comes into an encrypted file with the same tables and indexes.

    Wall time first, then processor time.
    """
    connection = connect_keyed(path, KEY)
    register_functions(connection, SystemClock())
    for name in ENTITIES:
        connection.execute(table_statement(METADATA.tables[name]))
    for statement in index_statements():
        connection.execute(statement)
    connection.execute("PRAGMA synchronous = NORMAL")

    def load() -> None:
        plain = orjson.loads(zstandard.ZstdDecompressor().decompress(body))
        connection.execute("BEGIN IMMEDIATE")
        for entity, (columns, rows) in plain.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {entity} ({listed}) VALUES ({places})", _bindable(entity, columns, rows))
        connection.execute("COMMIT")

    try:
        return both_seconds(load)
    finally:
        connection.close()


def push_floor(path: Path, url: str, changes: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the seconds of packing the changes, carrying them to a server that does nothing, and settling them in one commit."""
    connection = connect_keyed(path, KEY)
    connection.execute("CREATE TABLE journal (id TEXT PRIMARY KEY, settled_at TEXT, number INTEGER)")
    connection.executemany("INSERT INTO journal (id) VALUES (?)", [(change["id"],) for change in changes])

    def push() -> None:
        body = zstandard.ZstdCompressor(level=3).compress(orjson.dumps({"changes": changes}))
        with requests.Session() as session:
            # an address that this server does not know: it reads the request and does nothing
            session.post(f"{url}/v1/nothing", data=body).content  # noqa: B018
        connection.execute("BEGIN IMMEDIATE")
        settled = [("2026-11-21T13:00:00.000Z", number, change["id"]) for number, change in enumerate(changes)]
        connection.executemany("UPDATE journal SET settled_at = ?, number = ? WHERE id = ?", settled)
        connection.execute("COMMIT")

    try:
        return both_seconds(push)
    finally:
        connection.close()


def _bindable(entity: str, columns: list[str], rows: list[list[Any]]) -> list[list[Any]]:
    fields = ENTITIES[entity].fields
    nested = [at for at, name in enumerate(columns) if name in fields and fields[name].kind in (Kind.LIST, Kind.JSON)]
    for row in rows if nested else ():
        for at in nested:
            row[at] = orjson.dumps(row[at]).decode()
    return rows
