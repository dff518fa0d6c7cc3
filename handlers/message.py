"""What was said to us, in one form, whichever way it came."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """消息类型: the kinds of messages and events a handler can meet."""

    TEXT = "text"
    PHOTO = "photo"
    PLACE = "place"
    VOICE = "voice"
    VIDEO = "video"
    LINK = "link"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    SCAN = "scan"
    MENU = "menu"
    PRESS = "press"  # a button of a card
    NOTICE = "notice"  # WeChat tells us something (template delivered, subscription popup); nobody spoke
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pin:
    """位置: a place sent from the phone, in GCJ-02 degrees as WeChat gives it."""

    lat: float
    lon: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """媒体: where a photo, voice or video can still be fetched.

    via: key of whoever can fetch it, "" for the account the message came to.  life: how long WeChat keeps it.
    """

    media_id: str
    url: str = ""
    via: str = ""
    life: timedelta = timedelta(days=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """消息: one thing one person said or did.

    account: key of the account it came to, as in config.yaml.  sender: the person's id there (openid).
    text: the words, without control characters, stripped.  scene: the value of a QR code, menu item or button.
    quoted: somebody's earlier words that were quoted with them.
    chat: the group it was said in, "" for a private conversation.  whole: nothing else of it will follow.
    sent_at: aware UTC; WeChat's CreateTime.  ids: what WeChat numbers it by ("" when it has no number).
    details: what a NOTICE says, plain strings (e.g. MsgID, Status, TemplateId, SubscribeStatusString).
    """

    kind: Kind
    account: str
    sender: str
    sent_at: datetime
    text: str = ""
    quoted: str = ""
    photo: Media | None = None
    pin: Pin | None = None
    scene: str = ""
    chat: str = ""
    whole: bool = False
    msg_id: str = ""
    details: dict[str, str] = field(default_factory=dict)
