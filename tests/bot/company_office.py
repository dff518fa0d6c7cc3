"""The post office of a company (企业): members of WeCom with a role, with or without an Official Account as well."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from bot import ledger
from handlers.membership.invitations import invite
from handlers.message import Kind, Message
from handlers.reception import receive
from models.actor import SYSTEM, Order
from models.card import TaskCard
from models.clock import Duty, Hours
from models.outbound import Delivery, OutboundMessage
from models.people import Allowance, Identity, Person, Role, Way
from simulator.people import Person as Phone
from simulator.settings import Account, Limits, Settings
from simulator.wecom.settings import Corp, Group
from tests.bot.post_office import PostOffice, Recipient
from tests.stage import DIANLIU

SEND = "/cgi-bin/message/send"
RESPOND = "/cgi-bin/aibot/response"
_AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
_CORP = {"corp_id": "ww5823bf96d3bd56c7", "agent_id": 1000002, "secret": "app-secret"}
_SEALED = {"token": "QDG6eK", "aes_key": _AES_KEY}
_numbers = count(1)


def company_world(account: Account, limits: Limits) -> Settings:
    """The simulator's side: an Official Account, a company, and a group of its people."""
    corp = Corp(key="work", name="济南创城", webhook="http://127.0.0.1:9/wecom/work", **_CORP, **_SEALED)
    group = Group(
        key="crew", name="crew", corp="work", bot="督导", bot_id="aib", webhook="http://127.0.0.1:9/", **_SEALED
    )
    return Settings(accounts=(account,), corps=(corp,), groups=(group,), limits=limits)


def company_settings(url: str) -> dict[str, Any]:
    """Our side of the same."""
    app = {"key": "work", "platform": "citizen_patrol", "api_base_url": url, **_CORP, **_SEALED}
    bot = {"key": "crew", "platform": "traffic_volunteer", "name": "督导", "wecom": "work", "api_base_url": url}
    return {"wecom": [app], "groups": [{**bot, **_SEALED}]}


class CompanyOffice(PostOffice):
    """A post office whose people can be members of the company."""

    def member(
        self,
        role: Role | None = None,
        unit: str | None = None,
        *,
        userid: str = "",
        official: Recipient | None = None,
    ) -> Recipient:
        """A member of the company; with an official identity, the same person."""
        userid = userid or f"Member{next(_numbers)}"
        phone = self.simulator.world.people.add(Phone(account="work", openid=userid, name=userid))
        who = self._arrives(userid.lower(), phone, official)
        if role is not None:
            with self.installation.database.story() as session:
                code = invite(session, role, unit, f"name-{userid}", self.now, timedelta(days=1)).code
                said = Message(kind=Kind.SCAN, account="work", sender=who.openid, sent_at=self.now, scene=code)
                receive(self.installation.desk(session, self.now), said, "citizen_patrol")
        return who

    def officers(self, number: int = 3, unit: str = DIANLIU) -> list[Recipient]:
        return [self.member(Role.OFFICER, unit) for _ in range(number)]

    def both(self, *, spoke: bool = True) -> tuple[Recipient, Recipient]:
        """One person as WeCom and as the Official Account know them."""
        official = self.person(spoke=spoke)
        return self.member(official=official), official

    def officer_with_official(self) -> tuple[Recipient, Recipient]:
        """An officer of 甸柳's as WeCom and as the Official Account know them."""
        official = self.staff(Role.OFFICER, DIANLIU)
        return self.member(official=official), official

    def crowd(self, number: int) -> list[Recipient]:
        """Members without a role, made at once; a thousand of them would take long one by one."""
        names = [f"crowd{next(_numbers)}" for _ in range(number)]
        phones = [self.simulator.world.people.add(Phone(account="work", openid=one, name=one)) for one in names]
        with self.installation.database.story() as session:
            identities = [Identity(account="work", openid=one, last_heard_at=self.now) for one in names]
            for identity in identities:
                identity.person = Person(created_at=self.now)
            session.add_all(identities)
            session.flush()
            keys = [(one.openid, one.id, one.person_id) for one in identities]
        return [Recipient(*key, phone) for key, phone in zip(keys, phones, strict=True)]

    def say_to_all(self, people: Iterable[Recipient], text: str, **row: Any) -> list[int]:
        """The same words to several, as one story writes them; returns their rows' ids."""
        with self.installation.database.story() as session:
            rows = [self._row(who, text, row) for who in people]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def asks_to_claim(
        self, people: Iterable[Recipient], text: str = "【新任务】请认领", **row: Any
    ) -> tuple[int, list[int]]:
        """A case of 甸柳's, and the word asking these people to claim it; returns ids: its deadline's, the rows'."""
        with self.installation.database.story() as session:
            case = self._case(session)
            policies = self.installation.clocks.for_category(Hours())
            case.assign(Order(unit=DIANLIU, policies=policies), SYSTEM, self.now)
            session.flush()
            (deadline,) = case.live(Duty.CLAIM)
            about = {"case_id": case.id, "deadline_id": deadline.id, "short": {"number": str(case.id)}}
        word = next(_numbers)
        keyed = ((who, {**about, **row, "key": f"test:{word}:unit:{who.person_id}"}) for who in people)
        return about["deadline_id"], [self.say(who, text, **own)[0] for who, own in keyed]

    def calls(self, path: str = SEND) -> list[dict[str, Any]]:
        """The calls of one API so far."""
        return [call for call in self.simulator.world.calls.after(0) if call["path"] == path]

    def seen_by(self, who: Recipient) -> list[tuple[str, str]]:
        """What appeared in WeCom: by which way, and the words."""
        return [(line.way, line.text) for line in self.simulator.world.conversations.of(("work", who.phone.openid))]

    def cards_of(self, who: Recipient) -> list[dict[str, Any]]:
        lines = self.simulator.world.conversations.of(("work", who.phone.openid))
        return [line.extra["card"] for line in lines if line.type == "card"]

    def task_cards(self) -> list[TaskCard]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(TaskCard).order_by(TaskCard.id)))

    def dropped(self) -> list[dict[str, Any]]:
        """What WeCom accepted and never showed to anybody."""
        return self.simulator.world.office.pacer.dropped()

    def spoke_in_group(self, who: Recipient, chat: str = "crew:chat-1") -> None:
        """They said something to the bot, and one more answer may go there."""
        world = self.simulator.world
        code = world.office.answer_codes.issue(self.now, "crew", who.phone.openid)
        address = f"{self.simulator.url}{RESPOND}?response_code={code}"
        said = Message(
            kind=Kind.TEXT, account="work", sender=who.openid, sent_at=self.now, chat=chat,
            details={"response_url": address},
        )  # fmt: skip
        with self.installation.database.story() as session:
            ledger.invited(session, who.identity_id, said, self.now)

    def said_in_group(self, who: Recipient) -> list[str]:
        return [line.text for line in self.simulator.world.conversations.of(("crew", who.phone.openid))]

    def next_try(self, rows: Iterable[int]) -> datetime | None:
        """When the first of these is due again; None when all are settled."""
        return min((due for row in rows if (due := self.row(row).next_try_at)), default=None)

    def tapped_out(self, who: Recipient, left: int) -> None:
        """Of the window that is open only so many are left, and both sides know it."""
        with self.installation.database.story() as session:
            whose = Allowance.identity_id == who.identity_id, Allowance.way == Way.CUSTOM
            session.execute(update(Allowance).where(*whose).values(left=left))
        who.phone.grants["message"].left = left

    def leaves(self, who: Recipient) -> None:
        """取消关注, and both sides know it."""
        self.does_not_follow(who)
        who.phone.following = False

    def forgets_that_it_sent(self, rows: Iterable[int]) -> None:
        """As a worker sees rows which another one sends just now."""
        as_before = {"state": Delivery.WAITING, "next_try_at": self.now}
        with self.installation.database.story() as session:
            session.execute(update(OutboundMessage).where(OutboundMessage.id.in_(rows)).values(as_before))

    def _arrives(self, userid: str, phone: Phone, official: Recipient | None) -> Recipient:
        hello = Message(kind=Kind.TEXT, account="work", sender=userid, sent_at=self.now, text="帮助")
        with self.installation.database.story() as session:
            reply = receive(self.installation.desk(session, self.now), hello, "citizen_patrol")
            if official is not None:
                session.get_one(Identity, reply.identity_id).person_id = official.person_id
        return Recipient(userid, reply.identity_id, official.person_id if official else reply.person_id, phone)
