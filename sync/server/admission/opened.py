"""Opens the database as this program needs it, for the server and for every command."""

from __future__ import annotations

from sync.server.admission.people import refresh_shapes
from sync.server.database.engine import Database
from sync.server.settings import Settings


def open_database(settings: Settings) -> Database:
    """Return the database of ``settings``, its tables and ready-made rows as this program needs them."""
    database = Database(settings)
    try:
        database.migrate()
        with database.writing() as connection:
            refresh_shapes(connection)
    except BaseException:
        database.close()
        raise
    return database
