"""Indexes of the live intake (the SQL stands beside this file)."""

from pathlib import Path

from alembic import op

revision = "v0003"
down_revision = "v0002"


def upgrade() -> None:
    """Create the indexes by which rows find the subject they waited for."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(statements)
