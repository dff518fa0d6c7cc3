"""一次性订阅: a link that buys one message outside the 48 hours, and what its confirmation is worth.

WeChat sends whoever answered back to us through their own browser, so all it says could be made up. What we
signed when the link was offered comes back as `reserved`; nothing is believed that does not agree with it.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import ledger
from bot.settings import Account, Settings
from models.base import Upsert, table_of
from models.inbound import InboundMessage, Intake
from models.people import Allowance, Identity, Way

GOOD_FOR = timedelta(days=7)
SCENES = 10_001  # WeChat knows the scenes 0 to 10000
# Whoever has not used up so many reminders has enough; each link asks something of its reader.
ENOUGH = 20
_WECHATS_PAGE = "https://mp.weixin.qq.com/mp/subscribemsg"
# Only these survive the way through WeChat, 128 characters at most.
_RESERVED = re.compile(r"([0-9a-f]{1,16})_([0-9a-f]{1,4})_([0-9a-f]{1,9})_([0-9a-f]{64})")


class Outcome(StrEnum):
    """订阅结果: what the page tells who comes back."""

    BOUGHT = "bought"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Offer:
    """订阅邀请: to whom a link was offered, for which scene, and until when it counts (aware UTC)."""

    identity_id: int
    scene: int
    until: datetime

    def sign(self, account: Account) -> str:
        """预留参数: what goes through WeChat and must come back unchanged."""
        body = f"{self.identity_id:x}_{self.scene:x}_{int(self.until.timestamp()):x}"
        return f"{body}_{_mac(account, body)}"


def read_offer(account: Account, reserved: str) -> Offer | None:
    """The offer we signed for this account; None for whatever we did not."""
    found = _RESERVED.fullmatch(reserved)
    if found is None or not hmac.compare_digest(_mac(account, reserved.rpartition("_")[0]), found[4]):
        return None
    identity, scene, until = (int(part, 16) for part in found.group(1, 2, 3))
    return Offer(identity, scene, datetime.fromtimestamp(until, UTC))


@dataclass(frozen=True, slots=True)
class Invitations:
    """订阅链接: the links of an installation, offered in handlers as `Desk.links`.

    accounts: by key; those without a once_template offer nothing.  public_url: "" offers nothing anywhere.
    windowless: the keys of 企业微信, where no window shuts.
    """

    accounts: Mapping[str, Account]
    public_url: str
    windowless: tuple[str, ...] = ()

    def reminder(self, session: Session, now: datetime, account: str, identity_id: int, number: int) -> str:
        """The address that buys one reminder about a case; "" where there is none to buy, or no need."""
        own = self.accounts.get(account)
        if own is None or not own.once_template or not self.public_url or self._can_do_without(session, identity_id):
            return ""
        scene = _free_scene(session, identity_id, number)
        return self._address(own, Offer(identity_id, scene, now + GOOD_FOR)) if scene is not None else ""

    def _can_do_without(self, session: Session, identity_id: int) -> bool:
        """Whether the person is also known where no window ever shuts."""
        if not self.windowless:
            return False
        person = select(Identity.person_id).where(Identity.id == identity_id).scalar_subquery()
        reached = Identity.account.in_(self.windowless), Identity.follows, Identity.broken_at.is_(None)
        return session.scalars(select(Identity.id).where(Identity.person_id == person, *reached)).first() is not None

    def _address(self, account: Account, offer: Offer) -> str:
        asked = {
            "action": "get_confirm",
            "appid": account.app_id,
            "scene": offer.scene,
            "template_id": account.once_template,
            "redirect_url": f"{self.public_url}subscribed/{account.key}",
            "reserved": offer.sign(account),
        }
        return f"{_WECHATS_PAGE}?{urlencode(asked)}#wechat_redirect"


def invitations(settings: Settings) -> Invitations:
    """What this installation can offer: nothing where the ladder has no use for it."""
    accounts = {account.key: account for account in settings.accounts}
    public_url = settings.web.public_url if Way.ONCE in settings.delivery.ladder else ""
    return Invitations(accounts, public_url, windowless=tuple(app.key for app in settings.wecom))


def answered(session: Session, account: Account, told: Mapping[str, str], now: datetime) -> Outcome:
    """Take in what WeChat's redirect tells. A link counts once, however often its page is loaded."""
    reserved = told.get("reserved", "")
    offer = read_offer(account, reserved)
    if offer is None or not _is_about(offer, account, told) or not _is_theirs(session, account, offer, told):
        return Outcome.REFUSED
    if told.get("action") != "confirm":
        return Outcome.CANCELLED
    # Counted already: whoever reloads the page later must not read that it came to nothing.
    if now > offer.until and not _is_counted(session, account, reserved):
        return Outcome.EXPIRED
    if _is_first(session, account, told, now):
        ledger.bought(session, offer.identity_id, Way.ONCE, str(offer.scene))
    return Outcome.BOUGHT


def _is_about(offer: Offer, account: Account, told: Mapping[str, str]) -> bool:
    return told.get("scene") == str(offer.scene) and told.get("template_id") == account.once_template


def _is_theirs(session: Session, account: Account, offer: Offer, told: Mapping[str, str]) -> bool:
    """Whether the one who answered is the one we asked: a link can be passed on, an authorisation cannot."""
    identity = session.get(Identity, offer.identity_id)
    return identity is not None and (identity.account, identity.openid) == (account.key, told.get("openid"))


def _is_counted(session: Session, account: Account, reserved: str) -> bool:
    known = select(InboundMessage.id).where(InboundMessage.dedupe_key == _dedupe_key(account, reserved))
    return session.scalars(known).first() is not None


def _is_first(session: Session, account: Account, told: Mapping[str, str], now: datetime) -> bool:
    """Keep the confirmation among what was received; False when it is there already."""
    row = {
        "account": account.key,
        "dedupe_key": _dedupe_key(account, told["reserved"]),
        "body": json.dumps({name: told.get(name, "") for name in _TOLD}),
        "kept_at": now,
        "state": Intake.DONE,
        "answer": "",
        "attempts": 0,
        "next_try_at": None,
        "error": "",
    }
    return session.execute(_KEEP.on(session), row).scalar() is not None


_TOLD = ("openid", "template_id", "action", "scene", "reserved")
_INBOUND = table_of(InboundMessage)
_KEEP = Upsert(InboundMessage, lambda row: row.on_conflict_do_nothing().returning(_INBOUND.c.id))


def _dedupe_key(account: Account, reserved: str) -> str:
    return sha256(f"subscribed/{account.key}/{reserved}".encode()).hexdigest()


def _free_scene(session: Session, identity_id: int, number: int) -> int | None:
    """The case's own scene, or the next on which nothing is left unused: one scene holds one message."""
    unused = select(Allowance.slot).where(
        Allowance.identity_id == identity_id, Allowance.way == Way.ONCE, Allowance.left > 0
    )
    taken = set(session.scalars(unused))
    if len(taken) >= ENOUGH:
        return None
    nearest = ((number + step) % SCENES for step in range(len(taken) + 1))
    return next(scene for scene in nearest if str(scene) not in taken)


def _mac(account: Account, body: str) -> str:
    """A key of its own for this purpose: the token itself signs WeChat's pushes."""
    key = hmac.digest(account.token.get_secret_value().encode(), b"one-time subscription", "sha256")
    return hmac.new(key, f"{account.key}/{account.app_id}/{body}".encode(), sha256).hexdigest()
