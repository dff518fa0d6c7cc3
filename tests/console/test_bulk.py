"""批量办理: seen first, done each for itself, undone while nobody has acted since."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from console import acting
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.workflow import Status
from tests.console.browsers import Browser, Office, said
from tests.stage import DIANLIU, LIXIA, YAOJIA, Stage

UNSURE = "这里有个问题，麻烦看一下"


@pytest.fixture
def dispatcher(office: Office) -> Browser:
    return office.browser(office.stage.dispatcher())


def waiting(stage: Stage, many: int) -> list[int]:
    """Cases nobody is sure of, each of its own."""
    numbers = []
    for n in range(many):
        stage.now += timedelta(minutes=1)
        citizen = stage.citizen()
        citizen.photo()
        citizen.says(f"{UNSURE} 第{n}处")
        citizen.place(36.60 + n * 0.02, 117.0 + n * 0.02)
        citizen.says("完成")
        numbers.append(stage.cases()[-1].id)
    return numbers


def rows(stage: Stage) -> tuple[int, int]:
    """How many events and words there are."""
    with stage.installation.database.glance() as session:
        count = [session.scalars(select(func.count()).select_from(one)).one() for one in (CaseEvent, OutboundMessage)]
        return count[0], count[1]


def seen(browser: Browser, numbers: list[int], deed: str, words: str = "") -> dict[str, object]:
    """The preview's form, as it would be sent on."""
    answer = browser.post("/cases/bulk", case=numbers, deed=deed, words=words)
    assert answer.status_code == 200, said(answer)
    fields = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', answer.text)
    form: dict[str, object] = {name: value for name, value in fields if name not in ("csrf", "case")}
    return form | {"case": [value for name, value in fields if name == "case"]}


def entry(answer: str) -> str:
    found = re.search(r'name="entry" value="(\d+)"', answer)
    assert found, "nothing to undo by"
    return found[1]


def test_it_only_shows_what_would_happen(stage: Stage, dispatcher: Browser) -> None:
    numbers = waiting(stage, 2)
    before = rows(stage)

    answer = dispatcher.post("/cases/bulk", case=numbers, deed="assign", words=DIANLIU)

    assert "可以办 2 件" in said(answer)
    assert rows(stage) == before
    assert {case.status for case in stage.cases()} == {Status.REPORTED}


def test_it_does_what_it_can_and_says_why_not_the_others(stage: Stage, dispatcher: Browser) -> None:
    stage.officer()
    one, two = waiting(stage, 2)
    form = seen(dispatcher, [one, two], "assign", DIANLIU)
    stage.dispatcher("另一位").says(f"不予立案 {two} 重复")

    shown = said(dispatcher.post("/cases/bulk/do", **form))

    assert "已办 1 件，没有办成 1 件" in shown
    assert f"编号{two}刚才有变化" in shown
    assert stage.case(one).unit_code == DIANLIU
    assert stage.case(two).status is Status.REJECTED


def test_it_previews_what_cannot_be_done(stage: Stage, dispatcher: Browser) -> None:
    one, two = waiting(stage, 2)
    stage.dispatcher("另一位").says(f"不予立案 {two} 重复")

    shown = said(dispatcher.post("/cases/bulk", case=[one, two], deed="reject", words="不属于范围"))

    assert "可以办 1 件 ，不能办 1 件" in shown or "可以办 1 件，不能办 1 件" in shown


BACK = {
    "assign to nobody": ("assign", YAOJIA, Status.REPORTED),
    "reject": ("reject", "不属于创城范围", Status.REPORTED),
}


@pytest.mark.parametrize("name", list(BACK))
def test_it_undoes_what_it_did(stage: Stage, dispatcher: Browser, name: str) -> None:
    deed, words, status = BACK[name]
    numbers = waiting(stage, 2)
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, numbers, deed, words))

    shown = said(dispatcher.post("/cases/bulk/undo", entry=entry(answer.text)))

    assert "已撤销 2 件" in shown
    assert {case.status for case in stage.cases()} == {status}
    assert {case.returns for case in stage.cases()} == {0}
    assert stage.findings() == []


def test_it_gives_a_case_back_to_who_had_it(stage: Stage, dispatcher: Browser) -> None:
    number = waiting(stage, 1)[0]
    stage.dispatcher("另一位").says(f"派单 {number} {LIXIA}")
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, [number], "assign", YAOJIA))

    dispatcher.post("/cases/bulk/undo", entry=entry(answer.text))

    assert stage.case(number).unit_code == LIXIA


def test_it_puts_back_a_category(stage: Stage, dispatcher: Browser) -> None:
    number = waiting(stage, 1)[0]
    stage.dispatcher("另一位").says(f"类别 {number} 暴露垃圾")
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, [number], "category", "机动车乱停放"))
    changed = stage.case(number).category

    dispatcher.post("/cases/bulk/undo", entry=entry(answer.text))

    assert changed != "event:06010"
    assert stage.case(number).category == "event:06010"


def test_it_leaves_alone_what_somebody_has_touched_since(stage: Stage, dispatcher: Browser) -> None:
    officer = stage.officer()
    one, two = waiting(stage, 2)
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, [one, two], "assign", DIANLIU))
    officer.says(f"认领 {one}")

    shown = said(dispatcher.post("/cases/bulk/undo", entry=entry(answer.text)))

    assert f"编号{one}后来又有人办过" in shown
    assert stage.case(one).status is Status.CLAIMED
    assert stage.case(two).status is Status.REPORTED


def test_it_undoes_once_in_time_and_only_for_who_did_it(stage: Stage, office: Office, dispatcher: Browser) -> None:
    number = waiting(stage, 1)[0]
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, [number], "reject", "不属于范围"))
    mark = entry(answer.text)
    other = office.browser(stage.dispatcher("另一位"))
    foreign = said(other.post("/cases/bulk/undo", entry=mark))
    first = said(dispatcher.post("/cases/bulk/undo", entry=mark))
    again = said(dispatcher.post("/cases/bulk/undo", entry=mark))

    assert "不是您做的" in foreign
    assert "已撤销 1 件" in first
    assert "已经撤销过" in again


def test_it_cannot_be_undone_after_ten_minutes(stage: Stage, dispatcher: Browser) -> None:
    number = waiting(stage, 1)[0]
    answer = dispatcher.post("/cases/bulk/do", **seen(dispatcher, [number], "reject", "不属于范围"))
    stage.now += timedelta(minutes=11)

    assert "超过10分钟" in said(dispatcher.post("/cases/bulk/undo", entry=entry(answer.text)))


def test_it_urges_a_unit_once_an_hour(stage: Stage, dispatcher: Browser) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    dispatcher.post("/cases/bulk/do", **seen(dispatcher, [number], "urge", "今天必须清完"))
    urged = [words for words in stage.said_to(officer) if "指挥部催办" in words]
    lately = said(dispatcher.post("/cases/bulk", case=[number], deed="urge"))
    stage.now += timedelta(minutes=61)
    later = said(dispatcher.post("/cases/bulk", case=[number], deed="urge"))

    assert len(urged) == 1
    assert "今天必须清完" in urged[0]
    assert "一小时内催过" in lately
    assert "可以办 1 件" in later


def test_it_takes_all_of_a_filter(stage: Stage, dispatcher: Browser) -> None:
    waiting(stage, 3)

    shown = said(dispatcher.post("/cases/bulk", all="1", query="status=reported", deed="reject", words="重复"))

    assert "可以办 3 件" in shown


def test_it_lets_a_verifier_verify_and_nothing_else(stage: Stage, office: Office) -> None:
    number = waiting(stage, 1)[0]
    verifier = office.browser(stage.verifier())

    answer = verifier.post("/cases/bulk", case=[number], deed="reject", words="x")
    forced = verifier.post("/cases/bulk/do", case=[number], deed="reject", words="x")

    assert answer.status_code == 400
    assert forced.status_code == 400
    assert stage.case(number).status is Status.REPORTED


def test_it_is_not_for_units(stage: Stage, office: Office) -> None:
    assert office.browser(stage.leader()).post("/cases/bulk", case=[1], deed="urge").status_code == 403


def test_it_leaves_alone_what_somebody_touched_in_the_same_moment(
    stage: Stage, dispatcher: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, numbers, done = stage.officer(), waiting(stage, 1), acting.do

    def quickly(*asked: Any) -> acting.Outcome:
        outcome = done(*asked)
        officer.says(f"认领 {numbers[0]}")
        return outcome

    form = seen(dispatcher, numbers, "assign", DIANLIU)
    monkeypatch.setattr(acting, "do", quickly)
    answer = dispatcher.post("/cases/bulk/do", **form)
    monkeypatch.undo()

    shown = said(dispatcher.post("/cases/bulk/undo", entry=entry(answer.text)))

    assert "后来又有人办过" in shown
    assert stage.case(numbers[0]).status is Status.CLAIMED
