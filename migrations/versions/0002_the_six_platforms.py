"""The six platforms and their people. Rows written before get empty values."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)

    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_api_keys_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("route", sa.String(length=128), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_rounds_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(
            "uq_rounds_open",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "exposures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outlet", sa.String(length=128), nullable=False),
        sa.Column("column_name", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exposures_case_id")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_exposures_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposures")),
    )
    with op.batch_alter_table("exposures", schema=None) as batch_op:
        batch_op.create_index("ix_exposures_case_id_published_on", ["case_id", "published_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_exposures_report_id"), ["report_id"], unique=False)

    op.create_table(
        "hotline_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("caller", sa.String(length=128), nullable=False),
        sa.Column("phone", sa.String(length=128), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_hotline_orders_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_hotline_orders_number")),
    )
    with op.batch_alter_table("hotline_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotline_orders_report_id"), ["report_id"], unique=False)

    op.create_table(
        "pledges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False),
        sa.Column("by_date", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_pledges_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pledges_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_pledges_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
    )
    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledges_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exposed", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(
            sa.Column("recurrence_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_cases_recurrence_of"), ["recurrence_of"], unique=False)
        batch_op.drop_constraint(batch_op.f("fk_cases_duplicate_of"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_cases_recurrence_of"), "cases", ["recurrence_of"], ["id"])
        batch_op.drop_column("duplicate_of")

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=False, server_default="{}"))

    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.add_column(sa.Column("platform", sa.String(length=64), nullable=False, server_default=""))

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("joins_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("post", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("shift", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("areas", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("outlet", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("deputy", sa.String(length=128), nullable=False, server_default=""))
        batch_op.alter_column("role", existing_type=sa.VARCHAR(length=24), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_invitations_joins_id"), "persons", ["joins_id"], ["id"])

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("post", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("shift", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("areas", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("outlet", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("deputy", sa.String(length=128), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("deputy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_memberships_deputy_id"), "persons", ["deputy_id"], ["id"])

    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_photos_report_id"), ["report_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_photos_report_id"), "reports", ["report_id"], ["id"])

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("extra", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_index(
            "uq_reports_number",
            ["channel", "number"],
            unique=True,
            sqlite_where=sa.text("number <> ''"),
            postgresql_where=sa.text("number <> ''"),
        )


def downgrade() -> None:
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reports_number", sqlite_where=sa.text("number <> ''"), postgresql_where=sa.text("number <> ''")
        )
        batch_op.drop_column("extra")
        batch_op.drop_column("number")

    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_photos_report_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_photos_report_id"))
        batch_op.drop_column("report_id")

    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_memberships_deputy_id"), type_="foreignkey")
        batch_op.drop_column("deputy_id")
        batch_op.drop_column("deputy")
        batch_op.drop_column("outlet")
        batch_op.drop_column("areas")
        batch_op.drop_column("shift")
        batch_op.drop_column("post")

    op.execute("DELETE FROM invitations WHERE role IS NULL")  # 关联 codes, valid for minutes
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitations_joins_id"), type_="foreignkey")
        batch_op.alter_column("role", existing_type=sa.VARCHAR(length=24), nullable=False)
        batch_op.drop_column("deputy")
        batch_op.drop_column("outlet")
        batch_op.drop_column("areas")
        batch_op.drop_column("shift")
        batch_op.drop_column("post")
        batch_op.drop_column("ends_at")
        batch_op.drop_column("joins_id")

    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_column("platform")

    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_column("extra")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("duplicate_of", sa.INTEGER(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_cases_recurrence_of"), type_="foreignkey")
        batch_op.create_foreign_key(batch_op.f("fk_cases_duplicate_of"), "cases", ["duplicate_of"], ["id"])
        batch_op.drop_index(batch_op.f("ix_cases_recurrence_of"))
        batch_op.drop_column("recurrence_of")
        batch_op.drop_column("exposed")

    with op.batch_alter_table("pledges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pledges_case_id"))

    op.drop_table("pledges")
    with op.batch_alter_table("hotline_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotline_orders_report_id"))

    op.drop_table("hotline_orders")
    with op.batch_alter_table("exposures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exposures_report_id"))
        batch_op.drop_index("ix_exposures_case_id_published_on")

    op.drop_table("exposures")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rounds_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("rounds")
    op.drop_table("api_keys")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_person_id"))

    op.drop_table("absences")
