"""案件页链接: signed addresses of a case's page in WeChat. Whoever holds one is taken for the person it names."""

import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.settings import Settings
from handlers.case_pages import CaseGrant, Side

# Half a SHA-256 cannot be guessed either, and a text has 2048 bytes for everything.
_MAC_LENGTH = 32
_TOKEN = re.compile(r"([0-9a-f]{1,15})_([0-9a-f]{1,15})_([or])_([0-9a-f]{1,9})_([0-9a-f]{32})")
_LETTERS = {Side.OFFICER: "o", Side.REPORTER: "r"}
_SIDES = {letter: side for side, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class CaseLinks:
    """案件页链接: offered as `Desk.case_pages`. public_url: "" offers none.  good_for: how long it opens."""

    key: bytes = field(repr=False)
    public_url: str
    good_for: timedelta

    def address(self, now: datetime, case_id: int, person_id: int, side: Side) -> str:
        """Where this person sees this side of the case; "" where nobody can reach us."""
        if not self.public_url:
            return ""
        return f"{self.public_url}h5/{self.sign(CaseGrant(case_id, person_id, side, now + self.good_for))}"

    def sign(self, grant: CaseGrant) -> str:
        """口令: what the address carries."""
        until = int(grant.until.timestamp())
        body = f"{grant.case_id:x}_{grant.person_id:x}_{_LETTERS[grant.side]}_{until:x}"
        return f"{body}_{self._mac(body)}"

    def read(self, token: str, now: datetime) -> CaseGrant | None:
        """The grant we signed, while it is good; None for everything else."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(self._mac(token.rpartition("_")[0]), found[5]):
            return None
        case, person, until = (int(found[n], 16) for n in (1, 2, 4))
        grant = CaseGrant(case, person, _SIDES[found[3]], datetime.fromtimestamp(until, UTC))
        return grant if now < grant.until else None

    def _mac(self, body: str) -> str:
        return hmac.new(self.key, body.encode(), sha256).hexdigest()[:_MAC_LENGTH]


def case_links(settings: Settings) -> CaseLinks:
    """The links of an installation."""
    return CaseLinks(purpose_key(settings, "case page"), settings.web.public_url, settings.console.link_good_for)


def purpose_key(settings: Settings, purpose: str) -> bytes:
    """A key for one purpose only: the token itself signs WeChat's pushes. All processes share the first account's."""
    account = settings.accounts[0]
    return hmac.digest(account.token.get_secret_value().encode(), f"{purpose}/{account.key}".encode(), "sha256")
