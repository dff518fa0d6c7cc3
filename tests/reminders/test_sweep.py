"""The sweep (巡检) as a whole: late, at night, with a poisoned row, and over cases that have moved on."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update

from bot import jobs
from bot.installation import utc_now
from models.clock import Clocks, Duty
from models.deadline import Deadline, Reminder
from models.outbound import Delivery
from models.workflow import Status
from reminders.sweep import set_aside, sweep, sweep_one
from tests.reminders.cast import Cast, breaches, hours, missed, reminders_said, steps_taken, turn
from tests.stage import Actor, Stage


def test_it_says_one_word_after_a_standstill_to_all_whom_the_missed_ones_were_for(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()

    stage.wait(hours=19)  # four o'clock in the morning, seven hours late

    [clock] = [d for d in stage.case(number).deadlines if d.duty is Duty.CLAIM]
    assert cast.told() == [("04:00", "colleague command leader officer parent")]
    assert steps_taken(stage, clock) == [0, 1, 2, 3, 4, 5]


def test_it_records_who_was_told_at_the_last_of_the_steps_it_passed(cast: Cast, stage: Stage) -> None:
    stage.reported_case()

    stage.wait(hours=19)

    told = [(row.step, row.told) for row in _reminders(stage) if row.step > 2]
    assert told == [(3, 0), (4, 0), (5, 5)]


def test_it_leaves_out_who_was_only_to_be_warned(cast: Cast, stage: Stage) -> None:
    """After a standstill that ends before the deadline only the latest warning counts."""
    stage.reported_case()

    stage.wait(hours=11)

    assert cast.told() == [("20:00", "colleague officer")]
    assert "还剩1小时" in reminders_said(stage)[0].text


def test_it_comes_to_rest_when_nothing_is_due(cast: Cast, stage: Stage) -> None:
    stage.reported_case()
    stage.now += hours(40)

    taken = [_sweep(stage, 1000) for _ in range(3)]

    assert taken == [1, 1, 0]  # the claim, the rectification that began at its deadline, and nothing
    assert missed(stage) == []


def test_it_takes_the_longest_waiting_first_and_no_more_than_its_limit(cast: Cast, stage: Stage) -> None:
    numbers = [stage.reported_case()]
    stage.now += hours(1)
    numbers.append(_report_at(stage, 36.6700))
    stage.now += hours(1)
    numbers.append(_report_at(stage, 36.6640))
    stage.now += hours(10)

    taken = _sweep(stage, 2)

    assert taken == 2
    assert {row.case_id for row in reminders_said(stage)} == set(numbers[:2])


# the word is written at | the deadline | when it may be said
NIGHTS = [
    ("20:30", "21:00", "20:30"),  # a Monday evening, nobody sleeps yet
    ("23:00", "21:00", "07:00"),  # two hours late: in the morning
    ("03:00", "21:00", "07:00"),
]


@pytest.mark.parametrize(("written", "due", "said"), NIGHTS)
def test_it_lets_people_sleep(cast: Cast, stage: Stage, written: str, due: str, said: str) -> None:
    number = stage.reported_case()

    turn(stage, 19)

    rows = [row for row in reminders_said(stage) if stage.local(row.created_at) == written]
    [clock] = [d for d in stage.case(number).deadlines if d.duty is Duty.CLAIM]
    assert stage.local(clock.due_at) == due
    assert {stage.local(row.next_try_at) for row in rows if row.state is Delivery.WAITING} == {said}


@pytest.mark.parametrize(
    ("assigned_at", "said_at"),
    [
        (18, ["00:00", "04:00", "05:30"]),  # due at 06:00, before the quiet ends: nothing can wait
        (20, ["07:00", "07:30"]),  # due at 08:00: what came at 02:00 and 06:00 can wait, as one word
    ],
)
def test_it_never_carries_a_warning_past_its_deadline(
    cast: Cast, stage: Stage, assigned_at: int, said_at: list[str]
) -> None:
    stage.now += hours(assigned_at - 9)
    stage.reported_case()

    turn(stage, 11.5)

    said = [row for row in stage.rows_to(cast.officer) if row.key.startswith("deadline:")]
    assert [stage.local(row.next_try_at) for row in said if row.state is Delivery.WAITING] == said_at


def test_it_says_in_the_morning_what_is_true_in_the_morning(cast: Cast, stage: Stage) -> None:
    stage.reported_case()

    turn(stage, 19)

    held = [row for row in stage.rows_to(cast.leader) if row.state is Delivery.WAITING][-1]
    assert stage.local(held.next_try_at) == "07:00"
    assert "已超时10小时" in held.text


def test_it_says_one_word_in_the_morning_instead_of_all_that_the_night_held_back(cast: Cast, stage: Stage) -> None:
    stage.reported_case()

    turn(stage, 19)

    night = [row for row in stage.rows_to(cast.leader) if stage.local(row.created_at) in ("23:00", "03:00")]
    assert [row.state for row in night] == [Delivery.VOID, Delivery.WAITING]


def test_it_ties_every_word_to_its_deadline_so_that_none_outlives_it(cast: Cast, stage: Stage) -> None:
    """The outbox says nothing of a deadline that has ended; here every word must name its own."""
    number = stage.reported_case()
    turn(stage, 14)

    cast.officer.says(f"认领 {number}")

    ended = {clock.id for clock in stage.case(number).deadlines if clock.duty is Duty.CLAIM and clock.ended_at}
    claim_words = [row for row in reminders_said(stage) if "认领" in row.text]
    assert {row.deadline_id for row in claim_words} == ended


@pytest.mark.parametrize(
    ("words", "status"),
    [("认领 {}", Status.CLAIMED), ("整改 {}", Status.RECTIFIED)],
)
def test_it_says_nothing_about_what_is_done(cast: Cast, stage: Stage, words: str, status: Status) -> None:
    number = stage.reported_case()
    stage.wait(hours=5)
    cast.officer.photo()
    cast.officer.says(words.format(number))

    turn(stage, 9)  # past every word of the claim before its deadline, and past the breach

    assert stage.case(number).status is status
    assert cast.told() == []
    assert breaches(stage, number) == []


def test_it_says_nothing_to_the_unit_that_was_relieved(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    cast.command.says(f"派单 {number} 姚家街道")

    turn(stage, 8)

    assert [row for row in stage.rows_to(cast.officer) if row.key.startswith("deadline:")] == []
    assert cast.told()[0][0] == "15:00"


def test_it_goes_on_with_the_others_when_one_row_is_poisoned(cast: Cast, stage: Stage) -> None:
    stage.now = utc_now() - hours(13)  # the job looks at the real clock
    poisoned, healthy = stage.reported_case(), _report_at(stage, 36.6700)
    _poison(stage, poisoned)

    jobs.remind(stage.installation)

    assert {row.case_id for row in reminders_said(stage)} == {healthy}
    assert [clock.failures for clock in stage.case(poisoned).live()] == [1]


def test_it_lets_a_poisoned_row_wait_longer_each_time(cast: Cast, stage: Stage) -> None:
    [clock] = stage.case(stage.reported_case()).live()

    waits = [_set_aside(stage, clock.id) for _ in range(7)]

    assert waits == [2, 4, 8, 16, 32, 60, 60]


def test_it_catches_up_once_a_poisoned_row_is_mended(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    [clock] = stage.case(number).live()
    stage.now += hours(13)
    _set_aside(stage, clock.id)
    stage.sweep()
    before = cast.told()

    stage.wait(minutes=5)

    assert before == []
    assert cast.told() == [("22:05", "colleague leader officer")]
    assert missed(stage) == []


def test_it_sets_nothing_aside_that_has_ended(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    cast.officer.says(f"认领 {number}")
    [clock] = [d for d in stage.case(number).deadlines if d.duty is Duty.CLAIM]

    waited = _set_aside(stage, clock.id)

    assert waited is None


def test_it_takes_one_deadline_alone_only_while_it_is_due(cast: Cast, stage: Stage) -> None:
    [clock] = stage.case(stage.reported_case()).live()
    stage.now += hours(6)

    for _ in range(2):
        with stage.installation.database.story() as session:
            sweep_one(session, stage.installation.bell, stage.now, clock.id)

    assert steps_taken(stage, clock) == [0]


def test_it_keeps_to_the_rule_a_case_was_assigned_under(cast: Cast, stage: Stage) -> None:
    number = stage.reported_case()
    stage.installation = replace(stage.installation, clocks=_hurried(stage.installation.clocks))

    cast.officer.says(f"认领 {number}")
    later = _report_at(stage, 36.6700)

    assert [clock.due_at - clock.starts_at for clock in stage.case(number).live()] == [hours(24)]
    assert [clock.due_at - clock.starts_at for clock in stage.case(later).live()] == [hours(1)]


def _sweep(stage: Stage, limit: int) -> int:
    """One pass, however much is left after it."""
    with stage.installation.database.story() as session:
        return sweep(session, stage.installation.bell, stage.now, limit)


def _hurried(clocks: Clocks) -> Clocks:
    return replace(clocks, policies={duty: policy.lasting(1) for duty, policy in clocks.policies.items()})


def _reminders(stage: Stage) -> list[Reminder]:
    with stage.installation.database.glance() as session:
        return session.query(Reminder).order_by(Reminder.step).all()


def _report_at(stage: Stage, lat: float) -> int:
    citizen: Actor = stage.citizen()
    citizen.photo()
    citizen.place(lat)
    citizen.says("甸柳新村街道垃圾桶满了没人清")
    citizen.says("完成")
    return stage.cases()[-1].id


def _poison(stage: Stage, number: int) -> None:
    with stage.installation.database.story() as session:
        session.execute(update(Deadline).where(Deadline.case_id == number).values(policy={"steps": "broken"}))


def _set_aside(stage: Stage, deadline_id: int) -> float | None:
    """Minutes until the row is looked at again; None when it is not live."""
    with stage.installation.database.story() as session:
        set_aside(session, deadline_id, stage.now)
        again: datetime | None = session.get_one(Deadline, deadline_id).next_at
    return (again - stage.now).total_seconds() / 60 if again else None
