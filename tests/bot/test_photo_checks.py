"""照片核对: real pictures of drawn streets go through the checks; what is in doubt is looked at on site."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from models.workflow import Move, Status
from tests.bot.photo_case import AFTER, BEFORE, ELSEWHERE, HERE, Case, a_case, arrive, judge, stamped, street
from tests.stage import Stage


@pytest.fixture
def case(stage: Stage) -> Case:
    return a_case(stage)


def test_it_has_nothing_to_say_of_an_honest_photo(case: Case) -> None:
    before = len(case.officer.hears())

    case.solved(AFTER)

    assert case.doubts() == set()
    assert not case.in_doubt
    assert not any("存疑" in word for word in case.officer.hears()[before:])
    assert "已办结" in case.command.says(f"通过 {case.number}")


def test_it_does_not_doubt_who_stands_where_the_picture_before_was_taken(case: Case) -> None:
    case.solved(street(HERE, 1, True))

    assert case.doubts() == set()


def test_it_sends_somebody_to_look_when_the_photo_before_comes_back(case: Case) -> None:
    case.solved(stamped(BEFORE, case.stage.now))

    assert "same_as_before" in case.doubts()
    assert "第1张与整改前的照片几乎相同" in case.officer.hears()[-1]
    assert "请到现场重新拍一张" in case.officer.hears()[-1]
    assert "【须现场核查】" in case.command.hears()[-1]
    assert "⚠整改照片存疑" in case.command.says(f"详情 {case.number}")
    assert "⚠须现场核查" in case.command.says("待派")


def test_it_closes_a_doubtful_case_only_for_who_says_what_is_there(case: Case) -> None:
    case.solved(BEFORE)

    hasty = case.command.says(f"通过 {case.number}")
    seen = case.command.says(f"通过 {case.number} 现场已看，地面干净")

    assert "须现场核查" in hasty
    assert "已办结" in seen
    assert case.stage.case(case.number).status is Status.CLOSED


def test_it_does_not_let_a_content_reporter_close_what_is_in_doubt(stage: Stage) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)
    arrive(stage, [BEFORE])
    Case(stage, number, officer, officer).solved(BEFORE)

    citizen.says("1")

    assert stage.case(number).status is Status.RECTIFIED


def test_it_takes_a_better_photo_and_lets_the_doubt_go(case: Case) -> None:
    case.solved(street(ELSEWHERE, 5, True))
    doubted = case.doubts()

    answer = case.officer.photo()
    case.more_came(AFTER)

    assert doubted == {"other_scene"}
    assert f"编号 {case.number}" in answer
    assert not case.in_doubt
    assert "没有疑点" in case.officer.hears()[-1]
    assert [event.move for event in case.stage.events(case.number)][-2:] == [Move.DOUBT, Move.CLEAR]


def test_it_is_not_made_to_forget_a_photo_of_another_case_by_a_better_one(case: Case) -> None:
    case.solved(BEFORE)

    case.officer.photo()
    case.more_came(AFTER)

    assert case.in_doubt
    assert "【照片仍存疑】" in case.officer.hears()[-1]


def test_it_knows_the_photo_of_another_case_again(case: Case) -> None:
    case.solved(AFTER)
    case.stage.now += timedelta(minutes=5)
    citizen, street_officer = case.stage.citizen("赵四"), case.officer
    citizen.photo()
    citizen.place(36.6600, 117.0640, "甸柳新村第五小区")
    citizen.says("甸柳新村第五小区垃圾桶满了没人清")
    citizen.says("完成")
    second = case.stage.cases()[-1].id
    arrive(case.stage, [street(ELSEWHERE, 1, False)])

    Case(case.stage, second, street_officer, case.command).solved(stamped(AFTER, case.stage.now))

    assert "other_case" in case.doubts()
    assert f"与编号 {case.number} 的照片几乎相同" in case.command.hears()[-1]
    assert f"编号 {case.number} 的照片" not in case.officer.hears()[-1]


def test_it_knows_a_photo_again_that_was_refused_before(case: Case) -> None:
    case.solved(AFTER)
    case.command.says(f"不通过 {case.number} 还有一袋，弄虚作假")
    case.stage.now += timedelta(hours=1)

    case.officer.photo()
    case.officer.says(f"整改 {case.number} 这回清了")
    case.more_came(AFTER)

    assert "refused_before" in case.doubts()
    assert [event.data.get("fake") for event in case.stage.events(case.number) if event.move is Move.FAIL] == [True]


@pytest.mark.parametrize(
    ("hours", "place", "doubts"),
    [
        (-3, None, {"older"}),
        (0, None, set()),
        (0, (36.6589, 117.0600), set()),
        (0, (36.6700, 117.0800), {"elsewhere"}),
    ],
)
def test_it_reads_what_the_camera_wrote(
    case: Case, hours: int, place: tuple[float, float] | None, doubts: set[str]
) -> None:
    case.solved(stamped(AFTER, case.stage.now + timedelta(hours=hours), place))

    assert case.doubts() == doubts


def test_it_does_not_mind_one_photo_that_shows_little_beside_a_good_one(case: Case) -> None:
    black = BytesIO()
    Image.new("RGB", (960, 720), (4, 4, 5)).save(black, "JPEG")

    case.solved(AFTER, black.getvalue())

    assert "unclear" in case.doubts()
    assert not case.in_doubt


def test_it_waits_for_the_last_photo(case: Case) -> None:
    case.officer.says(f"认领 {case.number}")
    case.officer.photo()
    case.officer.says(f"整改 {case.number} 已清运")
    judge(case.stage)

    case.more_came(BEFORE)

    assert "same_as_before" in case.doubts()
