"""网页补充: more photos and words of somebody who reported, sent together from the case's page."""

from sqlalchemy import select

from handlers import draft
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.reporter import citizen
from models.case import Case
from models.draft import Draft, DraftState
from models.report import Report


def pending(desk: Desk, caller: Caller, case: Case) -> Draft | None:
    """What they have collected and not sent yet: nobody else sees it."""
    return draft.current(desk, caller, _channel(case))


def collect(desk: Desk, caller: Caller, case: Case) -> Draft:
    """The draft that photos go into until they are sent. It is no report, so no quiet time ends it."""
    found = pending(desk, caller, case) or draft.begin(desk, caller, _channel(case))
    found.quiet_at = None
    desk.session.flush()
    return found


def send(desk: Desk, caller: Caller, case: Case, words: str) -> str:
    """补充 12 …: the photos join the caller's own report, and the unit hears of all of it."""
    report, found = own_report(desk, caller, case), pending(desk, caller, case)
    photos = found.good_photos if found and report else []
    if report is None or not (words or photos):
        return citizen.add_words(desk, caller, case.id, "")
    for photo in photos:
        photo.draft_id, photo.report_id = report.draft_id, report.id
    if found is not None:
        found.close(DraftState.CANCELLED, desk.now)
    told = desk.texts("report.photos_added", count=len(photos)) if photos else ""
    return citizen.add_words(desk, caller, case.id, "\n".join(filter(None, (words, told))))


def own_report(desk: Desk, caller: Caller, case: Case) -> Report | None:
    """The latest of the caller's reports of this case."""
    query = select(Report).where(Report.case_id == case.id, Report.person_id == caller.person.id)
    return desk.session.scalars(query.order_by(Report.id.desc()).limit(1)).one_or_none()


def _channel(case: Case) -> str:
    """One for each case, so that two pages can be open at a time."""
    return f"supplement:{case.id}"
