"""补发: what found no way to somebody comes as soon as they write again, in one message."""

from collections.abc import Callable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from models.clock import QuietHours
from models.outbound import Delivery
from tests.bot.post_office import PostOffice

Open = Callable[..., PostOffice]
CUSTOM_ONLY = {"ladder": ["custom"]}
CONTENT_REFUSED = 45166


def test_it_says_what_found_no_way_once_its_reader_writes_again(open_post_office: Open) -> None:
    office = open_post_office(delivery=CUSTOM_ONLY)
    li = office.person(spoke=False)
    rows = office.say(li, "编号 7 已由甸柳新村街道认领。", "编号 7 已办结。")
    office.drain()
    unread = office.read_by(li)

    office.speaks_again(li)
    office.drain()

    assert unread == []
    assert [office.row(row).state for row in rows] == [Delivery.SENT] * 2
    (together,) = office.read_by(li)
    assert together.index("认领") < together.index("办结")


def test_it_does_not_dig_out_what_is_no_news_any_more(open_post_office: Open) -> None:
    office = open_post_office(delivery=CUSTOM_ONLY)
    li = office.person(spoke=False)
    (row,) = office.say(li, "编号 7 已办结。", created_at=office.now - timedelta(days=8))
    office.drain()

    office.speaks_again(li)
    office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert office.read_by(li) == []


def test_it_gives_up_on_what_wechat_will_never_take(open_post_office: Open) -> None:
    office = open_post_office(delivery=CUSTOM_ONLY)
    li = office.person()
    office.faults.add("answer", value=CONTENT_REFUSED, path="/cgi-bin/message/custom/send")
    (row,) = office.say(li, "不该说的话")

    for _ in range(5):
        office.speaks_again(li)
        office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert office.row(row).attempts == 3


def test_it_lets_the_night_pass_first(open_post_office: Open) -> None:
    office = open_post_office(delivery=CUSTOM_ONLY)
    li = office.person(spoke=False)
    (row,) = office.say(li, "编号 7 已办结。")
    office.drain()
    night = QuietHours(time(0, 0), time(23, 59, 59), ZoneInfo("Asia/Shanghai"))

    office.speaks_again(li, night)
    office.drain()

    assert office.read_by(li) == []
    assert office.row(row).state is Delivery.WAITING
