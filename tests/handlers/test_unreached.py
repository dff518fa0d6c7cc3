"""A word nobody could be given goes up one level at a time, at once; nobody's own report is told to their unit."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handlers.message import Kind
from handlers.unreached import tell_others
from models.absence import Absence
from models.event import CaseEvent
from models.outbound import Delivery, OutboundMessage
from models.people import Identity, Membership
from models.workflow import Move
from tests.stage import DIANLIU, LIXIA, YAOJIA, Actor, Stage

TASK, PASSED_ON = "【新案件】", "【未送达】"


def undelivered(stage: Stage, who: Actor, part: str = "") -> None:
    """The last word to somebody that has `part` in it could not be said."""
    row = settle(stage, who, part, Delivery.DEAD)
    with stage.installation.database.story() as session:
        tell_others(stage.installation.desk(session, stage.now), session.get_one(OutboundMessage, row))


def settle(stage: Stage, who: Actor, part: str, state: Delivery) -> int:
    """What became of the last word to somebody that has `part` in it."""
    row = [row for row in stage.rows_to(who) if part in row.text][-1]
    values = {"state": state, "next_try_at": None}
    with stage.installation.database.story() as session:
        session.execute(update(OutboundMessage).where(OutboundMessage.id == row.id).values(values))
    return row.id


def deputise(stage: Stage, holder: Actor, deputy: Actor) -> None:
    values = {"deputy_id": stage.membership(deputy).person_id}
    with stage.installation.database.story() as session:
        session.execute(update(Membership).where(Membership.id == stage.membership(holder).id).values(values))


def passed_on(stage: Stage, *people: Actor) -> list[bool]:
    """Whether each has a word that could not be given to somebody else."""
    return [any(text.startswith(PASSED_ON) for text in person.hears()) for person in people]


def last_event(stage: Stage, number: int) -> CaseEvent:
    return [event for event in stage.events(number) if event.move is Move.UNREACHED][-1]


def finish(stage: Stage, number: int, officer: Actor) -> None:
    """The duty ends: what is dead about it is nobody's concern any more."""
    officer.says(f"认领 {number}")


def test_it_tells_the_leader_alone_what_an_officer_could_not_be_told(stage: Stage) -> None:
    officer, leader, dispatcher = stage.officer("张三"), stage.leader(), stage.dispatcher()
    number = stage.reported_case()

    undelivered(stage, officer, TASK)

    assert "【未送达】通知发不到张三（甸柳新村街道）" in leader.hears()[-1]
    assert f"认领 {number}" in leader.hears()[-1]
    assert passed_on(stage, leader, dispatcher) == [True, False]
    assert last_event(stage, number).why == "通知张三未送达，转告孙主任"


def test_it_tells_the_deputy_first(stage: Stage) -> None:
    officer, deputy, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    deputise(stage, officer, deputy)
    stage.reported_case()

    undelivered(stage, officer, TASK)

    assert passed_on(stage, deputy, leader) == [True, False]


def test_it_passes_a_deputy_by_who_is_away_too(stage: Stage) -> None:
    officer, deputy, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    deputise(stage, officer, deputy)
    stage.reported_case()
    with stage.installation.database.story() as session:
        person = stage.membership(deputy).person_id
        session.add(Absence(person_id=person, begins_at=stage.now, ends_at=stage.now + timedelta(days=1)))

    undelivered(stage, officer, TASK)

    assert passed_on(stage, deputy, leader) == [False, True]


def test_it_goes_up_through_every_level_that_is_dead_as_well(stage: Stage) -> None:
    officer, deputy, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    district, dispatcher = stage.leader("赵局", LIXIA), stage.dispatcher()
    deputise(stage, officer, deputy)
    number = stage.reported_case()
    undelivered(stage, officer, TASK)
    heard = [passed_on(stage, deputy, leader, district, dispatcher)]

    for person in (deputy, leader, district):
        undelivered(stage, person, PASSED_ON)
        heard.append(passed_on(stage, deputy, leader, district, dispatcher))

    assert heard == [
        [True, False, False, False], [True, True, False, False], [True, True, True, False], [True, True, True, True],
    ]  # fmt: skip
    assert "通知发不到张三、李四、孙主任、赵局（甸柳新村街道）" in dispatcher.hears()[-1]
    assert dispatcher.hears()[-1].count(PASSED_ON) == 1
    assert last_event(stage, number).why == "通知赵局未送达，转告周调度"


def test_it_keeps_the_first_word_and_the_duty_with_everything_passed_on(stage: Stage) -> None:
    officer, leader, district = stage.officer("张三"), stage.leader(), stage.leader("赵局", LIXIA)
    number = stage.reported_case()
    (claim,) = stage.case(number).live()
    undelivered(stage, officer, TASK)
    undelivered(stage, leader, PASSED_ON)

    rows = [stage.rows_to(leader)[-1], stage.rows_to(district)[-1]]

    first = next(row.id for row in stage.rows_to(officer) if TASK in row.text)
    assert [(row.instead_of, row.deadline_id, row.case_id) for row in rows] == [(first, claim.id, number)] * 2


def test_it_goes_one_level_further_when_the_leader_is_who_cannot_be_told(stage: Stage) -> None:
    leader, district, dispatcher = stage.leader(), stage.leader("赵局", LIXIA), stage.dispatcher()
    stage.reported_case()

    undelivered(stage, leader, TASK)

    assert passed_on(stage, leader, district, dispatcher) == [False, True, False]


def test_it_asks_the_officers_of_the_unit_above_where_that_has_no_leader(stage: Stage) -> None:
    officer, district, dispatcher = stage.officer("张三"), stage.officer("赵科", LIXIA), stage.dispatcher()
    stage.reported_case()

    undelivered(stage, officer, TASK)

    assert passed_on(stage, district, dispatcher) == [True, False]


def test_it_only_notes_it_where_a_colleague_has_the_same_word(stage: Stage) -> None:
    officer, colleague, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    number = stage.reported_case()
    settle(stage, colleague, TASK, Delivery.SENT)

    undelivered(stage, officer, TASK)

    assert passed_on(stage, colleague, leader) == [False, False]
    assert last_event(stage, number).why == "通知张三未送达，已另有人收到"


def test_it_does_not_count_the_command_centre_as_a_colleague(stage: Stage) -> None:
    leader, dispatcher = stage.leader(), stage.dispatcher()
    number = stage.reported_case()
    stage.wait(hours=18, minutes=1)  # six hours late: the leader and the command centre hear the same word
    settle(stage, dispatcher, "", Delivery.SENT)

    undelivered(stage, leader)

    assert passed_on(stage, dispatcher) == [True]
    leader.says(f"认领 {number}")


def test_it_says_a_word_once_to_a_leader_who_was_still_waiting_for_it(stage: Stage) -> None:
    officer, leader = stage.officer("张三"), stage.leader()
    stage.reported_case()

    undelivered(stage, officer, TASK)

    assert [row.state for row in stage.rows_to(leader)] == [Delivery.VOID, Delivery.WAITING]


def test_it_passes_one_word_on_once_though_two_officers_could_not_be_told(stage: Stage) -> None:
    first, second, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    dispatcher = stage.dispatcher()
    number = stage.reported_case()

    undelivered(stage, first, TASK)
    undelivered(stage, second, TASK)

    assert sum(text.startswith(PASSED_ON) for text in leader.hears()) == 1
    assert passed_on(stage, dispatcher) == [False]
    assert last_event(stage, number).why == "通知李四未送达，正在转告他人"


def test_it_ends_the_chain_where_what_was_passed_on_was_heard(stage: Stage) -> None:
    officer, one, two, dispatcher = stage.officer("张三"), stage.leader("孙"), stage.leader("钱"), stage.dispatcher()
    stage.reported_case()
    undelivered(stage, officer, TASK)
    settle(stage, one, PASSED_ON, Delivery.SENT)

    undelivered(stage, two, PASSED_ON)

    assert passed_on(stage, one, two, dispatcher) == [True, True, False]


def test_it_passes_nothing_on_when_the_duty_has_ended_meanwhile(stage: Stage) -> None:
    officer, leader = stage.officer("张三"), stage.leader()
    number = stage.reported_case()
    officer.says(f"认领 {number}")

    undelivered(stage, officer, TASK)

    assert passed_on(stage, leader) == [False]
    assert last_event(stage, number).why == "通知张三未送达，事项已有结果，不再转告"


def test_it_does_not_chase_the_word_that_a_colleague_has_claimed(stage: Stage) -> None:
    officer, colleague, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    number = stage.reported_case()
    colleague.says(f"认领 {number}")

    undelivered(stage, officer, "认领。")

    assert passed_on(stage, leader) == [False]


def test_it_tells_the_other_dispatchers_what_one_could_not_be_told(stage: Stage) -> None:
    first, second = stage.dispatcher("周调度"), stage.dispatcher("吴调度")
    stage.reported_case(words="这里不太对劲")
    before = len(first.hears())

    undelivered(stage, first, "【待派单】")

    assert "【未送达】通知发不到周调度，" in second.hears()[-1]
    assert len(first.hears()) == before


def test_it_tells_the_dispatchers_what_a_verifier_could_not_be_told(stage: Stage) -> None:
    officer, verifier, dispatcher = stage.officer(), stage.verifier(), stage.dispatcher()
    stage.solve(stage.reported_case(), officer)

    undelivered(stage, verifier, "【待核查】")

    assert passed_on(stage, dispatcher) == [True]


def test_it_notes_that_nobody_is_left_and_the_auditor_asks_for_it(stage: Stage) -> None:
    officer, dispatcher = stage.officer("张三"), stage.dispatcher()
    number = stage.reported_case()
    undelivered(stage, officer, TASK)

    undelivered(stage, dispatcher, PASSED_ON)

    assert last_event(stage, number).why == "通知周调度未送达，已没有人可以转告"
    assert [f.what for f in stage.findings() if f.what.startswith("unreached")] == ["unreached_nobody_left"]
    finish(stage, number, officer)


def test_it_only_notes_what_a_citizen_could_not_be_told(stage: Stage) -> None:
    officer, dispatcher, citizen = stage.officer(), stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen)
    officer.says("认领")
    before = len(stage.all_said())

    undelivered(stage, citizen, "已由【甸柳新村街道】认领")

    assert len(stage.all_said()) == before
    assert last_event(stage, number).why == "通知上报人未送达"
    assert dispatcher.hears() == []


def test_it_names_nobody_who_reported_and_tells_their_unit_nothing(stage: Stage) -> None:
    reporter, leader = stage.officer("马五", YAOJIA), stage.leader("钱主任", YAOJIA)
    officer = stage.officer()
    reporter.says("上报")
    number = stage.reported_case(reporter)
    officer.says("认领")

    undelivered(stage, reporter, "您反映的问题")

    assert leader.hears() == []
    assert last_event(stage, number).why == "通知上报人未送达"


@pytest.mark.parametrize("leaves", [False, True])
def test_it_speaks_of_who_unfollowed_only_where_no_other_account_is_left(stage: Stage, leaves: bool) -> None:
    officer, leader = stage.officer("张三"), stage.leader()
    if not leaves:
        with stage.installation.database.story() as session:
            values = {"account": "work", "openid": "zhang", "last_heard_at": stage.now}
            session.add(Identity(person_id=stage.membership(officer).person_id, **values))

    officer.does(Kind.UNFOLLOW)

    assert ["【取消关注】张三" in text for text in leader.hears()] == [True] * leaves


def test_it_tells_the_levels_above_at_once_when_a_unit_has_nobody(stage: Stage) -> None:
    district, dispatcher = stage.leader("赵局", LIXIA), stage.dispatcher()

    number = stage.reported_case()

    for person in (district, dispatcher):
        assert "【通知不到】甸柳新村街道 还没有绑定经办人" in person.hears()[-1]
    assert [event.move for event in stage.events(number)][-1] is Move.UNREACHED


def test_it_tells_the_command_centre_what_the_only_person_above_could_not_be_told(stage: Stage) -> None:
    district, dispatcher = stage.leader("赵局", LIXIA), stage.dispatcher()
    stage.reported_case()

    undelivered(stage, district, "【通知不到】")

    assert "通知发不到赵局（历下区）" in dispatcher.hears()[-1]


def test_it_counts_a_unit_that_has_only_its_leader_as_reached(stage: Stage) -> None:
    leader, dispatcher = stage.leader(), stage.dispatcher()

    number = stage.reported_case()

    assert TASK in leader.hears()[-1]
    assert dispatcher.hears() == []
    assert Move.UNREACHED not in [event.move for event in stage.events(number)]


def test_it_tells_the_command_centre_alone_when_nobody_is_above_either(stage: Stage) -> None:
    dispatcher = stage.dispatcher()

    stage.reported_case()

    assert len([words for words in dispatcher.hears() if "【通知不到】" in words]) == 1


def test_it_gives_every_word_the_deadline_it_is_about(stage: Stage) -> None:
    officer, citizen = stage.officer(unit=DIANLIU), stage.citizen()
    number = stage.reported_case(citizen)

    (claim,) = stage.case(number).live()
    with stage.installation.database.glance() as session:
        row = session.scalars(select(OutboundMessage).where(OutboundMessage.text.contains(TASK))).one()
    assert row.deadline_id == claim.id
    assert row.person_id in {r.person_id for r in stage.rows_to(officer)}
