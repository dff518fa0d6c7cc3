"""浏览器: people of the stage who are logged in to the console, without a real browser."""

import re
from dataclasses import replace
from html import unescape

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.console_room import premises_of
from console import accounts
from console.gate import COOKIE
from console.premises import EXTENSION
from models.login import ConsoleSession
from models.people import Identity
from tests.stage import Actor, Stage


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask, csrf: str = "", cookie: str = "", person_id: int = 0) -> None:
        self.client = app.test_client()
        self.csrf, self.person_id = csrf, person_id
        if cookie:
            self.client.set_cookie(COOKIE, cookie, path="/console")

    def get(self, address: str, **values: object) -> TestResponse:
        """A page, by its address behind /console."""
        return self.client.get(f"/console{address}", **values)  # type: ignore[arg-type]

    def text(self, address: str) -> str:
        """What a page says, without its tags."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        return said(answer)

    def post(self, address: str, **form: object) -> TestResponse:
        """What a form of ours sends."""
        return self.client.post(f"/console{address}", data={"csrf": self.csrf, **form}, follow_redirects=True)


def said(answer: TestResponse) -> str:
    """The words of an answer, without tags and in one line."""
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(plain)).strip()


class Office:
    """指挥部大厅: the console of a stage's installation, at the stage's moment."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.app = create_app(stage.installation)
        self.app.testing = True
        premises = premises_of(stage.installation)
        self.app.extensions[EXTENSION] = replace(premises, now=lambda: stage.now)

    def browser(self, who: Actor | None = None, by: str = accounts.BY_PASSWORD) -> Browser:
        """A browser, logged in as somebody."""
        if who is None:
            return Browser(self.app)
        with self.stage.installation.database.glance() as session:
            person = session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()
        return self.again(person, by)

    def again(self, person: int, by: str = accounts.BY_PASSWORD) -> Browser:
        """Another browser of somebody, logged in now."""
        with self.stage.installation.database.story() as session:
            lasts = self.app.extensions[EXTENSION].session
            cookie = accounts.begin(session, self.stage.now, person, by, lasts)
            csrf = session.scalars(
                select(ConsoleSession.csrf).where(ConsoleSession.digest == accounts.digest(cookie))
            ).one()
        return Browser(self.app, csrf, cookie, person)
