"""The town (城): one installation, the WeChat it speaks to, and one clock for both. The clock is turned by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.week.cast import ACCOUNTS, CHANNEL, COMPANY, MONDAY, SERVICE, Member, draw_cast
from benchmarks.week.wechat import (
    AGENT_ID,
    APP_SECRET,
    CORP_ID,
    FIELDS,
    NOTICE,
    ONCE,
    SECRETS,
    TEMPLATE,
    WeChat,
    wechat,
)
from bot import ledger
from bot.installation import ROOT, Installation, install
from bot.settings import load_settings
from handlers.message import Kind, Message
from handlers.reception import Reply, receive
from models.absence import Absence
from models.people import Identity, Membership, Person, Role
from models.unit import Unit
from routing.pack import Tier
from routing.router import Router


@dataclass(slots=True)
class Watch:
    """表: what everybody in the week goes by."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Town:
    """城. by_phone: members by account and openid."""

    installation: Installation
    wechat: WeChat
    watch: Watch
    random: Random
    members: dict[int, Member] = field(default_factory=dict)
    by_phone: dict[tuple[str, str], Member] = field(default_factory=dict)
    staff: dict[str, list[Member]] = field(default_factory=dict)
    command: list[Member] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    def turn(self, now: datetime) -> None:
        """Turn the clock of both sides."""
        self.watch.now = now
        self.wechat.turn(now)

    def hear(self, session: Session, member: Member, account: str, at: datetime, **said: Any) -> Reply:
        """Somebody says something: received as a push would be, with the ledgers of both sides opened."""
        said = {"kind": Kind.TEXT, **said}
        message = Message(account=account, sender=member.openid(account), sent_at=at, **said)
        reply = receive(self.installation.desk(session, at), message, "citizen_photo")
        if account != COMPANY:
            ledger.heard(session, reply.identity_id, message, at)
        if account != COMPANY and message.kind is Kind.TEXT:
            self.wechat.spoke(account, message.sender, at)
        return reply


@contextmanager
def town(
    folder: Path, database: str, seed: int, units: tuple[str, ...] = ("",), router: Router | None = None
) -> Iterator[Town]:
    """A town on an empty, migrated database with the units in it; its people have all just been bound.

    units: how the codes of those begin that get cases and people.
    """
    watch = Watch()
    with wechat() as theirs:
        file = folder / "week.yaml"
        file.write_text(yaml.safe_dump(_settings(database, theirs.url(), folder), allow_unicode=True), "utf-8")
        here = install(load_settings(file), router, watch)
        found = Town(here, theirs, watch, Random(seed))
        try:
            _settle(found, units)
            yield found
        finally:
            here.database.engine.dispose()


def _settings(database: str, wechat: str, folder: Path) -> dict[str, Any]:
    base: dict[str, Any] = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    common = {"platform": "citizen_photo", "api_base_url": wechat, **SECRETS}
    official = {**common, "app_secret": APP_SECRET, "once_template": ONCE}
    with_template = {"template": TEMPLATE, "template_fields": FIELDS}
    with_notices = {"subscription": NOTICE, "subscription_fields": FIELDS}
    return base | {
        "database": database,
        "redis": f"unix://{folder / 'none.sock'}",  # delivery needs none
        "data": str(ROOT / "data" / "jinan"),
        "photos": str(folder / "photos"),
        "web": {"public_url": "https://week.example.cn/"},
        "accounts": [
            {"key": SERVICE, "app_id": f"wx-{SERVICE}", **official, **with_template},
            {"key": CHANNEL, "app_id": f"wx-{CHANNEL}", **official, **with_notices},
        ],
        "wecom": [{"key": COMPANY, "corp_id": CORP_ID, "agent_id": AGENT_ID, "secret": APP_SECRET, **common}],
        "delivery": {},  # the ladder with every way there is
        "log_level": "WARNING",
    }


def _settle(town: Town, units: tuple[str, ...]) -> None:
    """Bind everybody: their rows here, their phones there, and the first word of those who have an account."""
    with town.installation.database.story() as session:
        every = session.scalars(select(Unit).where(Unit.tier != Tier.COMMAND.value).order_by(Unit.code))
        town.units = [unit.code for unit in every if unit.code.startswith(units)]
        for member in draw_cast(town.units, MONDAY, town.random):
            town.members[member.number] = member
            session.add(Person(id=member.number, name=f"{member.role.value}{member.number}", created_at=MONDAY))
            (town.staff.setdefault(member.unit, []) if member.unit else town.command).append(member)
        session.flush()
        for member in town.members.values():
            _bind(town, session, member)
    _free_numbers(town)


def _bind(town: Town, session: Session, member: Member) -> None:
    session.add(
        Membership(
            person_id=member.number, role=member.role, unit_code=member.unit, since=MONDAY, deputy_id=member.deputy
        )
    )
    if member.away:
        session.add(Absence(person_id=member.number, begins_at=member.away[0], ends_at=member.away[1]))
    for account in ACCOUNTS[member.reach]:
        openid = member.openid(account)
        town.wechat.arrives(account, openid)
        identity = Identity(
            account=account, openid=openid, person_id=member.number, follows=True, last_heard_at=MONDAY
        )
        session.add(identity)
        session.flush()
        member.identities[account] = identity.id
        town.by_phone[account, openid] = member
        if account != COMPANY:  # who is bound has typed the code
            town.hear(session, member, account, MONDAY, text="帮助")


def _free_numbers(town: Town) -> None:
    """People were given their numbers by hand, which PostgreSQL's counter does not know."""
    engine = town.installation.database.engine
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT setval('persons_id_seq', (SELECT max(id) FROM persons))")


def local(at: datetime) -> datetime:
    """The time on Jinan's clocks, which are eight hours ahead all year."""
    return at + timedelta(hours=8)


def may_command(member: Member) -> bool:
    """Whether they may rule and assign, and not only verify."""
    return member.role is Role.DISPATCHER
