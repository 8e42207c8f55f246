"""The audit can only grow: the database itself turns away whoever would alter an entry or take one out.

Revision ID: 0002
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_EMBEDDED = """
CREATE TRIGGER audit_keeps_{name} BEFORE {event} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit can only grow'); END
"""

# what stands there already could otherwise be put in again with other words: replacing fires no trigger of deleting
_EMBEDDED_REPLACE = """
CREATE TRIGGER audit_keeps_place BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE organisation = NEW.organisation AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit can only grow'); END
"""

_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit can only grow'; END $$
    """,
    "CREATE TRIGGER audit_keeps_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()",
    "CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()",
)


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        statements = [*(_EMBEDDED.format(name=event.lower(), event=event) for event in ("UPDATE", "DELETE")), _EMBEDDED_REPLACE]
    else:
        statements = list(_POSTGRES)
    for statement in statements:
        op.execute(statement)
