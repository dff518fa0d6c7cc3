"""简报: every Monday each unit hears how it stands, once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import digests
from bot.settings import DigestTime, Settings
from tests.scoring.test_tables import a_month
from tests.stage import MORNING, Stage

MONDAY = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)  # 08:30 in Jinan, a week after the stage's first day


@pytest.fixture
def settings(base_settings: Settings, tmp_path: Path) -> Settings:
    return base_settings.model_copy(update={"photos": tmp_path / "photos", "digest": DigestTime()})


def written(stage: Stage, at: datetime) -> int:
    return digests.write_due(stage.installation, at)


def due(stage: Stage, at: datetime) -> datetime | None:
    with stage.installation.database.glance() as session:
        return digests.due_since(stage.installation, session, at)


def test_it_tells_a_unit_its_figures_and_what_is_due(stage: Stage) -> None:
    leader = stage.leader()
    a_month(stage)
    stage.now = MONDAY

    written(stage, MONDAY)

    word = stage.said_to(leader)[-1]
    assert "【甸柳新村街道】上周督导简报（11-23至11-29）" in word
    assert "认领及时 3/3（100%）" in word
    assert "还没有公布的排名" in word


def test_it_writes_a_round_once(stage: Stage) -> None:
    stage.leader()

    assert (written(stage, MONDAY), written(stage, MONDAY + timedelta(minutes=1))) == (1, 0)


def test_it_tells_officers_where_a_unit_has_no_leader(stage: Stage) -> None:
    officer = stage.officer()

    written(stage, MONDAY)

    assert "上周督导简报" in stage.said_to(officer)[-1]


def test_it_is_due_on_its_day_and_no_news_much_later(stage: Stage) -> None:
    assert due(stage, MONDAY - timedelta(minutes=1)) is None
    assert due(stage, MONDAY) == MONDAY
    assert due(stage, MONDAY + timedelta(hours=11)) == MONDAY
    assert due(stage, MONDAY + timedelta(hours=13)) is None
    assert due(stage, MORNING) == MORNING - timedelta(minutes=30)
