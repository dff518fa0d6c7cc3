"""Migrations (数据库迁移): the schema up and down, by Alembic, on our own connection."""

import warnings
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from models.all import Base

_ROOT = Path(__file__).resolve().parent.parent


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to a revision."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema down to a revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def differences(engine: Engine) -> list[object]:
    """What the tables lack or have too much, beside the models; empty when they match."""
    with engine.connect() as connection, warnings.catch_warnings():
        # The index that only PostgreSQL has, of what a function makes of the words.
        warnings.filterwarnings("ignore", message=".*expression-based index", category=UserWarning)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write(engine: Engine, message: str) -> None:
    """Write a new migration from the difference between models and tables (for developers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)
