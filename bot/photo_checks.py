"""照片核对: a rectification's photos beside those before them and beside all others; pixels outside transactions."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import photo_keeping
from bot.installation import Installation
from bot.likeness_index import KnownPhotos
from handlers.doubts import rectification, settling
from handlers.doubts.rectification import Origin, Rectification, Seen, Shot, Similar
from models.draft import Draft
from photos.copies import COPY, sameness
from photos.fingerprint import NEAR, distance
from photos.intake import PhotoRefused
from photos.likeness import Match
from photos.scene import Scene, same_scene
from photos.storage import PhotoMissing, Storage

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=2)
_NEXT_LOOK = timedelta(seconds=5)
_AFTER_A_FAULT = timedelta(minutes=10)
# The best of so many pairs counts; who sends nine photos does not make us compare eighty-one.
_MOST_BEFORE, _MOST_AFTER, _MOST_SIMILAR = 3, 4, 5


def judge_due(installation: Installation, now: datetime) -> int:
    """Look at the next rectifications that are due. Returns how many were tried."""
    leased = now + LEASE
    due = _lease(installation, now, leased)
    for draft_id in due:
        try:
            _judge(installation, draft_id, now, leased)
        except Exception:  # boundary: one poison picture must not keep the others unseen
            log.exception("the photos of draft %s could not be looked at", draft_id)
            _postpone(installation, draft_id, leased, now + _AFTER_A_FAULT)
    return len(due)


def _lease(installation: Installation, now: datetime, until: datetime) -> list[int]:
    with installation.database.story() as session:
        query = select(Draft).where(Draft.judge_at <= now).order_by(Draft.judge_at).limit(BATCH)
        drafts = list(session.scalars(query.with_for_update(skip_locked=True)))
        for draft in drafts:
            draft.judge_at = until
        return [draft.id for draft in drafts]


def _judge(installation: Installation, draft_id: int, now: datetime, leased: datetime) -> None:
    with installation.database.glance() as session:
        if rectification.is_waiting(session, draft_id):
            found = None
        else:
            found = rectification.read(session, draft_id)
            seen = _similar(session, installation.known_photos, found) if found else {}
    if found is None:
        _set_aside(installation, draft_id, leased, now)
        return
    everything = {
        shot.photo_id: _look(installation.vault, found, shot, seen[shot.photo_id], n < _MOST_AFTER)
        for n, shot in enumerate(found.after)
    }
    with installation.database.story() as session:
        settling.settle(installation.desk(session, now), found, everything, leased)


def _set_aside(installation: Installation, draft_id: int, leased: datetime, now: datetime) -> None:
    """A photo is still being fetched, or has come just now: look again soon. None came through: so be it."""
    with installation.database.story() as session:
        if rectification.is_waiting(session, draft_id) or rectification.read(session, draft_id):
            _again_at(session, draft_id, leased, now + _NEXT_LOOK)
        else:
            settling.settle_unseen(installation.desk(session, now), draft_id, leased)


def _postpone(installation: Installation, draft_id: int, leased: datetime, until: datetime) -> None:
    with installation.database.story() as session:
        _again_at(session, draft_id, leased, until)


def _again_at(session: Session, draft_id: int, leased: datetime, at: datetime) -> None:
    # Else a photo came meanwhile, and it is due anyway.
    session.execute(update(Draft).where(Draft.id == draft_id, Draft.judge_at == leased).values(judge_at=at))


def _similar(session: Session, known: KnownPhotos, found: Rectification) -> dict[int, tuple[Similar, ...]]:
    """Nearly the same pictures among all that were ever kept, with the cases they belong to."""
    known.refresh(session)
    own = {shot.photo_id for shot in found.after}
    near = {shot.photo_id: [m for m in known.nearest(shot.fingerprint) if m.id not in own] for shot in found.after}
    similar = {match.id for matches in near.values() for match in matches}
    origins = rectification.origins(session, similar, found.case_id)
    return {
        photo: tuple((match, origins[match.id]) for match in matches if match.id in origins)
        for photo, matches in near.items()
    }


def _look(
    vault: Storage, found: Rectification, shot: Shot, similar: tuple[Similar, ...], compares_places: bool
) -> Seen:
    after = _shown(vault, shot.sha256)
    if after is None:
        return Seen(similar=similar)
    near = [one for one in found.before if distance(one.fingerprint, shot.fingerprint) <= NEAR]
    copied = max((_sameness(vault, one.sha256, shot.sha256, after) for one in near), default=0.0)
    kept = tuple(pair for pair in similar[:_MOST_SIMILAR] if _is_copy(vault, *pair, shot.sha256, after))
    scene = _beside_before(vault, found, after) if compares_places else None
    return Seen(copied, kept, scene, compares_places)


def _is_copy(vault: Storage, match: Match, origin: Origin, sha256: str, after: bytes) -> bool:
    """A nearly equal picture may be the same place from the same spot; one that needs a mirror is not."""
    return match.mirrored or _sameness(vault, origin.sha256, sha256, after) >= COPY


def _sameness(vault: Storage, other: str, sha256: str, after: bytes) -> float:
    picture = None if other == sha256 else _shown(vault, other)
    return 1.0 if picture is None else sameness(picture, after)  # without the picture the fingerprints decide


def _beside_before(vault: Storage, found: Rectification, after: bytes) -> Scene | None:
    """The likeness to that picture before which it is most like; None where nothing can be compared."""
    pictures = [_shown(vault, one.sha256) for one in found.before[:_MOST_BEFORE]]
    compared = [same_scene(before, after) for before in pictures if before]
    return max((scene for scene in compared if scene.told), key=lambda scene: scene.score, default=None)


def _shown(vault: Storage, sha256: str) -> bytes | None:
    try:
        return photo_keeping.shown(vault, sha256)
    except (PhotoMissing, PhotoRefused) as error:
        log.warning("photo %s cannot be compared: %s", sha256[:12], error)
        return None
