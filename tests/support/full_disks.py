"""A full disk as the encrypted file meets it: the file cannot grow any more, on any connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event

from ewb_desktop.storage.store import Store


@contextmanager
def full_disk(store: Store, has_room: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Let the file not grow any more, until ``has_room`` says that somebody made room."""
    with store.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    is_over = False

    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {2**30 if is_over or has_room() else pages}")

    event.listen(store.engine, "begin", limit)
    try:
        yield
    finally:
        is_over = True
