"""Alembic's entry: run.py hands it a connection; models.all says what the tables should be."""

from alembic import context
from sqlalchemy import Connection

from models.all import Base


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
