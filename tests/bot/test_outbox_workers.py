"""Several workers, and workers that die: every word is sent, and recorded, and sent again only when it must be."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import leasing
from models.outbound import Delivery
from models.people import Role, Way
from tests.bot.post_office import PostOffice
from tests.bot.waiting import wait_until
from tests.stage import DIANLIU

Open = Callable[..., PostOffice]


def test_it_sends_each_word_once_when_workers_drain_at_once(open_post_office: Open) -> None:
    office = open_post_office(delivery={"batch": 7, "threads": 4}, lock_patience="10s")
    people = [office.person() for _ in range(12)]
    for who in people:
        office.say(who, "一", "二", "三", "四")

    with ThreadPoolExecutor(3) as pool:
        drained = sum(pool.map(lambda _: office.drain(), range(3)))

    assert drained == 48
    assert [Counter(office.read_by(who)) for who in people] == [Counter("一二三四")] * 12
    assert [office.left(who) for who in people] == [1] * 12


def test_it_sends_again_what_died_between_sending_and_recording(office: PostOffice) -> None:
    """kill -9: the lease is all that is left of the first worker."""
    li = office.person()
    (row,) = office.say(li, "您好")
    now = office.now
    leasing.lease(office.installation, now)

    before = office.drain(now + timedelta(seconds=89))
    after = office.drain(now + timedelta(seconds=91))

    assert (before, after) == (0, 1)
    assert office.row(row).state is Delivery.SENT


def test_it_takes_nothing_back_that_another_worker_has_settled(office: PostOffice) -> None:
    """A lease that ran out after all: what the slow one has to tell comes too late."""
    officer = office.staff(Role.OFFICER, DIANLIU)
    office.staff(Role.DISPATCHER)
    (row,) = office.say(officer, "您好", key="deadline:1:0:1")
    with ThreadPoolExecutor(1) as pool:
        office.faults.add("slow_api", value=1000, count=1, path="/cgi-bin/message/custom/send")
        office.faults.add("busy", count=1, path="/cgi-bin/message/custom/send")
        slow = pool.submit(office.drain)
        wait_until(lambda: office.row(row).attempts == 1)
        with office.installation.database.story() as session:
            session.execute(text("UPDATE outbound_messages SET state = 'sent', next_try_at = NULL"))
        slow.result(20)

    assert office.row(row).state is Delivery.SENT
    assert len(office.rows()) == 1


def test_it_insists_on_recording_while_the_database_is_busy(
    open_post_office: Open, caplog: pytest.LogCaptureFixture
) -> None:
    office = open_post_office(lock_patience="0.2s")
    li = office.person()
    (row,) = office.say(li, "您好")
    office.faults.add("slow_api", value=1000)
    with ThreadPoolExecutor(1) as pool:
        drained = pool.submit(office.drain)
        wait_until(lambda: office.row(row).attempts == 1)
        hold_the_table_until(office, lambda: bool(office.read_by(li)))
        drained.result(20)

    assert "cannot be recorded yet" in caplog.text
    assert office.row(row).state is Delivery.SENT
    assert office.left(li) == 4
    assert office.read_by(li) == ["您好"]


def hold_the_table_until(office: PostOffice, happened: Callable[[], bool]) -> None:
    """Somebody else writes until then, and half a second longer."""
    with office.installation.database.engine.begin() as other:
        if other.dialect.name == "postgresql":
            other.execute(text("LOCK TABLE outbound_messages IN SHARE MODE"))
        wait_until(happened)
        threading.Event().wait(0.5)


def test_it_records_the_sent_although_a_case_is_held_by_another_story(open_post_office: Open) -> None:
    """What could not be given to anybody touches its case, and a case can be locked for long."""
    office = open_post_office(lock_patience="0.2s")
    officer, li = office.staff(Role.OFFICER, DIANLIU), office.person()
    case = office.case()
    (fine,) = office.say(li, "您好")
    (dead,) = office.say(officer, "请认领", case_id=case)
    office.forget(officer)
    if office.installation.database.engine.dialect.name == "sqlite":
        pytest.skip("there are no locks on rows")
    with office.installation.database.engine.begin() as other:
        other.execute(text("SELECT 1 FROM cases FOR UPDATE"))
        with pytest.raises(Exception, match="lock timeout"):
            office.drain()

    assert office.row(fine).state is Delivery.SENT
    assert office.row(dead).state is Delivery.WAITING
    office.drain(office.now + timedelta(seconds=95))
    assert office.row(dead).state is Delivery.DEAD


def test_it_does_not_close_a_window_that_was_opened_meanwhile(office: PostOffice) -> None:
    li = office.person()
    office.say(li, "您好", short={"title": "垃圾"})
    office.faults.add("slow_api", value=1000, count=1, path="/cgi-bin/message/custom/send")
    office.faults.add("window_closed", count=1)
    with ThreadPoolExecutor(1) as pool:
        drained = pool.submit(office.drain)
        wait_until(lambda: office.rows()[0].attempts == 1)
        office.speaks_again(li)
        drained.result(20)

    assert office.ways_to(li) == ["template"]
    assert office.left(li) == 5


def test_it_does_not_break_the_binding_of_who_speaks_meanwhile(office: PostOffice) -> None:
    li = office.person()
    (row,) = office.say(li, "您好")
    office.forget(li)
    office.faults.add("slow_api", value=1000, count=1, path="/cgi-bin/message/custom/send")
    with ThreadPoolExecutor(1) as pool:
        drained = pool.submit(office.drain)
        wait_until(lambda: office.row(row).attempts == 1)
        office.is_heard(li)
        drained.result(20)

    assert office.codes(row) == [("custom", 40003)]
    assert office.identity(li).broken_at is None


def test_it_spends_in_one_order_whoever_writes_first(open_post_office: Open) -> None:
    """Two workers that write to the same people at the same time must not wait for each other crosswise."""
    office = open_post_office(delivery={"batch": 5}, lock_patience="10s")
    people = [office.person() for _ in range(10)]
    for who in people + people[::-1]:
        office.say(who, "一")
        office.buys(who, Way.ONCE, "1")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: office.drain(), range(4)))

    assert {row.state for row in office.rows()} == {Delivery.SENT}
    assert [office.left(who) for who in people] == [3] * 10
