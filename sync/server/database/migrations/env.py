"""Runs the migrations on the connection that :meth:`sync.server.database.engine.Database.migrate` hands over."""

from __future__ import annotations

from alembic import context

from sync.server.database.tables import metadata

# an embedded file rolls a half-done migration back only when told that its DDL is transactional
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
