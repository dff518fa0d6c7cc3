"""Task cards as officers press them: one claims, the other reads who was first, and no card asks for what is over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from models.event import CaseEvent
from models.people import Role
from models.workflow import Status
from simulator.client import Person
from tests.bot.entrances.company import CHEN, SUN, ZHOU, Company

CLAIMED_BY_ZHANG = "已由甸柳新村街道张三认领"


@pytest.fixture
def officers(company: Company) -> tuple[Person, Person]:
    """张三 and 孙四 of 甸柳新村街道, each with the card of one case on the phone."""
    company.volunteer(post="dianliu")
    both = company.officer(), company.officer(SUN)
    company.crew.says(CHEN, "路边垃圾桶满了没人清", ["pothole"])
    company.deliver()
    return both


def shown(phone: Person) -> list[str]:
    """What each card says in place of its buttons, "" while they can be pressed."""
    return [card["replaced"] for card in phone.cards()]


def heard(phone: Person) -> list[str]:
    return [line.text for line in phone.lines() if line.way == "work"]


def test_it_claims_by_a_press_and_changes_the_pressers_card(
    company: Company, officers: tuple[Person, Person]
) -> None:
    zhang, sun = officers

    outcome = zhang.presses("认领")

    assert (outcome.outcome, outcome.reply) == ("answered", CLAIMED_BY_ZHANG)
    assert company.cases()[0].status is Status.CLAIMED
    assert (shown(zhang), shown(sun)) == ([CLAIMED_BY_ZHANG], [""])


def test_it_says_in_a_message_what_a_press_has_done(company: Company, officers: tuple[Person, Person]) -> None:
    zhang, _ = officers
    zhang.presses("认领")

    company.deliver()

    assert [text for text in heard(zhang) if text.startswith("已认领")]


def test_it_lets_one_of_two_claim_who_press_at_once(company: Company, officers: tuple[Person, Person]) -> None:
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda phone: phone.presses("认领"), officers))
    company.deliver()

    first, second = (shown(phone)[0] for phone in officers)
    claims = company.read(select(CaseEvent).where(CaseEvent.now == Status.CLAIMED))
    assert {outcome.outcome for outcome in outcomes} == {"answered"}
    assert first == second
    assert len(claims) == 1
    assert sum(any(text.startswith("已认领") for text in heard(phone)) for phone in officers) == 1


def test_it_tells_the_second_who_was_first(company: Company, officers: tuple[Person, Person]) -> None:
    zhang, sun = officers
    zhang.presses("认领")

    outcome = sun.presses("认领")
    company.deliver()

    assert outcome.reply == CLAIMED_BY_ZHANG
    assert [text for text in heard(sun) if "已由张三" in text]
    assert company.cases()[0].status is Status.CLAIMED


def test_it_answers_a_press_of_details_in_words_and_leaves_the_card(
    company: Company, officers: tuple[Person, Person]
) -> None:
    zhang, _ = officers

    outcome = zhang.presses("详情")
    company.deliver()

    assert outcome.outcome == "accepted"
    assert shown(zhang) == [""]
    assert [text for text in heard(zhang) if "状态：待认领" in text]


def test_it_does_nothing_by_a_press_on_a_duty_that_went_elsewhere(
    company: Company, officers: tuple[Person, Person]
) -> None:
    zhang, _ = officers
    company.binds(ZHOU, Role.DISPATCHER).says(f"转派 {company.number} 姚家街道 不在甸柳")

    outcome = zhang.presses("认领")
    company.deliver()

    assert outcome.reply == "任务已变更，无需处理"
    assert company.cases()[0].status is Status.ASSIGNED
    assert not [text for text in heard(zhang) if text.startswith("已认领")]


def test_it_lets_nobody_claim_by_the_number_of_a_card_that_is_not_theirs(
    company: Company, officers: tuple[Person, Person]
) -> None:
    stranger, (zhang, _) = company.phone("liu"), officers
    press = _press(company, zhang)

    stranger.sends_raw(press.replace("ZhangSan", "liu"))
    company.deliver()

    assert company.cases()[0].status is Status.ASSIGNED


def _press(company: Company, phone: Person) -> str:
    """A press of 认领 as it is pushed."""
    task = phone.cards()[0]["task_id"]
    return (
        "<xml><ToUserName>ww5823bf96d3bd56c7</ToUserName><FromUserName>ZhangSan</FromUserName>"
        f"<CreateTime>{int(company.now.timestamp())}</CreateTime><MsgType>event</MsgType>"
        f"<Event>template_card_event</Event><EventKey>认领 {company.number}</EventKey><TaskId>{task}</TaskId>"
        "<CardType>button_interaction</CardType><ResponseCode>x</ResponseCode><AgentID>1000002</AgentID></xml>"
    )


def test_it_hears_a_press_once_however_often_it_comes(company: Company, officers: tuple[Person, Person]) -> None:
    zhang, _ = officers
    press = _press(company, zhang)

    for _ in range(3):
        zhang.sends_raw(press)
    company.deliver()

    assert company.cases()[0].status is Status.CLAIMED
    assert len([text for text in heard(zhang) if text.startswith("已认领")]) == 1


@pytest.mark.parametrize("words", ["认领 {n}", "收到 {n}", "认领"])
def test_it_takes_the_same_command_in_words(company: Company, officers: tuple[Person, Person], words: str) -> None:
    zhang, _ = officers

    outcome = zhang.says(words.format(n=company.number))

    assert outcome.reply.startswith("已认领")
    assert company.cases()[0].status is Status.CLAIMED
