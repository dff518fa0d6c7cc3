"""What the tests of models need: a database in memory, and one case to do things to."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from models.all import Base, Person, Unit
from tests.models.life import Life


@pytest.fixture
def session() -> Iterator[Session]:
    """An empty database in memory with two units and four people in it."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Unit(code=code, name=code, short=code, tier="street") for code in ("north", "south"))
        session.add_all(Person(id=n, created_at=Life.START) for n in range(1, 5))
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def life(session: Session) -> Life:
    """One case's life, told in hours."""
    return Life(session)
