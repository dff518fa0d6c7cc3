"""曝光页: what media published and what was promised; and the sheet of the meeting about it (问题分析会)."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import exposed
from console.exposed import Promise
from console.gate import needs
from console.noting import note
from console.premises import premises
from console.visitor import Right
from handlers import sheets
from handlers.desk import Desk
from models.base import JsonDict
from models.exposure import Exposure
from models.photo import Fetch, Photo
from photos.contact_sheet import Entry, Words, as_pdf, pages
from photos.intake import PhotoRefused
from photos.layout import Side
from photos.storage import PhotoMissing

log = logging.getLogger(__name__)
media = Blueprint("media", __name__)

_LONGEST = 366
_PRINTED_AT_MOST = 200


@media.get("/media")
@needs(Right.DISPATCH, Right.RANKING)
def page() -> Any:
    """曝光清单, by outlet and day."""
    here = premises()
    now = here.now()
    first, last = _days(30)
    outlet = request.args.get("outlet", "")
    with here.glance() as session:
        found = exposed.exposed(session, first, last, now, here.zone, outlet)
        outlets = list(session.scalars(select(Exposure.outlet).distinct().order_by(Exposure.outlet)))
        return render_template(
            "media/page.html",
            found=found,
            counts={promise: sum(one.promise is promise for one in found) for promise in Promise},
            first=first,
            last=last,
            outlet=outlet,
            outlets=outlets,
            desk=here.desk(session, now),
        )


def _days(before: int) -> tuple[date, date]:
    """起止日 asked for, else so many days up to today."""
    here = premises()
    today = here.now().astimezone(here.zone).date()
    try:
        last = date.fromisoformat(request.args.get("last") or today.isoformat())
        first = date.fromisoformat(request.args.get("first") or (last - timedelta(days=before)).isoformat())
    except ValueError:
        abort(HTTPStatus.BAD_REQUEST)
    if not timedelta(0) <= last - first <= timedelta(days=_LONGEST):
        abort(HTTPStatus.BAD_REQUEST)
    return first, last


@media.get("/media/meeting")
@needs(Right.DISPATCH, Right.RANKING)
def meeting() -> Any:
    """问题分析会: the sheet on the table, of a week where nothing else is asked for."""
    here = premises()
    now = here.now()
    first, last = _days(6)
    monday = (today := now.astimezone(here.zone).date()) - timedelta(days=today.weekday())
    begin = today.replace(day=1)
    spans = {
        "week": (monday, monday + timedelta(days=6)),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": (begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "last_month": ((begin - timedelta(days=1)).replace(day=1), begin - timedelta(days=1)),
    }
    with here.glance() as session:
        found = exposed.exposed(session, first, last, now, here.zone)
        return render_template(
            "media/meeting.html", found=found, first=first, last=last, spans=spans, desk=here.desk(session, now)
        )


@media.get("/media/meeting.pdf")
@needs(Right.DISPATCH, Right.RANKING)
def photos() -> Any:
    """照片清单 of the same cases: before and after, to be printed. Taking photos away is noted."""
    here = premises()
    now = here.now()
    first, last = _days(6)
    with here.story() as session:
        found = exposed.exposed(session, first, last, now, here.zone)
        numbers = [one.case.id for one in found][:_PRINTED_AT_MOST]
        if not numbers:
            abort(HTTPStatus.NOT_FOUND)
        note(session, now, "media.photos", "", f"{first}–{last}", cases=numbers)
    with here.glance() as session:
        desk = here.desk(session, now)
        words = Words(**sheets.words(desk, sheets.Wanted(), len(numbers)))
        data = as_pdf(pages(_entries(desk, numbers), words))
    name = f"media-{first:%Y%m%d}-{last:%Y%m%d}.pdf"
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _entries(desk: Desk, numbers: list[int]) -> Iterator[Entry]:
    for one in sheets.entries(desk, numbers):
        before, after = (_side(desk.session, one[name]) for name in ("before", "after"))
        yield Entry(one["title"], tuple(one["lines"]), before, after, one["warning"])


def _side(session: Session, facts: JsonDict) -> Side:
    """一侧, with the pictures that can be shown."""
    kept = select(Photo.id, Photo.sha256).where(Photo.id.in_(facts["photos"]), Photo.state == Fetch.KEPT)
    pictures = (_picture(row.sha256) for row in session.execute(kept.order_by(Photo.id)))
    return Side(facts["title"], facts["time"], tuple(picture for picture in pictures if picture))


def _picture(sha256: str) -> bytes:
    try:
        return premises().shown(sha256, "thumb")
    except (PhotoMissing, PhotoRefused) as error:
        log.warning("photo %s is left out: %s", sha256[:12], error)
        return b""
