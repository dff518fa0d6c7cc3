"""公开照片: which pictures of a case the public may see, decided by the command centre, one picture at a time.

The picture itself is made and kept by bot/publishing.py before its row is written here: a file without a row is
public nowhere, because the public address asks the row.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import notices
from handlers.desk import Desk
from models.case import Case
from models.draft import Draft, DraftState
from models.people import Person, Role
from models.photo import Fetch, Photo
from models.publication import Publication
from models.report import Report, is_shown

LINK_GOOD_FOR = timedelta(minutes=30)


class Picture(NamedTuple):
    """可公开照片: `when` is "before" or "after", n counts each of them from 1."""

    when: str
    n: int
    photo: Photo


class NotPublishable(Exception):
    """不能公开: the person may not, or there is no such picture of such a case, or it is not kept."""


def pictures(desk: Desk, case: Case) -> list[Picture]:
    """What could be published of a case, before first."""
    found = {"before": notices.photos_before(desk, case), "after": notices.photos_after(desk, case)}
    kept = {when: [photo for photo in photos if photo.state is Fetch.KEPT] for when, photos in found.items()}
    return [Picture(when, n, photo) for when, photos in kept.items() for n, photo in enumerate(photos, 1)]


def cases_of(session: Session, photo: Photo) -> list[int]:
    """The numbers of the cases a photo belongs to, as before or after."""
    draft = session.get_one(Draft, photo.draft_id)
    if draft.case_id is not None:
        return [draft.case_id] if draft.state is DraftState.SUBMITTED else []
    query = select(Report.case_id).join(Photo, is_shown()).where(Photo.id == photo.id)
    return sorted(session.scalars(query.distinct()))


def permitted(desk: Desk, case_id: int, photo_id: int, by: int | None) -> Photo:
    """The photo, where this person may publish it for this case now; None stands for the command line.

    Raises `NotPublishable`. It is asked at every step, because a role may end while somebody draws.
    """
    if by is not None and not _is_dispatcher(desk, by):
        raise NotPublishable("only dispatchers publish")
    photo = desk.session.get(Photo, photo_id)
    if photo is None or case_id not in cases_of(desk.session, photo):
        raise NotPublishable("no such photo of this case")
    if photo.state is not Fetch.KEPT:
        raise NotPublishable(f"the photo is {photo.state}")
    return photo


def publish(
    desk: Desk, case_id: int, photo_id: int, by: int | None, sha256: str, boxes: dict[str, Any]
) -> Publication:
    """Make a copy that is kept already the only public one of its photo; raises `NotPublishable`.

    sha256: of the public file.  boxes: as photos/redact.py writes them.
    """
    # Held until the story ends: of two who publish at once, the later one's copy is the one that stays.
    desk.session.get(Photo, photo_id, with_for_update=True)
    photo = permitted(desk, case_id, photo_id, by)
    why = desk.texts("publish.replaced")
    _end(desk, live(desk.session, [photo.id]), by, why)
    publication = Publication(
        photo_id=photo.id, case_id=case_id, sha256=sha256, boxes=boxes, by=by, published_at=desk.now
    )
    desk.session.add(publication)
    return publication


def mark(desk: Desk, case_id: int) -> str:
    """水印文字: what stands all over a public copy."""
    return desk.texts("publish.mark", number=case_id)


def take_back(desk: Desk, photo_id: int, by: int | None, why: str) -> int:
    """撤回: what is public of this photo can be seen no more. Returns how many publications that ends.

    The same picture sent twice has one address; it must not stay because somebody has published the other as well.
    """
    shown = [publication.sha256 for publication in live(desk.session, [photo_id])]
    query = select(Publication).where(Publication.sha256.in_(shown), Publication.withdrawn_at.is_(None))
    found = list(desk.session.scalars(query.with_for_update()))
    _end(desk, found, by, why)
    return len(found)


def withdraw(desk: Desk, photo_ids: Sequence[int], by: int | None, why: str) -> int:
    """These photos are not public from now on; an equal one may still be. Returns how many were."""
    found = live(desk.session, photo_ids)
    _end(desk, found, by, why)
    return len(found)


def withdraw_case(desk: Desk, case: Case, by: int | None, why: str) -> int:
    """撤回公开 12: nothing of a case is public from now on. Returns how many pictures were."""
    query = select(Publication).where(Publication.case_id == case.id, Publication.withdrawn_at.is_(None))
    found = list(desk.session.scalars(query.with_for_update()))
    _end(desk, found, by, why)
    return len(found)


def live(session: Session, photo_ids: Sequence[int]) -> list[Publication]:
    """What is public of these photos: at most one each."""
    query = select(Publication).where(Publication.photo_id.in_(photo_ids), Publication.withdrawn_at.is_(None))
    return list(session.scalars(query))


def is_public(session: Session, sha256: str) -> bool:
    """Whether a file of the public tree may be shown: somebody published it, and nobody withdrew it since.

    A photo that was erased takes everything made of it along.
    """
    query = select(Publication.id).join(Photo, Photo.id == Publication.photo_id)
    shown = Publication.sha256 == sha256, Publication.withdrawn_at.is_(None), Photo.state == Fetch.KEPT
    return session.scalars(query.where(*shown).limit(1)).first() is not None


def _is_dispatcher(desk: Desk, person_id: int) -> bool:
    person = desk.session.get(Person, person_id)
    return person is not None and any(held.role is Role.DISPATCHER for held in person.roles(desk.now))


def _end(desk: Desk, publications: list[Publication], by: int | None, why: str) -> None:
    for publication in publications:
        publication.withdrawn_at, publication.withdrawn_by, publication.why = desk.now, by, why
