"""经办人页: what an officer sees on their phone and does there, and who does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.case_pages import Side
from models.draft import Draft, DraftState
from models.journal import JournalEntry
from models.photo import Fetch
from models.workflow import Status
from tests.console.browsers import said
from tests.console.phones import Phone, app_at
from tests.photos.drawing import baotu_spring, camera_notes, jpeg, picture, saved
from tests.stage import YAOJIA, Actor, Stage


def open_phone(stage: Stage, who: Actor, number: int, side: Side = Side.OFFICER) -> Phone:
    return Phone(stage, app_at(stage), who, number, side)


@pytest.fixture
def zhang(stage: Stage) -> Actor:
    return stage.officer("张三")


@pytest.fixture
def number(stage: Stage, zhang: Actor) -> int:
    return stage.reported_case()


def test_it_shows_the_officer_the_case_and_not_who_reported(stage: Stage, zhang: Actor) -> None:
    citizen = stage.citizen("欧阳举报")
    number = stage.reported_case(citizen, "垃圾桶满了，电话13812345678")

    page = open_phone(stage, zhang, number).text()

    assert "垃圾桶满了" in page
    assert "待认领" in page
    assert "剩12小时0分" in page
    assert "13812345678" not in page
    assert "欧阳" not in page


def test_it_lets_the_first_claim_and_tells_the_second(stage: Stage, zhang: Actor, number: int) -> None:
    other = stage.officer("李四")

    first = said(open_phone(stage, zhang, number).does("claim"))
    second = said(open_phone(stage, other, number).does("claim"))

    assert "已认领" in first
    assert "张三" in second
    assert stage.case(number).status is Status.CLAIMED


def test_it_notes_who_did_what(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    phone.does("claim")
    phone.uploads()
    phone.does("rectify", "已清运")

    with stage.installation.database.glance() as session:
        acts = list(session.execute(select(JournalEntry.act, JournalEntry.person_id).order_by(JournalEntry.id)))
    assert acts == [("case.claim", phone.person_id), ("h5.rectify", phone.person_id)]


def test_it_takes_originals_place_and_words_as_one_rectification(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    phone.does("claim")
    original = jpeg(exif=camera_notes(gps=baotu_spring()))

    told = phone.uploads(original).get_json()
    answer = phone.does("rectify", "已清运", lat="36.6585", lon="117.0603", accuracy="12")

    assert told["exif"] == {"time": False, "place": True}
    assert f"编号 {number} 整改已提交" in said(answer)
    (photo,) = phone.photos()
    assert (photo.state, photo.lat, photo.size) == (Fetch.KEPT, pytest.approx(36.6612, abs=1e-3), len(original))
    assert stage.installation.vault.original(photo.sha256) == original
    with stage.installation.database.glance() as session:
        draft = session.get_one(Draft, photo.draft_id)
    assert (draft.state, draft.case_id, draft.text) == (DraftState.SUBMITTED, number, "已清运")
    assert draft.extra["place_from"]["datum"] == "WGS-84"
    assert draft.lat == pytest.approx(36.6588, abs=1e-3)  # kept as WeChat gives places
    assert draft.lat != pytest.approx(36.6585, abs=1e-5)
    assert draft.judge_at is not None
    assert stage.case(number).status is Status.RECTIFIED


def test_it_keeps_a_photo_once_however_often_it_is_sent(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    picture_a, picture_b = jpeg(picture(90, 60)), jpeg(picture(80, 60))

    first = phone.uploads(picture_a, "aaaaaaaa")
    again = phone.uploads(picture_a, "aaaaaaaa")
    chosen_twice = phone.uploads(picture_a, "bbbbbbbb")
    other = phone.uploads(picture_b, "cccccccc")

    assert first.get_json()["id"] == again.get_json()["id"] == chosen_twice.get_json()["id"]
    assert other.get_json()["id"] != first.get_json()["id"]
    assert len(phone.photos()) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"GIF89a not really", "没有传完整"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\0" * 200, ""),
        (b"\xff\xd8\xff\xe0 nothing", ""),
        (b"<html>", "打不开"),
        (b"x" * (10 * 1024 * 1024 + 1), "太大"),
    ],
    ids=["gif", "heic", "jpeg", "html", "40MB"],
)
def test_it_says_why_a_file_is_no_photo(stage: Stage, zhang: Actor, number: int, data: bytes, words: str) -> None:
    phone = open_phone(stage, zhang, number)

    answer = phone.uploads(data)

    assert answer.status_code == 400
    assert words in answer.get_json()["problem"]
    assert answer.get_json()["problem"]
    assert phone.photos() == []


def test_it_takes_a_png(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    assert phone.uploads(saved("PNG")).status_code == 200


def test_it_takes_no_more_than_nine(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    answers = [phone.uploads(jpeg(picture(60 + n, 60))).status_code for n in range(10)]

    assert answers == [200] * 9 + [400]


def test_it_lets_a_photo_be_taken_out_again(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    kept, wrong = (phone.uploads(jpeg(picture(60 + n, 60))).get_json()["id"] for n in range(2))
    phone.client.post(f"/h5/{phone.token}/photos/{wrong}/remove", headers={"X-Page": phone.seal()})

    phone.does("rectify", "好了")

    (done,) = [a.rectification_id for a in stage.case(number).assignments]
    assert [photo.id for photo in phone.photos() if photo.draft_id == done] == [kept]
    assert phone.get(f"/photo/{wrong}/thumb.jpg").status_code == 404


def test_it_submits_nothing_without_the_photo_that_is_asked_for(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    answer = said(phone.does("rectify", "已清运"))
    phone.uploads()
    phone.does("rectify", "都清运了")

    assert "请发整改后的照片" in answer
    with stage.installation.database.glance() as session:
        texts = list(
            session.scalars(select(Draft.text).where(Draft.state == DraftState.SUBMITTED, Draft.case_id == number))
        )
    assert texts == ["都清运了"]  # what was tried before does not stand there as well


def test_it_goes_on_with_what_was_sent_in_chat(stage: Stage, zhang: Actor, number: int) -> None:
    zhang.says(f"认领 {number}")
    phone = open_phone(stage, zhang, number)
    phone.uploads()

    answer = zhang.says("完成")

    assert "整改已提交" in answer


def test_it_mixes_no_two_cases(stage: Stage, zhang: Actor, number: int) -> None:
    second = stage.reported_case(words="墙上乱贴小广告没人清理")
    command = stage.dispatcher()
    command.says(f"派单 {second} 甸柳新村街道")
    for one in (number, second):
        zhang.says(f"认领 {one}")
    there, here = (open_phone(stage, zhang, one) for one in (number, second))
    there.uploads()

    refused = here.uploads()
    page = here.text()
    here.does("drop")
    taken = here.uploads()

    assert refused.status_code == 400
    assert f"您还有编号{number}的整改没有提交" in page
    assert taken.status_code == 200


def test_it_asks_nobody_in_chat_while_they_are_at_the_page(stage: Stage, zhang: Actor, number: int) -> None:
    zhang.says(f"认领 {number}")
    open_phone(stage, zhang, number).uploads()

    stage.fall_quiet(minutes=10)

    assert [text for text in zhang.hears() if "整改结果吗" in text] == []


@pytest.mark.parametrize(
    ("deed", "words", "plea"),
    [
        ("return", "不归我们管", "return"),
        ("extension", "等配件", "extension"),
        ("deferral", "12月15日前 等管线单位施工", "deferral"),
    ],
)
def test_it_asks_the_command_centre(
    stage: Stage, zhang: Actor, number: int, deed: str, words: str, plea: str
) -> None:
    phone = open_phone(stage, zhang, number)
    phone.does("claim")

    answer = said(phone.does(deed, words))

    assert "已交指挥部裁定" in answer
    assert [petition.plea.value for petition in stage.case(number).petitions] == [plea]


def test_it_does_nothing_on_a_page_that_is_out_of_date(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    version = stage.case(number).version
    phone.does("claim")

    answer = said(phone.does("return", "不归我们", version=version))

    assert "刚才有变化" in answer
    assert stage.case(number).petitions == []


def test_it_shows_nothing_to_who_left_the_unit(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    seal = phone.seal()
    stage.leave(zhang)

    page = phone.get()
    done = phone.client.post(f"/h5/{phone.token}/claim", data={"page": seal})

    assert page.status_code == 403
    assert "垃圾桶" not in page.text
    assert done.status_code == 403
    assert stage.case(number).status is Status.ASSIGNED


def test_it_shows_nothing_to_another_unit(stage: Stage, number: int) -> None:
    phone = open_phone(stage, stage.officer("马五", YAOJIA), number)

    assert phone.get().status_code == 403


def test_it_shows_nothing_once_the_case_is_with_another_unit(stage: Stage, zhang: Actor, number: int) -> None:
    command = stage.dispatcher()
    stage.officer("马五", YAOJIA)
    phone = open_phone(stage, zhang, number)
    before = phone.get().status_code
    zhang.says(f"退回 {number} 不归我们")
    command.says(f"同意 {number}")
    command.says(f"派单 {number} 姚家街道")

    assert (before, phone.get().status_code) == (200, 403)


def test_it_shows_the_unit_what_it_has_closed(stage: Stage, zhang: Actor, number: int) -> None:
    stage.close(number, zhang, stage.dispatcher())

    page = open_phone(stage, zhang, number).text()

    assert "已办结" in page
    assert "认领 退回" not in page


def test_it_shows_only_the_photos_of_its_case(stage: Stage, zhang: Actor, number: int) -> None:
    other = open_phone(stage, stage.officer("马五", YAOJIA), stage.reported_case(words="姚家街道垃圾桶满了"))
    phone = open_phone(stage, zhang, number)
    mine = phone.uploads().get_json()["id"]

    assert phone.get(f"/photo/{mine}/screen.jpg").status_code == 200
    assert phone.get(f"/photo/{mine}/original.jpg").status_code == 404
    assert other.get(f"/photo/{mine}/screen.jpg").status_code in (403, 404)


def test_it_opens_for_a_week(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    stage.now += timedelta(days=7, seconds=1)

    page = phone.get()
    assert page.status_code == 403
    assert "链接已过期" in page.text


def test_it_reads_no_link_that_was_changed(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)
    app = app_at(stage)

    for token in (
        phone.token[:-1] + ("0" if phone.token[-1] != "0" else "1"),
        "x",
        phone.token.replace("_o_", "_r_"),
    ):
        assert app.test_client().get(f"/h5/{token}").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example.com"}],
)
def test_it_does_nothing_for_another_site(stage: Stage, zhang: Actor, number: int, headers: dict[str, str]) -> None:
    phone = open_phone(stage, zhang, number)

    answer = phone.client.post(f"/h5/{phone.token}/claim", data={"page": phone.seal()}, headers=headers)

    assert answer.status_code == 400
    assert stage.case(number).status is Status.ASSIGNED


def test_it_does_nothing_without_the_pages_own_seal(stage: Stage, zhang: Actor, number: int) -> None:
    other = open_phone(stage, stage.officer("李四"), number)
    phone = open_phone(stage, zhang, number)

    for seal in ("", "x.y.z", other.seal(), phone.token):
        assert phone.client.post(f"/h5/{phone.token}/claim", data={"page": seal}).status_code == 400
    assert phone.client.get(f"/h5/{phone.token}/claim").status_code == 302
    assert stage.case(number).status is Status.ASSIGNED


def test_it_keeps_its_address_to_itself(stage: Stage, zhang: Actor, number: int) -> None:
    phone = open_phone(stage, zhang, number)

    answers = [phone.get(), phone.get("x"), phone.does("claim"), phone.get("/photo/1/thumb.jpg")]

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_it_shows_an_officer_no_more_than_an_officer_whatever_else_they_are(stage: Stage, zhang: Actor) -> None:
    citizen = stage.citizen()
    number = stage.reported_case(citizen)
    stage.also_dispatcher(zhang)
    zhang.says(f"类别 {number} 垃圾满溢")

    page = open_phone(stage, zhang, number).get().text

    assert "核查通过" not in page
    assert "不予立案" not in page
