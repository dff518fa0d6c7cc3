"""案件页: the whole story of a case, and what can be done, as each visitor may see it."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from models.journal import JournalEntry
from models.photo import Fetch, Photo
from models.workflow import Status
from photos.intake import take
from tests.console.browsers import Office, said
from tests.stage import LIXIA, YAOJIA, Actor, Stage

WORDS = "垃圾桶满了没人清，我是李群众，电话13812345678"


@pytest.fixture
def command(stage: Stage) -> Actor:
    return stage.dispatcher()


def kept_photo(stage: Stage) -> int:
    """The newest photo, as if it had been fetched."""
    data = BytesIO()
    Image.new("RGB", (64, 48), "green").save(data, "JPEG")
    taken = take(data.getvalue())
    stage.installation.vault.keep_original(data.getvalue(), taken.facts.sha256)
    with stage.installation.database.story() as session:
        photo = session.scalars(select(Photo).order_by(Photo.id.desc())).all()[0]
        photo.sha256, photo.state, photo.next_try_at = taken.facts.sha256, Fetch.KEPT, None
        return photo.id


def test_it_tells_the_command_centre_the_whole_story(office: Office, stage: Stage, command: Actor) -> None:
    officer = stage.officer()
    number = stage.reported_case(words=WORDS)
    stage.wait(hours=13)
    stage.close(number, officer, command)

    told = office.browser(command).text(f"/cases/{number}")

    for words in ("受理", "派单", "逾期", "认领", "整改完成", "核查通过", "经办人 张三", "待发", "为什么这样派"):
        assert words in told, words


def test_it_tells_a_question_and_a_word_to_hurry_from_what_somebody_added(
    office: Office, stage: Stage, command: Actor
) -> None:
    stage.officer()
    citizen = stage.citizen()
    number = stage.reported_case(citizen)
    for who, words in (
        (command, f"追问 {number} 在几号楼"),
        (citizen, f"补充 {number} 3号楼"),
        (command, f"催办 {number}"),
    ):
        who.says(words)

    told = office.browser(command).text(f"/cases/{number}")

    assert [title in told for title in ("追问上报人 调度员", "补充 上报人", "催办 调度员")] == [True] * 3


def test_it_is_nobody_elses_to_see(office: Office, stage: Stage) -> None:
    stranger, officer = stage.leader(unit=YAOJIA), stage.officer()
    number = stage.reported_case()

    assert office.browser(stranger).get(f"/cases/{number}").status_code == 404
    assert office.browser(officer).get(f"/cases/{number}").status_code == 200
    assert office.browser(stage.volunteer()).get(f"/cases/{number}").status_code == 302


def test_it_is_seen_by_the_unit_above(office: Office, stage: Stage) -> None:
    above = stage.leader(name="区领导", unit=LIXIA)
    number = stage.reported_case()

    assert office.browser(above).get(f"/cases/{number}").status_code == 200


def test_it_is_open_to_a_unit_that_assists_as_long_as_it_does(office: Office, stage: Stage, command: Actor) -> None:
    helper = stage.officer("马五", YAOJIA)
    stage.officer()
    number = stage.reported_case()
    command.says(f"协办 {number} 姚家街道：清运对面的一半")
    browser = office.browser(helper)

    told = browser.text(f"/cases/{number}")
    answer = said(browser.post(f"/cases/{number}/feed_back", words="已清运对面的一半"))
    command.says(f"取消协办 {number} 姚家街道")

    assert "协办反馈" in told
    assert "申请退回" not in told
    assert "已清运对面的一半" in answer
    assert browser.get(f"/cases/{number}").status_code == 404


def test_it_never_tells_a_unit_who_reported(office: Office, stage: Stage, command: Actor) -> None:
    officer = stage.officer()
    number = stage.reported_case(words=WORDS)
    stage.solve(number, officer)

    told = office.browser(officer).get(f"/cases/{number}").text

    assert "李群众" not in told
    assert "13812345678" not in told
    assert office.browser(officer).get(f"/cases/{number}/reporters").status_code == 403


def test_it_hides_a_reporter_in_words_that_a_ruling_took_over(office: Office, stage: Stage, command: Actor) -> None:
    officer, citizen = stage.officer(), stage.citizen()
    number = stage.reported_case(citizen)
    stage.close(number, officer, command)
    citizen.says(f"重办 {number} {WORDS}")
    command.says(f"同意重办 {number}")

    told = office.browser(officer).get(f"/cases/{number}").text

    assert "同意重办" in told
    assert "李群众" not in told
    assert "13812345678" not in told
    assert "13812345678" in office.browser(command).get(f"/cases/{number}").text


def test_it_notes_who_looked_at_the_reporters(office: Office, stage: Stage, command: Actor) -> None:
    number = stage.reported_case(words=WORDS)
    browser = office.browser(command)

    told = said(browser.get(f"/cases/{number}/reporters"))

    assert "13812345678" in told
    with stage.installation.database.glance() as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).all()[0]
    assert (entry.act, entry.subject, entry.person_id) == ("look.reporters", f"case:{number}", browser.person_id)


def test_it_shows_photos_to_whoever_may_see_the_case(office: Office, stage: Stage, command: Actor) -> None:
    stranger = stage.leader(unit=YAOJIA)
    stage.officer()
    stage.reported_case()
    photo = kept_photo(stage)

    shown = office.browser(command).get(f"/photo/{photo}/thumb.jpg")

    assert shown.content_type == "image/jpeg"
    assert office.browser(stranger).get(f"/photo/{photo}/thumb.jpg").status_code == 404
    assert office.browser(command).get(f"/photo/{photo}/original.jpg").status_code == 404


def test_it_does_what_the_chat_does(office: Office, stage: Stage, command: Actor) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    answer = office.browser(officer).post(f"/cases/{number}/claim")

    assert "已认领" in said(answer) or "认领成功" in said(answer)
    assert stage.case(number).status is Status.CLAIMED


def test_it_refuses_what_is_not_the_visitors_to_do(office: Office, stage: Stage, command: Actor) -> None:
    officer = stage.officer()
    number = stage.reported_case()

    answer = office.browser(officer).post(f"/cases/{number}/reject", words="不是问题")

    assert "您的身份不能做这件事" in said(answer)
    assert stage.case(number).status is Status.ASSIGNED


def test_it_does_nothing_on_a_page_that_is_out_of_date(office: Office, stage: Stage, command: Actor) -> None:
    officer = stage.officer()
    number = stage.reported_case()
    version = stage.case(number).version
    officer.says(f"认领 {number}")

    answer = office.browser(command).post(f"/cases/{number}/assign", words="姚家街道", version=version)

    assert "刚才有变化" in said(answer)
    assert stage.case(number).unit_code != YAOJIA


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}],
    ids=["another site", "another origin", "no token"],
)
def test_it_takes_no_form_of_another_site(
    office: Office, stage: Stage, command: Actor, headers: dict[str, str]
) -> None:
    number = stage.reported_case()
    browser = office.browser(command)
    token = {"csrf": browser.csrf} if headers else {}

    answer = browser.client.post(f"/console/cases/{number}/assign", data={"words": "1", **token}, headers=headers)

    assert answer.status_code == 400
