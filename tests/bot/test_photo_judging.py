"""照片核对的并发: photos that come, and workers that take over, while a rectification is being looked at."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from bot import photo_checks
from handlers.doubts import settling
from handlers.doubts.checks import Result
from models.draft import Draft
from models.photo import Photo
from models.workflow import Move
from tests.bot.photo_case import AFTER, BEFORE, Case, a_case, arrive, judge
from tests.stage import Stage


@pytest.fixture
def case(stage: Stage) -> Case:
    return a_case(stage)


def test_it_looks_at_a_photo_that_comes_just_when_it_finds_none(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    stage = case.stage
    with stage.installation.database.story() as session:
        session.scalars(select(Draft).where(Draft.judge_at.is_not(None))).one().judge_at = stage.now
        draft = session.scalars(select(Draft.id).where(Draft.judge_at.is_not(None))).one()
    arrive(stage, [BEFORE])

    photo_checks._set_aside(stage.installation, draft, stage.now, stage.now)
    judge(stage)

    assert case.doubts() == {"same_as_before"}


def test_it_says_nothing_when_another_worker_has_taken_over(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    arrive(case.stage, [BEFORE])
    stage = case.stage
    with stage.installation.database.glance() as session:
        draft = session.scalars(select(Draft).where(Draft.judge_at.is_not(None))).one().id
    slow, quick = stage.now + timedelta(seconds=1), stage.now + timedelta(seconds=2)
    with stage.installation.database.story() as session:
        session.get_one(Draft, draft).judge_at = quick

    photo_checks._judge(stage.installation, draft, stage.now, slow)
    photo_checks._judge(stage.installation, draft, stage.now, quick)
    photo_checks._judge(stage.installation, draft, stage.now, slow)

    assert [e.move for e in stage.events(case.number)].count(Move.DOUBT) == 1
    assert sum("存疑" in word for word in case.officer.hears()) == 1


def test_it_does_not_forget_a_photo_that_comes_while_it_puts_away(case: Case) -> None:
    case.solved(AFTER)
    stage, leased = case.stage, case.stage.now
    with stage.installation.database.story() as session:
        draft = session.scalars(select(Draft).where(Draft.judged_at.is_not(None))).one()
        draft.judge_at = leased
    later = leased + timedelta(seconds=1)

    def comes() -> None:
        with stage.installation.database.story() as other:
            other.get_one(Draft, draft.id).judge_at = later

    with stage.installation.database.story() as session:
        settling.put_away(stage.installation.desk(session, stage.now), draft.id, leased)
        coming = Thread(target=comes)
        coming.start()
        coming.join(0.5)
    coming.join()

    with stage.installation.database.glance() as session:
        assert session.get_one(Draft, draft.id).judge_at == later


def test_it_names_no_dispatch_where_the_rework_began(case: Case) -> None:
    with case.stage.installation.database.glance() as session:
        desk = case.stage.installation.desk(session, case.stage.now)
        facts = {"taken": case.stage.now.isoformat(), "begun": case.stage.now.isoformat()}
        photo = session.scalars(select(Photo.id)).first() or 0

        words = settling.reasons(desk, [(photo, Result("older", facts=facts))])

    assert "派单" not in words[0]
