"""批量办理: first what would become of each, then done, then undone while that is still possible."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, render_template, request

from console import bulk as many
from console.gate import needs
from console.listing.conditions import conditions
from console.listing.filter import Reader
from console.listing.paging import page as one_page
from console.listing.wording import TEXTS
from console.looking import look
from console.premises import premises
from console.visitor import Right, visitor

bulk = Blueprint("bulk", __name__)


def offered() -> dict[str, str]:
    """What this visitor may do to many cases, by its name."""
    return {deed: TEXTS(f"deed.{deed}") for deed, kind in many.DEEDS.items() if visitor().may(kind.right)}


@bulk.post("/cases/bulk")
@needs(Right.DISPATCH, Right.VERIFY)
def preview() -> Any:
    """先看结果: nothing has happened yet."""
    deed, words = _asked()
    query = request.form.get("query", "")
    numbers = _all_of(query) if request.form.get("all") else many.chosen(request.form.getlist("case"))
    if not deed or not numbers:
        problem = TEXTS("bulk.no_deed" if numbers else "bulk.none")
        return render_template("cases/bulk.html", problem=problem, query=query), HTTPStatus.BAD_REQUEST
    results = many.preview(visitor(), numbers, deed, words)
    name = offered()[deed]
    values = {"results": results, "deed": deed, "name": name, "words": words, "query": query}
    return render_template("cases/bulk.html", step="preview", kind=many.DEEDS[deed], **values)


@bulk.post("/cases/bulk/do")
@needs(Right.DISPATCH, Right.VERIFY)
def do() -> Any:
    """办理 what the preview showed."""
    deed, words = _asked()
    if not deed:
        abort(HTTPStatus.BAD_REQUEST)
    numbers = many.chosen(request.form.getlist("case"))
    versions = {number: request.form.get(f"version.{number}", -1, type=int) for number in numbers}
    done = many.do(visitor(), versions, deed, words)
    values = {"results": done.results, "entry": done.entry, "query": request.form.get("query", "")}
    minutes = many.UNDONE_WITHIN.seconds // 60
    return render_template(
        "cases/bulk.html", step="done", name=offered()[deed], words=words, minutes=minutes, **values
    )


@bulk.post("/cases/bulk/undo")
@needs(Right.DISPATCH, Right.VERIFY)
def undo() -> Any:
    """撤销."""
    undone = many.undo(visitor(), request.form.get("entry", 0, type=int))
    query = request.form.get("query", "")
    if isinstance(undone, str):
        return render_template("cases/bulk.html", problem=undone, query=query), HTTPStatus.CONFLICT
    return render_template("cases/bulk.html", step="undone", results=undone, query=query)


def _asked() -> tuple[str, str]:
    """The deed, "" for none or one that is not the visitor's, and its words."""
    deed = request.form.get("deed", "")
    return deed if deed in offered() else "", request.form.get("words", "").strip()


def _all_of(query: str) -> list[int]:
    """The first cases of the list the form was on."""
    with premises().glance() as session:
        looking = look(session).looking
        filter_ = Reader(looking.pack).read_query(query).filter
        found = one_page(session, filter_, conditions(filter_, looking), size=many.AT_MOST)
    return [row.id for row in found.rows]
