"""A page finds its rows by class and by area: it looked through those of all areas to find the few of its own.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("record_area", "record", ["organisation", "area", "number"])
    op.create_index("record_class", "record", ["organisation", "sensitivity", "number"])
