"""公开页链接: a signed address that lets one dispatcher decide about one picture, for half an hour."""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from bot.settings import Settings
from handlers.publishing import LINK_GOOD_FOR

_TOKEN = re.compile(r"([0-9a-f]{1,16})_([0-9a-f]{1,16})_([0-9a-f]{1,16})_([0-9a-f]{1,9})_([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Grant:
    """公开授权: who may decide about which photo of which case, and until when (aware UTC)."""

    case_id: int
    photo_id: int
    person_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class PublishingLinks:
    """公开页链接: offered in handlers as `Desk.photo_pages`. public_url: "" offers none."""

    key: bytes
    public_url: str

    def address(self, now: datetime, case_id: int, photo_id: int, person_id: int) -> str:
        """Where this person may publish this photo; "" where nobody can reach us."""
        if not self.public_url:
            return ""
        return f"{self.public_url}publish/{self.sign(Grant(case_id, photo_id, person_id, now + LINK_GOOD_FOR))}"

    def sign(self, grant: Grant) -> str:
        """口令: what the address carries; it says who asks, so the page needs no login."""
        body = f"{grant.case_id:x}_{grant.photo_id:x}_{grant.person_id:x}_{int(grant.until.timestamp()):x}"
        return f"{body}_{self._mac(body)}"

    def read(self, token: str, now: datetime) -> Grant | None:
        """The grant we signed, while it is good; None for everything else."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._mac(token.rpartition("_")[0]), found[5]):
            return None
        case, photo, person, until = (int(part, 16) for part in found.group(1, 2, 3, 4))
        grant = Grant(case, photo, person, datetime.fromtimestamp(until, UTC))
        return grant if now < grant.until else None

    def _mac(self, body: str) -> str:
        return hmac.new(self.key, body.encode(), sha256).hexdigest()


def publishing_links(settings: Settings) -> PublishingLinks:
    """The links of an installation. All its processes share the first account's token, and thus the key."""
    account = settings.accounts[0]
    # A key of its own for this purpose: the token itself signs WeChat's pushes.
    key = hmac.digest(account.token.get_secret_value().encode(), f"publishing page/{account.key}".encode(), "sha256")
    return PublishingLinks(key, settings.web.public_url)
