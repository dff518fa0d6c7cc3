"""手机: people of the stage who open the page of a case in WeChat, without a real browser."""

import re
from dataclasses import replace
from itertools import count

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.console_room import premises_of
from bot.installation import Installation
from console.premises import EXTENSION
from handlers.case_pages import CaseGrant, Side
from models.draft import Draft
from models.people import Identity
from models.photo import Photo
from tests.console.browsers import said
from tests.photos.drawing import jpeg
from tests.stage import Actor, Stage

_names = count(0x10000000)


def app_at(stage: Stage) -> Flask:
    """The app, at the stage's moment."""
    app = create_app(stage.installation)
    app.testing = True
    app.extensions[EXTENSION] = replace(premises_of(stage.installation), now=lambda: stage.now)
    return app


def person_of(stage: Stage, who: Actor) -> int:
    with stage.installation.database.glance() as session:
        return session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()


def token_of(installation: Installation, stage: Stage, who: Actor, number: int, side: Side) -> str:
    until = stage.now + installation.settings.console.link_good_for
    return installation.case_pages.sign(CaseGrant(number, person_of(stage, who), side, until))


class Phone:
    """One person's page of one case."""

    def __init__(self, stage: Stage, app: Flask, who: Actor, number: int, side: Side) -> None:
        self.stage = stage
        self.token = token_of(stage.installation, stage, who, number, side)
        self.client = app.test_client()
        self.person_id = person_of(stage, who)

    def get(self, rest: str = "") -> TestResponse:
        return self.client.get(f"/h5/{self.token}{rest}")

    def text(self) -> str:
        """What the page says."""
        answer = self.get()
        assert answer.status_code == 200, answer.text
        return said(answer)

    def seal(self) -> str:
        """What the page's forms carry."""
        found = re.search(r'data-page="([^"]+)"', self.get().text)
        return found[1] if found else ""

    def does(self, deed: str, words: str = "", **form: object) -> TestResponse:
        data = {"page": self.seal(), "words": words, **form}
        return self.client.post(f"/h5/{self.token}/{deed}", data=data)

    def uploads(self, data: bytes = b"", name: str = "") -> TestResponse:
        """One file as the page sends it."""
        headers = {"X-Page": self.seal(), "X-Upload": name or f"{next(_names):x}"}
        return self.client.post(f"/h5/{self.token}/photos", data=data or jpeg(), headers=headers)

    def photos(self) -> list[Photo]:
        """The photos of the person's drafts, as they are now."""
        with self.stage.installation.database.glance() as session:
            query = select(Photo).join(Draft, Draft.id == Photo.draft_id).where(Draft.person_id == self.person_id)
            return list(session.scalars(query.order_by(Photo.id)))
