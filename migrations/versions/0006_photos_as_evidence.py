"""Photos as evidence: what was found out about them, what is public of them, what was destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    with op.batch_alter_table("deletions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deletions_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deletions_name"), ["name"], unique=False)

    op.create_table(
        "photo_checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_checks_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_checks")),
        sa.UniqueConstraint("photo_id", "name", name=op.f("uq_photo_checks_photo_id_name")),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("boxes", sa.JSON(), nullable=False),
        sa.Column("by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["persons.id"], name=op.f("fk_publications_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_publications_case_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_publications_photo_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["persons.id"], name=op.f("fk_publications_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_photo_id"), ["photo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_withdrawn_at"), ["withdrawn_at"], unique=False)

    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_site", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("judge_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_drafts_judge_at",
            ["judge_at"],
            unique=False,
            sqlite_where=sa.text("judge_at IS NOT NULL"),
            postgresql_where=sa.text("judge_at IS NOT NULL"),
        )

    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("picture", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fingerprint", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("looks", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_photos_kept_at"), ["kept_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photos_kept_at"))
        batch_op.drop_column("erased_at")
        batch_op.drop_column("kept_at")
        batch_op.drop_column("looks")
        batch_op.drop_column("fingerprint")

    with op.batch_alter_table("outbound_messages", schema=None) as batch_op:
        batch_op.drop_column("picture")

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_drafts_judge_at",
            sqlite_where=sa.text("judge_at IS NOT NULL"),
            postgresql_where=sa.text("judge_at IS NOT NULL"),
        )
        batch_op.drop_column("judged_at")
        batch_op.drop_column("judge_at")

    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_column("on_site")

    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publications_withdrawn_at"))
        batch_op.drop_index(batch_op.f("ix_publications_sha256"))
        batch_op.drop_index(batch_op.f("ix_publications_photo_id"))
        batch_op.drop_index(batch_op.f("ix_publications_case_id"))

    op.drop_table("publications")
    op.drop_table("photo_checks")
    with op.batch_alter_table("deletions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deletions_name"))
        batch_op.drop_index(batch_op.f("ix_deletions_deleted_at"))

    op.drop_table("deletions")
