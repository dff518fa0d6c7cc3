"""From a finished draft to cases (受理): understood, joined to an open case nearby or opened, and routed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from handlers import adding, discretion, exposing, helping, matching, notices
from handlers.channels import CHANNELS
from handlers.channels.piece import Item
from handlers.desk import Desk
from handlers.reading.place_words import named_place
from models.actor import SYSTEM, Actor, Order
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty, Hours
from models.draft import Draft, DraftState
from models.people import Person
from models.report import Report
from models.workflow import Move, Status
from routing.decision import Decision
from routing.finding import Finding
from routing.pack import Tier
from routing.where.coordinates import gcj02_to_wgs84

SUGGESTED = 3


class How(StrEnum):
    """受理方式."""

    ACCEPTED = "accepted"
    JOINED = "joined"  # 并案
    KNOWN = "known"  # the same 工单编号 again: nothing is written twice


@dataclass(frozen=True, slots=True)
class Receipt:
    """受理结果: the case, and what became of the finding."""

    case: Case
    how: How


@dataclass(frozen=True, slots=True)
class _Found:
    """One finding, understood: where it is (WGS-84), and how routing sees it."""

    item: Item
    text: str
    place: str
    lat: float | None
    lon: float | None
    decision: Decision

    @property
    def spot(self) -> matching.Spot:
        """What makes it the same problem as another."""
        return matching.Spot(self.decision.category, self.decision.street, self.place, self.lat, self.lon)


def submit(desk: Desk, draft: Draft, items: list[Item]) -> list[Receipt]:
    """受理: each finding of a draft becomes one report of one case; then the new cases go out."""
    draft.close(DraftState.SUBMITTED, desk.now)
    made: list[Receipt] = []
    for item in items:
        # Whoever lists two problems means two, however alike they are.
        made.append(_submit_one(desk, draft, item, {receipt.case.id for receipt in made}))
    for receipt in made:  # not before, because a task tells how many of the photos are its own
        if receipt.how is How.ACCEPTED:
            _route(desk, receipt.case)
    return made


def category_of(desk: Desk, draft: Draft, item: Item) -> str:
    """What kind of problem a finding is taken for, before it is submitted; "" for none."""
    return _understood(desk, draft, item).decision.category or ""


def report_on(desk: Desk, draft: Draft, item: Item, case: Case) -> tuple[Report, str]:
    """上报 of a case that is known already: nothing is opened. Returns it, and its words as units may read them."""
    found = _understood(desk, draft, item)
    return _report(desk, draft, found, case), found.text


def _submit_one(desk: Desk, draft: Draft, item: Item, besides: set[int]) -> Receipt:
    numbered = _numbered(desk, draft.channel, item.number)
    if numbered is not None:
        adding.add_new(desk, numbered, item.text, draft.person_id)
        return Receipt(numbered, How.KNOWN)
    found = _understood(desk, draft, item)
    known = matching.open_case(desk, found.spot, besides)
    case = known or _open(desk, draft, found)
    report = _report(desk, draft, found, case)
    if known:
        _join(desk, case, draft, found.text)
    CHANNELS[draft.channel].record(desk, case, report, item)
    return Receipt(case, How.JOINED if known else How.ACCEPTED)


def _understood(desk: Desk, draft: Draft, item: Item) -> _Found:
    """What a case may say of it: no phone, no plate, no name; those stay with the report."""
    lat, lon = _wgs84(draft, item)
    names = _names(desk, draft, item)
    text = discretion.hidden(item.text, names)
    place = discretion.hidden(item.place or named_place(item.text), names)[:128]
    finding = Finding(
        text=item.text,
        place=item.place,
        lat=lat,
        lon=lon,
        platform=draft.channel,
        category=item.category,
        category_word=item.category_word,
        at=desk.now.astimezone(desk.zone),
    )
    return _Found(item, text, place, lat, lon, desk.router.decide(finding))


def _names(desk: Desk, draft: Draft, item: Item) -> list[str]:
    """Who reported, and who called the hotline: people sign, and an order says 王小明反映 without a title."""
    reporter = desk.session.get_one(Person, draft.person_id).name
    caller = item.aside.get("caller", "")
    return [reporter, caller]


def _wgs84(draft: Draft, item: Item) -> tuple[float | None, float | None]:
    """WeChat's pin is GCJ-02; a post's place is WGS-84 already; everything after this point is."""
    if draft.lat is not None and draft.lon is not None:
        return gcj02_to_wgs84(draft.lat, draft.lon)
    return item.lat, item.lon


def _numbered(desk: Desk, channel: str, number: str) -> Case | None:
    """The case an order number has made already."""
    if not number:
        return None
    query = select(Case).join(Report, Report.case_id == Case.id)
    return desk.session.scalars(query.where(Report.channel == channel, Report.number == number)).one_or_none()


def _report(desk: Desk, draft: Draft, found: _Found, case: Case) -> Report:
    item = found.item
    report = Report(
        draft_id=draft.id,
        person_id=draft.person_id,
        case_id=case.id,
        channel=draft.channel,
        text=item.text,
        place=item.place[:128],
        lat=found.lat,
        lon=found.lon,
        number=item.number,
        extra=dict(item.extra),
        reported_at=desk.now,
    )
    desk.session.add(report)
    desk.session.flush()
    for photo in draft.photos:
        if item.photos is not None and photo.id in item.photos:
            photo.report_id = report.id
    return report


def _join(desk: Desk, case: Case, draft: Draft, text: str) -> None:
    """并案. Who reports what is said to be put right contradicts it: whoever verifies must know."""
    case.move(Move.JOIN, SYSTEM, desk.now, text, draft=draft.id, channel=draft.channel)
    if case.status is Status.RECTIFIED:
        words = desk.texts("dispatch.again", number=case.id, summary=notices.describe(desk, case))
        notices.tell_verifiers(desk, case, words)


def _open(desk: Desk, draft: Draft, found: _Found) -> Case:
    decision = found.decision
    return Case.open(
        desk.session,
        desk.clocks,
        desk.now,
        channel=draft.channel,
        category=decision.category or "",
        district=decision.district or "",
        street=decision.street or "",
        text=found.text,
        place=found.place,
        lat=found.lat,
        lon=found.lon,
        decision=decision.as_json(),
        recurrence_of=matching.recurrence_of(desk, found.spot),
    )


def _route(desk: Desk, case: Case) -> None:
    """立案派单: what is sure enough goes out by itself; else a dispatcher is asked, with the suggestions.

    A platform may want a dispatcher to look first always, or never.
    """
    triage = desk.router.pack.platforms[case.channel].triage
    is_sure = case.decision["confidence"] >= desk.rules.sure_from and bool(case.category)
    if triage == "never" or (triage == "unsure" and is_sure):
        assign(desk, case, case.decision["unit"], case.decision)
        return
    # Whoever wants to know why asks 理由: a rule's file and line help nobody to decide at the roadside.
    text = desk.texts(
        "dispatch.asked",
        summary=notices.describe(desk, case),
        marks=notices.marked(desk, case),
        options=options(desk, case),
        number=case.id,
    )
    notices.tell_command(desk, case, text, deadline=case.live(Duty.TRIAGE)[0])


def suggested_units(desk: Desk, case: Case) -> list[str]:
    """The units routing thinks of, its own answer first; never the command centre, which is who is asked."""
    if not case.decision:
        return []
    others = [option["unit"] for option in case.decision["alternatives"]]
    units = desk.router.pack.units
    known = [code for code in dict.fromkeys([case.decision["unit"], *others]) if code in units]
    return [code for code in known if units[code].tier is not Tier.COMMAND][:SUGGESTED]


def options(desk: Desk, case: Case) -> str:
    """1. 甸柳新村街道（why） 2. …"""
    lines = [
        desk.texts("dispatch.option", n=n, unit=desk.unit_name(code), why=_why(case, code))
        for n, code in enumerate(suggested_units(desk, case), start=1)
    ]
    return "\n".join(lines) or desk.texts("dispatch.no_suggestion")


def _why(case: Case, unit: str) -> str:
    """Why routing thinks of a unit, short: by the words and the place, or by what else it may be."""
    if unit == case.decision["unit"]:
        said = {reason["about"]: reason["text"] for reason in reversed(case.decision["why"])}
        return "；".join(said[about] for about in ("category", "place") if about in said)
    return next(str(option["why"]) for option in case.decision["alternatives"] if option["unit"] == unit)


def assign(desk: Desk, case: Case, unit: str, decision: dict[str, Any]) -> None:
    """派单 by the system itself."""
    order = Order(unit=unit, why=decision["rule"], decision=decision, policies=policies(desk, case))
    hand_over(desk, case, order, SYSTEM)


def hand_over(desk: Desk, case: Case, order: Order, actor: Actor) -> Assignment:
    """派单, by whomever: the unit's clocks start, an exposed case owes a promise as well, and the unit hears it.

    Where it goes to whom routing meant, the units that routing meant to help (协办) are called in with it.
    """
    lead = case.assign(order, actor, desk.now)
    exposing.owe_pledge(desk, case)
    helping.as_decided(desk, case, lead)
    helping.tell_released(desk, case)
    notices.tell_assigned(desk, case, lead)
    return lead


def policies(desk: Desk, case: Case) -> dict[str, Any]:
    """The clocks of an assignment: the category's own hours, else the platform's, else the city's."""
    category = desk.router.pack.categories.get(case.category)
    platform = desk.router.pack.platforms[case.channel]
    own = Hours(
        (category.claim_hours if category else None) or platform.claim_hours,
        (category.rectify_hours if category else None) or platform.rectify_hours,
    )
    return desk.clocks.for_category(own)
