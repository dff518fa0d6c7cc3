"""上报人页: how the problem stands that somebody reported, before and after, and what they say to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from console.acting import Outcome
from console.h5 import door
from console.h5.door import Closed, Guest
from console.premises import premises
from handlers import notices, satisfaction, uploads
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.reporter import citizen, supplement
from models.case import Case
from models.event import CaseEvent
from models.photo import Fetch, Photo
from models.report import Report
from models.workflow import Move, Status

# What a reporter hears of in chat as well; nobody's words come along, and of nobody else who reported.
_STEPS = (
    Move.OPEN,
    Move.ASSIGN,
    Move.CLAIM,
    Move.RECTIFY,
    Move.FAIL,
    Move.PASS,
    Move.CONFIRM,
    Move.REOPEN,
    Move.REJECT,
)
_SHOWS_AFTER = (Status.RECTIFIED, Status.CLOSED)
_DONE = (Status.CLOSED, Status.REJECTED)
# The journal says who did these, and by that who reported.
ACTS = frozenset({"h5.rate-1", "h5.rate-2", "h5.rate-3", "h5.add", "h5.reopen"})


@dataclass(frozen=True, slots=True)
class Step:
    """一步进度."""

    at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterPage:
    """上报人页的内容: their own words, and of the unit's work what everybody may see."""

    number: int
    category: str
    place: str
    words: list[str]
    status: str
    status_name: str
    unit: str
    before: list[int]
    after: list[int]
    steps: list[Step]
    asks_rating: bool
    rating: int | None
    can_reopen: bool
    can_add: bool
    collected: list[int]


def page(desk: Desk, who: Guest) -> ReporterPage:
    """Everything at this moment. Raises Closed for whoever did not report it."""
    case, caller = seen(desk, who)
    reports = _own_reports(desk, caller, case)
    lead = case.lead or (case.assignments[-1] if case.assignments else None)
    draft = supplement.pending(desk, caller, case)
    return ReporterPage(
        number=case.id,
        category=desk.category_name(case),
        place=reports[-1].place or case.place or desk.unit_name(case.street) or desk.unit_name(case.district),
        words=[report.text for report in reports if report.text],
        status=case.status.value,
        status_name=desk.texts(f"status.{case.status}"),
        unit=desk.unit_name(lead.unit_code) if lead else "",
        before=_ids(notices.photos_before(desk, case, caller.person.id)),
        after=_ids(_after(desk, case)),
        steps=_steps(desk, case),
        asks_rating=case.status in _SHOWS_AFTER and satisfaction.is_asked(desk, caller.person.id, case),
        rating=next((report.rating for report in reversed(reports) if report.rating), None),
        can_reopen=case.status in _DONE,
        can_add=case.status not in _DONE,
        collected=_ids(draft.good_photos) if draft else [],
    )


def _own_reports(desk: Desk, caller: Caller, case: Case) -> list[Report]:
    query = select(Report).where(Report.case_id == case.id, Report.person_id == caller.person.id)
    return list(desk.session.scalars(query.order_by(Report.id)))


def _after(desk: Desk, case: Case) -> list[Photo]:
    return notices.photos_after(desk, case) if case.status in _SHOWS_AFTER else []


def _ids(photos: list[Photo]) -> list[int]:
    return [photo.id for photo in photos if photo.state is Fetch.KEPT]


def _steps(desk: Desk, case: Case) -> list[Step]:
    query = select(CaseEvent.at, CaseEvent.move).where(CaseEvent.case_id == case.id, CaseEvent.move.in_(_STEPS))
    rows = desk.session.execute(query.order_by(CaseEvent.at, CaseEvent.id))
    return [Step(at, premises().texts(f"h5.step.{move}")) for at, move in rows]


def seen(desk: Desk, who: Guest) -> tuple[Case, Caller]:
    """The case and who looks at it. Raises Closed."""
    caller = door.caller(desk, who.grant.person_id)
    case = desk.session.get(Case, who.grant.case_id)
    if case is None or not door.has_reported(desk.session, caller, case):
        raise Closed("not_yours")
    return case, caller


def photos(desk: Desk, who: Guest) -> list[Photo]:
    """What this page may show: never another reporter's."""
    case, caller = seen(desk, who)
    draft = supplement.pending(desk, caller, case)
    own = draft.good_photos if draft else []
    return [*notices.photos_before(desk, case, caller.person.id), *_after(desk, case), *own]


def act(desk: Desk, who: Guest, deed: str, words: str) -> Outcome:
    """评价, 补充, 重办, in the words the chat has for them."""
    case = Case.locked(desk.session, who.grant.case_id)
    _, caller = seen(desk, who)
    if case is None:
        raise Closed("not_yours")
    outcome = _acted(desk, caller, case, deed, words)
    desk.session.flush()
    if outcome.ok:
        door.note(desk.session, who, deed, words)
    return outcome


def _acted(desk: Desk, caller: Caller, case: Case, deed: str, words: str) -> Outcome:
    if deed in ("rate-1", "rate-2", "rate-3"):
        if case.status not in _SHOWS_AFTER or not satisfaction.is_asked(desk, caller.person.id, case):
            return Outcome(False, premises().texts("h5.rated_already"))
        return Outcome(True, satisfaction.rate(desk, caller, case, int(deed[-1]), words))
    if deed == "add":
        answer = supplement.send(desk, caller, case, words)
    elif deed == "reopen":
        answer = citizen.reopen(desk, caller, case.id, words)
    else:
        return Outcome(False, premises().texts("act.not_allowed"))
    desk.session.flush()
    return Outcome(case.has_moved, answer)


def receive(desk: Desk, who: Guest, upload: uploads.Upload) -> tuple[Photo | None, str]:
    """A photo for the supplement, or the key of why it cannot be taken now."""
    # Held, so that a photo sent twice at once becomes one.
    Case.locked(desk.session, who.grant.case_id)
    case, caller = seen(desk, who)
    if case.status in _DONE:
        return None, "too_late"
    draft = supplement.collect(desk, caller, case)
    if uploads.known(draft, upload.name) is None and len(draft.good_photos) >= uploads.MOST:
        return None, "too_many"
    return uploads.keep(desk, draft, upload), ""


def remove(desk: Desk, who: Guest, photo_id: int) -> bool:
    """不要这张."""
    case, caller = seen(desk, who)
    draft = supplement.pending(desk, caller, case)
    return draft is not None and uploads.take_out(desk, draft, photo_id)
