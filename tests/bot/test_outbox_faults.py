"""When WeChat refuses, breaks or is silent: what is tried again, when, and that nothing is lost."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.wechat.errors import BEIJING
from models.outbound import Delivery
from simulator.settings import Limits
from tests.bot.post_office import PostOffice

Open = Callable[..., PostOffice]
SEND = "/cgi-bin/message/custom/send"


def cleared(office: PostOffice, later: timedelta) -> None:
    office.faults.clear()
    office.drain(office.now + later)


@pytest.mark.parametrize(
    ("fault", "code"),
    [("busy", -1), ("api_500", None), ("api_html", None), ("api_reset", None), ("rate", 45011)],
)
def test_it_says_later_what_wechat_could_not_take(office: PostOffice, fault: str, code: int | None) -> None:
    li = office.person()
    office.faults.add(fault, path=SEND)
    (row,) = office.say(li, "您好")
    office.drain()
    waiting = office.row(row)

    cleared(office, timedelta(seconds=6))

    assert (waiting.state, waiting.attempts) == (Delivery.WAITING, 1)
    assert office.codes(row) == [("custom", code), ("custom", 0)]
    assert office.read_by(li) == ["您好"]
    assert office.left(li) == 4


def test_it_waits_longer_each_time(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("busy", path=SEND)
    (row,) = office.say(li, "您好")
    now, pauses = office.now, []
    for _ in range(7):
        office.drain(now)
        due = office.row(row).next_try_at or now
        pauses.append((due - now).total_seconds())
        now = due

    assert pauses == [5, 30, 120, 600, 1800, 1800, 1800]


def test_it_says_twice_rather_than_never_when_the_answer_was_lost(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("api_answer_lost", count=1)
    (row,) = office.say(li, "您好")
    office.drain()

    cleared(office, timedelta(seconds=6))

    assert office.read_by(li) == ["您好", "您好"]
    assert office.row(row).state is Delivery.SENT


def test_it_does_not_wait_for_an_answer_for_ever(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("api_timeout", path=SEND, value=6)
    (row,) = office.say(li, "您好")
    began = office.now

    office.drain()

    assert office.row(row).state is Delivery.WAITING
    assert office.now - began < timedelta(seconds=8)


def test_it_takes_another_way_when_the_days_calls_are_spent(open_post_office: Open) -> None:
    office = open_post_office(Limits(quotas={"custom": 0}))
    li = office.person()
    (row,) = office.say(li, "您好", short={"title": "垃圾"})

    office.drain()

    assert office.codes(row) == [("custom", 45009), ("template", 0)]


def test_it_waits_for_midnight_in_beijing_when_no_other_way_is_left(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("quota")
    (row,) = office.say(li, "您好")

    office.drain()

    again = office.row(row).next_try_at
    assert again is not None
    assert again.astimezone(BEIJING).strftime("%H:%M:%S") == "00:00:00"
    assert timedelta(0) < again - datetime.now(UTC) <= timedelta(days=1)


def test_it_raises_an_alarm_and_keeps_the_word_when_the_settings_are_wrong(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    li = office.person()
    office.faults.add("ip_not_listed")
    rows = office.say(li, "一", "二")

    office.drain()

    assert [office.row(row).state for row in rows] == [Delivery.WAITING, Delivery.WAITING]
    assert "until the settings are put right: custom: " in caplog.text


def test_it_sends_by_template_what_an_alarm_keeps_from_the_window(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("ip_not_listed", path=SEND)
    (row,) = office.say(li, "您好", short={"title": "垃圾"})

    office.drain()

    assert office.codes(row) == [("custom", 40164), ("template", 0)]


def test_it_outlives_a_token_that_ran_out(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("token_expired", count=1)
    office.say(li, "您好")

    office.drain()

    assert office.read_by(li) == ["您好"]


def test_it_keeps_the_word_while_every_token_is_refused(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("token_invalid_for_ever")
    (row,) = office.say(li, "您好")

    office.drain()

    assert office.row(row).state is Delivery.WAITING
    assert office.left(li) == 5


def test_it_shows_no_secret_in_any_history_or_log(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    faults = ("token_invalid_for_ever", "api_500", "api_reset", "busy", "ip_not_listed", "window_closed")
    people = [office.person() for _ in faults]
    for fault, who in zip(faults, people, strict=True):
        office.faults.add(fault, openid=who.openid)
        office.say(who, "您好")
    office.say(office.person(), "您好")

    office.drain()

    told = caplog.text + "".join(str(row.history) for row in office.rows())
    secrets = ("SIM_", "test-app-secret", "test-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    assert "40164" in told
    assert not [secret for secret in secrets if secret in told]


def test_it_holds_back_what_was_said_after_a_word_that_has_to_wait(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("busy", path=SEND, count=1)
    rows = office.say(li, "一", "二", "三")
    office.drain()
    waiting = [(office.row(row).attempts, len(office.row(row).history["tries"])) for row in rows]

    cleared(office, timedelta(seconds=6))

    assert waiting == [(1, 1), (0, 0), (0, 0)]
    assert len({office.row(row).next_try_at for row in rows}) == 1
    assert office.read_by(li) == ["一", "二", "三"]


def test_it_does_not_let_one_persons_trouble_hold_up_another(office: PostOffice) -> None:
    li, wang = office.person(), office.person()
    office.faults.add("busy", openid=li.openid)
    office.say(li, "一")
    office.say(wang, "二")

    office.drain()

    assert office.read_by(wang) == ["二"]


def test_it_does_not_begin_what_could_outlast_the_lease(office: PostOffice) -> None:
    li = office.person()
    rows = office.say(li, "一", "二", "三")

    office.drain_once(tick=timedelta(seconds=12))

    assert [office.row(row).state for row in rows] == [Delivery.SENT, Delivery.WAITING, Delivery.WAITING]
    assert [office.row(row).attempts for row in rows] == [1, 0, 0]


def test_it_does_not_send_a_batch_again_for_one_poison_row(
    office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    li, wang = office.person(spoke=False), office.person()
    (poison,) = office.say(li, "您好", short={"title": ["not", "a", "string"]})
    (fine,) = office.say(wang, "您好")

    office.drain()
    office.drain(office.now + timedelta(minutes=2))

    assert "cannot be sent" in caplog.text
    assert office.row(poison).state is Delivery.WAITING
    assert office.row(fine).attempts == 1
    assert office.read_by(wang) == ["您好"]


def test_it_begins_no_word_of_a_bundle_that_could_outlast_the_lease(office: PostOffice) -> None:
    li = office.person(spoke=False)
    rows = office.say(li, "一", "二", "三", may_bundle=True)

    office.drain_once(tick=timedelta(seconds=8))

    assert [office.row(row).state for row in rows] == [Delivery.SENT, Delivery.WAITING, Delivery.WAITING]
    assert [office.row(row).attempts for row in rows] == [1, 0, 0]


def test_it_keeps_the_order_of_a_bundle_whose_first_word_has_to_wait(office: PostOffice) -> None:
    li = office.person(spoke=False)
    rows = office.say(li, "一", "二", may_bundle=True)
    office.faults.add("busy", count=1, path="/cgi-bin/message/")
    office.drain()
    waiting = [office.row(row).state for row in rows]

    cleared(office, timedelta(seconds=6))

    assert waiting == [Delivery.WAITING, Delivery.WAITING]
    assert [text.splitlines()[-1] for text in office.read_by(li)] == ["thing1：一", "thing1：二"]
