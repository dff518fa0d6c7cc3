"""市民拍客团: registered 拍客 beside everybody else, their tally and the month's honour list."""

from models.people import Role
from models.workflow import Status
from tests.stage import DIANLIU, Actor, Stage


def found(who: Actor, words: str, metres_north: float = 0) -> int:
    """A whole report at its own place; the number of its case."""
    who.photo()
    who.place(lat=36.6585 + metres_north / 111_000)
    who.says(words)
    who.says("完成")
    who.stage.wait(minutes=5)  # a picture sent at once would belong to the report before
    return who.stage.cases()[-1].id


def test_it_leads_a_photographer_from_the_welcome_to_the_closed_case(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    zheng = stage.citizen("郑拍客")

    welcome = zheng.scans(stage.code(Role.PHOTOGRAPHER, None, "郑拍客", areas=DIANLIU))
    number = found(zheng, "垃圾桶满了没人清")
    stage.solve(number, officer)
    asked = zheng.hears()
    command.says(f"通过 {number}")

    assert "市民拍客团" in welcome
    assert "郑拍客" in welcome
    assert any("满意吗" in words for words in asked)
    assert stage.case(number).status is Status.CLOSED
    assert "办结1件" in zheng.says("战绩")


def test_it_counts_what_was_reported_accepted_closed_and_came_back(stage: Stage) -> None:
    officer, command, zheng = stage.officer(), stage.dispatcher(), stage.photographer()
    stage.close(found(zheng, "垃圾桶满了没人清"), officer, command)
    rejected = found(zheng, "这里很不好", metres_north=300)
    command.says(f"不予立案 {rejected} 看不出问题")
    found(zheng, "小广告贴满了", metres_north=600)
    stage.wait(hours=30)
    found(stage.citizen(), "垃圾桶又满了没人清")

    tally = zheng.says("战绩")

    assert "上报3件" in tally
    assert "办结1件" in tally
    assert "反弹1件" in tally


def test_it_accepts_nothing_that_nobody_has_looked_at(stage: Stage) -> None:
    stage.dispatcher()
    zheng = stage.photographer()

    found(zheng, "这里很不好")

    assert "上报1件，立案0件" in zheng.says("战绩")


def test_it_honours_the_photographers_of_the_month_by_what_was_accepted(stage: Stage) -> None:
    busy, once, somebody = stage.photographer("郑拍客"), stage.photographer("冯拍客"), stage.citizen("路人甲")
    found(once, "垃圾桶满了没人清")
    found(busy, "垃圾桶满了没人清", metres_north=300)
    found(busy, "垃圾桶满了没人清", metres_north=600)
    found(somebody, "垃圾桶满了没人清", metres_north=900)

    honours = busy.says("光荣榜")

    assert honours.index("1. 郑拍客 2件") < honours.index("2. 冯拍客 1件")
    assert "路人甲" not in honours


def test_it_begins_the_honour_list_anew_with_the_month(stage: Stage) -> None:
    zheng = stage.photographer()
    found(zheng, "垃圾桶满了没人清")

    stage.wait(days=9)

    assert "还没有人上榜" in zheng.says("光荣榜")


def test_it_counts_three_reports_of_one_problem_as_one_accepted(stage: Stage) -> None:
    zheng = stage.photographer()

    for _ in range(3):
        found(zheng, "垃圾桶满了没人清")

    assert "郑拍客 1件" in zheng.says("光荣榜")


def test_it_shows_a_photographer_how_their_area_stands(stage: Stage) -> None:
    officer, command = stage.officer(), stage.dispatcher()
    zheng = stage.photographer(areas=DIANLIU)
    stage.close(found(stage.citizen(), "垃圾桶满了没人清"), officer, command)
    found(stage.citizen(), "垃圾桶满了没人清", metres_north=100)

    tally = zheng.says("战绩")

    assert "甸柳新村街道" in tally
    assert "在办1件，本月办结1件" in tally
