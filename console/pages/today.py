"""今日: one screen that answers what burns, and keeps answering."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from console.burning import Burning, Trouble, burning, troubles
from console.gate import needs
from console.listing.wording import TEXTS
from console.looking import look
from console.premises import premises
from console.visitor import Right, visitor
from console.wording import span

today = Blueprint("today", __name__)

SECONDS = 10
_STUCK = 60  # seconds a chore may be behind; bot.health says the same
_ASKED_EVERY = timedelta(seconds=20)


@today.get("/")
@needs(Right.LOOK)
def page() -> Any:
    """今日, whole."""
    found, house = _burning()
    drawn = [(key, _digest(html), html) for key, html in _drawn(found, house)]
    return render_template("today/page.html", tiles=drawn, hot=_hot(found), seconds=SECONDS, zone=premises().zone)


@today.get("/today/live")
@needs(Right.LOOK)
def live() -> Any:
    """What has changed since: a page says what it has, and is given only what differs."""
    found, house = _burning()
    had = set(request.args.getlist("have"))
    changed = [(key, _digest(html), html) for key, html in _drawn(found, house) if _digest(html) not in had]
    if not changed:
        return Response(status=204)
    return render_template("today/live.html", tiles=changed, hot=_hot(found))


def _burning() -> tuple[list[Burning], list[Trouble]]:
    here = premises()
    problems = _problems() if visitor().units is None else []
    with here.glance() as session:
        at = look(session)
        return burning(at), troubles(at, problems)


def _problems() -> list[str]:
    """What is stuck in the house; asked seldom, because a chore is late after a minute and asking takes a while."""
    asked: dict[str, Any] = current_app.extensions.setdefault("today", {})
    now = premises().now()
    if "at" not in asked or not timedelta() <= now - asked["at"] < _ASKED_EVERY:
        lags, problems = premises().health()
        asked.update(at=now, problems=[_said(name, lag) for name, lag in lags.items() if lag > _STUCK] or problems)
    found: list[str] = asked["problems"]
    return found


def _said(chore: str, lag: float) -> str:
    name = TEXTS(f"chore.{chore}") if f"chore.{chore}" in TEXTS.names else chore
    return TEXTS("chore.behind", name=name, span=span(timedelta(seconds=lag)))


def _drawn(found: list[Burning], house: list[Trouble]) -> list[tuple[str, str]]:
    """Every tile as markup, by its key. What they say changes by the minute, not by the second."""
    tiles = [(one.tile.key, render_template("today/tile.html", one=one)) for one in found]
    return [*tiles, ("house", render_template("today/house.html", house=house))]


def _digest(html: str) -> str:
    return sha256(html.encode()).hexdigest()[:12]


def _hot(found: list[Burning]) -> int:
    """What the tab's title counts."""
    return sum(one.counted.cases for one in found if one.tile.key in ("overdue", "soon"))
