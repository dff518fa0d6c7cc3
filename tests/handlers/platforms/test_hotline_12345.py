"""12345 专线: work orders forwarded as text; one order is one case, and its caller stays with the command centre."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from handlers.hotline import outcome
from models.hotline import HotlineOrder
from models.workflow import Status
from tests.stage import Actor, Stage

ORDER = (
    "【工单编号】JN20261123000123【来电人】王小明【联系电话】13812345678"
    "【地址】历下区甸柳新村街道甸柳新村第三小区【诉求】来电人王小明反映楼前垃圾桶满了没人清，请尽快处理"
)
UNTIDY = (
    "转：\n工单编号：JN20261123000124\n电话 13900001111 "
    "地址：历下区甸柳新村街道甸柳新村第二小区\n诉求：单元门上贴满小广告"
)


def orders(stage: Stage) -> dict[str, HotlineOrder]:
    with stage.installation.database.glance() as session:
        return {order.number: order for order in session.scalars(select(HotlineOrder))}


def test_it_leads_an_order_to_its_outcome(stage: Stage) -> None:
    officer, command, feng = stage.officer(), stage.dispatcher(), stage.operator()

    case = feng.reports(ORDER)[0]
    stage.close(case.id, officer, command)

    with stage.installation.database.story() as session:
        told = outcome(stage.installation.desk(session, stage.now), "JN20261123000123")
    assert stage.case(case.id).status is Status.CLOSED
    assert told is not None
    assert (told["case"], told["status_words"], told["unit"]) == (case.id, "已办结", "甸柳新村街道")


def test_it_reads_the_fields_and_keeps_the_caller_apart(stage: Stage) -> None:
    feng = stage.operator()

    case = feng.reports(ORDER)[0]

    kept = orders(stage)["JN20261123000123"]
    assert (kept.caller, kept.phone) == ("王小明", "13812345678")
    assert case.place == "历下区甸柳新村街道甸柳新村第三小区"
    assert "垃圾桶满了没人清" in case.text


def test_it_says_nothing_of_the_caller_to_the_unit(stage: Stage) -> None:
    officer, feng = stage.officer(), stage.operator()

    case = feng.reports(ORDER)[0]
    shown = "\n".join([*officer.hears(), officer.says("待办"), officer.says(f"详情 {case.id}")])

    assert "垃圾桶满了没人清" in shown
    assert "王小明" not in shown
    assert "13812345678" not in shown


def test_it_makes_one_case_of_an_order_that_two_operators_forward(stage: Stage) -> None:
    first, second = stage.operator("冯坐席"), stage.operator("陈坐席")
    number = first.reports(ORDER)[0].id

    second.says(ORDER)
    answer = second.says("完成")

    assert f"这个工单已在编号 {number} 办理" in answer
    assert len(stage.cases()) == len(stage.reports()) == 1
    assert "待认领" in second.says(f"查询 {number}")


def test_it_makes_one_case_of_an_order_that_two_operators_forward_at_the_same_moment(stage: Stage) -> None:
    operators = [stage.operator("冯坐席"), stage.operator("陈坐席")]
    for who in operators:
        who.says(ORDER)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(insists, operators))

    assert sum("不会重复立案" in answer for answer in answers) == 1
    assert len(stage.cases()) == len(stage.reports()) == 1


def insists(who: Actor) -> str:
    """完成; the slower one meets the order in the database, and the job takes the message in once more."""
    try:
        return who.says("完成")
    except IntegrityError:
        return who.says("完成")


def test_it_tells_the_unit_what_is_new_when_the_same_order_comes_again(stage: Stage) -> None:
    officer, feng = stage.officer(), stage.operator()
    number = feng.reports(ORDER)[0].id
    again = ORDER.replace("【诉求】", "【诉求】王女士（13812345678）再次来电催办，味道很大，")

    for _ in range(2):
        feng.says(again)
        feng.says("完成")

    told = [words for words in officer.hears() if "补充情况" in words]
    assert len(told) == 1
    assert "再次来电催办" in told[0]
    assert f"编号 {number}" in told[0]
    assert "13812345678" not in told[0]
    assert len(stage.reports()) == 1


def test_it_reads_several_orders_out_of_one_message(stage: Stage) -> None:
    feng = stage.operator()

    feng.reports(f"{ORDER}\n{UNTIDY}\n{ORDER}")

    assert sorted(report.number for report in stage.reports()) == ["JN20261123000123", "JN20261123000124"]
    assert len(stage.cases()) == 2


def test_it_asks_for_the_number_and_believes_that_there_is_none(stage: Stage) -> None:
    feng = stage.operator()
    feng.says("来电人反映甸柳新村第三小区垃圾桶满了没人清")

    asked = feng.says("完成")
    receipt = feng.says("完成")

    assert "工单编号" in asked
    assert "已受理" in receipt


def test_it_joins_an_order_to_the_case_a_citizen_has_opened(stage: Stage) -> None:
    number = stage.reported_case()
    feng = stage.operator()

    feng.says(ORDER)
    receipt = feng.says("完成")

    assert f"合并到编号 {number}" in receipt
    assert orders(stage).keys() == {"JN20261123000123"}


def test_it_asks_no_caller_of_the_hotline_how_satisfied_they_are(stage: Stage) -> None:
    officer, feng = stage.officer(), stage.operator()
    case = feng.reports(ORDER)[0]

    stage.solve(case.id, officer)

    assert not any("满意吗" in words for words in feng.hears())
