"""网页上传整改照片: the same rectification as in chat, begun or continued on the case's page."""

from handlers import draft
from handlers.desk import Desk
from handlers.officer.rectification import KEY
from handlers.people.caller import Caller
from models.case import Case
from models.draft import Draft


def pending(desk: Desk, caller: Caller, case: Case) -> Draft | None:
    """What the caller has collected for this case so far, here or in chat."""
    found = draft.current(desk, caller, KEY)
    return found if found is not None and found.case_id == case.id else None


def elsewhere(desk: Desk, caller: Caller, case: Case) -> Draft | None:
    """What they have collected for another case, or nobody has said which: it must be settled first."""
    found = draft.current(desk, caller, KEY)
    return found if found is not None and found.case_id != case.id and not found.is_empty else None


def collect(desk: Desk, caller: Caller, case: Case) -> Draft:
    """The draft that photos of this case go into. Whoever is at the page is not asked in chat what they mean."""
    found = draft.current(desk, caller, KEY) or draft.begin(desk, caller, KEY)
    found.case_id, found.asked_at = case.id, None
    found.quiet_at = desk.now + desk.rules.give_up
    desk.session.flush()
    return found
