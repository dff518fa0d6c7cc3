"""案卷: the facts of one case, gathered for its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, func, select

from console.dossier.letters import Letter, letters
from console.dossier.options import Option, options, suggestions
from console.dossier.story import Happening, story
from console.premises import premises
from console.visitor import Visitor
from handlers import notices
from handlers.desk import Desk
from handlers.dispatcher import overview
from handlers.doubts import settling
from models.assignment import Assignment, Hand
from models.case import Case
from models.deadline import Deadline
from models.draft import Draft
from models.exposure import Exposure, Pledge
from models.petition import Petition
from models.photo import Fetch, Photo
from models.report import Report

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Held:
    """派单一次: who had it from when to when. ending: in words, "" while it lasts."""

    unit: str
    is_lead: bool
    forced: bool
    assigned_at: datetime
    claimed_at: datetime | None
    rectified_at: datetime | None
    ended_at: datetime | None
    ending: str
    reworks: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """案卷. Lists are empty where the visitor may not read them, or where there is nothing."""

    case: Case
    category: str
    street: str
    district: str
    holder: str
    status: str
    summary: str
    marks: str
    told: str
    doubts: list[str]
    why: str
    suggested: list[tuple[str, str, str]]
    options: list[Option]
    before: list[int]
    after: list[int]
    waiting: int
    missing: int
    words_after: str
    clocks: list[Deadline]
    held: list[Held]
    petitions: list[Petition]
    exposures: list[Exposure]
    pledges: list[Pledge]
    recurrences: list[int]
    reporters: int
    story: list[Happening]
    letters: list[Letter]
    unit_names: list[str]
    category_names: list[str]


def case_file(desk: Desk, who: Visitor, case: Case) -> CaseFile:
    """案卷 of a case that the visitor may see."""
    is_command = who.units is None
    before, after = notices.photos_before(desk, case), notices.photos_after(desk, case)
    return CaseFile(
        case=case,
        category=desk.category_name(case),
        street=desk.unit_name(case.street),
        district=desk.unit_name(case.district),
        holder=desk.unit_name(case.unit_code),
        status=desk.texts(f"status.{case.status}"),
        summary=case.text,
        marks=notices.marked(desk, case) if is_command else "",
        told=overview.told(desk, case).strip() if is_command else "",
        doubts=settling.of_case(desk, case) if is_command else [],
        why=overview.explained(desk, case.decision) if is_command and case.decision else "",
        suggested=suggestions(desk, case) if is_command else [],
        options=options(desk, who, case),
        before=_kept(before),
        after=_kept(after),
        waiting=sum(photo.state is Fetch.WAITING for photo in (*before, *after)),
        missing=notices.photos_missing(desk, case),
        words_after=_words_after(desk, case),
        clocks=list(reversed(case.deadlines)),
        held=[_held(desk, one) for one in sorted([*case.assignments, *case.helpers], key=_number)],
        petitions=list(reversed(case.petitions)),
        exposures=_of_case(desk, select(Exposure).where(Exposure.case_id == case.id).order_by(Exposure.id.desc())),
        pledges=_of_case(desk, select(Pledge).where(Pledge.case_id == case.id).order_by(Pledge.id.desc())),
        recurrences=_recurrences(desk, case),
        reporters=_reporters(desk, case) if is_command else 0,
        story=story(desk, who, case),
        letters=letters(desk, who, case),
        unit_names=[unit.name for unit in desk.router.pack.units.values()] if is_command else [],
        category_names=[one.name for one in desk.router.pack.categories.values()] if is_command else [],
    )


def _kept(photos: list[Photo]) -> list[int]:
    return [photo.id for photo in photos if photo.state is Fetch.KEPT]


def _words_after(desk: Desk, case: Case) -> str:
    """What the unit wrote with its latest rectification."""
    done = next((one.rectification_id for one in reversed(case.assignments) if one.rectification_id), None)
    draft = desk.session.get(Draft, done) if done else None
    return draft.text if draft else ""


def _number(one: Assignment) -> int:
    return one.id


def _held(desk: Desk, one: Assignment) -> Held:
    return Held(
        unit=desk.unit_name(one.unit_code),
        is_lead=one.role is Hand.LEAD,
        forced=one.forced,
        assigned_at=one.assigned_at,
        claimed_at=one.claimed_at,
        rectified_at=one.rectified_at,
        ended_at=one.ended_at,
        ending=premises().texts(f"ending.{one.ending}") if one.ending else "",
        reworks=one.reworks,
    )


def _of_case(desk: Desk, query: Select[Row]) -> list[Row]:
    return list(desk.session.scalars(query))


def _recurrences(desk: Desk, case: Case) -> list[int]:
    """反弹: the cases this problem came back as."""
    return list(desk.session.scalars(select(Case.id).where(Case.recurrence_of == case.id).order_by(Case.id)))


def _reporters(desk: Desk, case: Case) -> int:
    people = select(func.count(Report.person_id.distinct())).where(Report.case_id == case.id)
    return desk.session.scalars(people).one()
