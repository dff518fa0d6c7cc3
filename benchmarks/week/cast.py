"""Who lives in the week (人物): how each can be reached, how they work, and what befalls them. All of it by one seed.

| reach      | share | account        | speaks unasked | what is open when nobody spoke          |
|------------|-------|----------------|----------------|-----------------------------------------|
| work       | 50 %  | company        | never          | the app, at any time                    |
| both       | 15 %  | company, 服务号 | daily          | the app                                 |
| daily      | 10 %  | 服务号          | daily          | 模板消息; 一次性订阅 bought at each claim  |
| rare       |  7 %  | 订阅号          | every 3 days   | 一次性订阅 bought at each claim           |
| notice     |  6 %  | 订阅号          | daily          | one 订阅通知 authorised each time          |
| template   |  7 %  | 服务号          | never          | 模板消息                                 |
| shut       |  5 %  | 订阅号          | never          | nothing: the account has no 模板消息       |

| manner | share | claims after      | puts right after claiming |
|--------|-------|-------------------|---------------------------|
| prompt | 50 %  | 5 min to 1 h      | 2 h to 10 h               |
| slow   | 28 %  | 2 h to 10 h       | 8 h to 22 h               |
| late   | 14 %  | 12 h to 20 h      | 25 h to 45 h              |
| never  |  8 %  | never             | never                     |

Units: 5 % have nobody; the others one to four officers, four of five a leader, one officer in four a deputy. In the
middle of the week 5 % of the people leave their company or unfollow (half of the latter without WeChat telling us),
and 5 % are on leave for two days. Three dispatchers and a verifier sit in the company.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from random import Random
from typing import TypeVar

from models.people import Role

T = TypeVar("T")
MONDAY = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # midnight in Jinan
COMPANY, SERVICE, CHANNEL = "work", "service", "channel"
HOUR = timedelta(hours=1)
DAY = 24 * HOUR


class Reach(StrEnum):
    """联络: see the first table."""

    WORK = "work"
    BOTH = "both"
    DAILY = "daily"
    RARE = "rare"
    NOTICE = "notice"
    TEMPLATE = "template"
    SHUT = "shut"


class Manner(StrEnum):
    """作风: see the second table."""

    PROMPT = "prompt"
    SLOW = "slow"
    LATE = "late"
    NEVER = "never"


Hours = tuple[float, float]
REACH_SHARES = {
    Reach.WORK: 50, Reach.BOTH: 15, Reach.DAILY: 10, Reach.RARE: 7, Reach.NOTICE: 6, Reach.TEMPLATE: 7, Reach.SHUT: 5,
}  # fmt: skip
MANNER_SHARES = {Manner.PROMPT: 50, Manner.SLOW: 28, Manner.LATE: 14, Manner.NEVER: 8}
ACCOUNTS = {
    Reach.WORK: (COMPANY,),
    Reach.BOTH: (COMPANY, SERVICE),
    Reach.DAILY: (SERVICE,),
    Reach.RARE: (CHANNEL,),
    Reach.NOTICE: (CHANNEL,),
    Reach.TEMPLATE: (SERVICE,),
    Reach.SHUT: (CHANNEL,),
}
SPEAKS_EVERY = {Reach.BOTH: DAY, Reach.DAILY: DAY, Reach.RARE: 3 * DAY, Reach.NOTICE: DAY}
BUYS_AT_CLAIM = (Reach.DAILY, Reach.RARE)
CLAIMS_AFTER: Mapping[Manner, Hours] = {Manner.PROMPT: (0.1, 1), Manner.SLOW: (2, 10), Manner.LATE: (12, 20)}
RIGHT_AFTER: Mapping[Manner, Hours] = {Manner.PROMPT: (2, 10), Manner.SLOW: (8, 22), Manner.LATE: (25, 45)}
_NOBODY, _LED, _DEPUTED, _LEAVES, _ON_LEAVE = 0.05, 0.8, 0.25, 0.05, 0.05
_DISPATCHERS, _VERIFIERS = 3, 1


@dataclass(slots=True)
class Member:
    """人物. unit: None for the command centre.  deputy: another member's number at the same unit.

    leaves_at: unfollows or leaves the company; silently: and WeChat does not tell us.  away: on leave, from and to.
    identities: our row's id at each account, once they are in the tables.
    """

    number: int
    unit: str | None
    role: Role
    reach: Reach
    manner: Manner
    deputy: int | None = None
    leaves_at: datetime | None = None
    silently: bool = False
    away: tuple[datetime, datetime] | None = None
    identities: dict[str, int] = field(default_factory=dict)

    @property
    def is_command(self) -> bool:
        return self.unit is None

    def openid(self, account: str) -> str:
        """Their id at one account; userids are kept in small letters."""
        return f"m{self.number}" if account == COMPANY else f"o-{account}-{self.number}"

    @property
    def speaks_at(self) -> str:
        """The account they write to by themselves: the Official Account, where they have one."""
        return ACCOUNTS[self.reach][-1]

    @property
    def acts_at(self) -> str:
        """The account at which they claim: the company's, where they are in it."""
        return ACCOUNTS[self.reach][0]


def draw_cast(units: list[str], begins: datetime, random: Random) -> list[Member]:
    """Everybody of the week, numbered from 1, in the order in which they are put into the tables."""
    numbers = count(1)
    members: list[Member] = []
    for unit in units:
        if random.random() >= _NOBODY:
            members += _staff(unit, numbers, random)
    for member in members:
        _befall(member, begins, random)
    posts = [Role.DISPATCHER] * _DISPATCHERS + [Role.VERIFIER] * _VERIFIERS
    members += [Member(next(numbers), None, role, Reach.WORK, Manner.PROMPT) for role in posts]
    return members


def _staff(unit: str, numbers: "count[int]", random: Random) -> list[Member]:
    roles = [Role.OFFICER] * random.randint(1, 4) + [Role.LEADER] * (random.random() < _LED)
    staff = [
        Member(next(numbers), unit, role, _one_of(REACH_SHARES, random), _one_of(MANNER_SHARES, random))
        for role in roles
    ]
    officers = [member for member in staff if member.role is Role.OFFICER]
    for member in officers if len(officers) > 1 else ():
        if random.random() < _DEPUTED:
            member.deputy = random.choice([other.number for other in officers if other is not member])
    return staff


def _befall(member: Member, begins: datetime, random: Random) -> None:
    if random.random() < _LEAVES:
        member.leaves_at = begins + DAY * random.uniform(2, 5)
        member.silently = random.random() < 0.5
    elif random.random() < _ON_LEAVE:
        away = begins + DAY * random.uniform(1, 4)
        member.away = (away, away + 2 * DAY)


def _one_of(shares: Mapping[T, int], random: Random) -> T:
    return random.choices(list(shares), list(shares.values()))[0]
