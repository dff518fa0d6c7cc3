"""The stage all tests share: both databases, a real Valkey, the data pack, and a cast."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot import migration
from bot.database import Database, open_engine
from bot.installation import ROOT, Installation, install
from bot.registry import load_units
from bot.settings import Settings, load_settings
from models.all import Base
from routing.pack import load as load_pack
from routing.router import Router
from routing.what.learned import read_starter
from tests import servers
from tests.stage import Stage


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with servers.valkey() as url:
        yield url


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    with servers.s3() as url:
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def loaded_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database with the units in it; every test that uses it runs on both."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'tests.db'}"
    engine = open_engine(url)
    migration.upgrade(engine)
    with Database(engine).story() as session:
        load_units(session, load_pack(ROOT / "data" / "jinan"))
    yield url
    engine.dispose()


@pytest.fixture(scope="session")
def base_settings(loaded_database: str, valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project's own config.yaml, read once: YAML is slower than many a test."""
    return load_settings(write_config(tmp_path_factory.mktemp("settings"), loaded_database, valkey_url))


@pytest.fixture(scope="session")
def router() -> Router:
    return Router(load_pack(ROOT / "data" / "jinan"), read_starter(ROOT / "data" / "jinan"))


@pytest.fixture
def settings(base_settings: Settings, tmp_path: Path) -> Settings:
    """config.yaml with this test's database, Valkey and folders."""
    return base_settings.model_copy(update={"photos": tmp_path / "photos"})


def write_config(folder: Path, database: str, redis: str, **changes: object) -> Path:
    """A settings file like config.yaml, with secrets in place and `changes` on top."""
    base = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    account = {
        "key": "jinan",
        "platform": "citizen_photo",
        "app_id": "wxtest",
        "api_base_url": "http://127.0.0.1:1/",  # nobody: a test must not reach the real one by mistake
        "app_secret": "test-app-secret",
        "token": "test-token",
        "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        "template": "T",
        "template_fields": {"thing1": "title"},
    }
    base |= {
        "database": database,
        "redis": redis,
        "data": str(ROOT / "data" / "jinan"),
        "photos": str(folder / "photos"),
        "digest": None,  # on Mondays a test must not see more work than on Tuesdays
        "accounts": [account],
        **changes,
    }
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(base, allow_unicode=True), encoding="utf-8")
    return file


@pytest.fixture
def installation(settings: Settings, router: Router) -> Iterator[Installation]:
    """An installation on an empty database (the units stay)."""
    installation = install(settings, router)
    yield installation
    engine = installation.database.engine
    # Nothing but the tests' own rows: cheaper than a new database for every test.
    deletes = [f"DELETE FROM {t.name}" for t in reversed(Base.metadata.sorted_tables) if t.name != "units"]  # noqa: S608
    with engine.begin() as connection:
        for statement in ["; ".join(deletes)] if engine.dialect.name == "postgresql" else deletes:
            connection.exec_driver_sql(statement)
    engine.dispose()
    installation.redis.flushdb()
    installation.redis.close()


@pytest.fixture
def stage(installation: Installation) -> Stage:
    """People to speak and a clock to turn, without HTTP."""
    return Stage(installation)
