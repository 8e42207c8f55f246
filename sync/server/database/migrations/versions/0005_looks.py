"""What laptops tell of who looked at what is taken once.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of what was told."""
    op.create_table(
        "look",
        sa.Column("organisation", sa.String(20), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("device", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )
