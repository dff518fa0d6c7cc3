"""疑点处理: the checks are kept, and doubts send the case to 现场核查; the officers hear what is wanted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from handlers import evidence, notices
from handlers.desk import Desk
from handlers.doubts.checks import Result, check, doubts
from handlers.doubts.rectification import Rectification, Seen
from models.case import Case
from models.draft import Draft
from models.event import CaseEvent
from models.photo import Fetch, Photo, PhotoCheck
from models.workflow import Move, Status
from routing.categories import PHOTO

Doubts = Sequence[tuple[int, Result]]
_JUDGED = (Status.RECTIFIED, Status.CLOSED)


def settle(desk: Desk, rectification: Rectification, seen: Mapping[int, Seen], leased: datetime) -> None:
    """Keep what the checks say, and act on it. leased: what judge_at was.

    Where it is another by now, a photo came or a quicker worker was here: all are looked at anew, nothing is said.
    """
    results = {shot.photo_id: check(rectification, shot, seen[shot.photo_id]) for shot in rectification.after}
    case = Case.locked(desk.session, rectification.case_id)
    if case is None:
        raise LookupError(f"draft {rectification.draft_id} rectifies a case that is not there")
    if not put_away(desk, rectification.draft_id, leased):
        return
    _keep(desk, results)
    if _stands(case, rectification.draft_id):
        _act(desk, case, doubts(results))


def settle_unseen(desk: Desk, draft_id: int, leased: datetime) -> None:
    """No photo came through: where one is asked for, there is nothing that shows the result."""
    case = Case.locked(desk.session, desk.session.get_one(Draft, draft_id).case_id or 0)
    if not put_away(desk, draft_id, leased) or case is None or not _stands(case, draft_id):
        return
    if PHOTO in evidence.asked(desk, case) and not case.assignments[-1].on_site:
        _doubt_unseen(desk, case)


def _doubt_unseen(desk: Desk, case: Case) -> None:
    why = desk.texts("doubt.no_photo")
    case.doubt(desk.now, why, checks=["no_photo"])
    _tell_command(desk, case, why)
    if case.status is Status.RECTIFIED:
        notices.tell_unit(
            desk, case, desk.texts("doubt.unit", number=case.id, reasons=why, wants=desk.texts("doubt.want.no_photo"))
        )


def _stands(case: Case, draft_id: int) -> bool:
    """Whether it is this rectification that the case was put right by."""
    return case.status in _JUDGED and case.assignments[-1].rectification_id == draft_id


def put_away(desk: Desk, draft_id: int, leased: datetime) -> bool:
    """Nothing is left to look at; False where something came while we looked."""
    # Held until the story ends: what comes from now on waits, and makes it due again.
    query = select(Draft).where(Draft.id == draft_id).with_for_update(key_share=True)
    draft = desk.session.scalars(query.execution_options(populate_existing=True)).one()
    if draft.judge_at != leased:
        return False
    draft.judged_at, draft.judge_at = desk.now, None
    return True


def _keep(desk: Desk, results: Mapping[int, Sequence[Result]]) -> None:
    desk.session.execute(delete(PhotoCheck).where(PhotoCheck.photo_id.in_(results)))
    desk.session.add_all(
        PhotoCheck(
            photo_id=photo,
            name=one.name,
            score=one.score,
            doubtful=one.doubtful,
            facts=dict(one.facts),
            checked_at=desk.now,
        )
        for photo, own in results.items()
        for one in own
    )


def _act(desk: Desk, case: Case, found: Doubts) -> None:
    was_in_doubt = case.assignments[-1].on_site
    if found:
        _send_to_look(desk, case, found, was_in_doubt)
    elif was_in_doubt:
        case.clear(desk.now, desk.texts("doubt.cleared_why"))
        if case.status is Status.CLOSED:
            notices.tell_command(desk, case, desk.texts("doubt.cleared_closed", number=case.id))
        else:
            notices.tell_verifiers(desk, case, desk.texts("doubt.cleared", number=case.id))
        notices.tell_unit(desk, case, desk.texts("doubt.cleared_unit", number=case.id))


def _send_to_look(desk: Desk, case: Case, found: Doubts, was_in_doubt: bool) -> None:
    why = "；".join(reasons(desk, found))
    case.doubt(desk.now, why, checks=sorted({one.name for _, one in found}))
    if not was_in_doubt:
        _tell_command(desk, case, why)
    if case.status is Status.RECTIFIED:
        notices.tell_unit(desk, case, _wanted(desk, case, found, was_in_doubt))


def _tell_command(desk: Desk, case: Case, why: str) -> None:
    """须现场核查, to whoever can answer for it: once it is closed, only a dispatcher opens it again."""
    if case.status is Status.CLOSED:
        notices.tell_command(desk, case, desk.texts("doubt.closed", reasons=why, number=case.id))
        return
    unit = desk.unit_name(case.assignments[-1].unit_code)
    summary = notices.describe(desk, case)
    notices.tell_verifiers(
        desk, case, desk.texts("doubt.command", unit=unit, reasons=why, summary=summary, number=case.id)
    )


def _wanted(desk: Desk, case: Case, found: Doubts, again: bool) -> str:
    """What the officers should send instead."""
    told = reasons(desk, found, for_unit=True)
    wants = dict.fromkeys(desk.texts(f"doubt.want.{one.name}") for _, one in found)
    key = "doubt.unit_again" if again else "doubt.unit"
    return desk.texts(key, number=case.id, reasons="\n".join(told), wants="".join(wants))


def reasons(desk: Desk, found: Doubts, for_unit: bool = False) -> list[str]:
    """Each doubt in words, with the photo's place in its rectification."""
    places = _places(desk, [photo for photo, _ in found])
    return [
        desk.texts("doubt.of_photo", n=places[photo], reason=_reason(desk, one, for_unit)) for photo, one in found
    ]


def _reason(desk: Desk, one: Result, for_unit: bool) -> str:
    values = {key: _shown(desk, value) for key, value in one.facts.items()}
    if one.name == "unclear":
        return desk.texts(f"doubt.unclear.{one.facts['fault']}")
    if one.name == "other_case" and for_unit:  # whose case that is, is not this unit's to know
        return desk.texts("doubt.reason_other_case_unit", **values)
    return desk.texts(f"doubt.reason.{one.name}", **values)


def _shown(desk: Desk, value: Any) -> Any:
    return desk.clock_time(datetime.fromisoformat(value)) if isinstance(value, str) else value


def _places(desk: Desk, photo_ids: Sequence[int]) -> dict[int, int]:
    """第几张: where each photo stands among those of its draft."""
    drafts = select(Photo.draft_id).where(Photo.id.in_(photo_ids))
    query = select(Photo.id, Photo.draft_id).where(Photo.draft_id.in_(drafts)).order_by(Photo.id)
    places: dict[int, int] = {}
    counted: dict[int, int] = {}
    for photo, draft in desk.session.execute(query):
        counted[draft] = counted.get(draft, 0) + 1
        places[photo] = counted[draft]
    return places


def of_case(desk: Desk, case: Case) -> list[str]:
    """Why the latest rectification is in doubt, in words; nothing where it is not, or was not looked at yet."""
    last = next((one for one in reversed(case.assignments) if one.rectification_id), None)
    if last is None or not last.on_site:
        return []
    photos = select(Photo.id).where(Photo.draft_id == last.rectification_id, Photo.state != Fetch.WAITING)
    query = select(PhotoCheck).where(PhotoCheck.photo_id.in_(photos)).order_by(PhotoCheck.id)
    results: dict[int, list[Result]] = {}
    for row in desk.session.scalars(query):
        results.setdefault(row.photo_id, []).append(Result(row.name, row.score, row.doubtful, row.facts))
    return reasons(desk, doubts(results)) or [desk.texts("doubt.no_photo")]


def closed_unseen(desk: Desk, case: Case) -> bool:
    """先办结后存疑: the photos came into doubt after the case was closed, and nobody has looked since."""
    if case.status is not Status.CLOSED or not case.assignments or not case.assignments[-1].on_site:
        return False
    query = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.move == Move.DOUBT, CaseEvent.before == Status.CLOSED
    )
    return desk.session.scalars(query.where(CaseEvent.at >= case.closed_at).limit(1)).first() is not None
