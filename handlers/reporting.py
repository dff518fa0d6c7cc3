"""From a finished draft to a case (受理): understood, joined to an open case nearby or opened, and routed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from handlers import notices
from handlers.desk import Desk
from handlers.reading.privacy import mask
from models.actor import SYSTEM, Order
from models.case import Case
from models.clock import Hours
from models.draft import Draft, DraftState
from models.report import Report
from models.workflow import OPEN_STATUSES, Move, Status
from routing.coordinates import gcj02_to_wgs84, metres_between
from routing.decision import Decision
from routing.finding import Finding
from routing.pack import Tier

SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """受理结果: the case, and whether it was known already."""

    case: Case
    joined: bool


def submit(desk: Desk, draft: Draft) -> Receipt:
    """受理: one draft becomes one report of one case."""
    draft.close(DraftState.SUBMITTED, desk.now)
    lat, lon = _wgs84(draft)
    finding = Finding(text=draft.text, place=draft.place, lat=lat, lon=lon, platform=draft.channel)
    decision = desk.router.decide(finding)
    known = _same_problem(desk, decision, lat, lon)
    case = known or _open(desk, draft, decision, lat, lon)
    desk.session.add(
        Report(
            draft_id=draft.id,
            person_id=draft.person_id,
            case_id=case.id,
            channel=draft.channel,
            text=draft.text,
            place=draft.place,
            lat=lat,
            lon=lon,
            reported_at=desk.now,
        )
    )
    desk.session.flush()
    if known:
        _join(desk, case, draft)
    else:
        _route(desk, case, decision)
    return Receipt(case, joined=known is not None)


def _join(desk: Desk, case: Case, draft: Draft) -> None:
    """并案. Who reports what is said to be put right contradicts it: whoever verifies must know."""
    case.move(Move.JOIN, SYSTEM, desk.now, mask(draft.text), draft=draft.id)
    if case.status is Status.RECTIFIED:
        text = desk.texts("dispatch.again", number=case.id, summary=notices.describe(desk, case))
        notices.tell_command(desk, case, text)


def _wgs84(draft: Draft) -> tuple[float | None, float | None]:
    """WeChat's pin is GCJ-02; everything after this point is WGS-84."""
    if draft.lat is None or draft.lon is None:
        return None, None
    return gcj02_to_wgs84(draft.lat, draft.lon)


def _same_problem(desk: Desk, decision: Decision, lat: float | None, lon: float | None) -> Case | None:
    """An open case of the same kind within the distance and time the rules give, the nearest first."""
    if lat is None or lon is None or decision.category is None:
        return None
    degrees = desk.rules.near_metres / 111_000  # a box in latitude; longitude degrees are shorter, so twice as many
    nearby = select(Case).where(
        Case.status.in_(OPEN_STATUSES),
        Case.category == decision.category,
        Case.opened_at >= desk.now - desk.rules.near_within,
        Case.lat.between(lat - degrees, lat + degrees),
        Case.lon.between(lon - 2 * degrees, lon + 2 * degrees),
    )
    found = [
        (metres_between(lat, lon, case.lat, case.lon), case.id)
        for case in desk.session.scalars(nearby)
        if case.lat is not None and case.lon is not None
    ]
    near = [case_id for metres, case_id in sorted(found) if metres <= desk.rules.near_metres]
    return Case.locked(desk.session, near[0]) if near else None


def _open(desk: Desk, draft: Draft, decision: Decision, lat: float | None, lon: float | None) -> Case:
    return Case.open(
        desk.session,
        desk.clocks,
        desk.now,
        channel=draft.channel,
        category=decision.category or "",
        district=decision.district or "",
        street=decision.street or "",
        # The unit reads these. Whatever names a person stays with the report, for the command centre.
        text=mask(draft.text),
        place=mask(draft.place),
        lat=lat,
        lon=lon,
        decision=decision.as_json(),
    )


def _route(desk: Desk, case: Case, decision: Decision) -> None:
    """立案派单: sure enough goes out by itself; else a dispatcher is asked, with the suggestions."""
    if decision.confidence >= desk.rules.sure_from and decision.category:
        assign(desk, case, decision.unit, decision.as_json())
        return
    # Whoever wants to know why asks 理由: a rule's file and line help nobody to decide at the roadside.
    text = desk.texts(
        "dispatch.asked", summary=notices.describe(desk, case), options=options(desk, case), number=case.id
    )
    notices.tell_command(desk, case, text)


def suggested_units(desk: Desk, case: Case) -> list[str]:
    """The units routing thinks of, its own answer first; never the command centre, which is who is asked."""
    if not case.decision:
        return []
    others = [option["unit"] for option in case.decision["alternatives"]]
    units = desk.router.pack.units
    known = [code for code in dict.fromkeys([case.decision["unit"], *others]) if code in units]
    return [code for code in known if units[code].tier is not Tier.COMMAND][:SUGGESTED]


def options(desk: Desk, case: Case) -> str:
    """1. 甸柳新村街道 2. …"""
    units = enumerate(suggested_units(desk, case), start=1)
    return "\n".join(f"{n}. {desk.unit_name(code)}" for n, code in units) or desk.texts("dispatch.no_suggestion")


def assign(desk: Desk, case: Case, unit: str, decision: dict[str, Any]) -> None:
    """派单 by the system itself."""
    order = Order(unit=unit, why=decision["rule"], decision=decision, policies=policies(desk, case))
    notices.tell_assigned(desk, case, case.assign(order, SYSTEM, desk.now))


def policies(desk: Desk, case: Case) -> dict[str, Any]:
    """The clocks of an assignment, with the category's own hours where the data pack gives any."""
    category = desk.router.pack.categories.get(case.category)
    own = Hours(category.claim_hours, category.rectify_hours) if category else Hours()
    return desk.clocks.for_category(own)
