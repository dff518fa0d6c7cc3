"""The outbox against WeChat itself, played by the simulator: by which way, how often, in which order."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.bookkeeping import GIVE_UP
from models.outbound import Delivery
from models.people import Role, Way
from tests.bot.post_office import PostOffice
from tests.stage import DIANLIU

CUSTOM, BRIEF, ONCE, NOTICE, TEMPLATE = Way.CUSTOM, Way.CUSTOM_BRIEF, Way.ONCE, Way.SUBSCRIPTION, Way.TEMPLATE
Open = Callable[..., PostOffice]


def test_it_says_a_word_and_spends_one_of_five(office: PostOffice) -> None:
    li = office.person()
    (row,) = office.say(li, "您好")

    drained = office.drain()

    sent = office.row(row)
    assert drained == 1
    assert office.read_by(li) == ["您好"]
    assert (sent.state, sent.way, sent.next_try_at) == (Delivery.SENT, "custom", None)
    assert office.left(li) == 4


def test_it_climbs_down_the_ladder_rung_by_rung(office: PostOffice) -> None:
    li = office.person()
    office.buys(li, ONCE, "7")
    office.buys(li, NOTICE, "S")
    office.say(li, *(f"第{n}句" for n in range(1, 9)), short={"title": "垃圾"})

    office.drain()

    assert office.ways_to(li) == ["custom"] * 5 + ["subscribe", "bizsend", "template"]
    assert (office.left(li), office.left(li, ONCE, "7"), office.left(li, NOTICE, "S")) == (0, 0, 0)
    assert [row.state for row in office.rows()] == [Delivery.SENT] * 8


def test_it_uses_the_minute_of_a_tap(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.tapped(li)
    office.say(li, "欢迎")

    office.drain()

    assert office.ways_to(li) == ["custom"]
    assert office.left(li, BRIEF) == 2


@pytest.mark.parametrize(("fault", "code"), [("window_closed", 45015), ("count_used_up", 45047)])
def test_it_takes_another_way_and_corrects_the_ledger(office: PostOffice, fault: str, code: int) -> None:
    li = office.person()
    office.faults.add(fault, count=1)
    (row,) = office.say(li, "您好", short={"title": "垃圾"})

    office.drain()

    assert office.codes(row) == [("custom", code), ("template", 0)]
    assert office.ways_to(li) == ["template"]
    assert office.left(li) == 0


def test_it_opens_the_ledger_again_when_the_person_speaks(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("window_closed", count=1)
    office.say(li, "一", short={"title": "垃圾"})
    office.drain()
    office.speaks_again(li)
    office.say(li, "二")

    office.drain()

    assert office.ways_to(li) == ["template", "custom"]
    assert office.left(li) == 4


def test_it_counts_a_subscription_bought_after_one_was_refused(office: PostOffice) -> None:
    gone = office.person(spoke=False)
    gone.phone.following = False
    office.does_not_follow(gone)
    office.buys(gone, NOTICE, "S")
    gone.phone.notices["S"] = 0  # spent elsewhere: our ledger is wrong
    (row,) = office.say(gone, "一", short={"title": "垃圾"})
    office.drain()
    office.buys(gone, NOTICE, "S")
    office.say(gone, "二", short={"title": "垃圾"})

    office.drain()

    assert office.codes(row) == [("subscription", 43101)]
    assert office.ways_to(gone) == ["bizsend"]


def test_it_does_not_use_a_subscription_to_another_template(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.buys(li, NOTICE, "OLD")
    (row,) = office.say(li, "您好", short={"title": "垃圾"})

    office.drain()

    assert office.codes(row) == [("template", 0)]
    assert office.left(li, NOTICE, "OLD") == 1


def test_it_reaches_another_identity_when_one_is_broken(office: PostOffice) -> None:
    old = office.person()
    new = office.person(person_id=old.person_id)
    old_row = office.say(new, "您好")
    office.forget(new)  # the one heard from last, so the first to be tried

    office.drain()

    assert office.codes(old_row[0]) == [("custom", 40003), ("custom", 0)]
    assert office.read_by(old) == ["您好"]
    assert office.identity(new).broken_at is not None
    assert office.identity(old).broken_at is None


def test_it_tells_others_when_nobody_can_be_given_a_word(office: PostOffice) -> None:
    officer = office.staff(Role.OFFICER, DIANLIU)
    leader = office.staff(Role.LEADER, DIANLIU)
    command = office.staff(Role.DISPATCHER)
    (row,) = office.say(officer, "请认领", key="deadline:1:0:1")
    office.forget(officer)

    office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert ["请认领" in words for words in office.read_by(leader)] == [True]
    assert office.read_by(command) == []  # not while somebody nearer has it


def test_it_only_notes_that_a_citizen_cannot_be_reached(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.does_not_follow(li)
    (row,) = office.say(li, "您好")

    office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert len(office.rows()) == 1


def test_it_bundles_what_may_wait_into_one_message(office: PostOffice) -> None:
    li = office.person()
    office.say(li, "甲", "乙", "丙", may_bundle=True)

    office.drain()

    assert office.read_by(li) == ["您有3条通知：\n甲\n————\n乙\n————\n丙"]
    assert office.left(li) == 4
    assert {row.state for row in office.rows()} == {Delivery.SENT}


def test_it_says_bundled_words_one_by_one_where_only_a_line_can_be_shown(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.say(li, "甲的事", may_bundle=True, short={"title": "甲"})
    office.say(li, "乙的事", may_bundle=True, short={"title": "乙"})

    office.drain()

    assert [text.splitlines()[-1] for text in office.read_by(li)] == ["thing1：甲", "thing1：乙"]


def test_it_unties_a_bundle_that_the_window_refused(office: PostOffice) -> None:
    li = office.person()
    office.faults.add("window_closed", count=1)
    rows = [office.say(li, name, may_bundle=True, short={"title": name})[0] for name in ("甲", "乙")]

    office.drain()

    assert [office.codes(row) for row in rows] == [[("custom", 45015), ("template", 0)], [("template", 0)]]


def test_it_says_nothing_about_a_duty_that_has_ended(office: PostOffice) -> None:
    li = office.person()
    ended, live = office.deadline(ended=True), office.deadline(ended=False)
    (stale,) = office.say(li, "快逾期了", deadline_id=ended)
    (fresh,) = office.say(li, "还没认领", deadline_id=live)

    office.drain()

    assert office.row(stale).state is Delivery.VOID
    assert office.row(fresh).state is Delivery.SENT
    assert office.read_by(li) == ["还没认领"]


def test_it_uses_the_words_themselves_where_a_template_lacks_a_value(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.say(li, "编号 1 请认领\n第二行")

    office.drain()

    assert office.read_by(li)[0].splitlines()[-1] == "thing1：编号 1 请认领"


def test_it_says_the_headline_where_a_template_has_room_for_nothing_else(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.say(li, "【认领超时】11月23日 08:00前应认领，已记逾期：\n编号 1 · 垃圾")

    office.drain()

    assert office.read_by(li)[0].splitlines()[-1] == "thing1：认领超时"


def test_it_cuts_a_text_that_is_too_long_instead_of_losing_it(office: PostOffice) -> None:
    li = office.person()
    office.say(li, "长" * 900)

    office.drain()

    (words,) = office.read_by(li)
    assert words.startswith("长长长")
    assert words.endswith("…")
    assert len(words.encode()) <= 2048


def test_it_keeps_every_word_in_the_order_it_was_said_in(office: PostOffice) -> None:
    people = [office.person() for _ in range(3)]
    for n in range(4):
        for who in people:
            office.say(who, f"第{n}句")

    office.drain()

    assert [office.read_by(who) for who in people] == [[f"第{n}句" for n in range(4)]] * 3


def test_it_does_not_say_what_is_not_due(office: PostOffice) -> None:
    li = office.person()
    office.say(li, "明早再说", next_try_at=office.now + timedelta(hours=8))

    assert office.drain() == 0
    assert office.drain(office.now + timedelta(hours=9)) == 1
    assert office.read_by(li) == ["明早再说"]


def test_it_gives_a_word_up_after_a_day_of_failures(office: PostOffice) -> None:
    officer, command = office.staff(Role.OFFICER, DIANLIU), office.staff(Role.DISPATCHER)
    office.faults.add("busy", openid=officer.openid)
    long_ago = office.now - GIVE_UP - timedelta(minutes=1)
    (row,) = office.say(officer, "请认领", key="deadline:1:0:1", created_at=long_ago)

    office.drain()

    assert office.row(row).state is Delivery.DEAD
    assert any("请认领" in words for words in office.read_by(command))


def test_it_has_no_door_for_an_account_that_was_taken_out(open_post_office: Open) -> None:
    office = open_post_office(account={"key": "other"})
    li = office.person()
    (row,) = office.say(li, "您好")

    office.drain()

    assert office.row(row).state is Delivery.DEAD


def test_it_keeps_to_the_ladder_of_the_settings(open_post_office: Open) -> None:
    office = open_post_office(delivery={"ladder": ["template", "custom"]})
    li = office.person()
    office.say(li, "您好", short={"title": "垃圾"})

    office.drain()

    assert office.ways_to(li) == ["template"]


def test_it_does_not_knock_on_a_window_that_time_has_closed(office: PostOffice) -> None:
    li = office.person()
    (row,) = office.say(li, "您好", short={"title": "垃圾"})

    office.drain(office.now + timedelta(hours=48))

    assert office.codes(row) == [("template", 0)]


def test_it_writes_to_the_identity_that_was_heard_from_last(office: PostOffice) -> None:
    old = office.person()
    new = office.person(person_id=old.person_id)
    office.say(old, "您好")

    office.drain()

    assert (office.read_by(old), office.read_by(new)) == ([], ["您好"])


def test_it_cuts_what_a_one_time_subscription_cannot_show(office: PostOffice) -> None:
    li = office.person(spoke=False)
    office.buys(li, ONCE, "7")
    office.say(li, "督" * 300)

    office.drain()

    assert office.read_by(li) == ["督" * 15 + "\n" + "督" * 200]


def test_it_begins_no_batch_when_its_time_is_over(open_post_office: Open) -> None:
    office = open_post_office(delivery={"batch": 1})
    li = office.person()
    office.say(li, "一", "二", "三")

    # The clock is looked at before a batch, for its lease, and twice for its one word.
    office.drain_once(tick=timedelta(seconds=1))

    assert office.read_by(li) == ["一"]
