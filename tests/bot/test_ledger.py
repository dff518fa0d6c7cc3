"""The ledger (账目): what may be said to whom, how it is bought, and what closes it again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import ledger
from bot.installation import Installation
from bot.wechat.meaning import to_message
from handlers.message import Kind, Message
from models.people import Allowance, Identity, Person, Way

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
Kept = dict[tuple[Way, str], tuple[int, datetime | None]]


@dataclass
class Account:
    """One person's page in the ledger."""

    installation: Installation
    identity_id: int

    def hears(self, kind: Kind, sent_at: datetime = NOON, now: datetime | None = None) -> None:
        self._note(Message(kind=kind, account="jinan", sender="o-li", sent_at=sent_at), now or sent_at)

    def is_told(self, event: str, *answers: tuple[str, str]) -> None:
        """A subscription event, in the shape WeChat gives it."""
        listed = [{"TemplateId": template, "SubscribeStatusString": answer} for template, answer in answers]
        fields = {"MsgType": "event", "FromUserName": "o-li", "Event": event, "Any": {"List": listed}}
        self._note(to_message("jinan", fields, NOON), NOON)

    def buys(self, way: Way, slot: str) -> None:
        with self.installation.database.story() as session:
            ledger.bought(session, self.identity_id, way, slot)

    def spends(self, way: Way, left: int) -> None:
        with self.installation.database.story() as session:
            row = session.scalars(select(Allowance).where(Allowance.way == way)).one()
            row.left = left

    def kept(self) -> Kept:
        with self.installation.database.glance() as session:
            rows = session.scalars(select(Allowance).where(Allowance.identity_id == self.identity_id))
            return {(row.way, row.slot): (row.left, row.until) for row in rows}

    def _note(self, message: Message, now: datetime) -> None:
        with self.installation.database.story() as session:
            ledger.heard(session, self.identity_id, message, now)


@pytest.fixture
def account(installation: Installation) -> Account:
    with installation.database.story() as session:
        person = Person(created_at=NOON)
        session.add(person)
        session.flush()
        identity = Identity(account="jinan", openid="o-li", person_id=person.id, last_heard_at=NOON)
        session.add(identity)
        session.flush()
        return Account(installation, identity.id)


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.PHOTO, Kind.PLACE, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.UNKNOWN])
def test_it_opens_two_days_and_five_messages_when_somebody_speaks(account: Account, kind: Kind) -> None:
    account.hears(kind)

    assert account.kept() == {(Way.CUSTOM, ""): (5, NOON + timedelta(hours=48))}


@pytest.mark.parametrize("kind", [Kind.MENU, Kind.SCAN, Kind.FOLLOW])
def test_it_opens_one_minute_and_three_messages_when_somebody_taps(account: Account, kind: Kind) -> None:
    account.hears(kind)

    assert account.kept() == {(Way.CUSTOM_BRIEF, ""): (3, NOON + timedelta(minutes=1))}


def test_it_opens_nothing_when_only_wechat_speaks(account: Account) -> None:
    account.hears(Kind.NOTICE)
    account.is_told("TEMPLATESENDJOBFINISH")
    account.is_told(SENT, ("T", "success"))

    assert account.kept() == {}


def test_it_counts_from_the_moment_of_speaking_and_not_of_understanding(account: Account) -> None:
    account.hears(Kind.TEXT, sent_at=NOON, now=NOON + DAY)

    assert account.kept()[Way.CUSTOM, ""][1] == NOON + 2 * DAY


def test_it_opens_no_window_into_the_future_for_a_clock_that_is_fast(account: Account) -> None:
    account.hears(Kind.TEXT, sent_at=NOON + DAY, now=NOON)

    assert account.kept()[Way.CUSTOM, ""][1] == NOON + 2 * DAY


def test_it_fills_the_window_again_with_every_message(account: Account) -> None:
    account.hears(Kind.TEXT)
    account.spends(Way.CUSTOM, left=1)

    account.hears(Kind.PHOTO, NOON + SECOND)

    assert account.kept()[Way.CUSTOM, ""] == (5, NOON + SECOND + 2 * DAY)


def test_it_keeps_the_newest_window_when_an_older_message_is_understood_late(account: Account) -> None:
    account.hears(Kind.TEXT, NOON)
    account.spends(Way.CUSTOM, left=2)

    account.hears(Kind.TEXT, sent_at=NOON - DAY, now=NOON)

    assert account.kept()[Way.CUSTOM, ""] == (2, NOON + 2 * DAY)


def test_it_keeps_a_tap_and_a_message_apart(account: Account) -> None:
    account.hears(Kind.TEXT)
    account.hears(Kind.MENU)

    assert {way: left for (way, _), (left, _) in account.kept().items()} == {Way.CUSTOM: 5, Way.CUSTOM_BRIEF: 3}


def test_it_closes_both_windows_of_who_unfollows_and_leaves_what_they_subscribed_to(account: Account) -> None:
    account.hears(Kind.TEXT)
    account.hears(Kind.MENU)
    account.buys(Way.ONCE, "7")

    account.hears(Kind.UNFOLLOW, NOON + SECOND)

    left = {way: left for (way, _), (left, _) in account.kept().items()}
    assert left == {Way.CUSTOM: 0, Way.CUSTOM_BRIEF: 0, Way.ONCE: 1}


def test_it_leaves_open_what_was_opened_after_an_unfollowing_that_is_understood_late(account: Account) -> None:
    account.hears(Kind.FOLLOW, NOON + 2 * SECOND)
    account.hears(Kind.TEXT, NOON + 3 * SECOND)

    account.hears(Kind.UNFOLLOW, sent_at=NOON, now=NOON + 4 * SECOND)

    assert {way: left for (way, _), (left, _) in account.kept().items()} == {Way.CUSTOM: 5, Way.CUSTOM_BRIEF: 3}


def test_it_buys_one_notice_of_each_template_that_was_accepted(account: Account) -> None:
    account.is_told(POPUP, ("TASK", "accept"), ("RESULT", "reject"), ("DUE", "accept"))
    account.is_told(POPUP, ("TASK", "accept"))

    assert account.kept() == {(Way.SUBSCRIPTION, "TASK"): (2, None), (Way.SUBSCRIPTION, "DUE"): (1, None)}


@pytest.mark.parametrize(("event", "left"), [(POPUP, 2), (CHANGE, 0)])
def test_it_takes_back_what_was_bought_only_when_the_subscription_itself_is_cancelled(
    account: Account, event: str, left: int
) -> None:
    account.is_told(POPUP, ("TASK", "accept"), ("DUE", "accept"))
    account.is_told(POPUP, ("TASK", "accept"))

    account.is_told(event, ("TASK", "reject"))

    assert account.kept() == {(Way.SUBSCRIPTION, "TASK"): (left, None), (Way.SUBSCRIPTION, "DUE"): (1, None)}


def test_it_buys_one_message_however_often_the_same_scene_is_allowed(account: Account) -> None:
    account.buys(Way.ONCE, "7")
    account.buys(Way.ONCE, "7")
    account.buys(Way.ONCE, "8")

    assert account.kept() == {(Way.ONCE, "7"): (1, None), (Way.ONCE, "8"): (1, None)}


def test_it_loses_none_of_the_notices_bought_at_the_same_moment(account: Account) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: account.buys(Way.SUBSCRIPTION, "TASK"), range(16)))

    assert account.kept() == {(Way.SUBSCRIPTION, "TASK"): (16, None)}
