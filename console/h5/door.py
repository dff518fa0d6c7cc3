"""入口: whose page it is, what each answer tells the browser, and whether a write comes from a page of ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.premises import premises
from console.sealing import opened, seal
from handlers.case_pages import CaseGrant
from handlers.desk import Desk
from handlers.people.caller import Caller, caller_of
from models.case import Case
from models.journal import Act, write
from models.people import Identity
from models.report import Report
from models.workflow import Status

PAGE_GOOD_FOR = timedelta(hours=12)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The address is the login.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_STATUS = {
    "expired": HTTPStatus.FORBIDDEN,
    "not_yours": HTTPStatus.FORBIDDEN,
    "somebody_else": HTTPStatus.FORBIDDEN,
    "stale": HTTPStatus.BAD_REQUEST,
    "in_wechat": HTTPStatus.FORBIDDEN,
    "trouble": HTTPStatus.SERVICE_UNAVAILABLE,
    "missing": HTTPStatus.NOT_FOUND,
}


class Closed(Exception):
    """打不开: the key of what is said instead of the page."""


@dataclass(frozen=True, slots=True)
class Guest:
    """来访: the holder of a link, at one moment. account: where they were heard last."""

    grant: CaseGrant
    token: str
    now: datetime

    @property
    def page_seal(self) -> str:
        """What every write of this page carries; the address alone writes nothing."""
        return seal("h5 page", self.now, PAGE_GOOD_FOR, self.token)


def guest(token: str) -> Guest:
    """Whoever holds this link. Raises Closed."""
    here = premises()
    now = here.now()
    with here.glance() as session:
        grant = here.desk(session, now).case_pages.read(token, now)
    if grant is None:
        raise Closed("expired")
    return Guest(grant, token, now)


def check_ours(who: Guest) -> None:
    """A write comes from this very page, which this very link opened. Raises Closed."""
    said = request.headers.get("X-Page") or request.form.get("page", "")
    origin = request.headers.get("Origin", "")
    foreign = origin not in ("", "null") and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Closed("stale")
    if opened("h5 page", said, who.now) != [who.token]:
        raise Closed("stale")


def caller(desk: Desk, person_id: int) -> Caller:
    """The person, at the account they were heard at last."""
    known = select(Identity.account).where(Identity.person_id == person_id, Identity.broken_at.is_(None))
    account = desk.session.scalars(known.order_by(Identity.last_heard_at.desc()).limit(1)).first()
    return caller_of(desk, person_id, account or "")


def unit_sees(who: Caller, case: Case) -> bool:
    """Whether a case is with the person's unit now, or was when it was closed."""
    if case.lead is not None or case.status is not Status.CLOSED:
        return who.acts_for(case) is not None
    return bool(case.assignments) and case.assignments[-1].unit_code in who.units


def has_reported(session: Session, who: Caller, case: Case) -> bool:
    mine = select(Report.id).where(Report.case_id == case.id, Report.person_id == who.person.id)
    return session.scalars(mine.limit(1)).first() is not None


def note(session: Session, who: Guest, act: str, words: str = "", **data: Any) -> None:
    """记操作日志, in the name of the link's holder."""
    about = Act(f"h5.{act}", f"case:{who.grant.case_id}", words, data)
    write(session, who.now, who.grant.person_id, about, request.remote_addr or "")


def told(answer: Response) -> Response:
    """Also what goes wrong carries them."""
    for name, value in _HEADERS.items():
        answer.headers[name] = value
    return answer


def wrong(problem: Closed) -> tuple[str, int]:
    """A page that says in words why it does not open."""
    key = str(problem)
    return render_template("h5/wrong.html", told=premises().texts(f"h5.{key}")), _STATUS[key]


def wrong_answer(key: str, words: str = "") -> tuple[dict[str, str], int]:
    """The same for a script."""
    return {"problem": words or premises().texts(f"h5.{key}")}, _STATUS.get(key, HTTPStatus.BAD_REQUEST)
