"""Statistics count things by the day they happened: deadlines, verdicts, reports and ratings of a month among years."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# name: table, column, and what rows it holds (None for all)
INDEXES = {
    "ix_deadlines_due_at": ("deadlines", "due_at", "duty IN ('claim', 'rectify')"),
    "ix_case_events_at": ("case_events", "at", "move IN ('pass', 'confirm', 'fail', 'reopen')"),
    "ix_reports_reported_at": ("reports", "reported_at", None),
    "ix_reports_rated_at": ("reports", "rated_at", "rated_at IS NOT NULL"),
}


def upgrade() -> None:
    for name, (table, column, rows) in INDEXES.items():
        where = sa.text(rows) if rows else None
        op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
