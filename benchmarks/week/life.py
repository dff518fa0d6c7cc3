"""What happens in the week (日子): cases come in, people act on what their phones show, and never before that."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.orm import Session

from benchmarks.week.cast import (
    ACCOUNTS,
    BUYS_AT_CLAIM,
    CLAIMS_AFTER,
    COMPANY,
    DAY,
    HOUR,
    MONDAY,
    RIGHT_AFTER,
    SPEAKS_EVERY,
    Hours,
    Manner,
    Member,
    Reach,
)
from benchmarks.week.town import Town, local, may_command
from benchmarks.week.wechat import NOTICE
from bot import ledger
from bot.subscribing import answered
from handlers import draft, notices, reporting
from handlers.message import Kind
from handlers.officer import rectification
from handlers.people.caller import caller_of
from models.case import Case
from models.people import Role, Way
from models.petition import Ruling
from models.workflow import Status
from simulator.conversations import Line

WEEK = 7 * DAY
# How many of a hundred cases come in each hour of the day, in Jinan's time.
_BY_HOUR = (1, 1, 0, 0, 0, 1, 2, 5, 8, 9, 8, 7, 5, 5, 7, 8, 8, 7, 5, 4, 4, 2, 2, 1)
_AWAKE = range(7, 22)
_UNSURE, _RETURNED, _FAILED, _REASSIGNED = 0.1, 0.03, 0.07, 0.2
_RULES_AFTER, _VERIFIES_AFTER, _LEANS_AFTER = (0.2, 3), (1, 12), (0.5, 3)
_NUMBER = re.compile(r"(?:编号|character_string2)[：: ]*(\d+)")
_LINK = re.compile(r"https://mp\.weixin\.qq\.com/\S+")
_TROUBLES = ("垃圾桶满了没人清", "共享单车占了盲道", "占道经营", "路面破损积水", "小广告没有清理", "绿地里有枯枝")

Act = Callable[[Session, datetime], None]
ActOnCase = Callable[[Session, datetime, int], None]
Who = int | str


@dataclass(slots=True)
class Life:
    """日子. agenda: what will happen, in order of time.  thinking: who is about to act on which case.

    grain: everything happens at full multiples of it after the beginning.
    """

    town: Town
    grain: timedelta
    agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    thinking: set[tuple[Who, int]] = field(default_factory=set)
    heard: int = 0
    _numbers: "count[int]" = field(default_factory=count)
    _categories: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._categories = sorted(self.town.installation.router.pack.categories)

    def begin(self, cases: int) -> None:
        """Put the whole week's cases, habits and mishaps on the agenda."""
        random = self.town.random
        hours = random.choices(range(24), _BY_HOUR, k=cases)
        for hour in hours:
            at = MONDAY + DAY * random.randrange(7) + HOUR * (hour + random.random())
            self.at(at, self._case_comes)
        for member in self.town.members.values():
            every = SPEAKS_EVERY.get(member.reach)
            if every:
                self.at(MONDAY + 8 * HOUR + every * random.random(), self._habit(member, every))
            if member.leaves_at:
                self.at(member.leaves_at, self._leaving(member))

    def at(self, when: datetime, act: Act) -> None:
        """Put something on the agenda."""
        full = MONDAY + -(-(when - MONDAY) // self.grain) * self.grain
        heappush(self.agenda, (full, next(self._numbers), act))

    def act(self, session: Session, until: datetime) -> int:
        """Let everything happen that is on the agenda until a moment. Returns how much that was."""
        done = 0
        while self.agenda and self.agenda[0][0] <= until:
            when, _, act = heappop(self.agenda)
            act(session, when)
            done += 1
        return done

    def listen(self, now: datetime) -> None:
        """People look at their phones: what is new there makes them act, sooner or later."""
        lines = self.town.wechat.lines(self.heard)
        self.heard = max((line.n for line in lines), default=self.heard)
        # Not as they came: which of many threads is first is no part of the week.
        for line in sorted(lines, key=lambda line: (line.account, line.openid, line.n)):
            if line.sender == "account" and line.type != "card_update":
                self._reads(self.town.by_phone[line.account, line.openid], line, now)

    def _reads(self, member: Member, line: Line, now: datetime) -> None:
        for number in dict.fromkeys(map(int, _NUMBER.findall(line.text))):
            if member.is_command:
                self._thinks("command", number, now, _VERIFIES_AFTER, self._commands)
            elif member.role is Role.LEADER:
                self._thinks(member.number, number, now, _LEANS_AFTER, self._leans(member))
            elif member.manner in CLAIMS_AFTER:
                self._thinks(member.number, number, now, CLAIMS_AFTER[member.manner], self._takes(member))

    def _thinks(
        self,
        who: Who,
        number: int,
        now: datetime,
        hours: Hours,
        act: ActOnCase,
    ) -> None:
        if (who, number) in self.thinking:
            return
        self.thinking.add((who, number))

        def does(session: Session, at: datetime) -> None:
            self.thinking.discard((who, number))
            act(session, at, number)

        self.at(self._awake(now + HOUR * self.town.random.uniform(*hours)), does)

    def _awake(self, at: datetime) -> datetime:
        """The same moment, or the next morning."""
        while local(at).hour not in _AWAKE:
            at += HOUR * (0.5 + self.town.random.random() / 2)
        return at

    def _case_comes(self, session: Session, at: datetime) -> None:
        """立案: most are clear and go to their unit at once; the others are asked about at the command centre."""
        random, desk = self.town.random, self.town.installation.desk(session, at)
        unit = random.choice(self.town.units)
        decision: dict[str, Any] = {
            "unit": unit, "co_units": [], "confidence": 0.9, "rule": "week", "why": [], "alternatives": [],
        }  # fmt: skip
        case = Case.open(
            session, desk.clocks, at, channel="hotline_12345", category=random.choice(self._categories),
            text=random.choice(_TROUBLES), place=f"{desk.unit_name(unit)}{random.randrange(1, 400)}号",
            lat=None, lon=None, decision=decision,
        )  # fmt: skip
        if random.random() >= _UNSURE:
            reporting.assign(desk, case, unit, decision)
            return
        options = reporting.options(desk, case)
        words = desk.texts(
            "dispatch.asked", summary=notices.describe(desk, case), marks="", options=options, number=case.id
        )
        notices.tell_command(desk, case, words)

    def _habit(self, member: Member, every: timedelta) -> Act:
        def speaks(session: Session, at: datetime) -> None:
            if member.leaves_at is None or at < member.leaves_at:
                account = member.speaks_at
                self.town.hear(session, member, account, at, text="帮助")
                if member.reach is Reach.NOTICE:
                    self.town.wechat.subscribes(account, member.openid(account))
                    ledger.bought(session, member.identities[account], Way.SUBSCRIPTION, NOTICE)
                self.at(self._awake(at + every), speaks)

        return speaks

    def _leaving(self, member: Member) -> Act:
        def leaves(session: Session, at: datetime) -> None:
            for account in ACCOUNTS[member.reach]:
                self.town.wechat.leaves(account, member.openid(account))
                if account != COMPANY and not member.silently:
                    self.town.hear(session, member, account, at, kind=Kind.UNFOLLOW)

        return leaves

    def _takes(self, member: Member) -> ActOnCase:
        """An officer has heard of a case: claims it, or now and then says that it is not theirs."""

        def takes(session: Session, at: datetime, number: int) -> None:
            case = session.get_one(Case, number)
            lead = case.lead
            if lead is None or lead.unit_code != member.unit or _has_left(member, at):
                return
            if case.status is Status.ASSIGNED and self.town.random.random() < _RETURNED:
                self._says(session, member, at, f"退回 {number} 不归我们管")
            elif case.status is Status.ASSIGNED:
                self._claims(session, member, at, case)
            elif case.status is Status.CLAIMED and lead.claimed_by == member.number:
                self._will_put_right(member, at, number)

        return takes

    def _says(self, session: Session, member: Member, at: datetime, words: str) -> str:
        return self.town.hear(session, member, member.acts_at, at, text=words).text

    def _claims(self, session: Session, member: Member, at: datetime, case: Case) -> None:
        """认领: by card in the company, by words at the Official Account, where the answer offers a reminder."""
        if member.acts_at == COMPANY:
            self.town.hear(
                session, member, COMPANY, at, kind=Kind.PRESS, scene=f"认领 {case.id}", details={"TaskId": "-"}
            )
        else:
            answer = self._says(session, member, at, f"认领 {case.id}")
            if member.reach in BUYS_AT_CLAIM:
                self._buys(session, member, at, answer)
        if case.lead and case.lead.claimed_by == member.number:
            self._will_put_right(member, at, case.id)

    def _buys(self, session: Session, member: Member, at: datetime, answer: str) -> None:
        """一次性订阅: the person taps the link, WeChat asks them and leads them back to us."""
        link = _LINK.search(answer)
        if link is None:
            return
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link[0]).query).items()}
        account = self.town.installation.doors.official[member.acts_at].account
        told = {**asked, "action": "confirm", "openid": member.openid(member.acts_at)}
        self.town.wechat.allows(member.acts_at, told["openid"], int(asked["scene"]))
        answered(session, account, told, at)

    def _will_put_right(self, member: Member, at: datetime, number: int) -> None:
        hours = RIGHT_AFTER.get(member.manner)
        if hours:
            self._thinks(-member.number, number, at, hours, self._puts_right(member))

    def _puts_right(self, member: Member) -> ActOnCase:
        def puts_right(session: Session, at: datetime, number: int) -> None:
            case = Case.locked(session, number)
            if case is None or case.status is not Status.CLAIMED or _has_left(member, at):
                return
            desk = self.town.installation.desk(session, at)
            caller = caller_of(desk, member.number, member.acts_at)
            if caller.acts_for(case):
                pending = draft.begin(desk, caller, rectification.KEY)
                pending.case_id, pending.text = number, "已处理到位"
                rectification.submit(desk, caller, pending)

        return puts_right

    def _leans(self, leader: Member) -> ActOnCase:
        """A leader who hears of what is overdue has somebody at the unit see to it, or takes it himself."""

        def leans(session: Session, at: datetime, number: int) -> None:
            case = session.get_one(Case, number)
            lead = case.lead
            if lead is None or not any(clock.is_late(at) for clock in case.live()):
                return
            able = [
                m for m in self.town.staff.get(lead.unit_code, []) if not _has_left(m, at) and not _is_away(m, at)
            ]
            if not able:
                return
            member = self.town.random.choice(able)
            if case.status is Status.ASSIGNED:
                self._claims(session, member, at, case)
            if case.status is Status.CLAIMED:
                self._thinks(-member.number, number, at, RIGHT_AFTER[Manner.PROMPT], self._puts_right(member))

        return leans

    def _commands(self, session: Session, at: datetime, number: int) -> None:
        """指挥部: one of them sees to it, whatever it is that the case needs from them."""
        case, random = session.get_one(Case, number), self.town.random
        words = self._order(case)
        if words:
            who = random.choice([m for m in self.town.command if may_command(m)])
            self._says(session, who, at, words)

    def _order(self, case: Case) -> str:
        random, number = self.town.random, case.id
        if any(petition.state is Ruling.PENDING for petition in case.petitions):
            return f"同意 {number}" if random.random() < 0.5 else f"驳回 {number} 属你单位职责"
        if case.status is Status.REPORTED:
            return f"派单 {number} 1"
        if case.status is Status.RECTIFIED:
            return f"不通过 {number} 还没清干净" if random.random() < _FAILED else f"通过 {number}"
        if case.status is Status.ASSIGNED and random.random() < _REASSIGNED:
            return f"派单 {number} {random.choice(_DISTRICTS)}"
        return ""


_DISTRICTS = ("历下区", "市中区", "槐荫区", "天桥区", "历城区")


def _has_left(member: Member, at: datetime) -> bool:
    return member.leaves_at is not None and at >= member.leaves_at


def _is_away(member: Member, at: datetime) -> bool:
    return member.away is not None and member.away[0] <= at < member.away[1]
