"""Cards on WeCom, words in groups, and words passed on to somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_table(
        "task_cards",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("response_code", sa.Text(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_task_cards_case_id")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_task_cards_deadline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_cards")),
        sa.UniqueConstraint("task_id", name=op.f("uq_task_cards_task_id")),
    )
    with op.batch_alter_table("task_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_cards_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_task_cards_open", ["deadline_id"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
        )

    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("address", server_default=None)

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chat", sa.String(length=64), nullable=False, server_default=""))
        batch_op.alter_column("chat", server_default=None)
        batch_op.drop_index("uq_drafts_open", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index(
            "uq_drafts_open",
            ["person_id", "channel", "chat"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )

    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chat", sa.String(length=64), nullable=False, server_default=""))
        batch_op.alter_column("chat", server_default=None)
        batch_op.add_column(
            sa.Column("instead_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_outbound_messages_instead_of"), ["instead_of"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbound_messages_instead_of"), "outbound_messages", ["instead_of"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbound_messages_instead_of"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbound_messages_instead_of"))
        batch_op.drop_column("instead_of")
        batch_op.drop_column("chat")

    # Where a person has open drafts in several chats only the newest can stay: the old schema holds one.
    op.execute(
        "UPDATE drafts SET state = 'cancelled', quiet_at = NULL WHERE state = 'open' AND id NOT IN "
        "(SELECT MAX(id) FROM drafts WHERE state = 'open' GROUP BY person_id, channel)"
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index("uq_drafts_open", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.create_index(
            "uq_drafts_open", ["person_id", "channel"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        )
        batch_op.drop_column("chat")

    op.execute("DELETE FROM allowances WHERE way IN ('card', 'work', 'group')")
    with op.batch_alter_table("allowances", schema=None) as batch_op:
        batch_op.drop_column("address")

    with op.batch_alter_table("task_cards", schema=None) as batch_op:
        batch_op.drop_index("ix_task_cards_open", sqlite_where=_OPEN, postgresql_where=_OPEN)
        batch_op.drop_index(batch_op.f("ix_task_cards_case_id"))

    op.drop_table("task_cards")
