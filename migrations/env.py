"""Alembic's entry: run.py hands it a connection; models.all says what the tables should be."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from models.all import Base
from models.base import UtcDateTime


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must still run when the models have moved on, so it names plain types, not ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_type,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
