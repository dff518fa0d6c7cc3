"""Who reported is known to the command centre only: no word to a unit ever names them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.outbound import OutboundMessage
from models.people import Identity, Person
from models.report import Report
from tests.stage import LIXIA, YAOJIA, Actor, Stage

NAME = "欧阳举报"


def named(stage: Stage, who: Actor) -> int:
    """A reporter whose name we know, as after a binding; returns their number."""
    who.says("帮助")
    with stage.installation.database.story() as session:
        person = session.scalars(select(Person).join(Identity).where(Identity.openid == who.openid)).one()
        person.name = NAME
        return person.id


def everything_that_happens(stage: Stage, citizen: Actor, officer: Actor, dispatcher: Actor) -> list[str]:
    """A life with every word a unit can hear; returns the passive answers it got."""
    number = stage.reported_case(citizen)
    citizen.says(f"补充 {number} 又多了两袋")
    answers = [officer.says(words) for words in (f"详情 {number}", "待办", f"退回 {number} 不归我们")]
    dispatcher.says(f"驳回 {number} 归你们")
    stage.wait(hours=13)
    answers += [officer.says(f"认领 {number}"), officer.says(f"延期 {number} 等配件")]
    dispatcher.says(f"同意 {number}")
    answers += [officer.photo(), officer.says(f"整改 {number} 清了")]
    citizen.says("不满意，还有一袋")
    dispatcher.says(f"不通过 {number} 还有一袋")
    stage.now += timedelta(minutes=5)
    answers += [officer.photo(), officer.says(f"整改 {number} 都清了")]
    dispatcher.says(f"通过 {number}")
    citizen.says(f"重办 {number} 又满了")
    dispatcher.says(f"同意 {number}")
    stage.wait(hours=48)
    dispatcher.says(f"派单 {number} 姚家街道")
    return answers


def test_it_never_names_the_reporter_to_a_unit(stage: Stage) -> None:
    citizen, dispatcher = stage.citizen(NAME), stage.dispatcher()
    unit = [stage.officer(), stage.leader(), stage.officer("马五", YAOJIA), stage.leader("赵局", LIXIA)]
    person_id = named(stage, citizen)

    answers = everything_that_happens(stage, citizen, unit[0], dispatcher)

    rows = [row for officer in unit for row in stage.rows_to(officer)]
    words = answers + [row.text + str(row.short) + str(row.picture) for row in rows]
    assert len(words) > 30
    assert [text for text in words if NAME in text or citizen.openid in text] == []
    assert [text for text in words if f"上报人{person_id}" in text] == []


def test_it_names_the_reporter_to_no_other_reporter(stage: Stage) -> None:
    first, second, dispatcher = stage.citizen(NAME), stage.citizen(), stage.dispatcher()
    named(stage, first)
    officer = stage.officer()
    everything_that_happens(stage, first, officer, dispatcher)

    answer = second.says("查询 1")

    with stage.installation.database.glance() as session:
        told = session.scalars(select(OutboundMessage.text)).all()
    assert NAME not in answer
    assert [text for text in told if first.openid in text] == []


@pytest.mark.parametrize("words", ["详情 {}", "理由 {}", "待派"])
def test_it_shows_a_dispatcher_the_case_without_the_reporter_s_openid(stage: Stage, words: str) -> None:
    citizen, dispatcher = stage.citizen(), stage.dispatcher()
    number = stage.reported_case(citizen)

    assert citizen.openid not in dispatcher.says(words.format(number))


def test_it_masks_what_a_reporter_says_of_themselves(stage: Stage) -> None:
    citizen, dispatcher, officer = stage.citizen(), stage.dispatcher(), stage.officer()
    number = stage.reported_case(citizen, "垃圾桶满了没人清，我叫欧阳建国，电话13812345678，车牌鲁A12345")
    citizen.says(f"补充 {number} 打我电话 138 1234 5678")
    officer.says(f"认领 {number}")
    officer.photo()
    officer.says(f"整改 {number}")
    dispatcher.says(f"通过 {number}")
    citizen.says(f"重办 {number} 没清，联系我13812345678")
    dispatcher.says(f"同意 {number}")

    told = "".join([*officer.hears(), officer.says(f"详情 {number}")])

    assert "13812345678" not in told.replace(" ", "")
    assert "鲁A12345" not in told
    assert "138****5678" in told


def test_it_keeps_a_reporter_s_own_words_for_the_command_centre(stage: Stage) -> None:
    words = "垃圾桶满了没人清，电话13812345678"

    stage.reported_case(stage.citizen(), words)

    with stage.installation.database.glance() as session:
        assert session.scalars(select(Report.text)).all() == [words]
