"""An album (相册): cases, and photos that are kept, as rows and files, without anybody having sent them."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select, update

from bot.installation import Installation
from models.case import Case
from models.deletion import Deletion
from models.draft import Draft, DraftState
from models.people import Person
from models.photo import Fetch, Photo
from models.publication import Publication
from models.report import Report
from models.workflow import Status
from photos.intake import COPIES
from photos.storage import Tree

_numbers = count(1)


@dataclass(frozen=True)
class Album:
    """One installation's photos, at one moment."""

    installation: Installation
    now: datetime

    def case(self, closed: timedelta | None = None, status: Status = Status.CLOSED) -> int:
        """A case closed so long ago, or still open."""
        ended = self.now - closed if closed is not None else None
        facts = {"channel": "citizen_photo", "text": "", "place": "", "opened_at": self.now - timedelta(days=2000)}
        with self.installation.database.story() as session:
            case = Case(status=status if ended else Status.ASSIGNED, closed_at=ended, **facts)
            session.add(case)
            session.flush()
            return case.id

    def draft(self, *reported: int, rectifies: int | None = None, ago: timedelta = timedelta(days=1999)) -> int:
        """A finished draft: of reports of these cases, or of a rectification."""
        then = self.now - ago
        with self.installation.database.story() as session:
            person = Person(name="", created_at=then)
            session.add(person)
            session.flush()
            draft = Draft(
                person_id=person.id,
                account="jinan",
                channel="citizen_photo" if rectifies is None else "officer",
                case_id=rectifies,
                state=DraftState.SUBMITTED,
                opened_at=then,
                touched_at=then,
                closed_at=then,
            )
            session.add(draft)
            session.flush()
            for case in reported:
                facts = {"channel": "citizen_photo", "text": "", "place": "", "reported_at": then}
                session.add(Report(draft_id=draft.id, person_id=person.id, case_id=case, **facts))
            return draft.id

    def reports(self, draft: int) -> list[int]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Report.id).where(Report.draft_id == draft).order_by(Report.id)))

    def photo(self, draft: int, data: bytes = b"", report: int | None = None, *, bare: bool = False) -> Photo:
        """A photo that is kept, with its copies; bare: as a row alone."""
        data = data or f"photo {next(_numbers)}".encode()
        sha256, vault = hashlib.sha256(data).hexdigest(), self.installation.vault
        if not bare:
            vault.keep_original(data, sha256)
            for name in COPIES:
                vault.keep_copy(sha256, name, b"copy")
            self.age(sha256)
        with self.installation.database.story() as session:
            then = session.get_one(Draft, draft).opened_at
            photo = Photo(
                draft_id=draft,
                report_id=report,
                account="jinan",
                media_id="",
                arrived_at=then,
                expires_at=then,
                state=Fetch.KEPT,
                sha256=sha256,
                size=len(data),
                taken_at=then,
                lat=36.66,
                lon=117.02,
                fingerprint=b"1" * 40,
                kept_at=then,
            )
            session.add(photo)
        return photo

    def age(self, sha256: str, by: timedelta = timedelta(days=30)) -> None:
        """Make a photo's files look as if they were written so long ago; only a folder can be told so."""
        then = (self.now - by).timestamp()
        for path in self.installation.settings.photos.rglob("*"):  # type: ignore[union-attr]
            if path.is_file() and sha256 in str(path):
                os.utime(path, (then, then))

    def publish(self, photo: Photo, case: int, data: bytes = b"blurred") -> str:
        sha256 = self.installation.vault.keep_public(data)
        self.age(sha256)
        with self.installation.database.story() as session:
            facts = {"boxes": {}, "published_at": self.now - timedelta(days=20)}
            session.add(Publication(photo_id=photo.id, case_id=case, sha256=sha256, **facts))
        return sha256

    def row(self, photo: Photo) -> Photo:
        with self.installation.database.glance() as session:
            return session.get_one(Photo, photo.id)

    def change(self, photo: Photo, **values: object) -> None:
        with self.installation.database.story() as session:
            session.execute(update(Photo).where(Photo.id == photo.id).values(values))

    def deletions(self) -> list[Deletion]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Deletion).order_by(Deletion.id)))

    def files(self) -> dict[str, int]:
        """How many files each tree has."""
        return {str(tree): len(list(self.installation.vault.files(tree))) for tree in Tree}
