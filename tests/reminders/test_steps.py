"""Each step of a clock (提醒, 预警, 催办): once, to the right people, at its time, and again until it is done."""

from collections.abc import Callable

import pytest

from models.clock import Duty
from models.deadline import Deadline
from tests.reminders.cast import Cast, breaches, hours, missed, reminders_said, steps_taken, turn, unsure_case
from tests.stage import Stage


def _unclaimed(cast: Cast) -> None:
    """Reported and assigned at 09:00: to be claimed until 21:00, rectified until 21:00 of the next day."""
    cast.stage.reported_case()


def _claimed(cast: Cast) -> None:
    """Claimed at 09:00: to be rectified until 09:00 of the next day."""
    cast.officer.says(f"认领 {cast.stage.reported_case()}")


def _unsure(cast: Cast) -> None:
    """To be assigned by the command centre until 11:00."""
    unsure_case(cast.stage, cast.stage.citizen())


def _rectified(cast: Cast) -> None:
    """To be verified until 09:00 of the next day."""
    _claimed(cast)
    cast.officer.photo()
    cast.officer.says("整改 已清运")


def _returned(cast: Cast) -> None:
    """A 退回 to be ruled on until 13:00, while the claim clock goes on until 21:00."""
    cast.officer.says(f"退回 {cast.stage.reported_case()} 不归我们管")


_BOTH = "leader officer"

# how it stands at 09:00 | for how many hours the clock is turned | when a word is written, and who hears it
SCHEDULES: list[tuple[Callable[[Cast], None], float, list[tuple[str, str]]]] = [
    (
        _unclaimed,
        30,
        [
            ("15:00", "colleague officer"),  # 6 h before the claim is due
            ("19:00", "colleague officer"),  # 2 h
            ("20:30", "colleague leader officer"),  # half an hour
            ("21:00", "colleague leader officer"),  # the breach
            ("23:00", "leader parent"),  # 2 h late
            ("03:00", "command leader"),  # 6 h late
            ("15:00", "colleague officer"),  # 6 h before the rectification is due all the same
        ],
    ),
    (
        _claimed,
        56,
        [
            ("03:00", "officer"),  # only who claimed it; colleagues need not be woken
            ("07:00", "officer"),
            ("08:30", _BOTH),
            ("09:00", _BOTH),
            ("11:00", "leader parent"),
            ("15:00", "command leader"),
            ("15:00", "command leader"),  # a day later, until it is done
        ],
    ),
    (
        _unsure,
        7,
        [(at, "command") for at in ("10:30", "11:00", "13:00", "15:00")],
    ),
    (
        _rectified,
        49,
        [(at, "command") for at in ("07:00", "09:00", "21:00", "09:00")],
    ),
    (
        _returned,
        9,
        [
            ("12:00", "command"),
            ("13:00", "command"),
            ("15:00", "colleague officer"),
            ("17:00", "command"),
        ],
    ),
]


@pytest.mark.parametrize(("begin", "span", "words"), SCHEDULES, ids=lambda value: getattr(value, "__name__", ""))
def test_it_says_each_word_once_at_its_time_to_its_people(
    cast: Cast, begin: Callable[[Cast], None], span: float, words: list[tuple[str, str]]
) -> None:
    begin(cast)

    turn(cast.stage, span)

    assert cast.told() == words
    assert missed(cast.stage) == []


def test_it_says_by_when_and_what_to_answer(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()

    turn(stage, 14)

    warnings, last_call, breach, chase = (
        [row.text for row in reminders_said(stage) if stage.local(row.created_at) == at]
        for at in ("15:00", "20:30", "21:00", "23:00")
    )
    assert "还剩6小时，11月23日 21:00前须认领" in warnings[0]
    assert "还剩30分钟" in last_call[0]
    assert "已记逾期" in breach[0]
    assert f"认领 {number}" in breach[0]
    assert "【督办】甸柳新村街道未认领" in chase[0]


def test_it_gives_a_rework_words_of_its_own(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    cast.officer.says(f"认领 {number}")
    cast.officer.photo()
    cast.officer.says("整改 已清运")
    stage.wait(hours=1)

    cast.command.says(f"不通过 {number} 还有垃圾")  # at 10:00, for 24 h
    turn(stage, 24)

    # The first 整改 would have been due at 09:00: nothing of that is said any more.
    assert cast.told() == [("04:00", "officer"), ("08:00", "officer"), ("09:30", _BOTH), ("10:00", _BOTH)]
    assert _steps(stage, number, Duty.RECTIFY) == [[], [0, 1, 2, 3]]


def test_it_dates_a_breach_at_the_deadline_however_late_the_sweep_is(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()

    stage.wait(hours=17)

    [breach] = breaches(stage, number)
    assert (stage.local(breach.at), stage.local(breach.recorded_at)) == ("21:00", "02:00")
    assert breach.why == "claim"


def test_it_notes_a_breach_once_whoever_comes_first(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    stage.now += hours(13)

    cast.officer.says(f"退回 {number} 不归我们管")  # touches the case before any sweep
    stage.sweep()
    stage.sweep()

    assert [stage.local(breach.at) for breach in breaches(stage, number)] == ["21:00"]


@pytest.mark.parametrize("late", [12, 13, 30])
def test_it_starts_the_rectification_at_the_claim_deadline(cast: Cast, stage: Stage, late: float) -> None:
    number = stage.reported_case()

    stage.wait(hours=late)
    stage.sweep()

    clocks = stage.case(number).live(Duty.RECTIFY)
    assert [(stage.local(c.starts_at), c.due_at - c.starts_at) for c in clocks] == [("21:00", hours(24))]


def test_it_starts_the_rectification_also_where_somebody_else_noted_the_breach(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    stage.now += hours(13)
    cast.officer.says(f"退回 {number} 不归我们管")

    stage.sweep()

    assert [stage.local(clock.starts_at) for clock in stage.case(number).live(Duty.RECTIFY)] == ["21:00"]


def test_it_goes_on_until_it_is_done_and_not_a_word_longer(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    cast.officer.says(f"认领 {number}")
    turn(stage, 54)
    cast.officer.photo()
    cast.officer.says("整改 已清运")
    heard = len(cast.told())

    turn(stage, 5)

    assert heard == len(cast.told())


def _steps(stage: Stage, number: int, duty: Duty) -> list[list[int]]:
    clocks: list[Deadline] = [clock for clock in stage.case(number).deadlines if clock.duty is duty]
    return [steps_taken(stage, clock) for clock in clocks]
