"""Two sweepers at the same moment say nothing twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import reporting
from models.actor import Actor as Doer
from models.case import Case
from models.deadline import Reminder
from models.workflow import Move, Part
from reminders.sweep import sweep
from tests.reminders.cast import Cast, breaches, hours, missed, person_of, reminders_said
from tests.stage import DIANLIU, Stage

# On SQLite a sweeper holds the one write lock, so that there is no second one to meet.
both_at_once = pytest.mark.parametrize("loaded_database", ["postgresql"], indirect=True, scope="session")

CASES, SWEEPERS = 12, 4


def test_it_shares_the_work_among_sweepers_without_a_word_said_twice(cast: Cast, stage: Stage) -> None:
    numbers = [_assigned(stage) for _ in range(CASES)]
    stage.now += hours(12)
    start = Barrier(SWEEPERS)

    with ThreadPoolExecutor(SWEEPERS) as pool:
        taken = list(pool.map(lambda _: _sweep_until_done(stage, start), range(SWEEPERS)))

    words = Counter((row.case_id, row.person_id) for row in reminders_said(stage))
    assert sum(taken) == CASES
    assert set(words.values()) == {1}
    assert len(words) == CASES * 3  # two officers and a leader
    assert [len(breaches(stage, number)) for number in numbers] == [1] * CASES
    assert missed(stage) == []


@both_at_once
def test_it_passes_over_what_another_sweeper_holds(cast: Cast, stage: Stage) -> None:
    for _ in range(3):
        _assigned(stage)
    stage.now += hours(6)

    with stage.installation.database.story() as first:
        taken = [_pass(stage, first, limit=2)]
        with stage.installation.database.story() as second:
            taken += [_pass(stage, second), _pass(stage, second)]

    assert taken == [2, 1, 0]


@both_at_once
def test_it_does_not_wait_for_a_story_that_holds_the_case(cast: Cast, stage: Stage) -> None:
    held, free = _assigned(stage), _assigned(stage)
    claimer = Doer(Part.OFFICER, person_of(stage, cast.officer))
    stage.now += hours(12)

    with stage.installation.database.story() as story:
        case = Case.locked(story, held)
        assert case is not None
        with stage.installation.database.story() as sweeper:
            _pass(stage, sweeper)
        case.claim(claimer, stage.now)
    stage.sweep()

    assert {row.case_id for row in reminders_said(stage)} == {free}
    assert [len(breaches(stage, number)) for number in (held, free)] == [1, 1]


@both_at_once
def test_it_lets_a_story_wait_for_the_sweep_and_then_end_the_duty(cast: Cast, stage: Stage) -> None:
    number = _assigned(stage)
    stage.now += hours(12)

    with ThreadPoolExecutor(1) as pool, stage.installation.database.story() as sweeper:
        _pass(stage, sweeper)
        claimed = pool.submit(cast.officer.says, f"认领 {number}")
        sweeper.commit()
        answer = claimed.result(timeout=10)

    assert "已认领" in answer
    assert _moves(stage, number)[-2:] == [Move.BREACH, Move.CLAIM]


@both_at_once
def test_it_takes_nothing_back_of_what_others_did_when_it_fails(cast: Cast, stage: Stage) -> None:
    for _ in range(2):
        _assigned(stage)
    stage.now += hours(6)

    with stage.installation.database.glance() as first:  # never commits, as if its machine went down
        _pass(stage, first, limit=1)
        with stage.installation.database.story() as second:
            _pass(stage, second)
    before = _steps(stage)
    stage.sweep()

    assert (before, _steps(stage)) == (1, 2)


def _assigned(stage: Stage) -> int:
    """One more case at 甸柳, made without a conversation: only its clocks matter here."""
    with stage.installation.database.story() as session:
        desk = stage.installation.desk(session, stage.now)
        case = Case.open(session, desk.clocks, stage.now, channel="citizen_photo", text="", place="")
        reporting.assign(desk, case, DIANLIU, {"rule": "test"})
        return case.id


def _sweep_until_done(stage: Stage, start: Barrier) -> int:
    """Small batches, so that the sweepers meet again and again."""
    start.wait(timeout=10)
    total = 0
    while True:
        with stage.installation.database.story() as session:
            taken = _pass(stage, session, limit=2)
        if not taken:
            return total
        total += taken


def _pass(stage: Stage, session: Session, limit: int = 100) -> int:
    return sweep(session, stage.installation.bell, stage.now, limit)


def _steps(stage: Stage) -> int:
    with stage.installation.database.glance() as session:
        return len(list(session.scalars(select(Reminder.id))))


def _moves(stage: Stage, number: int) -> list[Move]:
    return [event.move for event in stage.events(number)]
