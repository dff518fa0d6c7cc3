"""A gallery (公开照片): a case with kept pictures, a dispatcher with links, and everybody with a browser."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.installation import Installation
from bot.photo_keeping import keep
from bot.publishing_links import Grant
from handlers.publishing import LINK_GOOD_FOR
from models.people import Identity
from models.photo import Fetch, Photo
from models.publication import Publication
from tests.photos.drawing import camera_notes, jpeg
from tests.stage import Actor, Stage

FACE = [0.1, 0.2, 0.2, 0.2]
SECRET = b"ZHANG-SAN"


def street(seed: int = 0) -> bytes:
    """A street with two faces in it, and a name in what the camera wrote."""
    image = Image.new("RGB", (800, 600), (150, 160, 150 + seed))
    draw = ImageDraw.Draw(image)
    for left in (100, 500):
        draw.ellipse((left, 140, left + 120, 220), fill="white", outline="black", width=6)
        draw.rectangle((left + 30, 165, left + 90, 195), fill="black")
    return jpeg(image, exif=camera_notes())


@dataclass
class Gallery:
    """One installation, its app, and one case."""

    installation: Installation
    browser: FlaskClient = field(init=False)
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.stage = Stage(self.installation)
        self.stage.now = datetime.now(UTC)  # the app's clock is the real one
        self.browser = create_app(self.installation).test_client()
        self.dispatcher = self.stage.dispatcher()
        self.case = self.stage.reported_case()
        self.photo = self.hang(street())

    def hang(self, data: bytes) -> int:
        """Keep a picture of the latest report; returns its row's id."""
        taken = keep(self.installation.vault, data)
        with self.installation.database.story() as session:
            photo = session.scalars(select(Photo).where(Photo.state == Fetch.WAITING)).first()
            assert photo is not None
            photo.state, photo.next_try_at, photo.sha256 = Fetch.KEPT, None, taken.facts.sha256
            return photo.id

    def twin(self) -> int:
        """Another row of the same case with the same picture; returns its id."""
        with self.installation.database.story() as session:
            first = session.get_one(Photo, self.photo)
            facts = {"account": "jinan", "media_id": "twin", "arrived_at": first.arrived_at, "next_try_at": None}
            again = Photo(
                draft_id=first.draft_id, state=Fetch.KEPT, sha256=first.sha256, expires_at=first.expires_at, **facts
            )
            session.add(again)
            session.flush()
            return again.id

    def person(self, who: Actor) -> int:
        with self.installation.database.glance() as session:
            return session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()

    def token(self, who: Actor | None = None, **other: Any) -> str:
        """A link's token, perhaps for another person, photo, case or time."""
        person = self.person(who or self.dispatcher)
        facts = {"case_id": self.case, "photo_id": self.photo, "person_id": person}
        until = datetime.now(UTC) + LINK_GOOD_FOR
        return self.installation.photo_pages.sign(Grant(**{**facts, "until": until, **other}))

    def post(self, step: str, token: str = "", headers: dict[str, str] | None = None, **body: Any) -> TestResponse:
        body = {"token": token or self.token(), "boxes": [FACE], **body}
        return self.browser.post(f"/publish/{step}", json=body, headers=headers)

    def publishes(self, *boxes: list[float], photo: int = 0) -> str:
        """Look at it, agree, and return the path of the public address."""
        token = self.token(photo_id=photo or self.photo)
        more: dict[str, Any] = {"token": token, "boxes": list(boxes), "nothing_to_hide": not boxes}
        seen = self.post("preview", **more).headers["X-Picture"]
        answer = self.post("confirm", seen=seen, **more)
        assert answer.status_code == 200, answer.text
        return str(answer.get_json()["address"]).removeprefix(self.installation.settings.web.public_url.rstrip("/"))

    def publications(self) -> list[Publication]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(Publication).order_by(Publication.id)))
