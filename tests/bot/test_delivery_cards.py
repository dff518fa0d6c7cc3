"""Tasks as cards, and equal words in one call: what members of a company get, and what becomes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import card_face
from bot.bundling import MAX_CARDS
from bot.parcel import Parcel
from models.outbound import Delivery
from models.people import Identity, Role
from simulator.wecom.card_rules import read_card
from tests.bot.company_office import SEND, CompanyOffice
from tests.bot.test_outbox_pictures import photo_of
from tests.photos.drawing import jpeg
from tests.stage import DIANLIU, LIXIA

Open = Callable[..., CompanyOffice]
UPLOAD = "/cgi-bin/media/upload"


def test_it_gives_a_units_officers_one_card_in_one_call(company: CompanyOffice) -> None:
    officers = company.officers(3)
    deadline, rows = company.asks_to_claim(officers)

    company.drain()

    (card,) = company.task_cards()
    assert len(company.calls()) == 1
    assert [company.row(row).way for row in rows] == ["card"] * 3
    assert (card.account, card.deadline_id, card.people) == (
        "work",
        deadline,
        {"users": [o.openid for o in officers]},
    )
    assert card.response_code


def test_it_shows_what_can_be_done_on_the_card(company: CompanyOffice) -> None:
    (officer,) = company.officers(1)
    company.asks_to_claim([officer], "【新任务】甸柳新村有垃圾\n回复 认领 1")

    company.drain()

    (card,) = company.cards_of(officer)
    case = company.task_cards()[0].case_id
    assert card["title"] == f"新任务 · 编号 {case}"
    assert [button["key"] for button in card["buttons"]] == [f"认领 {case}", f"退回 {case}", f"详情 {case}"]


def test_it_sends_what_cannot_be_claimed_as_text_and_in_one_call(company: CompanyOffice) -> None:
    officers = company.officers(3)
    rows = company.say_to_all(officers, "【已办结】谢谢")

    company.drain()

    assert len(company.calls()) == 1
    assert {company.row(row).way for row in rows} == {"work"}
    assert [company.seen_by(who) for who in officers] == [[("work", "【已办结】谢谢")]] * 3


def test_it_sends_cards_only_to_people_who_may_claim(company: CompanyOffice) -> None:
    officer, leader = company.member(Role.OFFICER, DIANLIU), company.member(Role.LEADER, DIANLIU)
    district, command = company.member(Role.LEADER, LIXIA), company.member(Role.DISPATCHER)
    hearers = [officer, leader, district, command, company.member(Role.VOLUNTEER, DIANLIU)]
    company.asks_to_claim(hearers)

    company.drain()

    assert [company.seen_by(who)[0][0] for who in hearers] == ["card", "card", "work", "work", "work"]
    assert len(company.calls()) == 2


@given(
    text=st.text(),
    headline=st.text(max_size=30),
    number=st.integers(1, 10**12),
    short=st.dictionaries(st.sampled_from(["title", "place", "unit", "due", "other"]), st.text()),
)
@example(text="长" * 500, headline="标" * 20, number=10**12, short={})
@example(text="", headline="", number=1, short={"unit": "单" * 99, "due": "时" * 99})
def test_it_keeps_within_what_a_card_may_hold(text: str, headline: str, number: int, short: dict[str, str]) -> None:
    parcel = Parcel((1,), 1, f"【{headline}】{text}", {**short, "number": str(number)}, "")

    card = read_card(card_face.draw(parcel, "case-1-1"))

    assert [button["key"].split()[-1] for button in card["buttons"]] == [str(number)] * 3


@pytest.mark.parametrize("stored", ["zhangsan", "ZhangSan", "ZHANGSAN"])
@pytest.mark.parametrize(("fault", "broken"), [("", False), ("member_gone", True), ("unlicensed", False)])
def test_it_knows_a_member_in_any_case_of_letters(
    company: CompanyOffice, stored: str, fault: str, broken: bool
) -> None:
    zhang = company.member(Role.OFFICER, DIANLIU, userid="ZhangSan")
    with company.installation.database.story() as session:
        session.get_one(Identity, zhang.identity_id).openid = stored
    if fault:
        company.faults.add(fault, openid="zhangsan")
    (row,) = company.say(zhang, "您好")

    company.drain()

    assert company.row(row).state is (Delivery.DEAD if fault else Delivery.SENT)
    assert company.seen_by(zhang) == ([] if fault else [("work", "您好")])
    assert (company.identity(zhang).broken_at is not None) == broken


def test_it_tells_whom_wecom_does_not_know_another_way_at_once(company: CompanyOffice) -> None:
    gone, official = company.officer_with_official()
    others = company.officers(2)
    company.faults.add("member_gone", openid=gone.openid)
    _, rows = company.asks_to_claim([gone, *others])

    company.drain()

    assert company.codes(rows[0]) == [("card", None), ("custom", 0)]
    assert company.read_by(official) == ["【新任务】请认领"]
    assert [company.identity(who).broken_at is None for who in (gone, official, *others)] == [False, True, True, True]
    assert [len(company.cards_of(who)) for who in others] == [1, 1]
    assert company.task_cards()[0].people == {"users": [who.openid for who in others]}


def test_it_tells_who_has_no_licence_another_way_and_breaks_nothing(company: CompanyOffice) -> None:
    unlicensed, official = company.officer_with_official()
    other = company.officers(1)[0]
    company.faults.add("unlicensed", openid=unlicensed.openid)
    _, rows = company.asks_to_claim([unlicensed, other])

    company.drain()

    assert [company.row(row).way for row in rows] == ["custom", "card"]
    assert company.read_by(official) == ["【新任务】请认领"]
    assert company.identity(unlicensed).broken_at is None


def test_it_breaks_every_binding_when_wecom_knows_nobody(company: CompanyOffice) -> None:
    officers = company.officers(3)
    command = company.member(Role.DISPATCHER)
    for who in officers:
        company.faults.add("member_gone", openid=who.openid)
    _, rows = company.asks_to_claim(officers)

    company.drain()

    assert {company.row(row).state for row in rows} == {Delivery.DEAD}
    assert all(company.identity(who).broken_at for who in officers)
    assert ["请认领" in words for _, words in company.seen_by(command)] == [True]


def test_it_needs_two_calls_for_more_than_a_thousand_people(open_company: Open) -> None:
    office = open_company(delivery={"batch": 2000})
    crowd = office.crowd(1003)
    office.say_to_all(crowd, "明日检查")

    office.drain()

    assert sorted(len(call["openid"].split("|")) for call in office.calls()) == [3, 1000]
    assert {len(office.seen_by(who)) for who in crowd} == {1}


def test_it_does_not_mix_different_words(company: CompanyOffice) -> None:
    officers = company.officers(4)
    company.say_to_all(officers[:2], "甲")
    company.say_to_all(officers[2:], "乙")

    company.drain()

    assert len(company.calls()) == 2
    assert [company.seen_by(who) for who in officers] == [[("work", "甲")]] * 2 + [[("work", "乙")]] * 2


def test_it_keeps_everybodys_order_although_some_words_go_together(company: CompanyOffice) -> None:
    first, second, third = company.officers(3)
    company.say(first, "一")
    company.say_to_all([second, first, third], "二")
    company.say(third, "三")
    company.say_to_all([first, second, third], "四")

    company.drain()

    said = [[words for _, words in company.seen_by(who)] for who in (first, second, third)]
    assert said == [["一", "二", "四"], ["二", "四"], ["二", "三", "四"]]


def test_it_loads_a_picture_up_once_for_everybody(company: CompanyOffice) -> None:
    officers = company.officers(3)
    photo = photo_of(company, officers[0], jpeg())
    rows = company.say_to_all(officers, "", photo_id=photo)

    company.drain()

    assert (len(company.calls(UPLOAD)), len(company.calls())) == (1, 1)
    assert [company.seen_by(who) for who in officers] == [[("work", "[图片]")]] * 3
    assert {company.row(row).state for row in rows} == {Delivery.SENT}


def test_it_says_a_word_after_a_picture_although_the_settings_are_wrong(company: CompanyOffice) -> None:
    officer = company.officers(1)[0]
    (picture,) = company.say(officer, "", photo_id=photo_of(company, officer, jpeg()))
    (word,) = company.say(officer, "请认领")
    company.faults.add("app_no_right", path=SEND)
    company.drain()
    before = [company.row(row).state for row in (picture, word)]
    company.faults.clear()

    company.drain(company.now + timedelta(seconds=6))

    assert before == [Delivery.WAITING, Delivery.WAITING]
    assert company.seen_by(officer) == [("work", "[图片]"), ("work", "请认领")]


@pytest.mark.parametrize(("number", "cards", "texts"), [(MAX_CARDS, MAX_CARDS, 0), (MAX_CARDS + 1, 0, 1)])
def test_it_makes_one_text_of_more_cards_than_can_be_told_apart(
    company: CompanyOffice, number: int, cards: int, texts: int
) -> None:
    officer = company.officers(1)[0]
    for n in range(number):
        company.asks_to_claim([officer], f"【新任务】第{n}件", may_bundle=True)

    company.drain()

    ways = [way for way, _ in company.seen_by(officer)]
    assert (ways.count("card"), ways.count("work")) == (cards, texts)


@pytest.mark.parametrize("number", [1, 3])
def test_it_shows_a_card_once_when_the_answer_was_lost(company: CompanyOffice, number: int) -> None:
    officers = company.officers(number)
    company.faults.add("api_answer_lost", count=1)
    _, rows = company.asks_to_claim(officers)
    company.drain()

    company.drain(company.now + timedelta(seconds=6))

    assert [len(company.cards_of(who)) for who in officers] == [1] * number
    assert [company.codes(row) for row in rows] == [[("card", None), ("card", 0)]] * number
    assert company.task_cards()[0].response_code


@pytest.mark.parametrize("number", [1, 3])
def test_it_shows_a_text_once_when_the_answer_was_lost(company: CompanyOffice, number: int) -> None:
    officers = company.officers(number)
    company.faults.add("api_answer_lost", count=1)
    rows = company.say_to_all(officers, "已逾期")
    company.drain()
    much_later = company.now + timedelta(hours=1)
    company.simulator.world.clock = lambda: much_later

    company.drain(much_later)

    assert [company.seen_by(who) for who in officers] == [[("work", "已逾期")]] * number
    assert {company.row(row).state for row in rows} == {Delivery.SENT}


def test_it_gives_a_card_later_to_who_could_not_have_it_with_the_others(company: CompanyOffice) -> None:
    """The card of the others has a number already, and one that was used is refused."""
    late, official = company.officer_with_official()
    other = company.officers(1)[0]
    company.faults.add("unlicensed", openid=late.openid)
    company.faults.add("busy", openid=official.openid)
    company.asks_to_claim([late, other])
    company.drain()
    company.faults.clear()

    company.drain(company.now + timedelta(seconds=6))

    assert [len(company.cards_of(who)) for who in (late, other)] == [1, 1]
    assert [card.people["users"] for card in company.task_cards()] == [[other.openid], [late.openid]]


def test_it_gives_nobody_up_when_the_time_ends_after_a_call_for_several(company: CompanyOffice) -> None:
    gone, official = company.officer_with_official()
    other = company.officers(1)[0]
    company.faults.add("unlicensed", openid=gone.openid)
    _, (row, _) = company.asks_to_claim([gone, other])
    company.drain_once(tick=timedelta(seconds=12))
    before = company.row(row).state

    company.drain(company.now + timedelta(minutes=2))

    assert before is Delivery.WAITING
    assert company.read_by(official) == ["【新任务】请认领"]


def test_it_records_one_card_when_a_worker_whose_lease_ran_out_sent_it_too(company: CompanyOffice) -> None:
    officers = company.officers(2)
    _, rows = company.asks_to_claim(officers)
    company.drain()
    company.forgets_that_it_sent(rows)

    company.drain()

    assert {company.row(row).state for row in rows} == {Delivery.SENT}
    assert len(company.task_cards()) == 1
    assert [len(company.cards_of(who)) for who in officers] == [1, 1]


@pytest.mark.parametrize("number", [1, 3])
def test_it_sends_the_words_when_wecom_refuses_the_card(company: CompanyOffice, number: int) -> None:
    officers = company.officers(number)
    company.faults.add("answer", value=40058, path=SEND, count=1)
    _, rows = company.asks_to_claim(officers)

    company.drain()

    assert [company.codes(row) for row in rows] == [[("card", 40058), ("work", 0)]] * number
    assert [company.seen_by(who) for who in officers] == [[("work", "【新任务】请认领")]] * number
    assert company.task_cards() == []


def test_it_tells_the_same_again_when_it_was_said_anew_later(company: CompanyOffice) -> None:
    """Only a try that may have gone through before asks WeCom to look back for hours."""
    officer = company.officers(1)[0]
    company.say(officer, "请补充地点")
    company.drain()
    company.say(officer, "请补充地点")
    later = company.now + timedelta(minutes=3)
    company.simulator.world.clock = lambda: later

    company.drain(later)

    assert company.seen_by(officer) == [("work", "请补充地点")] * 2
