"""The ledger: what people do opens and closes what may be said to them, by WeChat's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import ledger
from bot.installation import Installation
from handlers.message import Kind, Message
from handlers.reception import receive
from models.people import Allowance, Way

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
POPUP, CHANGED = "subscribe_msg_popup_event", "subscribe_msg_change_event"


def does(installation: Installation, kind: Kind, *, ago: timedelta = timedelta(0), **details: str) -> None:
    message = Message(kind=kind, account="jinan", sender="o-li", sent_at=NOW - ago, text="帮助", details=details)
    with installation.database.story() as session:
        reply = receive(installation.desk(session, NOW), message, "citizen_photo")
        ledger.heard(session, reply.identity_id, message, NOW)


def allowances(installation: Installation) -> dict[tuple[Way, str], tuple[int, datetime | None]]:
    with installation.database.glance() as session:
        return {(a.way, a.slot): (a.left, a.until) for a in session.scalars(select(Allowance))}


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.UNKNOWN])
def test_it_opens_two_days_and_five_messages_when_somebody_speaks(installation: Installation, kind: Kind) -> None:
    does(installation, kind)

    assert allowances(installation) == {(Way.CUSTOM, ""): (5, NOW + timedelta(hours=48))}


@pytest.mark.parametrize("kind", [Kind.MENU, Kind.SCAN, Kind.FOLLOW])
def test_it_opens_a_minute_and_three_messages_for_a_tap(installation: Installation, kind: Kind) -> None:
    does(installation, kind)

    assert allowances(installation) == {(Way.CUSTOM_BRIEF, ""): (3, NOW + timedelta(minutes=1))}


def test_it_counts_from_when_it_was_said_not_from_when_it_was_understood(installation: Installation) -> None:
    does(installation, Kind.TEXT, ago=timedelta(hours=47))

    assert allowances(installation)[Way.CUSTOM, ""] == (5, NOW + timedelta(hours=1))


def test_it_does_not_shorten_a_window_for_a_message_understood_late(installation: Installation) -> None:
    does(installation, Kind.TEXT)
    does(installation, Kind.TEXT, ago=timedelta(hours=5))

    assert allowances(installation)[Way.CUSTOM, ""] == (5, NOW + timedelta(hours=48))


def test_it_believes_no_message_from_the_future(installation: Installation) -> None:
    does(installation, Kind.TEXT, ago=timedelta(hours=-12))

    assert allowances(installation)[Way.CUSTOM, ""] == (5, NOW + timedelta(hours=48))


def test_it_closes_every_window_when_somebody_leaves(installation: Installation) -> None:
    does(installation, Kind.TEXT)
    does(installation, Kind.MENU)
    does(installation, Kind.NOTICE, Event=POPUP, TemplateId="S", SubscribeStatusString="accept")
    does(installation, Kind.UNFOLLOW)

    left = {key: count for key, (count, _) in allowances(installation).items()}

    assert left == {(Way.CUSTOM, ""): 0, (Way.CUSTOM_BRIEF, ""): 0, (Way.SUBSCRIPTION, "S"): 1}


def test_it_adds_up_subscriptions(installation: Installation) -> None:
    for _ in range(3):
        does(installation, Kind.NOTICE, Event=POPUP, TemplateId="S", SubscribeStatusString="accept")
    does(installation, Kind.NOTICE, Event=POPUP, TemplateId="S", SubscribeStatusString="reject")

    assert allowances(installation) == {(Way.SUBSCRIPTION, "S"): (3, None)}


def test_it_reads_every_template_of_a_popup(installation: Installation) -> None:
    answers = {"TemplateId": "A", "SubscribeStatusString": "reject", "TemplateId.2": "B"}
    does(installation, Kind.NOTICE, Event=POPUP, **answers, **{"SubscribeStatusString.2": "accept"})

    assert allowances(installation) == {(Way.SUBSCRIPTION, "B"): (1, None)}


def test_it_forgets_subscriptions_somebody_takes_back(installation: Installation) -> None:
    does(installation, Kind.NOTICE, Event=POPUP, TemplateId="S", SubscribeStatusString="accept")
    does(installation, Kind.NOTICE, Event=CHANGED, TemplateId="S", SubscribeStatusString="reject")

    assert allowances(installation) == {(Way.SUBSCRIPTION, "S"): (0, None)}


def test_it_takes_a_delivery_report_for_nothing_else(installation: Installation) -> None:
    does(installation, Kind.NOTICE, Event="subscribe_msg_sent_event", TemplateId="S", ErrorStatus="success")
    does(installation, Kind.NOTICE, Event="TEMPLATESENDJOBFINISH", Status="success")

    assert allowances(installation) == {}


def test_it_lets_one_scene_buy_one_message_however_often_it_is_tapped(installation: Installation) -> None:
    does(installation, Kind.NOTICE)
    with installation.database.story() as session:
        identity = receive(installation.desk(session, NOW), _word(), "citizen_photo").identity_id
        for slot in ("1", "1", "2"):
            ledger.bought(session, identity, Way.ONCE, slot)

    assert allowances(installation) == {(Way.ONCE, "1"): (1, None), (Way.ONCE, "2"): (1, None)}


def _word() -> Message:
    return Message(kind=Kind.TEXT, account="jinan", sender="o-li", sent_at=NOW, text="帮助")
