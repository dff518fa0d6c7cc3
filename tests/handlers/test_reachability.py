"""Who can be reached (联络): told in words somebody can act on, and whether a duty's owner was told at all."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from handlers.message import Kind
from handlers.reachability import Account, Contact, Family, Reach, contacts, told
from models.outbound import Delivery, OutboundMessage
from models.people import Identity
from tests.stage import DIANLIU, LIXIA, MORNING, YAOJIA, Actor, Stage

_numbers = count(1)
OFFICIAL = Account("jinan", Family.OFFICIAL, bound=True, open=False)
TALKING = OFFICIAL._replace(open=True)
GONE = OFFICIAL._replace(bound=False)
WORK = Account("work", Family.WORK, bound=True, open=True)
GROUP = Account("crew", Family.GROUP, bound=True, open=False)


def ago(hours: float) -> datetime:
    return MORNING - timedelta(hours=hours)


def person_id(stage: Stage, who: Actor) -> int:
    return stage.membership(who).person_id


def word(stage: Stage, who: Actor, state: Delivery, hours: float = 0, **more: object) -> None:
    """Something that was said, or could not be, so many hours from now."""
    at = stage.now + timedelta(hours=hours)
    row = {"key": f"test:{next(_numbers)}", "person_id": person_id(stage, who), "text": "您好", "state": state}
    row |= {"created_at": at, "next_try_at": None, "attempts": 1}
    row |= {"sent_at": at, "way": "template"} if state is Delivery.SENT else {}
    with stage.installation.database.story() as session:
        session.add(OutboundMessage(**(row | more)))


def joins_work(stage: Stage, who: Actor) -> None:
    """The same person at the company's app as well."""
    with stage.installation.database.story() as session:
        values = {"account": "work", "openid": f"u{next(_numbers)}", "last_heard_at": stage.now}
        session.add(Identity(person_id=person_id(stage, who), **values))


def contact(stage: Stage, who: Actor) -> Contact:
    person = person_id(stage, who)
    with stage.installation.database.glance() as session:
        return contacts(session, stage.now, [person], {"work": Family.WORK})[person]


# accounts | heard, reached, failed: hours ago | what it is called
REACHES = [
    ((TALKING,), (1, None, None), Reach.REACHABLE),
    ((OFFICIAL,), (50, None, None), Reach.NARROW),
    ((OFFICIAL,), (100, 71, None), Reach.NARROW),
    ((OFFICIAL,), (100, 72, None), Reach.SILENT),
    ((WORK,), (1000, None, None), Reach.REACHABLE),
    ((GONE, WORK), (1, None, None), Reach.REACHABLE),
    ((GONE,), (1, 1, None), Reach.UNREACHABLE),
    ((), (None, None, None), Reach.UNREACHABLE),
    ((GROUP,), (1, None, None), Reach.UNREACHABLE),
    ((WORK,), (10, 9, 8), Reach.UNREACHABLE),
    ((WORK,), (10, 7, 8), Reach.REACHABLE),
    ((TALKING,), (7, 9, 8), Reach.REACHABLE),
]


@pytest.mark.parametrize(("accounts", "past", "reach"), REACHES)
def test_it_says_how_somebody_can_be_reached(
    accounts: tuple[Account, ...], past: tuple[float | None, ...], reach: Reach
) -> None:
    heard, reached, failed = (None if hours is None else ago(hours) for hours in past)

    known = Contact(accounts, heard_at=heard, reached_at=reached, failed_at=failed)

    assert known.reach(MORNING) is reach


def test_it_gathers_what_the_tables_know_of_somebody(stage: Stage) -> None:
    officer = stage.officer("张三")
    joins_work(stage, officer)
    word(stage, officer, Delivery.SENT, -3)
    word(stage, officer, Delivery.SENT, -2, way="card")
    word(stage, officer, Delivery.DEAD, -5)
    officer.does(Kind.UNFOLLOW)

    known = contact(stage, officer)

    assert known.accounts == (GONE, WORK)
    assert (known.reached_at, known.way) == (stage.now - timedelta(hours=2), "card")
    assert (known.heard_at, known.failed_at) == (stage.now, stage.now - timedelta(hours=5))


def test_it_knows_when_nobody_may_be_written_to_freely_any_more(stage: Stage) -> None:
    officer = stage.officer("张三")
    officer.says("待办")
    talking = contact(stage, officer).reach(stage.now)

    stage.now += timedelta(hours=49)

    assert (talking, contact(stage, officer).reach(stage.now)) == (Reach.REACHABLE, Reach.NARROW)


def test_it_lists_who_cannot_be_reached_by_unit(stage: Stage) -> None:
    dispatcher, gone, dead = stage.dispatcher(), stage.officer("张三"), stage.officer("李四", YAOJIA)
    stage.officer("王五", LIXIA)
    gone.does(Kind.UNFOLLOW)
    stage.now += timedelta(minutes=1)
    word(stage, dead, Delivery.DEAD)

    answer = dispatcher.says("联络")

    assert answer.startswith("联系不上的2人")
    assert "甸柳新村街道：张三（不可达）" in answer
    assert "姚家街道：李四（不可达）" in answer
    assert "王五" not in answer


def test_it_says_so_when_everybody_can_be_reached(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    stage.officer()

    assert dispatcher.says("联络") == "现在没有联系不上的人。"


@pytest.mark.parametrize("asked", ["联络 甸柳新村街道", "联络 张三", "联络张三", "联络：甸柳"])
def test_it_tells_a_dispatcher_how_somebody_was_last_reached(stage: Stage, asked: str) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer("张三")
    officer.says("待办")
    word(stage, officer, Delivery.SENT, -1, way="custom")

    answer = dispatcher.says(asked)

    assert "张三 甸柳新村街道经办人：可达（公众号）" in answer
    assert "最近送达 11月23日 08:00（公众号消息）；来信 11月23日 09:00" in answer


def test_it_says_whom_it_does_not_know(stage: Stage) -> None:
    assert stage.dispatcher().says("联络 张山") == "没有找到“张山”这个单位或人员。"


def test_it_shows_a_leader_their_own_unit_alone(stage: Stage) -> None:
    leader = stage.leader()
    stage.officer("张三")
    stage.officer("李四", YAOJIA)

    own = leader.says("联络")

    assert ("张三" in own, "李四" in own) == (True, False)
    assert leader.says("联络 李四") == "只能看本单位人员的联络情况。"


def test_it_shows_an_officer_nobody(stage: Stage) -> None:
    officer = stage.officer("张三")

    assert "联络情况" not in officer.says("联络")


def test_it_takes_a_report_that_begins_with_the_word_for_a_report(stage: Stage) -> None:
    assert "没有找到" not in stage.leader().says("联络道口有一堆垃圾")


def accept(stage: Stage, who: Actor, way: str, hours: float) -> None:
    """The newest word to somebody arrived so many hours after the report."""
    last = stage.rows_to(who)[-1].id
    values = {"state": Delivery.SENT, "next_try_at": None, "way": way, "attempts": 2}
    values["sent_at"] = MORNING + timedelta(hours=hours)
    with stage.installation.database.story() as session:
        session.execute(update(OutboundMessage).where(OutboundMessage.id == last).values(values))


def lose(stage: Stage, who: Actor) -> None:
    last = stage.rows_to(who)[-1].id
    values = {"state": Delivery.DEAD, "next_try_at": None, "attempts": 3}
    with stage.installation.database.story() as session:
        session.execute(update(OutboundMessage).where(OutboundMessage.id == last).values(values))


def test_it_knows_when_and_how_the_owner_of_a_duty_was_first_told(stage: Stage) -> None:
    first, second, leader = stage.officer("张三"), stage.officer("李四"), stage.leader()
    clock = stage.case(stage.reported_case()).live()[0].id
    lose(stage, first)
    accept(stage, second, "card", 2)
    accept(stage, leader, "template", 1)

    with stage.installation.database.glance() as session:
        found = told(session, [clock, 999_999])

    assert found[clock] == (MORNING + timedelta(hours=1), "template", 3 + 1 + 1)
    assert found[999_999] == (None, "", 0)


def test_it_does_not_take_a_word_to_somebody_above_for_one_to_the_owner(stage: Stage) -> None:
    officer, district = stage.officer("张三"), stage.leader("赵局", LIXIA)
    number = stage.reported_case()
    clock = stage.case(number).live()[0].id
    lose(stage, officer)
    word(stage, district, Delivery.SENT, deadline_id=clock, case_id=number, key="unreached:1:x:1")

    with stage.installation.database.glance() as session:
        found = told(session, [clock])

    assert found[clock] == (None, "", 3)
    officer.says(f"认领 {number}")


def test_it_takes_dispatchers_for_the_owners_of_what_the_command_centre_owes(stage: Stage) -> None:
    dispatcher = stage.dispatcher()
    number = stage.reported_case(words="这里不太对劲")
    stage.wait(hours=12)
    accept(stage, dispatcher, "custom", 12)
    about = stage.rows_to(dispatcher)[-1].deadline_id

    with stage.installation.database.glance() as session:
        found = told(session, [clock.id for clock in stage.case(number).live()])

    assert about is not None
    assert found[about].way == "custom"


def test_it_shows_on_a_case_whether_its_unit_knows(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer("张三", DIANLIU)
    number = stage.reported_case()
    said = [dispatcher.says(f"详情 {number}")]
    lose(stage, officer)
    stage.now += timedelta(minutes=1)
    said.append(dispatcher.says(f"详情 {number}"))
    accept(stage, officer, "card", 1)
    stage.now += timedelta(minutes=1)
    said.append(dispatcher.says(f"详情 {number}"))

    assert "责任单位尚未联系上。" in said[0]
    assert "责任单位尚未联系上（3次未送达）" in said[1]
    assert "责任单位已于 11月23日 10:00 经企业微信卡片获知。" in said[2]


def test_it_does_not_say_of_a_unit_that_has_claimed_that_it_knows_of_nothing(stage: Stage) -> None:
    dispatcher, officer = stage.dispatcher(), stage.officer()
    number = stage.reported_case()
    officer.says(f"认领 {number}")

    assert "责任单位" not in dispatcher.says(f"详情 {number}")


def test_it_counts_words_about_many_deadlines_in_one_statement(stage: Stage) -> None:
    officer = stage.officer()
    clocks = [stage.case(stage.reported_case(words=words)).live()[0].id for words in ("垃圾桶满了没人清", "井盖坏了")]
    with stage.installation.database.story() as session:
        values = {"state": Delivery.SENT, "next_try_at": None, "way": "card", "sent_at": MORNING}
        session.execute(update(OutboundMessage).values(values))
        owned = set(session.scalars(select(OutboundMessage.deadline_id))) & set(clocks)

        found = told(session, clocks)

    assert {clock for clock in clocks if found[clock].at} == owned
    assert officer.hears()
