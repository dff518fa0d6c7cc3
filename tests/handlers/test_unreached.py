"""A word nobody could be given: somebody else hears it at once, and nobody's own report is told to their unit."""

from sqlalchemy import select

from handlers.unreached import tell_others
from models.outbound import OutboundMessage
from models.workflow import Move
from tests.stage import LIXIA, YAOJIA, Actor, Stage


def undelivered(stage: Stage, who: Actor, part: str) -> None:
    """The last word to somebody that has `part` in it could not be said."""
    row = [row for row in stage.rows_to(who) if part in row.text][-1]
    with stage.installation.database.story() as session:
        tell_others(stage.installation.desk(session, stage.now), session.get_one(OutboundMessage, row.id))


def test_it_tells_the_leader_and_the_command_centre_what_an_officer_could_not_be_told(stage: Stage) -> None:
    officer, leader, dispatcher = stage.officer("张三"), stage.leader(), stage.dispatcher()
    number = stage.reported_case()

    undelivered(stage, officer, "【新案件】")

    for person in (leader, dispatcher):
        assert "【未送达】通知发不到张三" in person.hears()[-1]
        assert f"认领 {number}" in person.hears()[-1]
    assert stage.events(number)[-1].move is Move.UNREACHED


def test_it_tells_the_other_dispatchers_what_one_could_not_be_told(stage: Stage) -> None:
    first, second = stage.dispatcher("周调度"), stage.dispatcher("吴调度")
    stage.reported_case(words="这里不太对劲")
    before = len(first.hears())

    undelivered(stage, first, "【待派单】")

    assert "【未送达】通知发不到周调度" in second.hears()[-1]
    assert len(first.hears()) == before


def test_it_only_notes_what_a_citizen_could_not_be_told(stage: Stage) -> None:
    officer, dispatcher, citizen = stage.officer(), stage.dispatcher(), stage.citizen()
    number = stage.reported_case(citizen)
    officer.says("认领")
    before = len(stage.all_said())

    undelivered(stage, citizen, "已由【甸柳新村街道】认领")

    assert len(stage.all_said()) == before
    assert stage.events(number)[-1].move is Move.UNREACHED
    assert dispatcher.hears() == []


def test_it_tells_nobody_s_unit_what_they_have_reported_themselves(stage: Stage) -> None:
    reporter, leader = stage.officer("马五", YAOJIA), stage.leader("钱主任", YAOJIA)
    officer = stage.officer()
    reporter.says("上报")
    stage.reported_case(reporter)
    officer.says("认领")

    undelivered(stage, reporter, "您反映的问题")

    assert leader.hears() == []


def test_it_does_not_chase_the_word_about_a_word(stage: Stage) -> None:
    officer, dispatcher, another = stage.officer(), stage.dispatcher("周调度"), stage.dispatcher("吴调度")
    stage.reported_case()
    undelivered(stage, officer, "【新案件】")
    before = len(another.hears())

    undelivered(stage, dispatcher, "【未送达】")

    assert len(another.hears()) == before


def test_it_tells_the_levels_above_at_once_when_a_unit_has_nobody(stage: Stage) -> None:
    district, dispatcher = stage.leader("赵局", LIXIA), stage.dispatcher()

    number = stage.reported_case()

    for person in (district, dispatcher):
        assert "【通知不到】甸柳新村街道 还没有绑定经办人" in person.hears()[-1]
    assert [event.move for event in stage.events(number)][-1] is Move.UNREACHED


def test_it_counts_a_unit_that_has_only_its_leader_as_reached(stage: Stage) -> None:
    leader, dispatcher = stage.leader(), stage.dispatcher()

    number = stage.reported_case()

    assert "【新案件】" in leader.hears()[-1]
    assert dispatcher.hears() == []
    assert Move.UNREACHED not in [event.move for event in stage.events(number)]


def test_it_tells_the_command_centre_alone_when_nobody_is_above_either(stage: Stage) -> None:
    dispatcher = stage.dispatcher()

    stage.reported_case()

    assert len([words for words in dispatcher.hears() if "【通知不到】" in words]) == 1


def test_it_gives_every_word_the_deadline_it_is_about(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)

    (claim,) = stage.case(number).live()
    with stage.installation.database.glance() as session:
        row = session.scalars(select(OutboundMessage).where(OutboundMessage.text.contains("【新案件】"))).one()
    assert row.deadline_id == claim.id
    assert row.person_id in {r.person_id for r in stage.rows_to(officer)}
