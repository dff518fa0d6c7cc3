"""经办人页: what a unit may know of its case on a phone, and what it can do about it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from console import acting
from console.acting import Outcome
from console.dossier.story import Happening, story
from console.h5 import door
from console.h5.door import Closed, Guest
from console.premises import premises
from console.visitor import RIGHTS, Visitor
from handlers import evidence, notices, uploads
from handlers.desk import Desk
from handlers.officer import rectification, uploading
from handlers.people.caller import Caller
from models.case import Case
from models.clock import Duty
from models.draft import DraftState
from models.people import Role
from models.photo import Fetch, Photo
from models.workflow import Status
from routing.categories import PHOTO, WORDS

_SHOWN = 8
_IN_HAND = (Status.ASSIGNED, Status.CLAIMED)
# What can be asked for, and when; each is one of the console's own deeds.
_ASKING: Mapping[str, tuple[Status, ...]] = {
    "claim": (Status.ASSIGNED,),
    "return": _IN_HAND,
    "extension": (Status.CLAIMED,),
    "deferral": (Status.CLAIMED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPage:
    """经办人页的内容. collected: photos on their way in.  other: the number of the case another draft is about."""

    number: int
    version: int
    category: str
    place: str
    text: str
    status: str
    status_name: str
    due_at: datetime | None
    due_name: str
    lat: float | None
    lon: float | None
    before: list[int]
    after: list[int]
    deeds: list[str]
    takes_photos: bool
    better: bool
    wants_photo: bool
    wants_words: bool
    how: str
    collected: list[int]
    located: bool
    other: str
    story: list[Happening]


def page(desk: Desk, who: Guest) -> OfficerPage:
    """Everything at this moment. Raises Closed where it is not theirs to see any more."""
    case, caller = seen(desk, who)
    draft, other = uploading.pending(desk, caller, case), uploading.elsewhere(desk, caller, case)
    clock = next((d for duty in (Duty.CLAIM, Duty.RECTIFY) for d in case.live(duty)), None)
    asked = evidence.asked(desk, case)
    better = case.status is Status.RECTIFIED and case.needs_look
    acts = caller.acts_for(case) is not None
    return OfficerPage(
        number=case.id,
        version=case.version,
        category=desk.category_name(case),
        place=case.place or desk.unit_name(case.street) or desk.unit_name(case.district),
        text=case.text,
        status=case.status.value,
        status_name=desk.texts(f"status.{case.status}"),
        due_at=clock.due_at if clock else None,
        due_name=premises().texts(f"duty.{clock.duty}") if clock else "",
        lat=case.lat,
        lon=case.lon,
        before=_ids(notices.photos_before(desk, case)),
        after=_ids(notices.photos_after(desk, case)),
        deeds=[deed for deed, states in _ASKING.items() if acts and case.status in states],
        takes_photos=acts and (case.status in _IN_HAND or better),
        better=better,
        wants_photo=better or PHOTO in asked,
        wants_words=not better and WORDS in asked,
        how=evidence.beforehand(desk, case),
        collected=_ids(draft.good_photos) if draft else [],
        located=bool(draft and draft.lat is not None),
        other=_other(desk, other.case_id, len(other.good_photos)) if other else "",
        story=story(desk, visitor(caller), case)[-_SHOWN:][::-1],
    )


def _other(desk: Desk, number: int | None, photos: int) -> str:
    texts = premises().texts
    return texts("h5.other_case", number=number, count=photos) if number else texts("h5.loose", count=photos)


def _ids(photos: list[Photo]) -> list[int]:
    return [photo.id for photo in photos if photo.state is Fetch.KEPT]


def seen(desk: Desk, who: Guest) -> tuple[Case, Caller]:
    """The case and who looks at it. Raises Closed."""
    caller = door.caller(desk, who.grant.person_id)
    case = desk.session.get(Case, who.grant.case_id)
    if case is None or not door.unit_sees(caller, case):
        raise Closed("not_yours")
    return case, caller


def visitor(caller: Caller) -> Visitor:
    """The holder of a link as an officer and nothing more, whatever else they are: a link can be passed on."""
    units = frozenset(caller.units)
    role = frozenset({Role.OFFICER})
    return Visitor(caller.person.id, caller.person.name, role, RIGHTS[Role.OFFICER], units, units)


def photos(desk: Desk, who: Guest) -> list[Photo]:
    """What this page may show."""
    case, caller = seen(desk, who)
    draft = uploading.pending(desk, caller, case)
    own = draft.good_photos if draft else []
    return [*notices.photos_before(desk, case), *notices.photos_after(desk, case), *own]


def act(who: Guest, caller: Caller, deed: str, words: str, version: int | None) -> Outcome:
    """认领, 退回, 延期, 缓办: the console's deeds."""
    if deed not in _ASKING:
        return Outcome(False, premises().texts("act.not_allowed"))
    outcome = acting.do(visitor(caller), who.grant.case_id, deed, words, version)
    # The chat tells to send photos there and to say 完成; here they are sent below.
    return Outcome(True, premises().texts("h5.claimed")) if deed == "claim" and outcome.ok else outcome


class _Unfinished(Exception):
    """没有提交: nothing of it is kept, so that words tried twice do not stand there twice."""


def rectify(who: Guest, words: str, spot: uploads.Spot | None) -> Outcome:
    """提交整改: the photos that came, the words, and where the phone is, together."""
    here = premises()
    try:
        with here.story() as session:
            return _rectify(here.desk(session, who.now), who, words, spot)
    except _Unfinished as unfinished:
        return Outcome(False, str(unfinished))


def _rectify(desk: Desk, who: Guest, words: str, spot: uploads.Spot | None) -> Outcome:
    case, caller = seen(desk, who)
    if uploading.elsewhere(desk, caller, case) is not None:
        raise _Unfinished(premises().texts("h5.other_first"))
    draft = uploading.collect(desk, caller, case)
    if spot is not None:
        uploads.locate(desk, draft, spot)
    answer = rectification.rectify(desk, caller, case.id, words)
    if draft.state is DraftState.OPEN:
        raise _Unfinished(answer)
    count = len(draft.good_photos)
    door.note(desk.session, who, "rectify", words, photos=count)
    return Outcome(draft.state is DraftState.SUBMITTED or case.status is Status.RECTIFIED, answer)


def drop_other(who: Guest, *, take_over: bool) -> Outcome:
    """归入本案 or 不要了: what was collected in chat for another case, or for none yet."""
    here = premises()
    with here.story() as session:
        desk = here.desk(session, who.now)
        case, caller = seen(desk, who)
        if uploading.elsewhere(desk, caller, case) is None:
            return Outcome(False, "")
        if take_over:
            uploading.collect(desk, caller, case)
            return Outcome(True, here.texts("h5.taken_over"))
        return Outcome(True, rectification.cancel(desk, caller))


def receive(desk: Desk, who: Guest, upload: uploads.Upload) -> tuple[Photo | None, str]:
    """A photo for the rectification, or the key of why it cannot be taken now."""
    # Held, so that a photo sent twice at once becomes one.
    Case.locked(desk.session, who.grant.case_id)
    case, caller = seen(desk, who)
    if uploading.elsewhere(desk, caller, case) is not None:
        return None, "other_first"
    better = case.status is Status.RECTIFIED and case.needs_look
    if caller.acts_for(case) is None or not (case.status in _IN_HAND or better):
        return None, "too_late"
    draft = uploading.collect(desk, caller, case)
    if uploads.known(draft, upload.name) is None and len(draft.good_photos) >= uploads.MOST:
        return None, "too_many"
    return uploads.keep(desk, draft, upload), ""


def remove(desk: Desk, who: Guest, photo_id: int) -> bool:
    """不要这张."""
    case, caller = seen(desk, who)
    draft = uploading.pending(desk, caller, case)
    return draft is not None and uploads.take_out(desk, draft, photo_id)
