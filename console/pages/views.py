"""常用视图: filters somebody wants again, one's own, or everybody's where an admin shares them."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from console.gate import needs
from console.listing.filter import Reader
from console.listing.wording import TEXTS
from console.noting import note
from console.premises import premises
from console.visitor import Right, visitor
from models.saved_view import SavedView

views = Blueprint("views", __name__)

NAME_AT_MOST, AT_MOST = 20, 30


@views.post("/cases/views")
@needs(Right.LOOK)
def save() -> Any:
    """存为常用视图: the filter is read again, so that nothing else ever stands in an address of ours."""
    here, name = premises(), request.form.get("name", "").strip()
    with here.story() as session:
        pack = here.desk(session, here.now()).router.pack
        query = Reader(pack).read_query(request.form.get("query", "")).filter.query()
        problem = _problem(session, name)
        if not problem:
            _keep(session, name, query)
            note(session, here.now(), "view.save", query=query, name=name)
    return _back(query, problem)


@views.post("/cases/views/remove")
@needs(Right.LOOK)
def remove() -> Any:
    """删去 one's own; an admin also what everybody sees."""
    here, number = premises(), request.form.get("view", 0, type=int)
    with here.story() as session:
        mine = SavedView.person_id == visitor().person_id
        allowed = mine | SavedView.shared.is_(True) if visitor().may(Right.PEOPLE) else mine
        session.execute(delete(SavedView).where(SavedView.id == number, allowed))
        note(session, here.now(), "view.remove", f"view:{number}")
        pack = here.desk(session, here.now()).router.pack
        query = Reader(pack).read_query(request.form.get("query", "")).filter.query()
    return _back(query, "")


def _problem(session: Session, name: str) -> str:
    if not name or len(name) > NAME_AT_MOST:
        return TEXTS("view.bad_name", limit=NAME_AT_MOST)
    others = SavedView.person_id == visitor().person_id, SavedView.name != name
    many = session.scalars(select(func.count()).select_from(SavedView).where(*others)).one()
    return TEXTS("view.too_many", limit=AT_MOST) if many >= AT_MOST else ""


def _keep(session: Session, name: str, query: str) -> None:
    """A name used again means the view that has it."""
    mine = SavedView.person_id == visitor().person_id, SavedView.name == name
    shared = bool(request.form.get("shared")) and visitor().may(Right.PEOPLE)
    session.execute(delete(SavedView).where(*mine))
    facts = {"name": name, "query": query, "shared": shared, "made_at": premises().now()}
    session.add(SavedView(person_id=visitor().person_id, **facts))


def _back(query: str, problem: str) -> Any:
    if problem:
        return render_template("console_error.html", told=problem, code=400), 400
    there = url_for("console.cases.page")
    return redirect(f"{there}?{query}" if query else there)
