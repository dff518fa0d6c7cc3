"""额度账: what WeChat still lets us say to whom. Opened when people speak, spent when we do (facts: 48 h / 5)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from handlers.message import Kind, Message
from models.people import Allowance, Way

# A menu tap, a scan or a follow opens a minute only; typing or sending anything opens two days.
_BRIEF = {Kind.MENU, Kind.SCAN, Kind.FOLLOW}
_SPOKEN = {Kind.TEXT, Kind.PHOTO, Kind.PLACE, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.UNKNOWN}
_CHANGED = "subscribe_msg_change_event"
_SUBSCRIBING = {"subscribe_msg_popup_event", _CHANGED}
_UNIQUE = ("identity_id", "way", "slot")
WINDOW, WINDOW_COUNT = timedelta(hours=48), 5
BRIEF, BRIEF_COUNT = timedelta(minutes=1), 3


def heard(session: Session, identity_id: int, message: Message, now: datetime) -> None:
    """Somebody spoke, tapped or subscribed: their allowances are what WeChat now grants.

    WeChat counts from the moment they did it, which may be long before the message was understood.
    """
    began = min(message.sent_at, now)
    if message.kind in _SPOKEN:
        _grant(session, identity_id, Way.CUSTOM, WINDOW_COUNT, began + WINDOW)
    elif message.kind in _BRIEF:
        _grant(session, identity_id, Way.CUSTOM_BRIEF, BRIEF_COUNT, began + BRIEF)
    elif message.kind is Kind.UNFOLLOW:
        _close(session, identity_id, (Way.CUSTOM, Way.CUSTOM_BRIEF))
    elif message.details.get("Event", "").lower() in _SUBSCRIBING:
        _subscribe(session, identity_id, message.details)


def _subscribe(session: Session, identity_id: int, details: dict[str, str]) -> None:
    """One popup can ask for several templates; the second one's names end in ".2"."""
    for name, template in details.items():
        if name.partition(".")[0] != "TemplateId":
            continue
        answer = details.get(name.replace("TemplateId", "SubscribeStatusString"), "")
        if answer == "reject" and details["Event"].lower() == _CHANGED:
            _close(session, identity_id, (Way.SUBSCRIPTION,), template)
        elif answer == "accept":
            bought(session, identity_id, Way.SUBSCRIPTION, template)


def bought(session: Session, identity_id: int, way: Way, slot: str) -> None:
    """One more message was authorised. Subscriptions on the same scene or template do not run out with time."""
    # 一次性订阅: the same scene does not accumulate. Counted by the database: the outbox spends meanwhile.
    left = Allowance.left + 1 if way is Way.SUBSCRIPTION else 1
    row = _insert(session).values(identity_id=identity_id, way=way, slot=slot, left=1, until=None)
    session.execute(row.on_conflict_do_update(index_elements=_UNIQUE, set_={"left": left}))


def _grant(session: Session, identity_id: int, way: Way, left: int, until: datetime) -> None:
    values: dict[str, Any] = {"left": left, "until": until}
    row = _insert(session).values(identity_id=identity_id, way=way, slot="", **values)
    # A message that was understood late must not shorten the window a later one has opened.
    newer = Allowance.until.is_(None) | (Allowance.until <= until)
    session.execute(row.on_conflict_do_update(index_elements=_UNIQUE, set_=values, where=newer))


def _close(session: Session, identity_id: int, ways: tuple[Way, ...], slot: str = "") -> None:
    """取消关注 ends every customer-service window; a person can also take a subscription back."""
    session.execute(
        update(Allowance)
        .where(Allowance.identity_id == identity_id, Allowance.way.in_(ways), Allowance.slot == slot)
        .values(left=0)
    )


def _insert(session: Session) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(Allowance)
