"""The tables of the live intake (the SQL stands beside this file)."""

from pathlib import Path

from alembic import op

revision = "v0002"
down_revision = "v0001"


def upgrade() -> None:
    """Create them, and the index by which a guardian finds those it speaks for."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(statements)
