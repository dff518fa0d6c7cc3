"""The pages of field assessment: for the command centre alone; draw, results, checkers, imports."""

from io import BytesIO

import pytest
from sqlalchemy import select

from models.journal import JournalEntry
from models.score import FieldRound, FieldVisit, Survey
from tests.console.browsers import Office, said
from tests.handlers.field.rounds_played import at_desk, closed_case, goes, made, visits
from tests.stage import Stage

PLAN = "/field/new?title=第四周&seed=abc&first=2026-11-23&last=2026-11-27&points_by=kind&points_each=1"
FORM = {"title": "第四周", "seed": "abc", "first": "2026-11-23", "last": "2026-11-27", "points_by": "kind"}


@pytest.fixture
def number(stage: Stage) -> int:
    """A round with points and one covert re-check of 甸柳新村, which found another problem."""
    officer, command, chu = stage.officer(), stage.dispatcher("周调度"), stage.assessor("褚测评")
    closed_case(stage, officer, command)
    round_ = made(stage, points_each=1)
    goes(chu, visits(stage, only_cases=True)[0].number, "1. H05 墙上有小广告 扣1.5")
    return round_.id


def test_it_shows_a_draw_before_anything_is_written(office: Office, stage: Stage) -> None:
    page = office.browser(stage.dispatcher()).text(PLAN)

    assert "抽样预览：15个" in page
    assert "点位 · 路口" in page
    assert list(visits(stage)) == []


def test_it_makes_what_it_showed(office: Office, stage: Stage) -> None:
    stage.assessor()
    browser = office.browser(stage.dispatcher())

    answer = browser.post("/field", **FORM, points_each="1", **{"n:point/crossing": "2"})

    assert "第四周" in said(answer)
    assert "与任务一致" in said(answer)
    assert [visit.stratum for visit in visits(stage)].count("point/crossing") == 2


@pytest.mark.parametrize("wrong", [{"first": "morgen"}, {"points_each": "x"}, {"points_by": "moon"}, {"title": ""}])
def test_it_says_that_it_does_not_understand_a_plan(office: Office, stage: Stage, wrong: dict[str, str]) -> None:
    answer = office.browser(stage.dispatcher()).post("/field", **{**FORM, "points_each": "1", **wrong})

    assert answer.status_code == 400
    assert "请" in said(answer)


def test_it_shows_results_by_unit_and_who_was_sent(office: Office, stage: Stage, number: int) -> None:
    page = office.browser(stage.dispatcher("郑调度")).text(f"/field/{number}")

    assert "甸柳新村街道 1 1 98.50 — 98.50" in page
    assert "褚测评" in page
    with stage.installation.database.glance() as session:
        assert session.scalars(select(JournalEntry.subject).where(JournalEntry.act == "look.assessor")).all() == [
            f"round:{number}"
        ]


def test_it_shows_an_admin_everything_but_who_was_sent(office: Office, stage: Stage, number: int) -> None:
    page = office.browser(stage.admin()).text(f"/field/{number}")

    assert "甸柳新村街道 1 1 98.50" in page
    assert "褚测评" not in page


@pytest.mark.parametrize("address", ["/field", "/field/new", "/field/{}", "/media", "/media/meeting"])
def test_it_is_for_the_command_centre_alone(office: Office, stage: Stage, number: int, address: str) -> None:
    for who in (stage.officer(), stage.leader(), stage.verifier()):
        assert office.browser(who).get(address.format(number)).status_code == 403


def test_it_lets_a_person_judge_and_shows_the_checked_checkers(office: Office, stage: Stage, number: int) -> None:
    browser = office.browser(stage.dispatcher("郑调度"))
    visit = visits(stage, only_cases=True)[0]
    before = browser.text("/field")

    answer = browser.post(f"/field/{number}/visits/{visit.id}/unsolved")
    again = browser.post(f"/field/{number}/visits/{visit.id}/solved")

    assert "周调度 1 0 0 1 —" in before
    assert "已申请重办" in said(answer)
    assert "周调度 1 0 1 0 0.0%" in said(answer)
    assert again.status_code == 400
    assert visits(stage, only_cases=True)[0].solved is False


def test_it_closes_a_round(office: Office, stage: Stage, number: int) -> None:
    office.browser(stage.dispatcher()).post(f"/field/{number}/close")

    assert at_desk(stage, lambda desk: desk.session.get_one(FieldRound, number).closed_at) == stage.now


def test_it_takes_in_questionnaires_once_they_are_right(office: Office, stage: Stage, number: int) -> None:
    browser = office.browser(stage.dispatcher())

    def sends(text: str, **more: str) -> str:
        file = (BytesIO(text.encode()), "问卷.csv")
        return said(browser.post(f"/field/{number}/import", file=file, **more))

    wrong = sends("单位,分数,份数\n甸柳新村街道,120,80")
    checked = sends("单位,分数,份数\n甸柳新村街道,80,80", check="1")
    with stage.installation.database.glance() as session:
        assert session.scalars(select(Survey)).all() == []
    right = sends("单位,分数,份数\n甸柳新村街道,80,80")

    assert "第2行 分数" in wrong
    assert "没有问题，共1行" in checked
    assert "已导入1行" in right
    assert "甸柳新村街道 1 1 98.50 80.00 80 95.73" in right  # 0.85 · 98.5 + 0.15 · 80 = 95.725, half up
    assert "第2行 单位" in sends("单位,分数,份数\n甸柳新村街道,80,80")


def test_it_refuses_a_file_that_is_none(office: Office, stage: Stage, number: int) -> None:
    answer = office.browser(stage.dispatcher()).post(
        f"/field/{number}/import", file=(BytesIO(b"PK\x03\x04"), "x.xlsx")
    )

    assert "Excel 文件已损坏" in said(answer)
    with stage.installation.database.glance() as session:
        assert session.scalars(select(FieldVisit).where(FieldVisit.stratum == "imported")).all() == []
