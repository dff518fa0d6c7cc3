"""What the tests of the clocks share: an empty database in memory, and people of three levels on the stage."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from models.all import Base
from tests.reminders.cast import Cast
from tests.stage import Stage


@pytest.fixture
def session() -> Iterator[Session]:
    """An empty database in memory, for what needs no stage."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """甸柳's officer, colleague and leader, the district's leader, and the command centre's dispatcher."""
    return Cast(stage)
