"""Reviews of notices (the SQL stands beside this file)."""

from pathlib import Path

from alembic import op

revision = "v0004"
down_revision = "v0003"


def upgrade() -> None:
    """Create the table of reviews."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().connection.cursor().execute(statements)
