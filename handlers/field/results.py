"""测评结果: what a sheet says of its visit, and what follows when something said to be done is not (复查)."""

from decimal import Decimal

from sqlalchemy import select

from handlers import discretion, reporting
from handlers.channels import field_assessment
from handlers.channels.piece import Item
from handlers.desk import Desk
from handlers.field.tasks import open_tasks
from handlers.field.wording import TEXTS
from handlers.reporter import rechecking
from models.actor import Actor
from models.case import Case
from models.draft import Draft, DraftState
from models.people import Person
from models.report import Report
from models.score import FieldVisit
from models.workflow import Part, Status


def take_in(desk: Desk, draft: Draft, items: list[Item]) -> str | None:
    """收测评单: the visit's result, and its findings as reports. None when the visit takes no result any more."""
    number, is_clean = int(draft.extra["task"]), field_assessment.is_clean(draft)
    visit = _open_visit(desk, draft.person_id, number)
    if visit is None:
        return _too_late(desk, draft, number) if is_clean else None
    findings = [] if is_clean else items
    same = _same_problem(desk, draft, visit, findings)
    again = same if _can_reopen(desk, visit) else []
    receipts = reporting.submit(desk, draft, [item for item in findings if item not in again])
    reports = [_again(desk, draft, visit, item) for item in again]
    result = field_assessment.result(draft, findings)
    record(desk, visit, result, "\n".join(item.text for item in findings))
    visit.solved = is_solved(visit, bool(findings), bool(same))
    visit.report_id = _first_report(desk, draft) if receipts or reports else None
    left = len(open_tasks(desk.session, draft.person_id))
    return TEXTS("task.taken", number=number, result=f"{result:f}", left=left)


def _open_visit(desk: Desk, person_id: int, number: int) -> FieldVisit | None:
    visit = next((one for one, _ in open_tasks(desk.session, person_id) if one.number == number), None)
    return desk.session.get(FieldVisit, visit.id, with_for_update=True) if visit else None


def _too_late(desk: Desk, draft: Draft, number: int) -> str:
    draft.close(DraftState.SUBMITTED, desk.now)
    return TEXTS("task.too_late", number=number)


def record(desk: Desk, visit: FieldVisit, result: Decimal, findings: str) -> None:
    """记成绩: out of a sheet in chat or of one in a file."""
    visit.result, visit.assessed_at = float(result), desk.now
    visit.findings = findings or TEXTS("task.nothing")


def is_solved(visit: FieldVisit, has_findings: bool, has_same: bool = False) -> bool | None:
    """已整改: nothing was found. Problems of other kinds leave it to a person, who knows the place."""
    if visit.case_id is None:
        return None
    return False if has_same else None if has_findings else True


def _can_reopen(desk: Desk, visit: FieldVisit) -> bool:
    """Whether the drawn case itself can be done again; later on the finding is a case of its own (反弹)."""
    case = desk.session.get(Case, visit.case_id) if visit.case_id else None
    if case is None or case.status is not Status.CLOSED:
        return case is not None
    return case.closed_at is not None and desk.now <= case.closed_at + desk.rules.reopen_within


def _same_problem(desk: Desk, draft: Draft, visit: FieldVisit, items: list[Item]) -> list[Item]:
    """The findings that tell of the drawn case's own problem."""
    case = desk.session.get(Case, visit.case_id) if visit.case_id else None
    if case is None or not case.category:
        return []
    return [item for item in items if reporting.category_of(desk, draft, item) == case.category]


def _again(desk: Desk, draft: Draft, visit: FieldVisit, item: Item) -> Report:
    """办而不好: the finding belongs to the case it was said to be done in, which goes the way of any 复查."""
    case = Case.locked(desk.session, visit.case_id or 0)
    if case is None:
        raise LookupError(f"visit {visit.id} is about a case that is not there")
    report, words = reporting.report_on(desk, draft, item, case)
    rechecking.unsolved(desk, case, Actor(Part.ASSESSOR, draft.person_id), words)
    return report


def _first_report(desk: Desk, draft: Draft) -> int | None:
    query = select(Report.id).where(Report.draft_id == draft.id).order_by(Report.id).limit(1)
    return desk.session.scalars(query).first()


def judge(desk: Desk, visit: FieldVisit, solved: bool, person_id: int) -> str:
    """认定: somebody of the command centre has read the findings and says whether the drawn case was put right.

    What follows is done as the assessor's, whose finding it is. Returns what came of it, in words.
    """
    visit.solved = solved
    case = Case.locked(desk.session, visit.case_id or 0)
    if case is None or solved:
        return TEXTS("judged", number=visit.number)
    assessor = desk.session.get(Person, visit.person_id) if visit.person_id else None
    words = discretion.hidden(visit.findings, [assessor.name] if assessor else [])
    actor = Actor(Part.ASSESSOR, assessor.id if assessor else person_id)
    return rechecking.unsolved(desk, case, actor, words)
