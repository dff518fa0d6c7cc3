"""标注 (学习样本): what dispatchers say is right is kept, and outlives every later look of the routing."""

from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, selectinload

from handlers.desk import Desk
from models.case import Case
from models.learning import Label, Said
from models.workflow import Status
from routing.decision import Decision
from routing.finding import Finding
from routing.table import ASK, Example

# The newest say what is so today; more would only make the training longer.
EXAMPLES_AT_MOST = 50_000


def keep(desk: Desk, case: Case, person_id: int, said: Said, unit: str = "") -> None:
    """Keep what a dispatcher just said about a case, beside what routing had decided."""
    desk.session.add(
        Label(
            case_id=case.id,
            person_id=person_id,
            said=said,
            category=case.category,
            district=case.district,
            street=case.street,
            unit_code=unit,
            decided=case.decision,
            at=desk.now,
        )
    )


def finding_of(desk: Desk, case: Case) -> Finding:
    """What a case says of itself, with what a dispatcher has corrected taken as settled."""
    labels = select(Label.said).where(Label.case_id == case.id)
    said = set(desk.session.scalars(labels))
    return Finding(
        text=case.text,
        place=case.place,
        lat=case.lat,
        lon=case.lon,
        platform=case.channel,
        at=case.opened_at.astimezone(desk.zone),
        category=case.category if Said.CATEGORY in said else "",
        category_word=desk.texts("correct.settled"),
        settled=(case.street or case.district) if Said.PLACE in said else "",
    )


def decide_again(desk: Desk, case: Case) -> Decision:
    """Routing's answer today: with the pack and the model in use, never against what a dispatcher said."""
    decision = desk.router.decide(finding_of(desk, case))
    fresh, split = decision.as_json(), case.decision.get("split", [])
    fresh["further"] = [further for further in fresh["further"] if further["category"] not in split]
    # What became a case of its own must not come up a second time.
    case.decision = {**fresh, "split": split} if split else fresh
    return decision


def labelled(session: Session, zone: ZoneInfo) -> list[Example]:
    """What there is to learn from: every case a dispatcher said something about, and every closed one."""
    said = exists().where(Label.case_id == Case.id)
    query = select(Case).where(or_(said, Case.status == Status.CLOSED)).options(selectinload(Case.assignments))
    cases = session.scalars(query.order_by(Case.id.desc()).limit(EXAMPLES_AT_MOST))
    return [_example(case, zone) for case in cases]


def _example(case: Case, zone: ZoneInfo) -> Example:
    """A case as it came, beside what it turned out to be; a rejected one is no problem at all."""
    finding = Finding(
        text=case.text,
        place=case.place,
        lat=case.lat,
        lon=case.lon,
        platform=case.channel,
        at=case.opened_at.astimezone(zone),
    )
    if case.status is Status.REJECTED:
        return Example(finding, "", case.district, case.street, ASK)
    unit = case.assignments[-1].unit_code if case.assignments else ASK
    return Example(finding, case.category, case.district, case.street, unit)
