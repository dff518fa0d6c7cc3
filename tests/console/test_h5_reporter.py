"""上报人页: what somebody who reported sees of it, and what they say to it."""

import pytest

from handlers.case_pages import Side
from models.workflow import Status
from tests.console.browsers import said
from tests.console.phones import Phone, app_at
from tests.photos.drawing import jpeg, picture
from tests.stage import Actor, Stage


def open_phone(stage: Stage, who: Actor, number: int, side: Side = Side.REPORTER) -> Phone:
    return Phone(stage, app_at(stage), who, number, side)


@pytest.fixture
def citizen(stage: Stage) -> Actor:
    return stage.citizen()


@pytest.fixture
def officer(stage: Stage) -> Actor:
    return stage.officer("张三")


@pytest.fixture
def number(stage: Stage, officer: Actor, citizen: Actor) -> int:
    return stage.reported_case(citizen)


def rectified(stage: Stage, officer: Actor, number: int) -> int:
    """Put right on the page, so that there is a picture after; returns its id."""
    phone = open_phone(stage, officer, number, Side.OFFICER)
    phone.does("claim")
    photo = phone.uploads(jpeg(picture(120, 80))).get_json()["id"]
    phone.does("rectify", "内部说明：已联系保洁老王")
    return int(photo)


def test_it_shows_how_it_stands(stage: Stage, citizen: Actor, number: int) -> None:
    page = open_phone(stage, citizen, number).text()

    assert "垃圾桶满了没人清" in page
    assert "待认领" in page
    assert "已派给责任单位" in page


def test_it_shows_the_result_and_never_the_units_words(
    stage: Stage, citizen: Actor, officer: Actor, number: int
) -> None:
    after = rectified(stage, officer, number)

    phone = open_phone(stage, citizen, number)

    assert "老王" not in phone.get().text
    assert "张三" not in phone.get().text
    assert "满意吗" in phone.text()
    assert phone.get(f"/photo/{after}/screen.jpg").status_code == 200


def test_it_shows_no_picture_before_it_is_sent_in(stage: Stage, citizen: Actor, officer: Actor, number: int) -> None:
    phone = open_phone(stage, officer, number, Side.OFFICER)
    collected = phone.uploads().get_json()["id"]

    assert open_phone(stage, citizen, number).get(f"/photo/{collected}/screen.jpg").status_code == 404


def test_it_calls_for_a_look_when_they_are_not_content(
    stage: Stage, citizen: Actor, officer: Actor, number: int
) -> None:
    verifier = stage.verifier()
    rectified(stage, officer, number)
    phone = open_phone(stage, citizen, number)

    answer = said(phone.does("rate-3", "还有一袋"))
    again = said(phone.does("rate-1"))

    assert "不解决不办结" in answer
    assert "您已经评价过" in again
    assert stage.case(number).rating == 3
    assert any("还有一袋" in text for text in verifier.hears())
    assert stage.case(number).status is Status.RECTIFIED


def test_it_closes_the_case_when_they_are_content(stage: Stage, citizen: Actor, officer: Actor, number: int) -> None:
    rectified(stage, officer, number)

    open_phone(stage, citizen, number).does("rate-1", "谢谢")

    assert stage.case(number).status is Status.CLOSED


def test_it_takes_no_verdict_before_there_is_a_result(stage: Stage, citizen: Actor, number: int) -> None:
    open_phone(stage, citizen, number).does("rate-1")

    assert stage.case(number).rating is None


def test_it_takes_words_and_photos_together(stage: Stage, citizen: Actor, officer: Actor, number: int) -> None:
    phone, unit = open_phone(stage, citizen, number), open_phone(stage, officer, number, Side.OFFICER)
    photo = phone.uploads().get_json()["id"]
    hidden = unit.get(f"/photo/{photo}/screen.jpg").status_code

    answer = said(phone.does("add", "又多了两袋"))

    assert "已补充" in answer
    assert hidden == 404
    assert unit.get(f"/photo/{photo}/screen.jpg").status_code == 200
    assert any("又多了两袋" in text and "补充照片1张" in text for text in officer.hears())


def test_it_takes_photos_alone_and_asks_for_something(
    stage: Stage, citizen: Actor, officer: Actor, number: int
) -> None:
    phone = open_phone(stage, citizen, number)

    nothing = said(phone.does("add"))
    phone.uploads()
    photos = said(phone.does("add"))

    assert "请在编号后写上要补充的内容" in nothing
    assert "已补充" in photos


def test_it_hides_names_in_what_is_added(stage: Stage, citizen: Actor, officer: Actor, number: int) -> None:
    open_phone(stage, citizen, number).does("add", "我电话13812345678，又满了")

    assert [text for text in officer.hears() if "13812345678" in text] == []
    assert "13812345678" not in open_phone(stage, officer, number, Side.OFFICER).get().text


def test_it_asks_for_another_go(stage: Stage, citizen: Actor, officer: Actor, number: int) -> None:
    stage.close(number, officer, stage.dispatcher())

    answer = said(open_phone(stage, citizen, number).does("reopen", "又堆满了"))

    assert "已申请重办" in answer
    assert stage.case(number).petitions[-1].reason == "又堆满了"


def test_it_shows_nothing_to_who_did_not_report_it(stage: Stage, officer: Actor, number: int) -> None:
    stranger = stage.citizen("过路人")
    stranger.says("帮助")

    for who in (stranger, officer):
        assert open_phone(stage, who, number).get().status_code == 403


def test_it_shows_nobody_what_another_reporter_sent(
    stage: Stage, citizen: Actor, officer: Actor, number: int
) -> None:
    second = stage.citizen("周二")
    second.photo()
    second.place()
    second.says("垃圾桶又满了，我是周二")
    second.says("完成")
    assert len(stage.cases()) == 1
    phone, other = open_phone(stage, citizen, number), open_phone(stage, second, number)
    photo = phone.uploads().get_json()["id"]
    phone.does("add", "第一人的话")

    page = other.get().text

    assert "第一人的话" not in page
    assert "没人清" not in page
    assert other.get(f"/photo/{photo}/screen.jpg").status_code == 404


def test_it_gives_a_reporter_no_officers_deed(stage: Stage, citizen: Actor, number: int) -> None:
    phone = open_phone(stage, citizen, number)

    for deed in ("claim", "rectify", "return", "pass", "assign"):
        phone.does(deed, "试试")

    assert stage.case(number).status is Status.ASSIGNED
    assert stage.case(number).petitions == []
