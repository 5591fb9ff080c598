"""The first tables, with the triggers and the audit chain (the SQL stands beside this file)."""

from pathlib import Path

from alembic import op

revision = "v0001"
down_revision = None


def upgrade() -> None:
    """Create everything; there is nothing before it, so no way down."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(statements)
