"""Gives the work in a file that was used before it was enrolled to the worker whom the administrator invited, and an area."""

from __future__ import annotations

from ewb_desktop.storage.areas import ALONE, EVERYWHERE
from ewb_desktop.storage.search_index import rebuild_search
from ewb_desktop.storage.tables import METADATA, Worker
from ewb_desktop.storage.writing import Writing
from sync.protocol.entities import ENTITIES, Kind
from sync.protocol.roles import WIDE


def adopt_worker(writing: Writing, before: str, worker: str) -> None:
    """Put ``worker`` in the place of ``before`` wherever it stands in records and in work that is not sent."""
    if before == worker:
        return
    connection = writing.connection
    with writing.echo(bulk=True):
        for entity in ENTITIES.values():
            table = METADATA.tables[entity.name]
            columns = ["author", *(name for name, field in entity.fields.items() if field.kind is Kind.TEXT)]
            places = ", ".join(f'"{name}" = CASE "{name}" WHEN ?1 THEN ?2 ELSE "{name}" END' for name in columns)
            anywhere = " OR ".join(f'"{name}" = ?1' for name in columns)
            connection.exec_driver_sql(f"UPDATE {table.name} SET {places} WHERE {anywhere}", (before, worker))  # noqa: S608
    connection.exec_driver_sql(
        "UPDATE journal SET author = replace(author, ?1, ?2), fields = replace(fields, ?1, ?2), record = replace(record, ?1, ?2) "
        "WHERE settled_at IS NULL",
        (before, worker),
    )
    # the server made the worker's own record when she was invited, and sends it
    with writing.echo():
        connection.exec_driver_sql("DELETE FROM worker WHERE id = ?", (before,))
    connection.exec_driver_sql("DELETE FROM journal WHERE entity = 'worker' AND record = ? AND settled_at IS NULL", (worker,))
    connection.exec_driver_sql("UPDATE pen SET author = ?", (worker,))
    rebuild_search(connection.connection.driver_connection)
    for name in ENTITIES:
        writing.touch_wholesale(name)
    writing.author = worker


def know_worker(writing: Writing, worker: str, name: str, role: str, areas: tuple[str, ...]) -> None:
    """Lay down the worker's own record as the server told it, so that she has a name before the first round brings it."""
    with writing.echo():
        writing.put(Worker(id=worker, area=EVERYWHERE, name=name, role=role, areas=list(areas), active=True))


def adopt_area(writing: Writing, area: str) -> None:
    """Put ``area`` in the place of the area of a laptop that stands alone, in records and in work that is not sent.

    What every area shares (places, services, tallies) goes to every area: the server takes nothing from an area it did not give.
    """
    with writing.echo(bulk=True):
        for entity in ENTITIES.values():
            target = EVERYWHERE if entity.sensitivity in WIDE else area
            moved = writing.connection.exec_driver_sql(
                f"UPDATE {entity.name} SET area = ? WHERE area = ?",  # noqa: S608 - a name of the protocol
                (target, ALONE),
            )
            waiting = writing.connection.exec_driver_sql(
                "UPDATE journal SET area = ? WHERE area = ? AND entity = ? AND settled_at IS NULL", (target, ALONE, entity.name)
            )
            if moved.rowcount or waiting.rowcount:
                writing.touch_wholesale(entity.name)
