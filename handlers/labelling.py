"""标注 (学习样本): what dispatchers say is right is kept, and outlives every later look of the routing."""

from sqlalchemy import select

from handlers.desk import Desk
from models.case import Case
from models.learning import Label, Said
from routing.decision import Decision
from routing.finding import Finding


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
    case.decision = decision.as_json()
    return decision
