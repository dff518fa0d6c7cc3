"""派单台: what waits for the command centre, one after the other."""

from sqlalchemy import select

from models.learning import Label
from models.workflow import Status
from tests.console.browsers import Office, said
from tests.stage import YAOJIA, Stage

VAGUE = "这里有点问题"


def waiting(stage: Stage, words: str = VAGUE) -> int:
    """A case that routing is not sure of."""
    citizen = stage.citizen()
    citizen.photo()
    citizen.says(words)
    citizen.says("完成")
    citizen.says("提交")
    return stage.cases()[-1].id


def test_it_begins_with_the_most_urgent(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    first = waiting(stage)
    stage.wait(minutes=5)
    waiting(stage)

    told = office.browser(command).get("/triage").text

    assert f'aria-current="true"><span class="row spread"><strong>{first} ' in told


def test_it_goes_on_to_the_next_one(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    first, second = waiting(stage), waiting(stage, "那边也有点问题")

    answer = office.browser(command).post(
        f"/triage/{first}/assign?queue=triage", words="姚家街道", version=stage.case(first).version, next=second
    )

    assert stage.case(first).unit_code == YAOJIA
    assert f'aria-current="true"><span class="row spread"><strong>{second} ' in answer.text


def test_it_keeps_what_a_dispatcher_says_as_an_example(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    number = waiting(stage)

    answer = office.browser(command).post(f"/triage/{number}/category?queue=triage", words="暴露垃圾")

    with stage.installation.database.glance() as session:
        label = session.scalars(select(Label)).one()
    assert label.category == stage.case(number).category
    assert f"<strong>{number} 暴露垃圾" in answer.text


def test_it_refuses_with_a_reason_the_reporter_reads(office: Office, stage: Stage) -> None:
    command = stage.dispatcher()
    number = waiting(stage)
    browser = office.browser(command)

    without = said(browser.post(f"/triage/{number}/reject?queue=triage", words=""))
    browser.post(f"/triage/{number}/reject?queue=triage", words="照片看不出问题")

    assert "请写明内容" in without
    assert stage.case(number).status is Status.REJECTED
    assert any("照片看不出问题" in word for word in stage.all_said())


def test_it_rules_on_what_units_ask(office: Office, stage: Stage) -> None:
    command, officer = stage.dispatcher(), stage.officer()
    number = stage.reported_case()
    officer.says(f"退回 {number} 不归我们管")

    told = office.browser(command).text("/triage?queue=ruling")
    office.browser(command).post(f"/triage/{number}/accept.return?queue=ruling", words="姚家街道")

    assert "不归我们管" in told
    assert stage.case(number).unit_code == YAOJIA


def test_it_shows_a_verifier_what_is_to_be_verified_and_nothing_else(office: Office, stage: Stage) -> None:
    verifier, officer = stage.verifier(), stage.officer()
    number = stage.reported_case()
    stage.solve(number, officer)
    browser = office.browser(verifier)

    told = browser.text("/triage")
    browser.post(f"/triage/{number}/pass?queue=verify", words="现场已看，干净")

    assert "待核查" in told
    assert "待立案" not in told
    assert browser.get("/triage?queue=triage").status_code == 404
    assert stage.case(number).status is Status.CLOSED


def test_it_keeps_what_a_reporter_wrote_from_who_only_verifies(office: Office, stage: Stage) -> None:
    citizen, officer, command, verifier = stage.citizen(), stage.officer(), stage.dispatcher(), stage.verifier()
    number = stage.reported_case(citizen)
    stage.close(number, officer, command)
    citizen.says(f"重办 {number} 我是李群众，又满了")

    assert "我是李群众" not in office.browser(verifier).text(f"/triage?queue=verify&case={number}")
    assert "我是李群众" in office.browser(command).text(f"/triage?queue=ruling&case={number}")
