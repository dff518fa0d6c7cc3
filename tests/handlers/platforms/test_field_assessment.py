"""创城实地测评: a visit's sheet, confirmed or corrected; deductions kept; and who it was nobody learns."""

from models.petition import Plea, Ruling
from models.workflow import Move, Part, Status
from tests.stage import DIANLIU, Stage

SHEET = "点位：甸柳新村街道甸柳新村第三小区（社区）\n1. H03 垃圾桶满了没人清 扣0.5\n2. H05 单元门上贴满小广告 扣1"


def test_it_leads_a_sheet_to_cases_with_point_indicator_and_deduction(stage: Stage) -> None:
    chu = stage.assessor()
    chu.says(SHEET)

    shown = chu.says("完成")
    receipt = chu.says("确认")

    assert "请核对测评单" in shown
    assert "【指标】H03【扣分】0.5" in shown
    assert "已受理2件" in receipt
    assert [case.category for case in stage.cases()] == ["event:06042", "event:07001"]
    first, second = (report.extra for report in stage.reports())
    assert (first["indicator"], first["deduct"], first["site_type"]) == ("H03", "0.5", "社区")
    assert (second["indicator"], second["deduct"]) == ("H05", "1")


def test_it_takes_the_sheet_sent_back_corrected(stage: Stage) -> None:
    chu = stage.assessor()
    chu.says(SHEET)
    shown = chu.says("完成").partition("\n")[2]

    again = chu.says(shown.replace("【扣分】0.5", "【扣分】1.5"))
    chu.says("确认")

    assert "【扣分】1.5" in again
    assert [report.extra["deduct"] for report in stage.reports()] == ["1.5", "1"]


def test_it_lets_the_indicator_say_what_the_words_do_not(stage: Stage) -> None:
    chu = stage.assessor()

    cases = chu.reports("点位：甸柳新村第三小区\n1. F02 东门内侧一处 扣1")

    assert cases[0].category == "part:01023"


def test_it_gives_each_line_its_photo(stage: Stage) -> None:
    chu = stage.assessor()
    chu.says(SHEET)
    chu.photo("bin")
    chu.photo("door")

    chu.says("完成")
    chu.says("确认")

    assert [stage.pictures(case.id) for case in stage.cases()] == [["bin"], ["door"]]


def test_it_submits_a_sheet_nobody_confirmed_once_it_was_asked_twice(stage: Stage) -> None:
    chu = stage.assessor()
    chu.says(SHEET)

    chu.says("完成")
    chu.says("完成")

    assert len(stage.cases()) == 2


def test_it_asks_for_a_case_to_be_done_again_after_a_covert_look(stage: Stage) -> None:
    officer, command, chu = stage.officer(), stage.dispatcher(), stage.assessor()
    number = stage.reported_case()
    stage.close(number, officer, command)

    answer = chu.says(f"复查 {number} 未整改 垃圾还在原处")
    asked = command.hears()[-1]
    command.says(f"同意 {number}")

    assert f"已申请重办编号 {number}" in answer
    assert "垃圾还在原处" in asked
    assert stage.case(number).petitions[0].plea is Plea.REOPEN
    assert stage.case(number).petitions[0].state is Ruling.ACCEPTED
    assert stage.case(number).status is Status.CLAIMED


def test_it_notes_a_good_result_of_a_covert_look_for_whoever_verifies(stage: Stage) -> None:
    officer, command, chu = stage.officer(), stage.dispatcher(), stage.assessor()
    number = stage.reported_case()
    stage.solve(number, officer)

    chu.says(f"复查 {number} 已整改")

    assert stage.case(number).status is Status.RECTIFIED
    assert f"编号 {number} 收到复查或跟踪结果" in command.hears()[-1]


def test_it_objects_to_what_is_said_to_be_put_right(stage: Stage) -> None:
    officer, command, chu = stage.officer(), stage.dispatcher(), stage.assessor()
    number = stage.reported_case()
    stage.solve(number, officer)

    chu.says(f"复查 {number} 未整改 楼后还有一堆")

    event = stage.events(number)[-1]
    assert (event.move, event.part) == (Move.OBJECT, Part.ASSESSOR)
    assert "楼后还有一堆" in command.hears()[-1]


def test_it_asks_for_the_result_when_none_was_said(stage: Stage) -> None:
    number = stage.reported_case()

    answer = stage.assessor().says(f"复查 {number} 看过了")

    assert "请写明结果" in answer


def test_it_says_how_a_covert_look_is_told(stage: Stage) -> None:
    chu = stage.assessor()

    answer = chu.says("复查")

    assert "请写编号和结果" in answer
    assert stage.open_drafts() == []


def test_it_never_lets_the_unit_see_that_somebody_assessed_it(stage: Stage) -> None:
    officer, command, chu = stage.officer(), stage.dispatcher(), stage.assessor("褚测评")
    cases = chu.reports(SHEET)
    for case in cases:
        command.says(f"派单 {case.id} 甸柳新村街道")
    stage.close(cases[0].id, officer, command)
    chu.says(f"复查 {cases[0].id} 未整改 垃圾还在")
    command.says(f"同意 {cases[0].id}")

    seen = "\n".join([*officer.hears(), officer.says("待办"), *(officer.says(f"详情 {c.id}") for c in cases)])

    assert [lead.unit_code for lead in stage.case(cases[0].id).assignments] == [DIANLIU, DIANLIU]
    assert "垃圾桶满了没人清" in seen
    assert not [word for word in ("褚", "测评", "复查", "扣分", "H03", "指标", chu.openid) if word in seen]
