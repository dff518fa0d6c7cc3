"""已知照片: the fingerprints of all pictures in this process's memory, as fresh as the last look into the table."""

from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.photo import Photo
from photos import fingerprint
from photos.likeness import Likenesses, Match

_CHUNK = 50_000
# Rows are committed a little later than the moment they name, and machines' clocks differ by seconds.
_OVERLAP = timedelta(minutes=5)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class KnownPhotos:
    """已知照片: an index that takes up what has been kept since. The table is the truth; to lose this is nothing."""

    def __init__(self) -> None:
        self._index = Likenesses()
        self._recent: dict[int, datetime] = {}
        self._seen_until = _BEGINNING
        self._lock = Lock()

    def refresh(self, session: Session) -> int:
        """Take up what has been kept since the last time. Returns how many that were."""
        with self._lock:
            since = self._seen_until - _OVERLAP
            query = select(Photo.id, Photo.kept_at, Photo.fingerprint).where(
                Photo.kept_at > since, Photo.fingerprint.is_not(None)
            )
            added = 0
            for rows in session.execute(query.execution_options(yield_per=_CHUNK)).partitions():
                new = [(photo, at, one) for photo, at, one in rows if at and one and photo not in self._recent]
                self._index.add([photo for photo, _, _ in new], [one for _, _, one in new])
                self._recent.update((photo, at) for photo, at, _ in new)
                added += len(new)
            self._seen_until = max(self._recent.values(), default=self._seen_until)
            self._forget()
            return added

    def nearest(self, mark: bytes) -> list[Match]:
        """Nearly the same pictures, the nearest first; also what is the same in a mirror."""
        return self._index.nearest(mark, fingerprint.NEAR)

    def _forget(self) -> None:
        """Only what the next look would find again has to be remembered."""
        since = self._seen_until - _OVERLAP
        self._recent = {photo: at for photo, at in self._recent.items() if at > since}
