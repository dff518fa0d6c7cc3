"""测评轮次: planned, drawn, handed out, closed. Only the command centre comes here, and nobody else sees the list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from handlers.desk import Desk
from handlers.field import frame
from handlers.field.drawing import Pick, Stratum, draw, foci, share_out
from handlers.field.frame import By, Candidate, Days
from handlers.field.wording import TEXTS
from models.people import Membership, Role
from models.report import Report
from models.score import FieldRound, FieldVisit
from routing.pack import Pack

METHOD = "sha256"
# A draw of everything there is would be handed out before anybody saw the mistake.
VISITS_AT_MOST = 1000


class BadPlan(ValueError):
    """方案有误: says in Chinese what to put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """抽样方案. days: of the round.  closed: of the cases it draws from, None for no cases.

    points_by, cases_by: what they are stratified by.  points_each, cases_each: how many of every stratum.
    counts: how many of single strata instead.
    """

    title: str
    days: Days
    seed: str
    points_by: Sequence[By] = (By.KIND,)
    points_each: int = 0
    closed: Days | None = None
    cases_by: Sequence[By] = (By.DISTRICT, By.CATEGORY)
    cases_each: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """抽样结果: strata, what was drawn in its order, and everything it was drawn from by key."""

    plan: Plan
    strata: tuple[Stratum, ...]
    picks: tuple[Pick, ...]
    candidates: Mapping[str, Candidate]

    @property
    def short(self) -> list[Stratum]:
        """不足的层."""
        return [stratum for stratum in self.strata if stratum.short]


def drawn(desk: Desk, plan: Plan) -> Draw:
    """抽样预览: what the plan would draw now. Nothing is written. Raises BadPlan."""
    _check(plan)
    found = frame.points(desk.router.pack) if plan.points_by else []
    cases = frame.closed_cases(desk, plan.closed) if plan.closed else []
    strata = (
        *_strata(plan, found, plan.points_by, plan.points_each),
        *_strata(plan, cases, plan.cases_by, plan.cases_each),
    )
    picks = tuple(draw(plan.seed, strata))
    if len(picks) > VISITS_AT_MOST:
        raise BadPlan(TEXTS("plan.too_many", count=len(picks), most=VISITS_AT_MOST))
    return Draw(plan, strata, picks, {one.key: one for one in (*found, *cases)})


def _check(plan: Plan) -> None:
    if not plan.title or not plan.seed:
        raise BadPlan(TEXTS("plan.no_title"))
    if plan.days.last < plan.days.first or (plan.closed and plan.closed.last < plan.closed.first):
        raise BadPlan(TEXTS("plan.backwards"))


def _strata(plan: Plan, candidates: Iterable[Candidate], by: Sequence[By], each: int) -> list[Stratum]:
    frames = defaultdict[str, list[str]](list)
    for one in candidates:
        frames[one.stratum(by)].append(one.key)
    return [Stratum(key, plan.counts.get(key, each), tuple(sorted(frames[key]))) for key in sorted(frames)]


def make(desk: Desk, plan: Plan, person_id: int | None) -> FieldRound:
    """开始一轮: draw, hand out, tell the assessors. Raises BadPlan."""
    made = drawn(desk, plan)
    if not made.picks:
        raise BadPlan(TEXTS("plan.nothing"))
    focus = _focus(desk.router.pack, made)
    round_ = FieldRound(
        title=plan.title[:128],
        begins_on=plan.days.first,
        ends_on=plan.days.last,
        seed=plan.seed,
        strata={"method": METHOD, **_kept(desk, made)},
        made_at=desk.now,
        made_by=person_id,
    )
    desk.session.add(round_)
    desk.session.flush()
    first = next_number(desk)
    given = _given(desk, made)
    round_.strata = {**round_.strata, "focus": {str(first + n): focus[pick] for n, pick in enumerate(made.picks)}}
    visits = [_visit(round_, first + n, pick, made.candidates[pick.key]) for n, pick in enumerate(made.picks)]
    for visit, pick in zip(visits, made.picks, strict=True):
        visit.person_id = given.get(pick)
    desk.session.add_all(visits)
    _tell(desk, round_, visits)
    desk.session.flush()
    return round_


def next_number(desk: Desk) -> int:
    """任务号 go on from round to round: 任务 3 is one visit, whoever has how many rounds."""
    return (desk.session.scalar(select(func.max(FieldVisit.number))) or 0) + 1


def _kept(desk: Desk, made: Draw) -> dict[str, Any]:
    """What anybody needs to repeat the draw, and what was asked for."""
    pack, plan = desk.router.pack, made.plan
    counted = defaultdict[str, int](int)
    for pick in made.picks:
        counted[pick.stratum] += 1
    strata = [
        {
            "key": stratum.key,
            "name": frame.stratum_name(pack, stratum.key),
            "wanted": stratum.wanted,
            "drawn": counted[stratum.key],
            "frame": list(stratum.frame),
        }
        for stratum in made.strata
        if stratum.wanted > 0
    ]
    closed = [day.isoformat() for day in plan.closed] if plan.closed else []
    return {"strata": strata, "closed": closed, "pack": pack.version}


def _focus(pack: Pack, made: Draw) -> dict[Pick, list[str]]:
    """看点: of points out of the same kinds as of cases, so that a sheet does not tell which it is."""
    of = {pick: made.candidates[pick.key] for pick in made.picks}
    pool = {indicator.category for indicator in pack.points.indicators.values()}
    pool |= {one.category for one in of.values() if one.category}
    known = [key for key in sorted(pool) if key in pack.categories]
    return {pick: foci(made.plan.seed, pick, known, one.category) for pick, one in of.items()}


def _visit(round_: FieldRound, number: int, pick: Pick, candidate: Candidate) -> FieldVisit:
    return FieldVisit(
        round_id=round_.id,
        number=number,
        stratum=pick.stratum,
        place=candidate.place,
        point_key="" if candidate.case_id else candidate.key,
        unit_code=candidate.unit,
        case_id=candidate.case_id,
    )


def _given(desk: Desk, made: Draw) -> dict[Pick, int]:
    """分派 to the assessors in office, never near their own area, never what they reported themselves."""
    areas = _areas(desk)
    reporters = _reporters(desk, [one.case_id for one in made.candidates.values() if one.case_id])
    barred = {}
    for pick in made.picks:
        one = made.candidates[pick.key]
        near = {person for person, own in areas.items() if one.traits[By.DISTRICT] in own}
        barred[pick] = near | reporters.get(one.case_id or 0, set())
    return share_out(made.plan.seed, made.picks, barred, list(areas))


def _areas(desk: Desk) -> dict[int, set[str]]:
    """测评员 in office, with the districts they live or work in, where that is known."""
    in_force = (Membership.since <= desk.now, or_(Membership.until.is_(None), Membership.until > desk.now))
    query = select(Membership.person_id, Membership.role, Membership.areas, Membership.unit_code).where(*in_force)
    rows = desk.session.execute(query.order_by(Membership.id)).all()
    assessors = {row.person_id for row in rows if row.role is Role.ASSESSOR}
    found: dict[int, set[str]] = {one: set() for one in sorted(assessors)}
    for row in rows:
        if row.person_id in found:
            found[row.person_id] |= {_district(desk, code) for code in (*row.areas.split(), row.unit_code) if code}
    return {person: own - {""} for person, own in found.items()}


def _district(desk: Desk, code: str) -> str:
    unit = desk.router.pack.units.get(code)
    return (unit.district or "") if unit else code


def _reporters(desk: Desk, cases: Sequence[int]) -> dict[int, set[int]]:
    found = defaultdict[int, set[int]](set)
    query = select(Report.case_id, Report.person_id)
    for at in range(0, len(cases), 500):
        for case_id, person_id in desk.session.execute(query.where(Report.case_id.in_(cases[at : at + 500]))):
            found[case_id].add(person_id)
    return found


def _tell(desk: Desk, round_: FieldRound, visits: Iterable[FieldVisit]) -> None:
    """One word to each assessor: how many there are. What they are, everybody asks for."""
    counted = defaultdict[int, int](int)
    for visit in visits:
        if visit.person_id is not None:
            counted[visit.person_id] += 1
            visit.sent_at = desk.now
    for person, count in counted.items():
        text = TEXTS("told", count=count, due=day_in_words(round_.ends_on))
        desk.say(person, f"field:{round_.id}:assigned", text, can_wait=True)


def day_in_words(day: date) -> str:
    """11月30日."""
    return TEXTS("day", month=day.month, day=day.day)


def close(desk: Desk, round_: FieldRound) -> int:
    """结束一轮: no more results. Returns how many visits stay without one."""
    round_.closed_at = round_.closed_at or desk.now
    query = select(func.count()).where(FieldVisit.round_id == round_.id, FieldVisit.result.is_(None))
    return desk.session.scalar(query) or 0


def hand_over(desk: Desk, visit: FieldVisit, person_id: int) -> None:
    """改派 a visit that has no result yet."""
    visit.person_id, visit.sent_at, visit.reminded_at = person_id, desk.now, None
    text = TEXTS("told", count=1, due=day_in_words(desk.session.get_one(FieldRound, visit.round_id).ends_on))
    desk.say(person_id, f"field:visit:{visit.id}:{desk.now:%Y%m%d%H%M%S%f}", text, can_wait=True)


def repeated(round_: FieldRound) -> list[Pick]:
    """重抽: the draw made again, out of nothing but the seed and the strata that are kept and printed."""
    rows = round_.strata.get("strata", [])
    return draw(round_.seed, [Stratum(row["key"], row["wanted"], tuple(row["frame"])) for row in rows])


def is_as_drawn(desk: Desk, round_: FieldRound) -> bool:
    """Whether the round's visits are those the seed draws; what was imported later is none of them."""
    query = select(FieldVisit).where(FieldVisit.round_id == round_.id).order_by(FieldVisit.number)
    visits = [one for one in desk.session.scalars(query) if one.stratum != frame.IMPORTED]
    return [Pick(one.stratum, one.point_key or f"a:{one.case_id}") for one in visits] == repeated(round_)
