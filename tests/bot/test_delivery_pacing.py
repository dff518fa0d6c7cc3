"""Pace (节奏): WeCom drops what is too fast without telling, so ours never is, and what has to wait loses nothing."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from models.outbound import Delivery
from models.people import Allowance, Way
from tests.bot.company_office import CompanyOffice
from tests.bot.post_office import Recipient

Open = Callable[..., CompanyOffice]
A_MINUTE = 10  # of ours; WeCom lets through three times as many


def drain_until_all_is_said(office: CompanyOffice, rows: list[int], workers: int = 1) -> list[datetime]:
    """Drain whenever something is due, WeCom's clock with ours; returns the moments."""
    moments: list[datetime] = []
    office.simulator.world.clock = lambda: moments[-1]
    while (due := office.next_try(rows)) and len(moments) < 100:
        moments.append(max(due, office.now))
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(office.drain, moments[-1:] * workers))
    return moments


def pace_of(office: CompanyOffice, rows: list[int]) -> list[int]:
    """How many were said at each moment."""
    said = Counter(office.row(row).sent_at for row in rows)
    return [said[moment] for moment in sorted(moment for moment in said if moment)]


def words_of(office: CompanyOffice, who: Recipient) -> list[str]:
    return [words for _, words in office.seen_by(who)]


@pytest.mark.parametrize("workers", [1, 2])
def test_it_says_forty_words_within_minutes_and_loses_none(open_company: Open, workers: int) -> None:
    office = open_company(delivery={"batch": 12 * workers}, lock_patience="10s")
    who = office.member()
    words = [f"第{n}句" for n in range(40)]
    rows = office.say(who, *words)

    moments = drain_until_all_is_said(office, rows, workers)

    assert pace_of(office, rows) == [A_MINUTE] * 4
    assert moments[-1] - moments[0] <= timedelta(minutes=4)
    assert office.dropped() == []
    assert Counter(words_of(office, who)) == Counter(words)


def test_it_keeps_the_order_of_words_that_wait_for_their_turn(company: CompanyOffice) -> None:
    who = company.member()
    words = [f"第{n}句" for n in range(40)]
    rows = company.say(who, *words)

    drain_until_all_is_said(company, rows)

    assert words_of(company, who) == words


def test_it_counts_no_wait_as_an_attempt(company: CompanyOffice) -> None:
    who = company.member()
    rows = company.say(who, *(f"第{n}句" for n in range(20)))
    company.drain()
    waiting = {(company.row(row).attempts, company.row(row).state) for row in rows[A_MINUTE:]}

    drain_until_all_is_said(company, rows)

    assert waiting == {(0, Delivery.WAITING)}
    assert {(company.row(row).attempts, len(company.codes(row))) for row in rows} == {(1, 1)}


def test_it_counts_cards_texts_and_shared_calls_together(company: CompanyOffice) -> None:
    officers = company.officers(2)
    rows = company.say_to_all(officers, "大家好")
    for n in range(8):
        rows += company.asks_to_claim(officers, f"【新任务】第{n}件")[1]
    rows += company.say(officers[0], *(f"第{n}句" for n in range(20)))
    first = company.now
    company.drain(first)
    said_at_once = [len(company.seen_by(who)) for who in officers]

    drain_until_all_is_said(company, rows)

    assert said_at_once == [A_MINUTE, 9]
    assert [len(company.seen_by(who)) for who in officers] == [29, 9]
    assert company.dropped() == []


def test_it_does_not_let_one_members_pace_hold_up_another(company: CompanyOffice) -> None:
    busy, quiet = company.officers(2)
    company.say(busy, *(f"第{n}句" for n in range(20)))
    company.say(quiet, "您好")

    company.drain()

    assert words_of(company, quiet) == ["您好"]


def test_it_keeps_to_the_hour_as_well(company: CompanyOffice) -> None:
    who = company.member()
    (first,) = company.say(who, "一小时里的第一句")
    company.drain()
    before = company.left(who, Way.WORK, "hour")
    leave_for_this_hour(company, who, 20)
    words = [f"第{n}句" for n in range(25)]
    rows = company.say(who, *words)

    moments = drain_until_all_is_said(company, rows)

    began = company.row(first).sent_at
    assert (before, pace_of(company, rows)) == (329, [9, 10, 1, 5])
    assert moments[-1] - (began or moments[0]) == timedelta(hours=1)
    assert (company.dropped(), words_of(company, who)[1:]) == ([], words)


def leave_for_this_hour(office: CompanyOffice, who: Recipient, left: int) -> None:
    """As if so many had been said since that only these are left."""
    with office.installation.database.story() as session:
        hour = Allowance.identity_id == who.identity_id, Allowance.way == Way.WORK, Allowance.slot == "hour"
        session.execute(update(Allowance).where(*hour).values(left=left))


def test_it_says_less_when_somebody_else_has_just_written_to_them(company: CompanyOffice) -> None:
    """What one worker has taken from the ledger is gone for the next."""
    who = company.member()
    first = company.say(who, *(f"第{n}句" for n in range(6)))
    company.drain()

    second = company.say(who, *(f"后{n}句" for n in range(9)))
    company.drain()

    said = [company.row(row).state is Delivery.SENT for row in (*first, *second)]
    assert said == [True] * A_MINUTE + [False] * 5
