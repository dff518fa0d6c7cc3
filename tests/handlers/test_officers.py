"""What officers say, in every spelling, and what they get back."""

from datetime import timedelta

import pytest

from handlers.message import Kind
from models.workflow import Move, Status
from tests.stage import YAOJIA, Stage

KINDS = ("垃圾桶满了没人清", "墙上贴满小广告", "路边有垃圾堆")


def cases(stage: Stage, count: int) -> list[int]:
    """So many different problems at 甸柳新村."""
    numbers = []
    for words in KINDS[:count]:
        numbers.append(stage.reported_case(words=words))
        stage.now += timedelta(minutes=1)
    return numbers


CLAIMS = [
    "认领 {}",
    "认领{}",
    "认领：{}",
    "认领＃{}",
    "认领编号{}",
    "认领第{}号",
    "{}认领",
    "{} 认领",
    "编号{}，认领",
    "我认领{}",
    "领取 {}",
    "接单{}",
    "收到 {}",
    "收到{}，马上处理",
    "马上处理 {}",
    "我来处理 {}",
    "立即处理{}",
]


@pytest.mark.spelling
@pytest.mark.parametrize("form", CLAIMS)
def test_it_knows_a_claim_in_every_spelling(stage: Stage, form: str) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    answer = officer.says(form.format(number))

    assert f"已认领编号 {number}" in answer
    assert stage.case(number).status is Status.CLAIMED


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["认领", "收到", "收到，马上处理", "马上去！", "我来处理"])
def test_it_takes_the_only_open_case_when_no_number_is_said(stage: Stage, words: str) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    answer = officer.says(words)

    assert f"已认领编号 {number}" in answer


def test_it_writes_the_number_in_full_width_digits_as_well(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    wide = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert "已认领" in officer.says(f"认领　{wide}")


def test_it_tells_when_the_rectification_is_due_and_the_others_who_has_it(stage: Stage) -> None:
    officer, colleague, citizen = stage.officer("张三"), stage.officer("刘四"), stage.citizen()
    number = stage.reported_case(citizen)

    answer = officer.says("认领")

    assert "请在 11月24日 09:00 前整改完" in answer
    assert colleague.hears()[-1] == f"编号 {number} 已由甸柳新村街道 张三认领。"
    assert "已由【甸柳新村街道】认领" in citizen.hears()[-1]


@pytest.mark.parametrize("words", ["认领 {}", "收到", "认领", "马上处理{}"])
def test_it_tells_the_loser_of_a_race_who_was_first(stage: Stage, words: str) -> None:
    first, second = stage.officer("张三"), stage.officer("刘四")
    number = stage.reported_case()
    first.says(f"认领 {number}")

    answer = second.says(words.format(number))

    assert answer == f"编号 {number} 已由张三在 11月23日 09:00 认领。"


def test_it_tells_who_claims_twice_what_comes_next(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.says("认领")

    assert "您已经认领过了" in officer.says(f"认领 {number}")


def test_it_tells_a_claimer_where_the_case_stands_when_it_is_past_claiming(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.photo()
    officer.says(f"整改 {number} 清了")

    assert "现在是“待核查”，不用认领" in officer.says(f"认领 {number}")


@pytest.mark.parametrize(
    "command", ["认领 {}", "详情 {}", "整改 {} 好了", "退回 {} 不是", "延期 {} 忙", "转办 {} 姚家"]
)
def test_it_lets_nobody_touch_another_unit_s_case(stage: Stage, command: str) -> None:
    stage.officer()
    stranger = stage.officer("马五", YAOJIA)
    number = stage.reported_case()
    before = [event.move for event in stage.events(number)]

    answer = stranger.says(command.format(number))

    assert f"编号 {number} 不在本单位名下" in answer
    assert [event.move for event in stage.events(number)] == before


def test_it_lets_a_leader_act_like_an_officer(stage: Stage) -> None:
    leader = stage.leader()
    number = stage.reported_case()

    leader.says(f"认领 {number}")

    assert stage.events(number)[-1].part.value == "leader"


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["待办", "我的待办", "任务", "待办。"])
def test_it_lists_what_the_unit_holds_with_the_time_that_is_left(stage: Stage, words: str) -> None:
    officer = stage.officer()
    first, second = cases(stage, 2)
    officer.says(f"认领 {second}")

    answer = officer.says(words)

    assert answer.startswith("待办2件")
    assert f"1. {first} 垃圾站(箱)满溢 甸柳新村第三小区\n   待认领，11月23日 21:00前" in answer
    assert f"2. {second} 非法小广告 甸柳新村第三小区\n   整改中，11月24日 09:02前" in answer


def test_it_marks_what_is_late_in_the_list(stage: Stage) -> None:
    officer = stage.officer()
    cases(stage, 1)
    stage.wait(hours=12)

    assert "⚠已超时" in officer.says("待办")


def test_it_says_so_when_there_is_nothing_to_do(stage: Stage) -> None:
    officer = stage.officer()

    assert officer.says("待办") == "本单位没有待办案件。"
    assert "没有可以认领的案件" in officer.says("认领")


def test_it_opens_a_case_by_its_place_in_the_list(stage: Stage) -> None:
    officer = stage.officer()
    _, second = cases(stage, 2)
    officer.says("待办")

    answer = officer.says("2")

    assert answer.startswith(f"编号 {second} ·")
    assert "认领截止" in answer
    assert "坐标：36.65" in answer


def test_it_sends_the_pictures_after_the_details(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    before = len(stage.rows_to(officer))

    answer = officer.says(f"详情 {number}")

    assert "照片1张" in answer
    assert [row.photo_id is not None for row in stage.rows_to(officer)[before:]] == [True]


def test_it_takes_a_bare_number_for_a_case_when_no_menu_is_open(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    assert f"编号 {number} ·" in officer.says(f"{number}")


def test_it_asks_which_case_is_meant_and_takes_the_small_number(stage: Stage) -> None:
    officer = stage.officer()
    _, second, _ = cases(stage, 3)

    menu = officer.says("收到")
    answer = officer.says("2")

    assert f"2. {second} 非法小广告" in menu
    assert f"已认领编号 {second}" in answer


def test_it_remembers_the_words_that_came_before_the_menu(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    _, second = cases(stage, 2)

    officer.says("退回 归姚家街道管")
    officer.says("选2")

    assert "归姚家街道管" in dispatcher.hears()[-1]
    assert stage.case(second).petitions[0].reason == "归姚家街道管"


def test_it_forgets_a_menu_after_half_an_hour(stage: Stage) -> None:
    officer = stage.officer()
    numbers = cases(stage, 3)
    officer.says("收到")
    stage.now += timedelta(minutes=30)

    officer.says("3")

    assert [stage.case(number).status for number in numbers] == [Status.ASSIGNED] * 3


def test_it_lets_the_newest_menu_count(stage: Stage) -> None:
    officer = stage.officer()
    first, _ = cases(stage, 2)
    officer.says("收到")
    officer.says("待办")

    answer = officer.says("1")

    assert f"编号 {first} ·" in answer
    assert stage.case(first).status is Status.ASSIGNED


def test_it_finds_a_case_by_its_last_digits(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.numbered_case(4711)

    answer = officer.says("认领 11")

    assert f"已认领编号 {number}" in answer


def test_it_asks_when_the_last_digits_fit_several(stage: Stage) -> None:
    officer = stage.officer()
    stage.numbered_case(4711)
    stage.numbered_case(5711, "墙上贴满小广告")

    menu = officer.says("认领 711")

    assert "1. 4711" in menu
    assert "2. 5711" in menu


def test_it_does_not_take_last_digits_for_a_case_the_unit_has_given_away(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    gone, kept = stage.numbered_case(711), stage.numbered_case(4711, "墙上贴满小广告")
    dispatcher.says(f"派单 {gone} 姚家街道")

    answer = officer.says(f"退回 {gone} 不是我们的")

    assert f"编号 {gone} 现在是“待认领”，已不在本单位名下" in answer
    assert stage.case(kept).petitions == []


def test_it_tells_an_officer_what_became_of_a_case_that_was_theirs(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.photo()
    officer.says("整改 清了")
    stage.dispatcher().says(f"通过 {number}")

    assert f"编号 {number} 现在是“已办结”" in officer.says(f"整改 {number} 再报一次")


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["今天天气不错", "取消了那个通知", "帮助一下老人", "任务太重了", "？？？完全不懂"])
def test_it_answers_words_it_does_not_know_with_something_useful(stage: Stage, words: str) -> None:
    officer = stage.officer()
    stage.reported_case()

    answer = officer.says(words)

    assert "没看懂" in answer
    assert "待办" in answer
    assert stage.open_drafts() == []


@pytest.mark.spelling
@pytest.mark.parametrize("words", ["帮助", "？", "?"])
def test_it_explains_everything_an_officer_may_say(stage: Stage, words: str) -> None:
    answer = stage.officer("张三").says(words)

    assert answer.startswith("张三，您可以回复")
    for verb in ("待办", "详情", "认领", "整改", "退回", "延期", "转办", "上报"):
        assert verb in answer


def test_it_lets_an_officer_report_like_anybody_after_saying_so(stage: Stage) -> None:
    officer = stage.officer()

    officer.says("上报")
    officer.photo()
    officer.place()
    officer.says("垃圾桶满了没人清")
    answer = officer.says("完成")

    assert "已受理" in answer
    assert len(stage.cases()) == 1


def test_it_starts_the_report_with_the_photos_that_fitted_no_case(stage: Stage) -> None:
    officer = stage.officer()

    told = officer.photo()
    officer.says("上报")
    officer.place()
    officer.says("垃圾桶满了没人清")
    answer = officer.says("完成")

    assert "没有要整改的案件" in told
    assert "已受理" in answer
    assert stage.open_drafts() == []


def test_it_still_hears_a_command_that_names_a_case_in_the_middle_of_a_report(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.says("上报")
    officer.says("井盖坏了")

    answer = officer.says(f"认领 {number}")
    listed = officer.says("待办")

    assert f"已认领编号 {number}" in answer
    assert "待办1件" in listed
    assert [draft.text for draft in stage.open_drafts()] == ["井盖坏了"]


def test_it_gives_photos_to_a_rectification_spoken_of_after_the_report_was_begun(stage: Stage) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    officer.says("上报")
    stage.now += timedelta(seconds=40)

    officer.says(f"整改 {number} 清了")
    officer.photo()
    answer = officer.says("完成")

    assert f"编号 {number} 整改已提交" in answer


def test_it_gives_up_a_report_an_officer_has_forgotten(stage: Stage) -> None:
    officer = stage.officer()
    officer.says("上报")

    stage.fall_quiet(minutes=2)
    stage.fall_quiet(hours=2)

    assert stage.open_drafts() == []


@pytest.mark.parametrize("words", ["我的上报", "查询 {}", "补充 {} 还有一袋"])
def test_it_lets_an_officer_follow_what_they_reported_themselves(stage: Stage, words: str) -> None:
    officer = stage.officer("马五", YAOJIA)
    officer.says("上报")
    number = stage.reported_case(officer)

    answer = officer.says(words.format(number))

    assert f"{number}" in answer
    assert "不在本单位" not in answer
    assert "没看懂" not in answer


def test_it_asks_an_officer_who_reported_for_a_rating_like_anybody(stage: Stage) -> None:
    reporter, officer = stage.officer("马五", YAOJIA), stage.officer()
    reporter.says("上报")
    number = stage.reported_case(reporter)
    officer.says("收到")
    officer.says("整改 清了")
    officer.photo()
    officer.says("完成")

    answer = reporter.says("1")

    assert "评价" in answer
    assert stage.case(number).status is Status.CLOSED


@pytest.mark.parametrize(("kind", "says"), [(Kind.VOICE, "听不了语音"), (Kind.VIDEO, "收不了视频")])
def test_it_answers_what_it_cannot_read_from_an_officer_too(stage: Stage, kind: Kind, says: str) -> None:
    assert says in stage.officer().does(kind)


def test_it_says_what_is_wrong_about_a_case_that_is_moved_on_while_it_is_claimed(stage: Stage) -> None:
    officer, dispatcher = stage.officer(), stage.dispatcher()
    number = stage.reported_case()
    dispatcher.says(f"派单 {number} 姚家")

    assert "已不在本单位名下" in officer.says(f"认领 {number}")
    assert Move.CLAIM not in [event.move for event in stage.events(number)]
