"""Who is matched to whom, and which member has left which scope.

Revision ID: 0006
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CHUNK = 1_000


def upgrade() -> None:
    """Make the tables, and note for members who are here already who coordinates them."""
    op.create_table(
        "matched",
        sa.Column("organisation", sa.String(20), nullable=False),
        sa.Column("worker", sa.String(36), nullable=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "worker", "person"),
    )
    op.create_index("matched_person", "matched", ["organisation", "person"])
    op.create_table(
        "departed",
        sa.Column("organisation", sa.String(20), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("person", sa.String(36), nullable=False),
        sa.Column("worker", sa.String(36), nullable=False),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "number", "person", "worker"),
    )
    op.create_index("departed_person", "departed", ["organisation", "person"])
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    record = sa.table("record", *(sa.column(name, sa.Text) for name in ("organisation", "id", "entity", "fields")))
    matched = sa.table("matched", *(sa.column(name, sa.Text) for name in ("organisation", "worker", "person")))
    last = ("", "")
    while True:
        query = (
            sa.select(record.c.organisation, record.c.id, record.c.fields)
            .where(sa.tuple_(record.c.organisation, record.c.id) > last, record.c.entity == "person")
            .order_by(record.c.organisation, record.c.id)
            .limit(_CHUNK)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        told = [{"organisation": row.organisation, "worker": _coordinator(row.fields), "person": row.id} for row in rows]
        if known := [each for each in told if each["worker"]]:
            connection.execute(sa.insert(matched), known)
        last = (rows[-1].organisation, rows[-1].id)


def _coordinator(fields: str) -> str | None:
    try:
        told = json.loads(fields)
    except ValueError:
        # altered by a failing disk: it is mended when somebody asks for it
        return None
    worker = told.get("coordinator") if isinstance(told, dict) else None
    return worker if isinstance(worker, str) and 0 < len(worker) <= 36 else None
