"""追问与并案: a dispatcher asks the reporter, and joins two cases that are one problem."""

from models.workflow import Status
from tests.stage import Stage


def test_it_asks_the_reporter_and_hears_the_answer(stage: Stage) -> None:
    command, reporter = stage.dispatcher(), stage.citizen()
    number = stage.reported_case(reporter)

    command.says(f"追问 {number} 在几号楼下？")
    answer = reporter.says(f"补充 {number} 3号楼下")

    assert any("在几号楼下？" in word for word in stage.said_to(reporter))
    assert f"编号 {number}" in answer or "已" in answer
    assert any("3号楼下" in word for word in stage.said_to(command))


def test_it_joins_a_case_no_unit_has_yet(stage: Stage) -> None:
    command = stage.dispatcher()
    kept = stage.reported_case()
    citizen = stage.citizen()
    citizen.photo()
    citizen.says("说不清的地方有点问题")
    citizen.says("完成")
    citizen.says("提交")
    number = stage.cases()[-1].id

    told = command.says(f"并案 {number} {kept}")

    assert stage.case(number).status is Status.REJECTED
    assert f"编号 {kept}" in told
    assert any(f"合并办理。进展请回复“查询 {kept}”" in word for word in stage.said_to(citizen))
    assert f"{kept}" in citizen.says("我的上报")


def test_it_joins_nothing_a_unit_has(stage: Stage) -> None:
    command = stage.dispatcher()
    stage.officer()
    assigned, waiting = stage.reported_case(), stage.reported_case(words="甸柳新村街道燕子山路有人乱搭棚子")

    command.says(f"并案 {assigned} {waiting}")

    assert stage.case(assigned).status is Status.ASSIGNED
