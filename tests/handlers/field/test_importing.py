"""Sheets and questionnaires that come as files: understood, or refused row by row; all of a file or nothing."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from sqlalchemy import select

from handlers.field import imported
from handlers.field.importing import ScoreFile, What, read_file
from handlers.membership.spreadsheet import RosterError
from models.score import FieldRound, Survey
from routing.router import Router
from tests.handlers.field.rounds_played import at_desk, closed_case, made, visits
from tests.stage import DIANLIU, LIXIA, Stage

VISITS = (
    "点位,单位,得分（满分100）,问题\n"
    "甸柳新村第三小区,甸柳新村街道,93.5,垃圾桶满溢\n"
    "泉城广场,历下区,100,\n"
)  # fmt: skip
SURVEY = "单位,分数,份数,日期\n历下区,88.2,220,2026-11-24\n甸柳新村街道,91,80,2026-11-24\n"


def of(stage: Stage, text: str | bytes) -> ScoreFile:
    return read_file(text.encode() if isinstance(text, str) else text, stage.installation.router.pack)


def takes_in(stage: Stage, text: str | bytes, round_: FieldRound | None = None) -> int:
    file = of(stage, text)

    def act(desk: imported.results.Desk) -> int:
        return imported.take_in(desk, file, desk.session.merge(round_) if round_ else None, "测评.xlsx", None)

    return at_desk(stage, act)


def problems(stage: Stage, text: str, round_: FieldRound | None = None) -> list[tuple[int, str]]:
    file = of(stage, text)
    found = at_desk(stage, lambda desk: imported.problems(desk, file, desk.session.merge(round_) if round_ else None))
    return [(one.row_number, one.column) for one in found]


def test_it_takes_in_results_of_a_round(stage: Stage) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1, closed=None)
    count = len(visits(stage))

    assert takes_in(stage, VISITS, round_) == 2

    first, second = visits(stage)[count:]
    assert (first.place, first.unit_code, first.result, first.findings) == (
        "甸柳新村第三小区",
        DIANLIU,
        93.5,
        "垃圾桶满溢",
    )
    assert (second.unit_code, second.result, second.findings, second.assessed_at) == (
        LIXIA,
        100.0,
        "未发现问题",
        stage.now,
    )


def test_it_puts_a_result_to_the_visit_it_was_sent_out_for(stage: Stage) -> None:
    closed_case(stage, stage.officer(), stage.dispatcher())
    stage.assessor()
    round_ = made(stage)

    takes_in(stage, VISITS.partition("\n泉城")[0], round_)

    (visit,) = visits(stage)
    assert (visit.result, visit.solved, visit.case_id is not None) == (93.5, None, True)


def test_it_takes_in_questionnaires(stage: Stage) -> None:
    takes_in(stage, SURVEY)

    with stage.installation.database.glance() as session:
        rows = session.scalars(select(Survey).order_by(Survey.unit_code)).all()
    assert [(row.unit_code, row.value, row.answers, row.on) for row in rows] == [
        (LIXIA, 88.2, 220, date(2026, 11, 24)),
        (DIANLIU, 91.0, 80, date(2026, 11, 24)),
    ]


def test_it_reads_excel_as_well(stage: Stage) -> None:
    book, file = Workbook(), BytesIO()
    for row in (["十一月问卷"], ["序号", "单位", "分数", "份数"], [1, "历下区", 88.25, 220]):
        book.active.append(row)
    book.save(file)

    read = of(stage, file.getvalue())

    assert (read.what, read.problems) == (What.SURVEY, ())
    assert [(line.unit, line.score, line.answers) for line in read.lines] == [(LIXIA, 88.25, 220)]


WRONG = {
    "点位,单位,得分\n甲,历下区,101": [(2, "得分")],
    "点位,单位,得分\n甲,历下区,-1": [(2, "得分")],
    "点位,单位,得分\n甲,历上区,90": [(2, "单位")],
    "点位,单位,得分\n甲,,\n乙,历下区,90": [(2, "单位"), (2, "得分")],
    "点位,单位,得分\n=HYPERLINK(1),历下区,90": [(2, "点位")],
    "点位,单位,得分\n甲,历下区,90\n甲,历下区,91": [(3, "单位")],
    "点位,单位,得分,得分\n甲,历下区,90,91": [(1, "得分")],
    "点位,单位,得分,天气\n甲,历下区,90,晴": [(1, "天气")],
    "点位,单位,得分,日期\n甲,历下区,90,2026-12-30": [(2, "日期")],
    "点位,单位,得分,日期\n甲,历下区,90,昨天": [(2, "日期")],
    "单位,分数,份数\n历下区,90,很多": [(2, "份数")],
}


@pytest.mark.parametrize("text", WRONG)
def test_it_says_what_is_wrong_by_row_and_takes_nothing_in(stage: Stage, text: str) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1, closed=None)
    before = [visit.result for visit in visits(stage)]

    found = problems(stage, text, round_)

    assert found == WRONG[text]
    with pytest.raises(ValueError, match="does not go in"):
        takes_in(stage, text, round_)
    assert [visit.result for visit in visits(stage)] == before


def test_it_takes_nothing_in_twice(stage: Stage) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1, closed=None)
    takes_in(stage, VISITS, round_)
    takes_in(stage, SURVEY)

    assert problems(stage, VISITS, round_) == [(2, "点位"), (3, "点位")]
    assert problems(stage, SURVEY) == [(2, "单位"), (3, "单位")]


def test_it_wants_a_round_for_results(stage: Stage) -> None:
    assert problems(stage, VISITS) == [(1, "点位")]


@pytest.mark.parametrize("data", [b"", "姓名,角色\n张三,经办人".encode(), b"PK\x03\x04broken"])
def test_it_refuses_what_is_no_such_file(router: Router, data: bytes) -> None:
    with pytest.raises(RosterError):
        read_file(data, router.pack)


def test_it_takes_questionnaires_for_what_they_are_whatever_round_is_named(stage: Stage) -> None:
    stage.assessor()
    round_ = made(stage, points_each=1, closed=None)
    count = len(visits(stage))

    takes_in(stage, SURVEY, round_)

    assert len(visits(stage)) == count
