"""考核材料下载: the 通报 and its tables for those who make them; every download is noted."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, request, url_for

from console.gate import needs
from console.noting import note
from console.pages.public_ranking import PAPERS
from console.premises import premises
from console.ranking_papers import KINDS, Order, paper_of
from console.visitor import Right
from models.score import Ranking
from scoring.notices import Edition, issuer
from scoring.papers.wording import TEXTS

ranking_papers = Blueprint("ranking_papers", __name__)


@ranking_papers.get("/rankings/<int:number>/papers/<kind>")
@needs(Right.RANKING)
def paper(number: int, kind: str) -> Any:
    """通报 as Word or PDF, Excel with the cases behind each figure, the card. head: with 红头; no: its 文号."""
    here = premises()
    if kind not in KINDS:
        abort(HTTPStatus.NOT_FOUND)
    now = here.now()
    with here.story() as session:
        found = session.get(Ranking, number)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        head = TEXTS("red_head", issuer=issuer(session)) if "head" in request.args else ""
        edition = Edition(head, request.args.get("no", "").strip()[:40], inside=True)
        address = f"{here.public_url.rstrip('/')}{url_for('public_ranking.table', number=number)}"
        order = Order(kind, edition, now.astimezone(here.zone).date(), address if here.public_url else "")
        made = paper_of(session, found, order, here.zone)
        if made is None:
            abort(HTTPStatus.NOT_FOUND)
        note(session, now, "ranking.paper", f"ranking:{number}", kind)
    answer = Response(made, content_type=PAPERS[kind].mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename=ranking-{number}-inside.{kind}"
    return answer
