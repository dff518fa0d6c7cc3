"""The ladder (阶梯): which way comes first is a setting, and who has several identities is reached by one of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.outbound import Delivery
from models.people import Role, Way
from tests.bot.company_office import CompanyOffice
from tests.stage import DIANLIU

Open = Callable[..., CompanyOffice]
CHAT = "crew:chat-1"


@pytest.mark.parametrize(
    ("ladder", "by"),
    [
        (["group", "card", "work", "custom"], "card"),
        (["work", "card", "custom"], "work"),
        (["work", "custom"], "work"),
        (["custom", "card", "work"], "custom"),
        (["card", "custom"], "card"),
        (["template", "work"], "template"),
    ],
)
def test_it_tries_the_ways_in_the_order_of_the_settings(open_company: Open, ladder: list[str], by: str) -> None:
    office = open_company(delivery={"ladder": ladder})
    member, official = office.officer_with_official()
    _, (row,) = office.asks_to_claim([member])

    office.drain()

    assert office.row(row).way == by
    assert len(office.seen_by(member)) + len(office.read_by(official)) == 1


def test_it_needs_the_rung_for_texts_to_send_a_text(open_company: Open) -> None:
    office = open_company(delivery={"ladder": ["card", "custom"]})
    member, official = office.officer_with_official()
    office.say(member, "已办结")

    office.drain()

    assert (office.seen_by(member), office.read_by(official)) == ([], ["已办结"])


def test_it_writes_to_members_first_and_to_the_account_when_they_are_gone(company: CompanyOffice) -> None:
    member, official = company.both()
    company.say(member, "一")
    company.drain()
    company.faults.add("member_gone", openid=member.openid)
    company.say(member, "二")

    company.drain()

    assert company.seen_by(member) == [("work", "一")]
    assert company.read_by(official) == ["二"]
    assert company.identity(member).broken_at is not None


def test_it_climbs_down_to_the_last_rung_and_then_tells_the_next_in_line(company: CompanyOffice) -> None:
    member, official = company.officer_with_official()
    leader = company.member(Role.LEADER, DIANLIU)
    company.faults.add("member_gone", openid=member.openid)
    company.tapped_out(official, left=2)
    company.buys(official, Way.ONCE, "7")
    company.buys(official, Way.SUBSCRIPTION, "S")
    for n in range(5):
        company.say(member, f"第{n}句", short={"title": "垃圾"})
    company.drain()
    company.leaves(official)
    _, (row,) = company.asks_to_claim([member])

    company.drain()

    assert company.ways_to(official) == ["custom", "custom", "subscribe", "bizsend", "template"]
    assert company.row(row).state is Delivery.DEAD
    assert ["请认领" in words for _, words in company.seen_by(leader)] == [True]


def test_it_tries_a_broken_member_no_more_until_they_speak(company: CompanyOffice) -> None:
    member, official = company.both()
    company.faults.add("member_gone", openid=member.openid, count=1)
    company.say(member, "一")
    company.drain()
    company.say(member, "二")

    company.drain()

    assert (company.seen_by(member), company.read_by(official)) == ([], ["一", "二"])


def test_it_does_not_write_to_who_has_left_the_app(company: CompanyOffice) -> None:
    member, official = company.both()
    company.does_not_follow(member)
    company.say(member, "您好")

    company.drain()

    assert (company.calls(), company.read_by(official)) == ([], ["您好"])


def test_it_answers_in_the_group_once_and_then_in_private(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    rows = company.say(who, "已收到", "请补充地点", chat=CHAT)

    company.drain()

    assert [company.row(row).way for row in rows] == ["group", "work"]
    assert (company.said_in_group(who), company.seen_by(who)) == (["已收到"], [("work", "请补充地点")])


def test_it_says_nothing_in_a_group_that_was_not_said_there(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.say(who, "私下的话")
    company.say(who, "别的群的话", chat="crew:chat-2")

    company.drain()

    assert company.said_in_group(who) == []
    assert company.seen_by(who) == [("work", "私下的话"), ("work", "别的群的话")]


def test_it_says_in_private_what_comes_too_late_for_the_group(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.say(who, "已收到", chat=CHAT)

    company.drain(company.now + timedelta(minutes=61))

    assert (company.said_in_group(who), company.seen_by(who)) == ([], [("work", "已收到")])


def test_it_uses_an_address_of_a_group_no_second_time_when_it_was_refused(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.faults.add("answer_url_dead", count=1)
    rows = company.say(who, "一", "二", chat=CHAT)

    company.drain()

    assert [company.codes(row) for row in rows] == [[("group", 42022), ("work", 0)], [("work", 0)]]


def test_it_puts_no_bundle_and_no_private_word_into_a_group(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.say(who, "群里的话", chat=CHAT, may_bundle=True)
    company.say(who, "私下的话", may_bundle=True)

    company.drain()

    assert not any("私下的话" in words for words in company.said_in_group(who))


def test_it_passes_on_what_only_a_group_could_have_heard(open_company: Open) -> None:
    office = open_company(delivery={"ladder": ["group"]})
    officer, leader = office.officers(1)[0], office.member(Role.LEADER, DIANLIU)
    office.spoke_in_group(officer)
    office.say(officer, "一", chat=CHAT)
    _, (row,) = office.asks_to_claim([officer], chat=CHAT)

    office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert [r.person_id for r in office.rows() if r.instead_of == row] == [leader.person_id]
