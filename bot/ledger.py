"""额度账: what WeChat still lets us say to whom. Opened when people speak, spent when we do (facts: 48 h / 5)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from handlers.message import Kind, Message
from models.people import Allowance, Way

# A menu tap, a scan or a follow opens a minute only; typing or sending anything opens two days.
_BRIEF = {Kind.MENU, Kind.SCAN, Kind.FOLLOW}
_SPOKEN = {Kind.TEXT, Kind.PHOTO, Kind.PLACE, Kind.VOICE, Kind.VIDEO, Kind.LINK, Kind.UNKNOWN}
WINDOW, WINDOW_COUNT = timedelta(hours=48), 5
BRIEF, BRIEF_COUNT = timedelta(minutes=1), 3


def heard(session: Session, identity_id: int, message: Message, now: datetime) -> None:
    """Somebody spoke, tapped or subscribed: their allowances are what WeChat now grants."""
    if message.kind in _SPOKEN:
        _grant(session, identity_id, Way.CUSTOM, WINDOW_COUNT, now + WINDOW)
    elif message.kind in _BRIEF:
        _grant(session, identity_id, Way.CUSTOM_BRIEF, BRIEF_COUNT, now + BRIEF)
    elif message.kind is Kind.UNFOLLOW:
        _close(session, identity_id)
    elif message.details.get("SubscribeStatusString") == "accept":
        template = message.details.get("TemplateId", "")
        bought(session, identity_id, Way.SUBSCRIPTION, template)


def bought(session: Session, identity_id: int, way: Way, slot: str) -> None:
    """One more message was authorised. Subscriptions on the same scene or template do not run out with time."""
    query = select(Allowance).where(
        Allowance.identity_id == identity_id, Allowance.way == way, Allowance.slot == slot
    )
    kept = session.scalars(query).one_or_none()
    if kept is None:
        session.add(Allowance(identity_id=identity_id, way=way, slot=slot, left=1, until=None))
    elif way is Way.SUBSCRIPTION:
        kept.left += 1
    else:
        kept.left = 1  # 一次性订阅: the same scene does not accumulate


def _grant(session: Session, identity_id: int, way: Way, left: int, until: datetime) -> None:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    values: dict[str, Any] = {"left": left, "until": until}
    row = insert(Allowance).values(identity_id=identity_id, way=way, slot="", **values)
    session.execute(row.on_conflict_do_update(index_elements=["identity_id", "way", "slot"], set_=values))


def _close(session: Session, identity_id: int) -> None:
    """取消关注 ends every customer-service window."""
    windows = select(Allowance).where(
        Allowance.identity_id == identity_id, Allowance.way.in_((Way.CUSTOM, Way.CUSTOM_BRIEF))
    )
    for window in session.scalars(windows):
        window.left = 0
