"""What is kept of a credential that another one replaced: files that were sealed under it can still be opened.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "former_credential",
        sa.Column("organisation", sa.String(20), nullable=False),
        sa.Column("credential_hash", sa.String(64), nullable=False),
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("replaced_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("organisation", "credential_hash"),
        sa.ForeignKeyConstraint(
            ["organisation", "device"], ["device.organisation", "device.id"], name="former_credential_device"
        ),
    )
