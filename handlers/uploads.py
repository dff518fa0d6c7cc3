"""上传: photos that come from a case's page as they are, with everything the camera wrote into them."""

from dataclasses import dataclass

from handlers import photo_facts
from handlers.desk import Desk
from models.draft import Draft, DraftState
from models.photo import Fetch, Photo
from photos.intake import Taken
from routing.where.coordinates import wgs84_to_gcj02

# What stands as the account of such a photo: nobody has to fetch it from WeChat.
ACCOUNT = "h5"
MOST = 9


@dataclass(frozen=True, slots=True)
class Upload:
    """一张上传的照片. name: what the browser calls it, the same whenever it tries again."""

    name: str
    taken: Taken


@dataclass(frozen=True, slots=True)
class Spot:
    """手机定位: where the phone says it is, in WGS-84 degrees; accuracy in metres."""

    lat: float
    lon: float
    accuracy: float


def known(draft: Draft, name: str) -> Photo | None:
    """What an upload of this name has become; the connection may have been lost on the way back."""
    return next((photo for photo in draft.photos if (photo.account, photo.media_id) == (ACCOUNT, name)), None)


def keep(desk: Desk, draft: Draft, upload: Upload) -> Photo:
    """Put a photo that is in the vault already into a draft; the same one twice is one."""
    facts = photo_facts.columns(upload.taken, desk.now)
    same = next((photo for photo in draft.photos if photo.sha256 == facts["sha256"]), None)
    found = known(draft, upload.name) or same
    if found is not None:
        return found
    photo = Photo(
        account=ACCOUNT,
        media_id=upload.name,
        arrived_at=desk.now,
        expires_at=desk.now,
        state=Fetch.KEPT,
        next_try_at=None,
        **facts,
    )
    draft.photos.append(photo)
    draft.touched_at = desk.now
    desk.session.flush()
    return photo


def take_out(desk: Desk, draft: Draft, photo_id: int) -> bool:
    """不要这张: it belongs to nothing from now on, and is destroyed in its time like everything nobody reported."""
    photo = next((photo for photo in draft.photos if photo.id == photo_id), None)
    if photo is None:
        return False
    dropped = Draft(
        person_id=draft.person_id,
        account=draft.account,
        channel=draft.channel,
        opened_at=desk.now,
        touched_at=desk.now,
        text="",
        place="",
        extra={},
        photos=[],
    )
    dropped.close(DraftState.CANCELLED, desk.now)
    desk.session.add(dropped)
    draft.photos.remove(photo)
    dropped.photos.append(photo)
    desk.session.flush()
    return True


def locate(desk: Desk, draft: Draft, spot: Spot) -> None:
    """定位: kept as WeChat gives places, in GCJ-02, and beside it what the phone said."""
    draft.lat, draft.lon = wgs84_to_gcj02(spot.lat, spot.lon)
    told = {"source": "phone", "datum": "WGS-84", "lat": spot.lat, "lon": spot.lon, "accuracy": spot.accuracy}
    draft.extra = {**draft.extra, "place_from": {**told, "at": desk.now.isoformat()}}
