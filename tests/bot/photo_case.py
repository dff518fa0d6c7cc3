"""一件存疑的案件: a case, the photos of drawn streets that come with it, and the two who act on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base
from sqlalchemy import select

from benchmarks import scenes
from bot import photo_checks, photo_keeping
from handlers import photo_facts
from models.photo import Fetch, Photo, PhotoCheck
from tests.photos.drawing import camera_notes
from tests.stage import Actor, Stage

HERE, ELSEWHERE = (1, 3), (4, 8)


@lru_cache
def street(where: tuple[int, int], view: int, clean: bool) -> bytes:
    """A photo of a drawn place, as WeChat passes it on."""
    seen = scenes.any_view(view, 0.4)
    return scenes.jpeg(scenes.photograph(scenes.place(*where), seen, clean), seen)


BEFORE, AFTER = street(HERE, 1, False), street(HERE, 2, True)


def stamped(picture: bytes, taken: datetime, place: tuple[float, float] | None = None) -> bytes:
    """With what a phone writes into the file: its own time, and where it was."""
    local = (taken + timedelta(hours=8)).strftime("%Y:%m:%d %H:%M:%S")
    gps = _gps(*place) if place else None
    file = BytesIO()
    notes = camera_notes(clocks={Base.DateTimeOriginal: local}, gps=gps)
    Image.open(BytesIO(picture)).save(file, "JPEG", quality=80, exif=notes)
    return file.getvalue()


def _gps(lat: float, lon: float) -> dict[int, object]:
    def parts(degrees: float) -> tuple[float, float, float]:
        return float(int(degrees)), (degrees % 1) * 60, 0.0

    return {1: "N", 2: parts(lat), 3: "E", 4: parts(lon)}


@dataclass
class Case:
    """One case on its way, and the two who act on it."""

    stage: Stage
    number: int
    officer: Actor
    command: Actor

    def solved(self, *pictures: bytes) -> None:
        """整改, with these pictures; then the checks."""
        self.officer.says(f"认领 {self.number}")
        for _ in pictures:
            self.officer.photo()
        self.officer.says(f"整改 {self.number} 已清运")
        self.more_came(*pictures)

    def more_came(self, *pictures: bytes) -> None:
        arrive(self.stage, pictures)
        judge(self.stage)

    def doubts(self) -> set[str]:
        with self.stage.installation.database.glance() as session:
            return set(session.scalars(select(PhotoCheck.name).where(PhotoCheck.doubtful)))

    @property
    def in_doubt(self) -> bool:
        with self.stage.installation.database.glance() as session:
            return session.get_one(type(self.stage.case(self.number)), self.number).assignments[-1].on_site


def arrive(stage: Stage, pictures: Sequence[bytes]) -> None:
    """The photos that wait are fetched from WeChat, in their order."""
    with stage.installation.database.story() as session:
        waiting = list(session.scalars(select(Photo).where(Photo.state == Fetch.WAITING).order_by(Photo.id)))
        for photo, data in zip(waiting, pictures, strict=True):
            taken = photo_keeping.keep(stage.installation.vault, data)
            for name, value in photo_facts.columns(taken, stage.now).items():
                setattr(photo, name, value)
            photo.state, photo.next_try_at = Fetch.KEPT, None


def judge(stage: Stage) -> None:
    stage.now += timedelta(seconds=10)
    photo_checks.judge_due(stage.installation, stage.now)


def a_case(stage: Stage) -> Case:
    """Reported with the photo of a dirty place an hour ago; nobody has claimed it."""
    command, officer = stage.dispatcher(), stage.officer()
    number = stage.reported_case()
    arrive(stage, [BEFORE])
    stage.now += timedelta(hours=1)
    return Case(stage, number, officer, command)
