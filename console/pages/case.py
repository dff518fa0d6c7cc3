"""案件页: the whole story of one case, its photos, and what can be done now."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import acting
from console.acting import Outcome
from console.dossier.file import case_file
from console.gate import needs
from console.noting import note
from console.premises import premises
from console.visitor import Right, seen_case, visitor
from handlers.publishing import cases_of
from models.hotline import HotlineOrder
from models.people import Person
from models.photo import Fetch, Photo
from models.report import Report
from photos.intake import COPIES
from photos.refusal import PhotoRefused
from photos.storage import PhotoMissing

case = Blueprint("case", __name__)


@case.get("/cases/<int:case_id>")
@needs(Right.LOOK)
def page(case_id: int) -> Any:
    """案件页."""
    return _drawn(case_id)


@case.post("/cases/<int:case_id>/<deed>")
@needs(Right.DISPATCH, Right.VERIFY, Right.ACT_FOR_UNIT)
def act(case_id: int, deed: str) -> Any:
    """办理, and the page as it is then."""
    return _drawn(case_id, asked(case_id, deed))


def asked(case_id: int, deed: str) -> Outcome:
    """Do what the form of a case asks for."""
    form = request.form
    return acting.do(visitor(), case_id, deed, form.get("words", ""), form.get("version", type=int))


def _drawn(case_id: int, outcome: Outcome | None = None) -> Any:
    here = premises()
    with here.glance() as session:
        found = seen_case(session, case_id)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        file = case_file(here.desk(session, here.now()), visitor(), found)
        return render_template("case/page.html", file=file, case=found, outcome=outcome)


@case.get("/cases/<int:case_id>/reporters")
@needs(Right.REPORTERS)
def reporters(case_id: int) -> Any:
    """上报人: who they are, for whoever may know; every look is noted."""
    here = premises()
    with here.story() as session:
        if seen_case(session, case_id) is None:
            abort(HTTPStatus.NOT_FOUND)
        note(session, here.now(), "look.reporters", f"case:{case_id}")
        query = (
            select(Report, Person.name, HotlineOrder)
            .join(Person, Person.id == Report.person_id)
            .outerjoin(HotlineOrder, HotlineOrder.report_id == Report.id)
            .where(Report.case_id == case_id)
            .order_by(Report.id)
        )
        platforms = here.desk(session, here.now()).router.pack.platforms
        return render_template("case/reporters.html", rows=session.execute(query).all(), platforms=platforms)


@case.get("/photo/<int:photo_id>/<name>.jpg")
@needs(Right.LOOK)
def photo(photo_id: int, name: str) -> Any:
    """A copy without metadata, for whoever may see one of its cases."""
    here = premises()
    with here.glance() as session:
        sha256 = _shown(session, photo_id) if name in COPIES else None
    if sha256 is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        data = here.shown(sha256, name)
    except (PhotoMissing, PhotoRefused):
        abort(HTTPStatus.NOT_FOUND)
    answer = Response(data, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _shown(session: Session, photo_id: int) -> str | None:
    """The hash of a kept photo of a case the visitor may see."""
    found = session.get(Photo, photo_id)
    if found is None or found.state is not Fetch.KEPT:
        return None
    mine = any(seen_case(session, number) for number in cases_of(session, found))
    return found.sha256 if mine else None
