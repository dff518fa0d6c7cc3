"""The stage (舞台): people who say things, and a clock that is turned by hand. Everything below HTTP is real."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import delete, select, text
from sqlalchemy.orm import selectinload

from bot import ledger
from bot.installation import Installation
from handlers import draft, notices
from handlers.membership import register
from handlers.membership.invitations import invite
from handlers.message import Kind, Media, Message, Pin
from handlers.officer import rectification
from handlers.reception import receive
from models.case import Case
from models.draft import Draft, DraftState
from models.event import CaseEvent
from models.outbound import OutboundMessage
from models.people import Identity, Membership, Role
from models.photo import Photo
from models.report import Report
from models.workflow import Status
from reminders.audit import Finding, audit
from reminders.sweep import sweep
from routing.where.coordinates import wgs84_to_gcj02

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Jinan, a Monday
DIANLIU, YAOJIA, LIXIA = "370102009", "370102011", "370102"  # 甸柳新村街道, 姚家街道, 历下区

_numbers = count(1)


class Stage:
    """One installation, one moment, and the people met so far."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.now = MORNING
        self.default = "citizen_photo"  # the account's platform

    def citizen(self, name: str = "李群众") -> "Actor":
        return Actor(self, f"o-{name}-{next(_numbers)}", name)

    def officer(self, name: str = "张三", unit: str = DIANLIU) -> "Actor":
        return self._bound(name, Role.OFFICER, unit)

    def leader(self, name: str = "孙主任", unit: str = DIANLIU) -> "Actor":
        return self._bound(name, Role.LEADER, unit)

    def dispatcher(self, name: str = "周调度") -> "Actor":
        return self._bound(name, Role.DISPATCHER, None)

    def admin(self, name: str = "郑管理") -> "Actor":
        return self._bound(name, Role.ADMIN, None)

    def verifier(self, name: str = "吴核查") -> "Actor":
        return self._bound(name, Role.VERIFIER, None)

    def photographer(self, name: str = "郑拍客", areas: str = "") -> "Actor":
        return self._bound(name, Role.PHOTOGRAPHER, None, areas=areas)

    def patrol(self, name: str = "王巡访") -> "Actor":
        return self._bound(name, Role.PATROL, None)

    def operator(self, name: str = "冯坐席") -> "Actor":
        return self._bound(name, Role.OPERATOR, None)

    def volunteer(self, name: str = "陈志愿", post: str = "", shift: str = "") -> "Actor":
        return self._bound(name, Role.VOLUNTEER, None, post=post, shift=shift)

    def assessor(self, name: str = "褚测评") -> "Actor":
        return self._bound(name, Role.ASSESSOR, None)

    def journalist(self, name: str = "卫记者", outlet: str = "济南日报") -> "Actor":
        return self._bound(name, Role.JOURNALIST, None, outlet=outlet)

    def also(self, who: "Actor", role: Role, unit: str | None = None, **facts: str) -> str:
        """Give somebody who is bound already one more role; the answer they get."""
        return who.scans(self.code(role, unit, who.name, **facts))

    def also_dispatcher(self, who: "Actor") -> None:
        """Give somebody who is bound already the command centre's role as well."""
        who.scans(self.code(Role.DISPATCHER, None))

    def leave(self, who: "Actor") -> None:
        """End the latest role somebody was given."""
        with self.installation.database.story() as session:
            register.leave(session, self.membership(who).id, self.now)

    def membership(self, who: "Actor") -> Membership:
        """The latest role somebody was given."""
        with self.installation.database.glance() as session:
            at = Identity.person_id == Membership.person_id
            query = select(Membership).join(Identity, at).where(Identity.openid == who.openid)
            return session.scalars(query.order_by(Membership.id.desc())).all()[0]

    def code(self, role: Role, unit: str | None, name: str = "", uses: int = 1, days: float = 1, **facts: str) -> str:
        """A binding code. facts: post, shift, areas, outlet and deputy."""
        with self.installation.database.story() as session:
            return invite(session, role, unit, name, self.now, timedelta(days=days), uses, **facts).code

    def wait(self, **span: float) -> None:
        """Let time pass and the clock do its work: quiet drafts are not closed, see `fall_quiet`."""
        self.now += timedelta(**span)
        self.sweep()

    def sweep(self) -> int:
        """Sweep until nothing is due: what one sweep starts may be due already. Returns how many words fell due."""
        taken = 0
        while True:
            with self.installation.database.story() as session:
                found = sweep(session, self.installation.bell, self.now, 1000)
            taken += found
            if not found:
                return taken

    def fall_quiet(self, **span: float) -> None:
        """Let time pass and close the drafts that have been quiet long enough, as the job does."""
        self.now += timedelta(**span)
        due = select(Draft).where(Draft.quiet_at <= self.now, Draft.state == DraftState.OPEN)
        with self.installation.database.story() as session:
            for pending in session.scalars(due):
                desk = self.installation.desk(session, self.now)
                closing = rectification if pending.channel == rectification.KEY else draft
                closing.fall_quiet(desk, pending)

    def said_to(self, who: "Actor") -> list[str]:
        """Every word on its way to somebody, oldest first, said or not."""
        with self.installation.database.glance() as session:
            query = (
                select(OutboundMessage.text)
                .join(Identity, Identity.person_id == OutboundMessage.person_id)
                .where(Identity.openid == who.openid)
                .order_by(OutboundMessage.id)
            )
            return list(session.scalars(query))

    def rows_to(self, who: "Actor") -> list[OutboundMessage]:
        """The same, with what the outbox knows of each."""
        with self.installation.database.glance() as session:
            about = Identity.person_id == OutboundMessage.person_id
            query = select(OutboundMessage).join(Identity, about).where(Identity.openid == who.openid)
            return list(session.scalars(query.order_by(OutboundMessage.id)))

    def local(self, moment: datetime | None) -> str:
        """A moment as the city's clocks show it."""
        return moment.astimezone(self.installation.settings.timezone).strftime("%H:%M") if moment else ""

    def all_said(self) -> list[str]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))

    def case(self, number: int) -> Case:
        """A case as it stands, with its assignments and deadlines loaded."""
        with self.installation.database.glance() as session:
            case = session.get_one(Case, number)
            _ = case.assignments, case.helpers, case.deadlines, case.petitions
            return case

    def cases(self) -> list[Case]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Case).order_by(Case.id).options(selectinload(Case.assignments))))

    def events(self, number: int) -> list[CaseEvent]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == number).order_by(CaseEvent.id)))

    def reports(self, number: int | None = None) -> list[Report]:
        """Every report, or those of one case, oldest first."""
        with self.installation.database.glance() as session:
            query = select(Report).order_by(Report.id)
            return list(session.scalars(query.where(Report.case_id == number) if number else query))

    def pictures(self, number: int) -> list[str]:
        """What the pictures of a case are called by WeChat: those sent before it was put right."""
        with self.installation.database.story() as session:
            desk = self.installation.desk(session, self.now)
            return [photo.media_id for photo in notices.photos_before(desk, session.get_one(Case, number))]

    def findings(self) -> list[Finding]:
        with self.installation.database.glance() as session:
            return audit(session, self.now)

    def open_drafts(self) -> list[Draft]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Draft).where(Draft.state == DraftState.OPEN)))

    def drafts(self, state: DraftState) -> int:
        """How many drafts have come to that state."""
        with self.installation.database.glance() as session:
            return len(list(session.scalars(select(Draft.id).where(Draft.state == state))))

    def numbered_case(self, number: int, words: str = "垃圾桶满了没人清") -> int:
        """A reported case whose number is this one; to be given in rising order, a minute apart."""
        self.now += timedelta(minutes=1)
        engine = self.installation.database.engine
        if engine.dialect.name == "postgresql":
            with engine.begin() as connection:
                connection.execute(text(f"ALTER SEQUENCE cases_id_seq RESTART WITH {int(number)}"))
            return self.reported_case(words=words)
        # SQLite goes on from the greatest number there is, so a case stands there while the next one is made.
        with self.installation.database.story() as session:
            session.add(Case(id=number - 1, status=Status.CLOSED, channel="", text="", place="", opened_at=self.now))
        try:
            return self.reported_case(words=words)
        finally:
            with self.installation.database.story() as session:
                session.execute(delete(Case).where(Case.id == number - 1))

    def photos_of(self, draft: Draft) -> list[Photo]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Photo).where(Photo.draft_id == draft.id)))

    def reported_case(self, who: "Actor | None" = None, words: str = "垃圾桶满了没人清") -> int:
        """A citizen's complete report at 甸柳新村; returns the case's number."""
        citizen = who or self.citizen()
        citizen.photo()
        citizen.place()
        citizen.says(words)
        citizen.says("完成")
        return self.cases()[-1].id

    def solve(self, number: int, officer: "Actor") -> None:
        """Claimed and put right; now it waits for its 核查."""
        officer.says(f"认领 {number}")
        officer.photo()
        officer.says(f"整改 {number} 已处理到位")

    def close(self, number: int, officer: "Actor", command: "Actor") -> None:
        """The whole life of a case that a unit holds."""
        self.solve(number, officer)
        command.says(f"通过 {number}")

    def _bound(self, name: str, role: Role, unit: str | None, **facts: str) -> "Actor":
        actor = Actor(self, f"o-{name}-{next(_numbers)}", name)
        actor.scans(self.code(role, unit, name, **facts))
        return actor


@dataclass(frozen=True)
class Actor:
    """Somebody with a phone. Every method returns the bot's passive answer."""

    stage: Stage
    openid: str
    name: str

    def says(self, text: str) -> str:
        return self._send(Kind.TEXT, text=text)

    def photo(self, media_id: str = "", sent_at: datetime | None = None) -> str:
        picture = Media(media_id or f"media-{next(_numbers)}")
        return self._send(Kind.PHOTO, photo=picture, sent_at=sent_at or self.stage.now)

    def place(self, lat: float = 36.6585, lon: float = 117.0603, label: str = "甸柳新村第三小区") -> str:
        """A pin; lat and lon are WGS-84 here, and sent in GCJ-02 as a phone does."""
        gcj_lat, gcj_lon = wgs84_to_gcj02(lat, lon)
        return self._send(Kind.PLACE, pin=Pin(gcj_lat, gcj_lon, label))

    def reports(self, words: str, photos: int = 0) -> list[Case]:
        """Words, then photos, then 完成 until it is believed; the cases that were opened by it."""
        before = {case.id for case in self.stage.cases()}
        self.says(words)
        for _ in range(photos):
            self.photo()
        self.says("完成")
        if self.stage.open_drafts():
            self.says("完成")
        return [case for case in self.stage.cases() if case.id not in before]

    def link(self, title: str, description: str, url: str) -> str:
        """An article shared out of WeChat."""
        lines = "\n".join(line for line in (title, description, url) if line)
        return self._send(Kind.LINK, text=lines, details={"Title": title, "Description": description, "Url": url})

    def scans(self, scene: str) -> str:
        return self._send(Kind.SCAN, scene=scene)

    def does(self, kind: Kind, **content: object) -> str:
        return self._send(kind, **content)

    def hears(self) -> list[str]:
        return self.stage.said_to(self)

    def _send(self, kind: Kind, **content: object) -> str:
        stage, now = self.stage, self.stage.now
        message = Message(kind=kind, account="jinan", sender=self.openid, sent_at=now)
        message = replace(message, **content)  # type: ignore[arg-type]
        with stage.installation.database.story() as session:
            reply = receive(stage.installation.desk(session, now), message, stage.default)
            ledger.heard(session, reply.identity_id, message, now)
        return reply.text
