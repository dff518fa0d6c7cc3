"""案件页: the whole story of one case, its photos, and what can be done now."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort
from sqlalchemy.orm import Session

from console.gate import needs
from console.premises import premises
from console.visitor import Right, seen_case
from handlers.publishing import cases_of
from models.photo import Fetch, Photo
from photos.intake import COPIES
from photos.refusal import PhotoRefused
from photos.storage import PhotoMissing

case = Blueprint("case", __name__)


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
