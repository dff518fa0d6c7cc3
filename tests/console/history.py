"""手写的案情: short histories of cases at given hours, made by the models' own verbs; their answers are known."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from bot.installation import Installation
from models.actor import SYSTEM, Actor, Order
from models.case import Case
from models.clock import Hours
from models.draft import Draft, DraftState
from models.people import Membership, Person, Role
from models.petition import Plea, Ruling
from models.report import Report
from models.workflow import Move, Part
from tests.stage import DIANLIU, LIXIA

_numbers = count(1)
COMMAND = Part.DISPATCHER
# (hours since the beginning, what happens, more about it)
Step = tuple[Any, ...]


class Histories:
    """案情簿: makes cases one after the other, each from its list of steps."""

    def __init__(self, installation: Installation, beginning: datetime) -> None:
        self.installation, self.beginning = installation, beginning

    def person(self, role: Role | None = None, unit: str | None = None, since: float = -1000) -> int:
        """Somebody, in office at a unit from that hour on where a role is given."""
        with self.installation.database.story() as session:
            person = Person(name=f"某{next(_numbers)}", created_at=self.at(since))
            session.add(person)
            session.flush()
            if role:
                session.add(Membership(person_id=person.id, role=role, unit_code=unit, since=self.at(since)))
            return person.id

    def at(self, hours: float) -> datetime:
        return self.beginning + timedelta(hours=hours)

    def case(self, *steps: Step, by: int | None = None, **facts: Any) -> int:
        """A case that lived through these steps; its number. The first one is (hours, "open")."""
        reporter = by or self.person()
        with self.installation.database.story() as session:
            desk = self.installation.desk(session, self.at(steps[0][0]))
            case = self._open(session, desk.clocks, self.at(steps[0][0]), reporter, facts)
            for hours, verb, *about in steps[1:]:
                _VERBS[verb](_Life(session, desk.clocks, case, reporter), self.at(hours), *about)
                session.flush()
            return case.id

    def _open(self, session: Session, clocks: Any, now: datetime, reporter: int, facts: dict[str, Any]) -> Case:
        said = {
            "channel": "citizen_photo",
            "category": "event:06010",
            "district": LIXIA,
            "street": DIANLIU,
            "text": "垃圾桶满了",
            "place": "甸柳新村",
            **facts,
        }
        case = Case.open(session, clocks, now, **said)
        report(session, case, reporter, now)
        return case


class _Life:
    """One case while its history is written."""

    def __init__(self, session: Session, clocks: Any, case: Case, reporter: int) -> None:
        self.session, self.clocks, self.case, self.reporter = session, clocks, case, reporter

    def actor(self, part: Part) -> Actor:
        return Actor(part, self.reporter)

    def assign(self, now: datetime, unit: str = DIANLIU) -> None:
        order = Order(unit=unit, policies=self.clocks.for_category(Hours()))
        self.case.assign(order, self.actor(COMMAND), now)

    def claim(self, now: datetime) -> None:
        self.case.claim(self.actor(Part.OFFICER), now)

    def rectify(self, now: datetime) -> None:
        self.case.rectify(self.actor(Part.OFFICER), _draft(self.session, self.reporter, now).id, self.clocks, now, "")

    def passed(self, now: datetime) -> None:
        self.case.close(Move.PASS, self.actor(COMMAND), now)

    def confirm(self, now: datetime) -> None:
        self.case.close(Move.CONFIRM, self.actor(Part.REPORTER), now)

    def fail(self, now: datetime) -> None:
        self.case.fail(self.actor(COMMAND), self.clocks, now, "没清干净")

    def reject(self, now: datetime) -> None:
        self.case.reject(self.actor(COMMAND), now, "不属实")

    def reopen(self, now: datetime) -> None:
        self.case.reopen(self.actor(COMMAND), self.clocks, now, "又有了")

    def send_back(self, now: datetime) -> None:
        self._granted(Plea.RETURN, now)
        self.case.send_back(self.actor(COMMAND), self.clocks, now, "派错了")

    def extend(self, now: datetime) -> None:
        self._granted(Plea.EXTENSION, now)
        self.case.extend(self.actor(COMMAND), self.clocks, now, "下雨")

    def _granted(self, plea: Plea, now: datetime) -> None:
        petition = self.case.ask(plea, self.actor(Part.OFFICER), self.clocks, now, "理由")
        self.case.settle(petition, Ruling.ACCEPTED, SYSTEM, now)

    def rate(self, now: datetime, score: int) -> None:
        """By the case's own reporter."""
        first = self.session.query(Report).filter_by(case_id=self.case.id).order_by(Report.id).first()
        assert first is not None
        first.rating, first.rated_at = score, now

    def joined(self, now: datetime, channel: str = "citizen_photo", score: int | None = None) -> None:
        """One more report of the same problem, perhaps with an answer."""
        one = report(self.session, self.case, self.reporter, now, channel)
        one.rating, one.rated_at = score, now if score else None


_VERBS: dict[str, Any] = {
    "assign": _Life.assign,
    "claim": _Life.claim,
    "rectify": _Life.rectify,
    "pass": _Life.passed,
    "confirm": _Life.confirm,
    "fail": _Life.fail,
    "reject": _Life.reject,
    "reopen": _Life.reopen,
    "send_back": _Life.send_back,
    "extend": _Life.extend,
    "rate": _Life.rate,
    "join": _Life.joined,
}


def report(session: Session, case: Case, person: int, now: datetime, channel: str = "") -> Report:
    """上报 of a case."""
    made = Report(
        draft_id=_draft(session, person, now).id,
        person_id=person,
        case_id=case.id,
        channel=channel or case.channel,
        text=case.text,
        place=case.place,
        reported_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _draft(session: Session, person: int, now: datetime) -> Draft:
    draft = Draft(
        person_id=person,
        account="jinan",
        channel="citizen_photo",
        state=DraftState.SUBMITTED,
        opened_at=now,
        touched_at=now,
        closed_at=now,
    )
    session.add(draft)
    session.flush()
    return draft
