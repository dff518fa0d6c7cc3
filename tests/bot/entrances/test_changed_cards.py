"""更新卡片: cards stop asking for what is over, whoever ended it and however; and nothing hangs on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import card_updates
from bot.jobs import CHORES
from models.card import CardState, TaskCard
from models.people import Role
from simulator.client import Person
from tests.bot.entrances.company import CHEN, SUN, ZHOU, Company

CLAIMED_BY_ZHANG = "已由甸柳新村街道张三认领"
UPDATE = "/cgi-bin/message/update_template_card"


@pytest.fixture
def officers(company: Company) -> tuple[Person, Person]:
    """张三 and 孙四 of one street, each with the card of one case on the phone."""
    company.volunteer(post="dianliu")
    both = company.officer(), company.officer(SUN)
    company.crew.says(CHEN, "路边垃圾桶满了没人清", ["pothole"])
    company.deliver()
    return both


def shown(phone: Person) -> list[str]:
    return [card["replaced"] for card in phone.cards()]


def change(company: Company, **later: float) -> int:
    return card_updates.change_due(company.installation, company.now + timedelta(**later))


def cards(company: Company) -> list[TaskCard]:
    return company.read(select(TaskCard))


def waits(company: Company) -> bool:
    with company.installation.database.glance() as session:
        return CHORES["change_cards"].due_since(company.installation, session) is not None


def test_it_changes_the_cards_of_all_who_got_them_in_one_call(
    company: Company, officers: tuple[Person, Person]
) -> None:
    zhang, sun = officers
    zhang.says(f"认领 {company.number}")

    changed = change(company)

    assert (changed, len(company.records.calls(UPDATE))) == (1, 1)
    assert (shown(zhang), shown(sun)) == ([CLAIMED_BY_ZHANG], [CLAIMED_BY_ZHANG])
    assert [card.state for card in cards(company)] == [CardState.CHANGED]
    assert not waits(company)


def test_it_leaves_a_card_alone_while_its_duty_is_owed(company: Company, officers: tuple[Person, Person]) -> None:
    assert (change(company), waits(company)) == (0, False)
    assert shown(officers[0]) == [""]


def test_it_says_that_a_task_went_elsewhere(company: Company, officers: tuple[Person, Person]) -> None:
    dispatcher = company.binds(ZHOU, Role.DISPATCHER)
    dispatcher.says(f"派单 {company.number} 姚家街道")

    change(company)

    assert shown(officers[1]) == ["任务已变更，无需处理"]


def test_it_waits_since_the_duty_has_ended_and_not_since_the_card_was_sent(
    company: Company, officers: tuple[Person, Person]
) -> None:
    before = company.now
    officers[0].says(f"认领 {company.number}")

    with company.installation.database.glance() as session:
        since = CHORES["change_cards"].due_since(company.installation, session)

    assert since is not None
    assert since >= before


@pytest.mark.parametrize("fault", ["busy", "ip_not_trusted", "wecom_rate", "api_500"])
def test_it_tries_again_what_may_pass(company: Company, officers: tuple[Person, Person], fault: str) -> None:
    officers[0].says(f"认领 {company.number}")
    company.faults.add(fault, path=UPDATE, count=1)

    at_once, again = change(company), change(company, seconds=6)

    assert (at_once, again) == (1, 1)
    assert shown(officers[1]) == [CLAIMED_BY_ZHANG]


def test_it_leaves_a_card_whose_code_is_used_up(company: Company, officers: tuple[Person, Person]) -> None:
    officers[0].says(f"认领 {company.number}")
    company.faults.add("card_code_dead")

    change(company)

    (card,) = cards(company)
    assert card.state is CardState.LEFT
    assert card.error
    assert not waits(company)


def test_it_gives_up_on_a_card_after_its_72_hours(company: Company, officers: tuple[Person, Person]) -> None:
    officers[0].says(f"认领 {company.number}")
    company.faults.add("busy", path=UPDATE)

    for hours in (0, 24, 48, 73):
        change(company, hours=hours)

    assert [card.state for card in cards(company)] == [CardState.LEFT]


def test_it_changes_a_card_once_however_many_work_at_it(company: Company, officers: tuple[Person, Person]) -> None:
    officers[0].says(f"认领 {company.number}")

    with ThreadPoolExecutor(4) as pool:
        changed = sum(pool.map(lambda _: change(company), range(4)))

    assert (changed, len(company.records.calls(UPDATE))) == (1, 1)


def test_it_leaves_the_cards_of_an_app_that_is_no_longer_in_the_settings(
    company: Company, officers: tuple[Person, Person]
) -> None:
    officers[0].says(f"认领 {company.number}")
    company.installation.doors.work.clear()

    change(company)

    assert [card.state for card in cards(company)] == [CardState.LEFT]
