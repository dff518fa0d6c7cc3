"""Every rule of the clocks, hour by hour: who owes what from when until when, and what a breach is."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import Duty, Hours, Policy
from models.deadline import Deadline, Outcome
from models.petition import Plea, Ruling
from models.workflow import IllegalMove, Move, OutOfTime, Status
from tests.models.life import CLOCKS, DISPATCHER, OFFICER, REPORTER, Life, hours, policy


def test_it_begins_at_the_first_word_that_is_not_past() -> None:
    clock = Deadline.begin(Duty.CLAIM, policy(12), Life.START, Life.START + hours(12), case_id=7)

    assert (clock.next_step, clock.next_at) == (0, Life.START + hours(11))
    assert (clock.case_id, clock.ended_at, clock.outcome) == (7, None, None)


def test_it_begins_with_the_breach_when_there_is_no_time_for_a_warning() -> None:
    clock = Deadline.begin(Duty.CLAIM, policy(0.5), Life.START, Life.START + hours(0.5))

    assert (clock.next_step, clock.next_at) == (1, Life.START + hours(0.5))


def test_it_keeps_the_rule_it_was_made_by() -> None:
    clock = Deadline.begin(Duty.CLAIM, policy(12), Life.START, Life.START + hours(12))

    assert Policy.from_json(clock.policy) == policy(12)


@pytest.mark.parametrize(
    ("hour", "outcome", "kept"),
    [
        (0, None, Outcome.MET),
        (11.99, None, Outcome.MET),
        (12, None, Outcome.LATE),  # at the deadline it is too late, as for the sweep
        (40, None, Outcome.LATE),
        (3, Outcome.DROPPED, Outcome.DROPPED),
        (40, Outcome.MOVED, Outcome.MOVED),
    ],
)
def test_it_ends_in_time_or_late_or_as_it_is_told(hour: float, outcome: Outcome | None, kept: Outcome) -> None:
    clock = Deadline.begin(Duty.CLAIM, policy(12), Life.START, Life.START + hours(12))

    clock.end(Life.START + hours(hour), outcome)

    assert (clock.outcome, clock.ended_at, clock.next_at) == (kept, Life.START + hours(hour), None)


def test_it_owes_a_decision_as_soon_as_something_is_reported(life: Life) -> None:
    assert life.case.status is Status.REPORTED
    assert life.clocks(Duty.TRIAGE) == [(0, 2)]


def test_it_gives_twelve_hours_for_the_claim_from_the_assignment_on(life: Life) -> None:
    life.assign(1)

    assert life.clocks() == [(1, 13)]
    assert life.ended(Duty.TRIAGE).outcome is Outcome.MET


def test_it_gives_a_category_its_own_hours(life: Life) -> None:
    life.assign(0, own=Hours(claim=2, rectify=6))
    life.claim(1)

    assert life.ended(Duty.CLAIM).due_at == life.at(2)
    assert life.clocks(Duty.RECTIFY) == [(1, 7)]


# claimed at | the rectification runs from … until | the claim was
CLAIMS = [
    (0, 0, 24, Outcome.MET),
    (5, 5, 29, Outcome.MET),
    (11.99, 11.99, 35.99, Outcome.MET),
    (12, 12, 36, Outcome.LATE),
    (13, 12, 36, Outcome.LATE),  # claiming late buys nothing
    (35, 12, 36, Outcome.LATE),
    (50, 12, 36, Outcome.LATE),  # the rectification was overdue before it was claimed
]


@pytest.mark.parametrize(("claimed", "starts", "due", "outcome"), CLAIMS)
def test_it_runs_the_rectification_from_the_claim_or_the_claim_deadline(
    life: Life, claimed: float, starts: float, due: float, outcome: Outcome
) -> None:
    life.assign(0)

    life.claim(claimed)

    assert life.clocks() == [(pytest.approx(starts), pytest.approx(due))]
    assert life.ended(Duty.CLAIM).outcome is outcome


def test_it_does_not_start_the_rectification_twice_when_the_sweep_has_started_it(life: Life) -> None:
    life.assign(0)
    lead = life.case.assignments[0]
    life.session.add(lead.rectify_clock(lead.claim_due_at))
    life.session.flush()
    life.session.expire(life.case, ["deadlines"])

    life.claim(14)

    assert life.clocks(Duty.RECTIFY) == [(12, 36)]


@pytest.mark.parametrize(("done", "outcome"), [(28.9, Outcome.MET), (29, Outcome.LATE), (60, Outcome.LATE)])
def test_it_owes_a_verification_once_it_is_put_right(life: Life, done: float, outcome: Outcome) -> None:
    life.assign(0)
    life.claim(5)

    life.rectify(done)

    assert life.ended(Duty.RECTIFY).outcome is outcome
    assert life.clocks() == [(pytest.approx(done), pytest.approx(done + 24))]


def test_it_gives_a_rework_a_day_of_its_own_from_the_failed_verification(life: Life) -> None:
    life.assign(0)
    life.claim(1)
    life.rectify(2)

    life.fail(10)

    assert life.clocks() == [(10, 34)]
    assert (life.case.status, life.case.assignments[0].reworks) == (Status.CLAIMED, 1)
    assert life.ended(Duty.VERIFY).outcome is Outcome.MET


def test_it_moves_the_deadline_by_a_day_for_an_extension(life: Life) -> None:
    life.assign(0)
    life.claim(5)

    life.extend(20)

    assert life.clocks(Duty.RECTIFY) == [(20, 53)]
    assert life.ended(Duty.RECTIFY).outcome is Outcome.MOVED


@pytest.mark.parametrize("hour", [29, 30, 100])
def test_it_grants_no_extension_once_the_deadline_is_past(life: Life, hour: float) -> None:
    life.assign(0)
    life.claim(5)

    with pytest.raises(OutOfTime):
        life.extend(hour)

    assert life.clocks(Duty.RECTIFY) == [(5, 29)]
    assert Move.EXTEND not in [event.move for event in life.events()]


def test_it_keeps_the_claim_clock_running_while_a_return_is_asked_for(life: Life) -> None:
    life.assign(0)

    life.case.ask(Plea.RETURN, OFFICER, CLOCKS, life.at(3), "不是我们的")

    assert life.clocks(Duty.CLAIM) == [(0, 12)]
    assert life.clocks(Duty.RULING) == [(3, 7)]


def test_it_drops_the_unit_s_clocks_when_a_return_is_accepted_and_owes_a_decision_again(life: Life) -> None:
    life.assign(0)
    petition = life.case.ask(Plea.RETURN, OFFICER, CLOCKS, life.at(3), "不是我们的")

    life.case.settle(petition, Ruling.ACCEPTED, DISPATCHER, life.at(4))
    life.case.send_back(DISPATCHER, CLOCKS, life.at(4), "同意")

    assert life.clocks() == [(4, 6)]
    assert life.ended(Duty.CLAIM).outcome is Outcome.DROPPED
    assert life.ended(Duty.RULING).outcome is Outcome.MET
    assert (life.case.lead, life.case.returns) == (None, 1)


def test_it_changes_nothing_but_the_ruling_when_a_request_is_refused(life: Life) -> None:
    life.assign(0)
    petition = life.case.ask(Plea.RETURN, OFFICER, CLOCKS, life.at(3), "不是我们的")

    life.case.settle(petition, Ruling.REFUSED, DISPATCHER, life.at(4), "是你们的")

    assert life.clocks() == [(0, 12)]
    assert [(e.move, e.why) for e in life.events()][-1] == (Move.REFUSE, "是你们的")
    assert life.case.returns == 0


def test_it_starts_the_other_unit_s_claim_clock_on_a_transfer_and_relieves_the_first(life: Life) -> None:
    life.assign(0)
    life.claim(1)

    life.assign(6, unit="south")

    assert life.clocks() == [(6, 18)]
    assert [(a.unit_code, a.ended_at is None) for a in life.case.assignments] == [("north", False), ("south", True)]
    assert life.ended(Duty.RECTIFY).outcome is Outcome.DROPPED


@pytest.mark.parametrize("plea", [Plea.RETURN, Plea.EXTENSION, Plea.TRANSFER])
def test_it_lets_a_request_lapse_when_the_case_moves_on(life: Life, plea: Plea) -> None:
    life.assign(0)
    life.claim(1)
    petition = life.case.ask(plea, OFFICER, CLOCKS, life.at(2), "因为")

    life.rectify(3)

    assert petition.state is Ruling.LAPSED
    assert life.ended(Duty.RULING).outcome is Outcome.DROPPED


def test_it_gives_a_reopened_case_back_to_its_unit_with_a_rework_clock(life: Life) -> None:
    life.assign(0)
    life.claim(1)
    life.rectify(2)
    life.case.close(Move.PASS, DISPATCHER, life.at(3))

    life.case.reopen(DISPATCHER, CLOCKS, life.at(30), "又满了")

    lead = life.case.lead
    assert lead is not None
    assert (lead.unit_code, lead.reworks, lead.claimed_by) == ("north", 1, OFFICER.person_id)
    assert life.clocks() == [(30, 54)]
    assert (life.case.status, life.case.closed_at) == (Status.CLAIMED, None)


def test_it_owes_a_decision_again_about_a_rejected_case_that_is_reopened(life: Life) -> None:
    life.case.reject(DISPATCHER, life.at(1), "不属于")

    life.case.reopen(DISPATCHER, CLOCKS, life.at(5), "重新看看")

    assert life.clocks() == [(5, 7)]
    assert life.case.status is Status.REPORTED


@pytest.mark.parametrize(("move", "actor"), [(Move.PASS, DISPATCHER), (Move.CONFIRM, REPORTER)])
def test_it_owes_nothing_once_it_is_closed(life: Life, move: Move, actor: object) -> None:
    life.assign(0)
    life.claim(1)
    life.rectify(2)

    life.case.close(move, actor, life.at(3))  # type: ignore[arg-type]

    assert life.clocks() == []
    assert (life.case.status, life.case.closed_at) == (Status.CLOSED, life.at(3))


def test_it_dates_a_breach_at_the_deadline_when_the_late_claim_comes_before_the_sweep(life: Life) -> None:
    life.assign(0)

    life.claim(13)

    breach, claim = life.events()[-2:]
    assert (breach.move, breach.at, breach.recorded_at) == (Move.BREACH, life.at(12), life.at(13))
    assert (breach.before, breach.now) == (Status.ASSIGNED, Status.ASSIGNED)
    assert (claim.move, claim.now) == (Move.CLAIM, Status.CLAIMED)


def test_it_records_every_breach_once_however_often_the_case_is_touched(life: Life) -> None:
    life.assign(0)

    for hour in (13, 14, 15):
        life.case.move(Move.NOTE, OFFICER, life.at(hour), "还没去")
    life.claim(40)

    breaches = [event.data["duty"] for event in life.events() if event.move is Move.BREACH]
    assert breaches == ["claim"]


def test_it_records_the_breach_of_a_ruling_that_comes_too_late(life: Life) -> None:
    life.assign(0)
    petition = life.case.ask(Plea.RETURN, OFFICER, CLOCKS, life.at(1), "不是我们的")

    life.case.settle(petition, Ruling.ACCEPTED, DISPATCHER, life.at(6))

    breach = next(event for event in life.events() if event.move is Move.BREACH)
    assert (breach.data["duty"], breach.at) == ("ruling", life.at(5))


def test_it_leaves_nothing_behind_when_a_move_is_refused(life: Life) -> None:
    life.assign(0)
    before = len(life.events())

    with pytest.raises(IllegalMove):
        life.case.claim(REPORTER, life.at(20))

    assert (len(life.events()), life.case.status) == (before, Status.ASSIGNED)


def test_it_names_the_event_just_recorded_as_the_cause(life: Life) -> None:
    life.assign(0)

    assert life.case.cause == f"event:{life.events()[-1].id}"


def test_it_has_no_cause_before_anything_happened_in_this_story(life: Life) -> None:
    life.session.commit()
    with Session(life.session.get_bind()) as another:
        case = another.scalars(select(type(life.case))).one()

        with pytest.raises(LookupError, match="nothing has happened"):
            _ = case.cause


def test_it_says_what_is_wrong_when_a_verb_needs_a_unit_and_there_is_none(life: Life) -> None:
    life.assign(0)
    life.case.assignments[0].ended_at = life.at(1)

    with pytest.raises(LookupError, match="without an open lead"):
        life.claim(2)
