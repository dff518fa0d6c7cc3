"""Reports made in a group, with real pushes: whole ones become cases at once, others hear what is missing."""

from itertools import count

import pytest
from sqlalchemy import select
from werkzeug.wrappers import Response

from models.assignment import Assignment, Hand
from models.draft import DraftState
from models.patrol import Round
from models.people import Identity, Membership, Role
from models.workflow import Status
from simulator.client import Group, Line
from tests.bot.entrances.company import BOT, CHEN, LIU, SUN, WANG, Company

PLACED = "甸柳新村三区垃圾桶满了没人清"
HOW = "引用已发的照片@我"


def says(group: Group, who: str, text: str = "", photos: int = 0, quote: Line | None = None) -> str:
    """What the bot answers in the group."""
    outcome = group.says(who, text, ["pothole"] * photos, quote=quote)
    assert outcome.outcome in ("answered", "accepted")
    return outcome.reply


def bare_photo(group: Group, who: str) -> Line:
    """A photo by itself, which the bot never hears of."""
    assert group.says(who, photos=["pothole"], mentions=False).outcome == "unheard"
    return group.last()


@pytest.fixture
def volunteer(company: Company) -> str:
    company.volunteer(post="dianliu")
    return CHEN


@pytest.fixture
def photographers(company: Company) -> tuple[str, str]:
    """刘志愿 and 孙四, whose platform asks for photo, place and words."""
    company.binds(LIU, Role.PHOTOGRAPHER)
    company.binds(SUN, Role.PHOTOGRAPHER)
    return LIU, SUN


def test_it_makes_a_routed_case_of_one_message_with_a_photo(company: Company, volunteer: str) -> None:
    answer = says(company.crew, volunteer, "路边垃圾桶满了没人清", photos=2)

    (case,), (report,) = company.cases(), company.reports()
    (lead,) = company.read(
        select(Assignment.unit_code).where(Assignment.case_id == case.id, Assignment.role == Hand.LEAD)
    )
    assert answer.startswith(f"陈志愿：已受理，编号 {case.id}")
    assert (case.status, lead, case.channel) == (Status.ASSIGNED, "370102009", "traffic_volunteer")
    assert (report.text, len(company.photos())) == ("路边垃圾桶满了没人清", 2)


def test_it_keeps_two_messages_a_moment_apart_apart(company: Company, volunteer: str) -> None:
    says(company.crew, volunteer, "路边垃圾桶满了没人清", photos=1)

    says(company.crew, volunteer, "面包车占了盲道", photos=1)

    drafts = company.drafts(DraftState.SUBMITTED)
    assert [(pending.text, len(photos(company, pending.id))) for pending in drafts] == [
        ("路边垃圾桶满了没人清", 1),
        ("面包车占了盲道", 1),
    ]


def photos(company: Company, draft_id: int) -> list[str]:
    return [photo.media_id for photo in company.photos() if photo.draft_id == draft_id]


def test_it_adds_a_photo_that_follows_alone(company: Company, volunteer: str) -> None:
    says(company.crew, volunteer, "面包车占了盲道")

    answer = says(company.crew, volunteer, f"@{BOT}", quote=bare_photo(company.crew, volunteer))

    assert answer == "陈志愿：照片也收到了，已归入刚才的上报（共1张）。"
    assert len(company.cases()) == 1


def test_it_says_what_is_missing_and_how_a_photo_gets_there(company: Company, photographers: tuple[str, str]) -> None:
    answer = says(company.crew, LIU, PLACED)

    assert answer.startswith("刘志愿：")
    assert "还缺：照片" in answer
    assert HOW in answer
    assert company.cases() == []


def test_it_is_complete_once_the_photo_is_quoted(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, PLACED)

    answer = says(company.crew, LIU, f"@{BOT}", quote=bare_photo(company.crew, LIU))

    assert answer.startswith(f"刘志愿：已受理，编号 {company.number}")
    assert company.reports()[0].text == PLACED


def test_it_asks_for_a_place_in_words_because_no_pin_ever_comes(
    company: Company, photographers: tuple[str, str]
) -> None:
    answer = says(company.crew, LIU, "垃圾桶满了没人清", photos=1)

    assert "位置（写明街道或路口）" in answer
    assert "“+”" not in answer


def test_it_never_mixes_two_people_of_one_group(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, PLACED)

    answer = says(company.crew, SUN, "文化东路人行道地砖破了", photos=1)

    (pending,) = [one for one in company.drafts() if one.text == PLACED]
    assert answer.startswith("孙四：")
    assert photos(company, pending.id) == []
    assert len(company.photos()) == 1


def test_it_never_mixes_one_person_in_two_groups_and_in_private(
    company: Company, photographers: tuple[str, str]
) -> None:
    says(company.crew, LIU, PLACED)
    says(company.squad, LIU, photos=1)
    company.phone(LIU).says("路灯不亮")

    held = {
        (pending.chat.partition(":")[0], pending.text, len(photos(company, pending.id)))
        for pending in company.drafts()
    }

    assert held == {("crew", PLACED, 0), ("squad", "", 1), ("", "路灯不亮", 0)}
    assert company.cases() == []


def test_it_is_told_which_street_by_a_number(company: Company, photographers: tuple[str, str]) -> None:
    asked = says(company.crew, LIU, "西关社区楼下一堆垃圾", photos=1)

    answer = says(company.crew, LIU, "2")

    assert "1. " in asked
    assert answer.startswith(f"刘志愿：已受理，编号 {company.number}")
    assert company.cases()[0].street


def test_it_is_told_which_street_by_quoting_the_question(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, "西关社区楼下一堆垃圾", photos=1)

    answer = says(company.crew, LIU, "2", quote=company.crew.last())

    assert answer.startswith(f"刘志愿：已受理，编号 {company.number}")
    assert company.reports()[0].text == "西关社区楼下一堆垃圾"


@pytest.mark.parametrize("elsewhere", ["squad", "private"])
def test_it_takes_no_answer_to_another_conversations_question(
    company: Company, photographers: tuple[str, str], elsewhere: str
) -> None:
    says(company.crew, LIU, "西关社区楼下一堆垃圾", photos=1)

    if elsewhere == "squad":
        says(company.squad, LIU, "2")
    else:
        company.phone(LIU).says("2")

    (pending,) = [one for one in company.drafts() if one.chat.startswith("crew")]
    assert pending.place == ""
    assert company.cases() == []


def test_it_takes_no_number_from_anybody_else(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, "西关社区楼下一堆垃圾", photos=1)

    answer = says(company.crew, SUN, "2")

    assert "私聊" in answer
    assert company.cases() == []


def test_it_leaves_out_its_own_words_that_are_quoted(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, "垃圾桶满了没人清", photos=1)

    says(company.crew, LIU, "在甸柳新村三区", quote=company.crew.last())

    assert company.reports()[0].text == "垃圾桶满了没人清\n在甸柳新村三区"


def test_it_takes_what_somebody_said_before_when_it_is_quoted(company: Company, volunteer: str) -> None:
    company.crew.says(WANG, "解放桥有人闯红灯", mentions=False)

    says(company.crew, volunteer, "请处理", quote=company.crew.last())

    assert company.reports()[0].text == "解放桥有人闯红灯 请处理"


def test_it_obeys_no_command_that_is_only_quoted(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, PLACED)
    company.crew.says(SUN, "取消", mentions=False)

    says(company.crew, LIU, "还没有人来", quote=company.crew.last())

    assert company.drafts(DraftState.CANCELLED) == []


def test_it_submits_at_the_word(company: Company, photographers: tuple[str, str]) -> None:
    says(company.crew, LIU, PLACED)

    first, second = says(company.crew, LIU, "完成"), says(company.crew, LIU, "完成")

    assert "还缺：照片" in first
    assert second.startswith(f"刘志愿：已受理，编号 {company.number}")


def test_it_cancels_at_the_word_only_what_was_said_there(company: Company, photographers: tuple[str, str]) -> None:
    for group in (company.crew, company.squad):
        says(group, LIU, PLACED)

    answer = says(company.crew, LIU, "取消")

    (left,) = company.drafts()
    assert answer == "刘志愿：已取消，这次的内容不会提交。"
    assert left.chat.startswith("squad")


def test_it_notes_where_a_volunteer_stands(company: Company, volunteer: str) -> None:
    answer = says(company.crew, volunteer, "上岗 泉城路芙蓉街")

    assert answer == "陈志愿：已登记您在【芙蓉街口】。看到什么直接说，例如“有电动车逆行”。"
    assert company.read(select(Membership.post)) == ["furong"]


def test_it_takes_a_patrols_list_as_so_many_cases(company: Company) -> None:
    company.binds(WANG, Role.PATROL)

    answer = says(company.crew, WANG, "1. 甸柳新村三区垃圾桶满了\n2. 甸柳新村一区路灯不亮")

    numbers = [case.id for case in company.cases()]
    assert len(numbers) == 2
    assert answer.startswith("王巡访：已受理2件")
    assert all(f"编号 {number} " in answer for number in numbers)


def test_it_walks_a_round_with_a_patrol(company: Company) -> None:
    company.binds(WANG, Role.PATROL)
    says(company.crew, WANG, "开始巡访 甸柳一线")
    says(company.crew, WANG, PLACED)

    answer = says(company.crew, WANG, "结束巡访")

    assert "发现1件" in answer
    assert [walk.ended_at is None for walk in company.read(select(Round))] == [False]


def test_it_answers_who_only_calls_it(company: Company, volunteer: str) -> None:
    answers = {says(company.crew, volunteer, words) for words in (f"@{BOT}", "帮助", "怎么用", "？")}

    (answer,) = answers
    assert answer.startswith("陈志愿：在群里上报（文明交通志愿服务）")


def test_it_makes_one_case_of_a_message_that_comes_four_times(company: Company, volunteer: str) -> None:
    attempts = count()
    company.gateway.change = lambda answer: answer if next(attempts) == 3 else Response("lost on the way", 502)

    outcome = company.crew.says(volunteer, "路边垃圾桶满了没人清", ["pothole"])

    assert len(outcome.attempts) == 4
    assert outcome.reply.startswith(f"陈志愿：已受理，编号 {company.number}")
    assert len(company.cases()) == 1


def test_it_knows_a_member_of_the_company_in_the_group(company: Company, volunteer: str) -> None:
    says(company.crew, volunteer, "有电动车逆行")

    assert company.identities() == [("work", "chenzhiyuan", company.reports()[0].person_id)]


def test_it_knows_nobody_of_the_company_where_the_bot_belongs_to_none(company: Company, volunteer: str) -> None:
    answer = says(company.loose, volunteer, "有电动车逆行")

    assert answer.startswith("您还没有登记")
    assert sorted((account, who) for account, who, _ in company.identities()) == [
        ("loose", "chenzhiyuan"),
        ("work", "chenzhiyuan"),
    ]


def test_it_knows_whoever_binds_in_a_talk_with_such_a_bot(company: Company) -> None:
    code = company.code(CHEN, Role.VOLUNTEER, post="dianliu")
    company.loose.says_alone(CHEN, f"绑定 {code}")

    answer = says(company.loose, CHEN, "有电动车逆行")

    assert answer.startswith("陈志愿：已受理")
    assert company.read(select(Identity.account)) == ["loose"]


def test_it_talks_with_one_alone_as_in_the_app(company: Company, volunteer: str) -> None:
    says(company.crew, volunteer, "有电动车逆行")

    answer = company.crew.says_alone(volunteer, "我的上报").reply

    assert f"{company.number} " in answer


def test_it_welcomes_whoever_opens_a_talk_with_it(company: Company) -> None:
    assert company.crew.says_alone(CHEN, kind="enter_chat").outcome == "answered"


def test_it_hears_a_voice_in_words_when_alone(company: Company, volunteer: str) -> None:
    company.crew.says_alone(volunteer, "有电动车逆行", kind="voice")

    assert [pending.text for pending in company.drafts()] == ["有电动车逆行"]
