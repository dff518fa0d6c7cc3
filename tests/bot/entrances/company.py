"""The company (企业): an app, two groups with bots, one bot that belongs to nobody, and the people in them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot import outbox, photo_fetch
from bot.app import create_app
from bot.installation import Installation
from handlers import draft
from handlers.membership.invitations import invite
from models.case import Case
from models.draft import Draft, DraftState
from models.outbound import OutboundMessage
from models.people import Identity, Role
from models.photo import Photo
from models.report import Report
from simulator.client import Group as GroupPhone
from simulator.client import Person, Records
from simulator.server import Simulator
from simulator.settings import Account, Resident
from simulator.wecom.settings import Corp, Group
from tests.bot.gateway import Gateway
from tests.bot.pushes import ACCOUNT
from tests.stage import DIANLIU

BOT = "创城督导"
_CORP_ID, _AGENT_ID = "ww5823bf96d3bd56c7", 1000002
_SECRETS = {"token": "QDG6eK", "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}
_BOT_SECRETS = {"token": "bot-token", "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}
# Everybody is in every group; the loose bot belongs to no company of ours.
_GROUPS = {"crew": "work", "squad": "work", "loose": ""}

CHEN, LIU, WANG, ZHANG, SUN, ZHOU = "ChenZhiyuan", "liu", "wang", "ZhangSan", "sun", "zhou"
_NAMES = {CHEN: "陈志愿", LIU: "刘志愿", WANG: "王巡访", ZHANG: "张三", SUN: "孙四", ZHOU: "周调度"}
PEOPLE = (
    *(Resident(openid=userid, name=name, account="work") for userid, name in _NAMES.items()),
    Resident(openid="o-chen", name="陈志愿", account="jinan"),
)


def corp(url: str) -> Corp:
    return Corp(
        key="work",
        name="济南创城",
        secret="app-secret",
        webhook=f"{url}wecom/work",
        corp_id=_CORP_ID,
        agent_id=_AGENT_ID,
        token=_SECRETS["token"],
        aes_key=_SECRETS["aes_key"],
    )


def groups(url: str) -> tuple[Group, ...]:
    return tuple(_group(key, url) for key in _GROUPS)


def _group(key: str, url: str) -> Group:
    secrets = _BOT_SECRETS["token"], _BOT_SECRETS["aes_key"]
    return Group(
        key=key,
        name=key,
        corp="work",
        bot=BOT,
        bot_id=f"aib{key}",
        webhook=f"{url}group/{key}",
        token=secrets[0],
        aes_key=secrets[1],
    )


def public_account() -> Account:
    return ACCOUNT


def settings_for(url: str, bot: dict[str, Any]) -> dict[str, Any]:
    """What stands in our settings about the company, at the simulator of this address."""
    own = {"platform": "traffic_volunteer", "name": BOT, "api_base_url": url, **_BOT_SECRETS, **bot}
    app = {"key": "work", "platform": "citizen_patrol", "secret": "app-secret", "api_base_url": url}
    return {
        "wecom": [{**app, "corp_id": _CORP_ID, "agent_id": _AGENT_ID, **_SECRETS}],
        "groups": [{"key": key, "wecom": wecom, **own} for key, wecom in _GROUPS.items()],
    }


class Company:
    """A running web app and the simulator that is its WeCom. Time is real on both sides."""

    def __init__(self, installation: Installation, simulator: Simulator, gateway: Gateway) -> None:
        self.installation, self.simulator, self.gateway = installation, simulator, gateway
        self.faults = simulator.world.faults
        gateway.app = create_app(installation)
        self.records = Records(simulator.url)
        self.crew, self.squad, self.loose = (GroupPhone(simulator.url, key) for key in _GROUPS)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def phone(self, userid: str, account: str = "work") -> Person:
        return Person(self.simulator.url, account, userid)

    def code(self, userid: str, role: Role, unit: str | None = None, **facts: str) -> str:
        """A binding code for somebody of the company."""
        with self.installation.database.story() as session:
            return invite(session, role, unit, _NAMES[userid], self.now, timedelta(days=1), 1, **facts).code

    def binds(self, userid: str, role: Role, unit: str | None = None, **facts: str) -> Person:
        """Somebody binds themselves in the app, as they would."""
        phone = self.phone(userid)
        assert phone.says(f"绑定 {self.code(userid, role, unit, **facts)}").outcome == "answered"
        return phone

    def volunteer(self, userid: str = CHEN, post: str = "泉城路朝山街") -> Person:
        return self.binds(userid, Role.VOLUNTEER, post=post)

    def officer(self, userid: str = ZHANG, unit: str = DIANLIU) -> Person:
        return self.binds(userid, Role.OFFICER, unit)

    def read(self, query: Any) -> list[Any]:
        with self.installation.database.glance() as session:
            return list(session.scalars(query))

    def cases(self) -> list[Case]:
        return self.read(select(Case).order_by(Case.id))

    @property
    def number(self) -> int:
        """The number of the latest case."""
        return self.cases()[-1].id

    def reports(self) -> list[Report]:
        return self.read(select(Report).order_by(Report.id))

    def photos(self) -> list[Photo]:
        return self.read(select(Photo).order_by(Photo.id))

    def drafts(self, state: DraftState = DraftState.OPEN) -> list[Draft]:
        return self.read(select(Draft).where(Draft.state == state).order_by(Draft.id))

    def words(self) -> list[OutboundMessage]:
        return self.read(select(OutboundMessage).order_by(OutboundMessage.id))

    def identities(self) -> list[tuple[str, str, int]]:
        found = self.read(select(Identity).order_by(Identity.id))
        return [(one.account, one.openid, one.person_id) for one in found]

    def fall_quiet(self, **span: float) -> None:
        """Close the drafts that would have been quiet long enough by then, as the job does."""
        now = self.now + timedelta(**span)
        with self.installation.database.story() as session:
            for pending in session.scalars(select(Draft).where(Draft.state == DraftState.OPEN)):
                draft.fall_quiet(self.installation.desk(session, now), pending)

    def deliver(self, **span: float) -> int:
        """Send what is due by then."""
        now = self.now + timedelta(**span)
        return outbox.drain(self.installation, lambda: now, now + timedelta(hours=1))

    def fetch(self, **span: float) -> int:
        """Fetch the pictures that are due by then."""
        return photo_fetch.fetch_due(self.installation, self.now + timedelta(**span))

    def said_by_bot(self, *phones: GroupPhone) -> list[str]:
        """Everything the bot said in front of everybody."""
        lines = [line for phone in phones or (self.crew, self.squad, self.loose) for line in phone.lines()]
        return [line.text for line in lines if line.sender == "account"]
