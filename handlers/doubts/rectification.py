"""待检照片: everything the checks need to know of one rectification's photos, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.assignment import Assignment
from models.case import Case
from models.draft import Draft, DraftState
from models.event import CaseEvent
from models.photo import Fetch, Photo
from models.report import Report, is_shown
from models.workflow import Move
from photos.likeness import Match
from photos.looks import Looks
from photos.scene import Scene


@dataclass(frozen=True, slots=True)
class Shot:
    """一张照片. taken_at, lat, lon: what the camera claims (UTC, WGS-84)."""

    photo_id: int
    sha256: str
    fingerprint: bytes
    looks: Looks
    taken_at: datetime | None
    lat: float | None
    lon: float | None

    @classmethod
    def of(cls, photo: Photo) -> "Shot":
        """A photo that is kept."""
        return cls(
            photo.id,
            photo.sha256,
            photo.fingerprint or b"",
            Looks.from_json(photo.looks),
            photo.taken_at,
            photo.lat,
            photo.lon,
        )


class Origin(NamedTuple):
    """照片来源: the case a photo belongs to, and whether a rectification brought it."""

    case_id: int
    is_after: bool
    draft_id: int
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Rectification:
    """待检的整改. begun_at: since when a photo can show the result.  lat, lon: where the problem is (WGS-84)."""

    draft_id: int
    case_id: int
    begun_at: datetime
    lat: float | None
    lon: float | None
    before: tuple[Shot, ...]
    after: tuple[Shot, ...]


Similar = tuple[Match, Origin]


@dataclass(frozen=True, slots=True)
class Seen:
    """所见: what was found out about one after-photo.

    copied: how much of a picture before is unchanged in it, 0 where none is nearly the same.
    similar: pictures of others that it is a copy of, the nearest first.
    scene: how much it looks like the best of the pictures before; None where none could be compared.
    compared: whether that was tried.
    """

    copied: float = 0.0
    similar: Sequence[Similar] = ()
    scene: Scene | None = None
    compared: bool = True


def read(session: Session, draft_id: int) -> Rectification | None:
    """The rectification a draft is; None while one of its photos is still on its way, or where none came through."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.case_id is None or any(photo.state is Fetch.WAITING for photo in draft.photos):
        return None
    case = session.get_one(Case, draft.case_id)
    lead = next((one for one in reversed(case.assignments) if one.rectification_id == draft_id), None)
    after = tuple(Shot.of(photo) for photo in draft.photos if photo.state is Fetch.KEPT)
    if lead is None or not after:
        return None
    before = tuple(Shot.of(photo) for photo in _before(session, case.id))
    return Rectification(draft_id, case.id, _begun(session, case, lead), case.lat, case.lon, before, after)


def is_waiting(session: Session, draft_id: int) -> bool:
    """Whether a photo of the draft is still on its way."""
    query = select(Photo.id).where(Photo.draft_id == draft_id, Photo.state == Fetch.WAITING).limit(1)
    return session.scalars(query).first() is not None


def _before(session: Session, case_id: int) -> Iterable[Photo]:
    shown = select(Photo.id).join(Report, is_shown()).where(Report.case_id == case_id)
    query = select(Photo).where(Photo.id.in_(shown), Photo.state == Fetch.KEPT)
    return session.scalars(query.order_by(Photo.id))


def _begun(session: Session, case: Case, lead: Assignment) -> datetime:
    """派单, or the 核查 that sent it back: what was photographed before shows no result of what came after."""
    query = select(func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id, CaseEvent.move == Move.FAIL)
    failed = session.scalars(query).one()
    return max(lead.assigned_at, failed) if failed else lead.assigned_at


def origins(session: Session, photo_ids: Iterable[int], case_id: int) -> Mapping[int, Origin]:
    """Where photos come from; those that belong to no case are left out, and what was never sent in shows none.

    case_id: of several findings that one photo shows, the one of this case counts.
    """
    ids = list(photo_ids)
    if not ids:
        return {}
    after = select(Photo.id, Draft.case_id, Draft.id, Photo.arrived_at, Photo.sha256).join(
        Draft, Draft.id == Photo.draft_id
    )
    sent_in = Draft.case_id.is_not(None), Draft.state == DraftState.SUBMITTED
    done = after.where(Photo.id.in_(ids), *sent_in)
    found = {photo: Origin(case or 0, True, draft, at, sha) for photo, case, draft, at, sha in session.execute(done)}
    before = select(Photo.id, Report.case_id, Photo.draft_id, Photo.arrived_at, Photo.sha256).join(Report, is_shown())
    reported = before.where(Photo.id.in_(ids)).order_by(Report.case_id == case_id, Report.id.desc())
    return found | {
        photo: Origin(case, False, draft, at, sha) for photo, case, draft, at, sha in session.execute(reported)
    }
