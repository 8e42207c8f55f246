"""The first tables.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _organisation() -> sa.Column[str]:
    return sa.Column("organisation", sa.String(20), nullable=False)


def _id(name: str, size: int = 36) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), nullable=False)


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "organisation", _organisation(), _word("name"), _id("epoch"), _number("epoch_number"), _word("wire_shape"),
        _word("made_at"), sa.PrimaryKeyConstraint("organisation"),
    )  # fmt: skip
    op.create_table(
        "worker", _organisation(), _id("id"), _word("name"), _word("role"), _word("areas"), _flag("active"), _word("made_at"),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.organisation"], name="worker_organisation"),
    )  # fmt: skip
    op.create_table(
        "device", _organisation(), _id("id"), _id("credential_hash", 64), _id("worker"), _word("name"), _word("enrolled_at"),
        _word("revoked_at", nullable=True), _word("last_seen", nullable=True), _word("program", nullable=True),
        sa.Column("clock_off", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("organisation", "id"),
        sa.ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"], name="device_worker"),
    )  # fmt: skip
    op.create_index("device_credential", "device", ["organisation", "credential_hash"], unique=True)
    op.create_table(
        "enrol_code", _organisation(), _id("code_hash", 64), _id("worker"), _word("expires_at"), _word("used_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation", "code_hash"),
        sa.ForeignKeyConstraint(["organisation", "worker"], ["worker.organisation", "worker.id"], name="enrol_code_worker"),
    )  # fmt: skip
    op.create_table(
        "counter", _organisation(), _number("number"), _number("audit_number"), _id("audit_hash", 64),
        sa.PrimaryKeyConstraint("organisation"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.organisation"], name="counter_organisation"),
    )  # fmt: skip
    op.create_table(
        "ledger", _organisation(), _number("number"), _id("change_id"), _word("entity"), _id("record"), _word("kind"),
        _word("area"), _word("fields"), _word("overtaken", nullable=True), _number("base"), _id("author"), _id("device"),
        _number("counter"), _word("at"), _word("received_at"), _word("verdict"),
        sa.PrimaryKeyConstraint("organisation", "number"),
    )  # fmt: skip
    op.create_index("ledger_change", "ledger", ["organisation", "change_id"], unique=True)
    op.create_index("ledger_record", "ledger", ["organisation", "record", "number"])
    op.create_table(
        "record", _organisation(), _id("id"), _word("entity"), _word("sensitivity"), _word("area"), _number("number"),
        _flag("gone"), _flag("erased"), _id("author"), _word("made_at"), _word("fields"), _word("changed"), _word("changed_by"),
        _word("wire"), _word("carried", nullable=True),
        sa.PrimaryKeyConstraint("organisation", "id"),
    )  # fmt: skip
    op.create_index("record_number", "record", ["organisation", "number"], unique=True)
    op.create_table(
        "audit", _organisation(), _number("number"), _word("at"), _word("worker"), _word("device"), _word("action"),
        _word("entity"), _word("record"), _word("detail"), _id("previous", 64), _id("hash", 64),
        sa.PrimaryKeyConstraint("organisation", "number"),
    )  # fmt: skip
