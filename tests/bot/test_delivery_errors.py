"""Every row of the error tables: what becomes of a word when WeChat answers with this code."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import pytest

from bot.wechat.errors import Family
from bot.wechat.official_codes import OFFICIAL
from bot.wechat.work_codes import GROUP, WORK
from models.outbound import Delivery
from models.people import Way
from tests.bot.company_office import RESPOND, SEND, CompanyOffice
from tests.bot.post_office import Recipient

CUSTOM = "/cgi-bin/message/custom/send"
UNLISTED_4, UNLISTED = 49999, 90001  # no table has them

# What becomes of a word, as people tell it and not as the product names it.
LATER, OTHER, BROKEN, ALARM, REFUSED, TOKEN, HAD = "later", "other", "broken", "alarm", "refused", "token", "had"
IN_WORK = {
    -1: LATER, 45009: LATER, 45033: LATER, UNLISTED: LATER,
    40001: TOKEN, 40014: TOKEN, 42001: TOKEN,
    40003: BROKEN, 40031: BROKEN, 46004: BROKEN, 60111: BROKEN, 81013: BROKEN,
    43004: OTHER, 60011: OTHER,
    40013: ALARM, 40056: ALARM, 48002: ALARM, 50001: ALARM, 50002: ALARM, 60020: ALARM, 301002: ALARM,
    40007: REFUSED, 40058: REFUSED, 42014: REFUSED, UNLISTED_4: REFUSED,
}  # fmt: skip
IN_OFFICIAL = {
    -1: LATER, 45011: LATER, 45033: LATER, UNLISTED: LATER,
    40001: TOKEN, 40014: TOKEN, 42001: TOKEN,
    40003: BROKEN,
    43004: OTHER, 43019: OTHER, 43101: OTHER, 45015: OTHER, 45047: OTHER, 48002: OTHER,
    40013: ALARM, 40037: ALARM, 40125: ALARM, 40164: ALARM, 48001: ALARM, 48004: ALARM, 50001: ALARM, 50002: ALARM,
    40007: REFUSED, 48006: REFUSED, UNLISTED_4: REFUSED,
    45065: HAD,
    45009: ALARM,  # the day's calls are spent: like an alarm another way may do, and else it is midnight that helps
}  # fmt: skip
IN_GROUP = {-1: LATER, 45009: LATER, 42022: OTHER, 40058: OTHER, 60020: OTHER, UNLISTED: OTHER}

# The states of a word that has no other way: after the first try, and once the trouble is over.
ALONE = {
    LATER: (Delivery.WAITING, Delivery.SENT),
    ALARM: (Delivery.WAITING, Delivery.SENT),
    TOKEN: (Delivery.WAITING, Delivery.SENT),
    OTHER: (Delivery.DEAD, Delivery.DEAD),
    BROKEN: (Delivery.DEAD, Delivery.DEAD),
    REFUSED: (Delivery.DEAD, Delivery.DEAD),
    HAD: (Delivery.SENT, Delivery.SENT),
}
Open = Callable[..., CompanyOffice]
Words = Mapping[int, int]


def ladder(*ways: str) -> dict[str, object]:
    return {"delivery": {"ladder": list(ways)}}


def words_that_meet(office: CompanyOffice, people: Mapping[int, Recipient], path: str) -> Words:
    """A word for each person, who meets their code; the rows' ids. The words differ, so nobody shares a call."""
    for code, who in people.items():
        office.faults.add("answer", value=code, path=path, openid=who.phone.openid)
    return {code: office.say(who, f"第{n}句")[0] for n, (code, who) in enumerate(people.items())}


def states(office: CompanyOffice, words: Words) -> dict[int, Delivery]:
    return {code: office.row(row).state for code, row in words.items()}


def tries(office: CompanyOffice, words: Words) -> dict[int, list[tuple[str, int | None]]]:
    """The ways and codes; where a token was renewed for somebody else just now, there was no call and so no code."""
    every = {code: office.codes(row) for code, row in words.items()}
    return {code: [(way, code if found is None else found) for way, found in every[code]] for code in every}


def drain_later(office: CompanyOffice, words: Iterable[int]) -> None:
    """The trouble is over, and whatever waits is due; the day's quota only after midnight."""
    office.faults.clear()
    office.drain(office.now + timedelta(days=1))


@pytest.mark.parametrize(
    ("family", "told"),
    [(WORK, IN_WORK), (OFFICIAL, IN_OFFICIAL), (GROUP, IN_GROUP)],
    ids=["work", "official", "group"],
)
def test_it_tells_here_what_becomes_of_a_word_for_every_row(family: Family, told: Mapping[int, str]) -> None:
    assert set(family.table) - set(told) == set()


def test_it_does_what_each_code_of_wecom_asks_for(open_company: Open) -> None:
    office = open_company(**ladder("work", "custom"))
    pairs = {code: office.both() for code in IN_WORK}
    words = words_that_meet(office, {code: member for code, (member, _) in pairs.items()}, SEND)

    office.drain()

    first = {code: [("work", code)] for code in IN_WORK}
    assert tries(office, words) == {
        code: first[code] if fate == LATER else [*first[code], ("custom", 0)] for code, fate in IN_WORK.items()
    }
    broken = {code for code, (member, _) in pairs.items() if office.identity(member).broken_at}
    assert broken == {code for code, fate in IN_WORK.items() if fate == BROKEN}


def test_it_tells_by_wecom_alone_what_waits_and_what_is_over(open_company: Open) -> None:
    office = open_company(**ladder("work"))
    people = {code: office.member() for code in IN_WORK}
    words = words_that_meet(office, people, SEND)
    office.drain()
    before = states(office, words)

    drain_later(office, words.values())

    after = states(office, words)
    assert {code: (before[code], after[code]) for code in IN_WORK} == {
        code: ALONE[fate] for code, fate in IN_WORK.items()
    }
    read = {code: len(office.seen_by(who)) for code, who in people.items()}
    assert read == {code: int(after[code] is Delivery.SENT) for code in IN_WORK}


def test_it_does_what_each_code_of_the_official_account_asks_for(open_company: Open) -> None:
    office = open_company(**ladder("custom", "template", "work"))
    pairs = {code: office.both() for code in IN_OFFICIAL}
    words = words_that_meet(office, {code: official for code, (_, official) in pairs.items()}, CUSTOM)

    office.drain()

    second = {LATER: [], HAD: [], BROKEN: [("work", 0)]}
    assert tries(office, words) == {
        code: [("custom", code), *second.get(fate, [("template", 0)])] for code, fate in IN_OFFICIAL.items()
    }
    broken = {code for code, (_, official) in pairs.items() if office.identity(official).broken_at}
    assert broken == {code for code, fate in IN_OFFICIAL.items() if fate == BROKEN}


def test_it_tells_by_customer_service_alone_what_waits_and_what_is_over(open_company: Open) -> None:
    office = open_company(**ladder("custom"))
    people = {code: office.person() for code in IN_OFFICIAL}
    words = words_that_meet(office, people, CUSTOM)
    office.drain()
    before = states(office, words)

    drain_later(office, words.values())

    after = states(office, words)
    assert {code: (before[code], after[code]) for code in IN_OFFICIAL} == {
        code: ALONE[fate] for code, fate in IN_OFFICIAL.items()
    }
    read = {code: len(office.read_by(who)) for code, who in people.items()}
    assert read == {code: int(fate in (LATER, ALARM, TOKEN)) for code, fate in IN_OFFICIAL.items()}


def test_it_does_what_each_code_of_a_group_answer_asks_for(open_company: Open) -> None:
    office = open_company(**ladder("group", "work"))
    people = {code: office.member() for code in IN_GROUP}
    for who in people.values():
        office.spoke_in_group(who)
    for code, who in people.items():
        office.faults.add("answer", value=code, path=RESPOND, openid=who.phone.openid)
    words = {code: office.say(who, f"第{code}句", chat="crew:chat-1")[0] for code, who in people.items()}

    office.drain()

    assert tries(office, words) == {
        code: [("group", code)] if fate == LATER else [("group", code), ("work", 0)]
        for code, fate in IN_GROUP.items()
    }


def test_it_says_later_in_the_group_what_could_not_be_said_just_now(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.faults.add("busy", path=RESPOND, count=1)
    (row,) = company.say(who, "您好", chat="crew:chat-1")
    company.drain()

    company.drain(company.now + timedelta(seconds=6))

    assert company.codes(row) == [("group", -1), ("group", 0)]
    assert (company.said_in_group(who), company.seen_by(who)) == (["您好"], [])


@pytest.mark.parametrize("code", [code for code, fate in IN_WORK.items() if fate == TOKEN])
def test_it_renews_a_token_once_and_nobody_notices(company: CompanyOffice, code: int) -> None:
    who = company.member()
    company.faults.add("answer", value=code, path=SEND, count=1)
    (row,) = company.say(who, "您好")

    company.drain()

    assert company.codes(row) == [("work", 0)]
    assert len(company.calls()) == 2


def test_it_asks_for_no_third_token_when_the_second_is_refused(company: CompanyOffice) -> None:
    member, _ = company.both()
    company.faults.add("wecom_token_invalid")
    (row,) = company.say(member, "您好")

    company.drain()

    assert company.codes(row) == [("work", 40014), ("custom", 0)]
    assert len(company.calls()) == 2


def test_it_raises_one_alarm_for_a_whole_batch(company: CompanyOffice, caplog: pytest.LogCaptureFixture) -> None:
    people = [company.member() for _ in range(5)]
    company.faults.add("ip_not_trusted", path=SEND)
    rows = [company.say(who, f"第{n}句")[0] for n, who in enumerate(people)]

    company.drain()

    assert caplog.text.count("until the settings are put right") == 1
    assert {company.row(row).state for row in rows} == {Delivery.WAITING}


@pytest.mark.parametrize("left", [1, 2])
def test_it_lets_words_wait_for_the_settings_when_the_other_way_is_used_up(company: CompanyOffice, left: int) -> None:
    member, official = company.both(spoke=False)
    for scene in range(left):
        company.buys(official, Way.ONCE, str(scene))
    company.does_not_follow(official)
    company.faults.add("ip_not_trusted")
    rows = company.say(member, "一", "二", "三")

    company.drain()

    expected = [Delivery.SENT] * left + [Delivery.WAITING] * (3 - left)
    assert [company.row(row).state for row in rows] == expected


def test_it_breaks_only_the_binding_that_is_broken(company: CompanyOffice) -> None:
    """A code for one member of several who are written to in one call does not say which of them it means."""
    people = [company.member() for _ in range(3)]
    company.faults.add("answer", value=60111, path=SEND, openid=people[1].phone.openid)
    rows = company.say_to_all(people, "您好")

    company.drain()

    assert [company.row(row).state for row in rows] == [Delivery.SENT, Delivery.DEAD, Delivery.SENT]
    assert [company.identity(who).broken_at is None for who in people] == [True, False, True]


@pytest.mark.parametrize("fault", ["api_500", "api_html", "api_reset", "busy", "wecom_rate"])
@pytest.mark.parametrize("number", [1, 3])
def test_it_says_later_and_once_what_wecom_could_not_take(company: CompanyOffice, fault: str, number: int) -> None:
    people = [company.member() for _ in range(number)]
    company.faults.add(fault, path=SEND, count=1)
    rows = company.say_to_all(people, "您好")
    company.drain()
    before = {company.row(row).state for row in rows}

    company.drain(company.now + timedelta(seconds=6))

    assert before == {Delivery.WAITING}
    assert {company.row(row).way for row in rows} == {"work"}
    assert [company.seen_by(who) for who in people] == [[("work", "您好")]] * number


def test_it_asks_a_group_once_only_when_the_answer_was_lost(company: CompanyOffice) -> None:
    who = company.member()
    company.spoke_in_group(who)
    company.faults.add("api_answer_lost", path=RESPOND, count=1)
    (row,) = company.say(who, "您好", chat="crew:chat-1")
    company.drain()

    company.drain(company.now + timedelta(seconds=6))

    assert company.said_in_group(who) == ["您好"]
    assert company.codes(row) == [("group", None), ("group", 42022), ("work", 0)]
