"""Lists and search in the command centre: what they are sorted and filtered by, and the words of each case."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# name: table, columns, and what rows it holds (None for all) on SQLite and on PostgreSQL
INDEXES = {
    "ix_cases_opened_at": ("cases", ["opened_at", "id"], None),
    "ix_cases_closed_at": ("cases", ["closed_at", "id"], ("closed_at IS NOT NULL",) * 2),
    "ix_cases_due_at": ("cases", ["due_at", "id"], ("due_at IS NOT NULL",) * 2),
    "ix_cases_open": ("cases", ["opened_at", "id"], ("closed_at IS NULL",) * 2),
    "ix_cases_unit_code": ("cases", ["unit_code", "opened_at", "id"], None),
    "ix_cases_district": ("cases", ["district", "opened_at", "id"], None),
    "ix_cases_street": ("cases", ["street", "opened_at", "id"], None),
    "ix_cases_category": ("cases", ["category", "opened_at", "id"], None),
    "ix_cases_channel": ("cases", ["channel", "opened_at", "id"], None),
    "ix_cases_exposed": ("cases", ["opened_at", "id"], ("exposed IS 1", "exposed IS true")),
    "ix_cases_recurrence": ("cases", ["opened_at", "id"], ("recurrence_of IS NOT NULL",) * 2),
    "ix_cases_rating": ("cases", ["rating", "opened_at", "id"], ("rating IS NOT NULL",) * 2),
    "ix_assignments_on_site": (
        "assignments",
        ["case_id"],
        ("on_site IS 1 AND ended_at IS NULL", "on_site IS true AND ended_at IS NULL"),
    ),
    "ix_deadlines_owed": ("deadlines", ["duty", "due_at"], ("ended_at IS NULL",) * 2),
    "ix_outbound_messages_dead": ("outbound_messages", ["created_at"], ("state = 'dead'",) * 2),
}

# Pairs of neighbouring characters, the last one of a word alone: Chinese has no spaces to cut words by. In PL/pgSQL,
# because in one SQL expression it takes three times as long.
GRAMS = """
CREATE FUNCTION case_grams(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := regexp_split_to_array(words, '');
    grams text[] := '{}';
BEGIN
    FOR n IN 1 .. cardinality(letters) LOOP
        IF ascii(letters[n]) > 32 THEN
            grams := array_append(grams, rtrim(letters[n] || coalesce(letters[n + 1], ''), E' \\t\\r\\n'));
        END IF;
    END LOOP;
    RETURN array_to_tsvector(grams);
END $$
"""

KEEP_POSTGRESQL = (
    """
CREATE FUNCTION keep_case_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_words (case_id, words) VALUES (NEW.id, lower(NEW.text || ' ' || NEW.place))
    ON CONFLICT (case_id) DO UPDATE SET words = excluded.words;
    RETURN NULL;
END $$
""",
    "CREATE TRIGGER keep_case_words AFTER INSERT OR UPDATE OF text, place ON cases"
    " FOR EACH ROW EXECUTE FUNCTION keep_case_words()",
)
_KEEP = (
    " ON cases BEGIN INSERT OR REPLACE INTO case_words (case_id, words)"
    " VALUES (NEW.id, lower(NEW.text || ' ' || NEW.place)); END"
)
KEEP_SQLITE = (
    "CREATE TRIGGER keep_case_words_new AFTER INSERT" + _KEEP,
    "CREATE TRIGGER keep_case_words_changed AFTER UPDATE OF text, place" + _KEEP,
)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, (table, columns, rows) in INDEXES.items():
        sqlite, postgresql = (sa.text(rows[0]), sa.text(rows[1])) if rows else (None, None)
        op.create_index(name, table, columns, sqlite_where=sqlite, postgresql_where=postgresql)
    op.create_table(
        "case_words",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_words_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_words"),
    )
    op.execute("INSERT INTO case_words (case_id, words) SELECT id, lower(text || ' ' || place) FROM cases")
    if is_postgresql:
        op.execute(GRAMS)
        op.execute("CREATE INDEX ix_case_words_grams ON case_words USING gin (case_grams(words))")
    for statement in KEEP_POSTGRESQL if is_postgresql else KEEP_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER keep_case_words ON cases")
        op.execute("DROP FUNCTION keep_case_words()")
        op.drop_table("case_words")
        op.execute("DROP FUNCTION case_grams(text)")
    else:
        op.execute("DROP TRIGGER keep_case_words_new")
        op.execute("DROP TRIGGER keep_case_words_changed")
        op.drop_table("case_words")
    for name, (table, _, _) in reversed(INDEXES.items()):
        op.drop_index(name, table_name=table)
