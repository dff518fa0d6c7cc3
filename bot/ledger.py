"""额度账: what WeChat still lets us say to whom. Opened when people speak, spent when we do (facts: 48 h / 5)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from bot.catching_up import catch_up
from handlers.message import Kind, Message
from models.base import Upsert, table_of
from models.clock import QuietHours
from models.people import Allowance, Way

# A menu tap, a scan or a follow opens a minute only; typing or sending anything opens two days.
_BRIEF = {Kind.MENU, Kind.SCAN, Kind.FOLLOW}
_SPOKEN = {Kind.TEXT, Kind.PHOTO, Kind.PLACE, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.UNKNOWN}
_CHANGED = "subscribe_msg_change_event"
_SUBSCRIBING = {"subscribe_msg_popup_event", _CHANGED}
_ALLOWANCES = table_of(Allowance)
_UNIQUE = ("identity_id", "way", "slot")
WINDOW, WINDOW_COUNT = timedelta(hours=48), 5
RESPONSE = timedelta(hours=1)
BRIEF, BRIEF_COUNT = timedelta(minutes=1), 3


def heard(
    session: Session, identity_id: int, message: Message, now: datetime, quiet_hours: QuietHours | None = None
) -> None:
    """Somebody spoke, tapped or subscribed: their allowances are what WeChat now grants.

    WeChat counts from the moment they did it, which may be long before the message was understood.
    """
    began = min(message.sent_at, now)
    if message.kind in _SPOKEN:
        _grant(session, identity_id, Way.CUSTOM, WINDOW_COUNT, began + WINDOW)
        catch_up(session, identity_id, now, quiet_hours.release(now) if quiet_hours else now)
    elif message.kind in _BRIEF:
        _grant(session, identity_id, Way.CUSTOM_BRIEF, BRIEF_COUNT, began + BRIEF)
    elif message.kind is Kind.UNFOLLOW:
        _unfollow(session, identity_id, began)
    elif message.details.get("Event", "").lower() in _SUBSCRIBING:
        _subscribe(session, identity_id, message.details)


def invited(
    session: Session, identity_id: int, message: Message, now: datetime, _quiet_hours: QuietHours | None = None
) -> None:
    """Somebody spoke to the bot in a group: one more thing may be said there, at the address that came with it."""
    address = message.details.get("response_url")
    if address:
        until = min(message.sent_at, now) + RESPONSE
        values = {"identity_id": identity_id, "way": Way.GROUP, "slot": message.chat, "left": 1, "until": until}
        session.execute(_INVITED.on(session), {**values, "address": address})


def _subscribe(session: Session, identity_id: int, details: dict[str, str]) -> None:
    """One popup can ask for several templates; the second one's names end in ".2"."""
    for name, template in details.items():
        if name.partition(".")[0] != "TemplateId":
            continue
        answer = details.get(name.replace("TemplateId", "SubscribeStatusString"), "")
        if answer == "reject" and details["Event"].lower() == _CHANGED:
            _take_back(session, identity_id, template)
        elif answer == "accept":
            bought(session, identity_id, Way.SUBSCRIPTION, template)


def bought(session: Session, identity_id: int, way: Way, slot: str) -> None:
    """One more message was authorised. Subscriptions on the same scene or template do not run out with time."""
    values = {"identity_id": identity_id, "way": way, "slot": slot, "left": 1, "until": None, "address": ""}
    session.execute((_ONE_MORE if way is Way.SUBSCRIPTION else _ONE).on(session), values)


def _grant(session: Session, identity_id: int, way: Way, left: int, until: datetime) -> None:
    values = {"identity_id": identity_id, "way": way, "slot": "", "left": left, "until": until, "address": ""}
    session.execute(_WINDOW.on(session), values)


def _newer(row: Any) -> Any:
    """A message that was understood late must not shorten the window a later one has opened."""
    newer = _ALLOWANCES.c.until.is_(None) | (_ALLOWANCES.c.until <= row.excluded.until)
    opened = {"left": row.excluded.left, "until": row.excluded.until}
    return row.on_conflict_do_update(index_elements=_UNIQUE, set_=opened, where=newer)


def _counting(left: Any) -> Upsert:
    return Upsert(Allowance, lambda row: row.on_conflict_do_update(index_elements=_UNIQUE, set_={"left": left}))


def _latest(row: Any) -> Any:
    """The last address stands for all: of several messages in a group one answer is enough."""
    said = {name: row.excluded[name] for name in ("left", "until", "address")}
    return row.on_conflict_do_update(index_elements=_UNIQUE, set_=said)


_WINDOW, _INVITED = Upsert(Allowance, _newer), Upsert(Allowance, _latest)
# 一次性订阅: the same scene does not accumulate. Counted by the database: the outbox spends meanwhile.
_ONE, _ONE_MORE = _counting(1), _counting(_ALLOWANCES.c.left + 1)


def _unfollow(session: Session, identity_id: int, left_at: datetime) -> None:
    """取消关注 ends every customer-service window, but none that was opened after they came back."""
    for way, length in ((Way.CUSTOM, WINDOW), (Way.CUSTOM_BRIEF, BRIEF)):
        opened_before = Allowance.until <= left_at + length
        session.execute(_closing(identity_id, way).where(opened_before))


def _take_back(session: Session, identity_id: int, template: str) -> None:
    """取消订阅: what was bought and not used is void."""
    session.execute(_closing(identity_id, Way.SUBSCRIPTION).where(Allowance.slot == template))


def _closing(identity_id: int, way: Way) -> Update:
    return update(Allowance).where(Allowance.identity_id == identity_id, Allowance.way == way).values(left=0)
