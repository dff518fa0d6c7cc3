"""测评页: rounds of field assessment, for the command centre alone: draw, progress, results, and checked checkers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import field_results
from console.gate import needs, takes
from console.noting import note
from console.premises import premises
from console.visitor import Right, visitor
from handlers.desk import Desk
from handlers.field import checking, frame, imported, results, rounds
from handlers.field.frame import OF_CASES, OF_POINTS, By, Days
from handlers.field.importing import read_file
from handlers.field.rounds import BadPlan, Draw, Plan
from handlers.membership.roster import Problem
from handlers.membership.spreadsheet import BYTES_AT_MOST, RosterError
from models.people import Person
from models.score import FieldRound, FieldVisit
from scoring.composite import rounded

field = Blueprint("field", __name__)

_EACH_AT_MOST = 500


@field.get("/field")
@needs(Right.DISPATCH, Right.RANKING)
def page() -> Any:
    """The rounds, how far they are, and the checkers' table over all of them."""
    here = premises()
    query = select(FieldRound, func.count(FieldVisit.id), func.count(FieldVisit.result))
    with here.glance() as session:
        rows = session.execute(
            query.outerjoin(FieldVisit).group_by(FieldRound.id).order_by(FieldRound.id.desc())
        ).all()
        looked = checking.looked_at(session)
        return render_template("field/page.html", rounds=rows, **_checkers(here.desk(session, here.now()), looked))


def _checkers(desk: Desk, looked: Sequence[checking.Looked]) -> dict[str, Any]:
    unit_names = {one.visit.unit_code: desk.unit_name(one.visit.unit_code) for one in looked}
    return {
        "verifiers": checking.by_verifier(looked),
        "tested_units": checking.by_unit(looked),
        "unit_names": unit_names,
    }


@field.get("/field/new")
@needs(Right.DISPATCH)
def new() -> Any:
    """方案与抽样预览: what a plan would draw; nothing is written."""
    here = premises()
    now = here.now()
    today = now.astimezone(here.zone).date()
    told, drawn = "", None
    with here.glance() as session:
        desk = here.desk(session, now)
        if request.args:
            try:
                drawn = rounds.drawn(desk, _plan(request.args))
            except ValueError as error:
                told = _told(error)
        names = {one.key: frame.stratum_name(desk.router.pack, one.key) for one in drawn.strata} if drawn else {}
    return render_template(
        "field/new.html",
        asked=request.args,
        drawn=drawn,
        counted=_counted(drawn),
        names=names,
        told=told,
        seed=token_hex(4),
        days=(today, today + timedelta(days=6), today - timedelta(days=30), today - timedelta(days=1)),
        of_points=OF_POINTS,
        of_cases=OF_CASES,
    )


def _told(error: ValueError) -> str:
    """A plan's own words; what is no day or number at all is told in ours."""
    return str(error) if isinstance(error, BadPlan) else premises().texts("field.not_understood")


def _counted(drawn: Draw | None) -> dict[str, int]:
    counted: dict[str, int] = {}
    for pick in drawn.picks if drawn else ():
        counted[pick.stratum] = counted.get(pick.stratum, 0) + 1
    return counted


def _plan(said: Mapping[str, str]) -> Plan:
    """方案 out of a form. Raises ValueError."""
    lists = request.values
    closed = _days(said, "closed_first", "closed_last") if said.get("closed_first") else None
    counts = {name[2:]: _number(value) for name, value in said.items() if name.startswith("n:") and value.strip()}
    return Plan(
        title=said.get("title", "").strip(),
        days=_days(said, "first", "last"),
        seed=said.get("seed", "").strip()[:64],
        points_by=tuple(By(one) for one in lists.getlist("points_by") if By(one) in OF_POINTS),
        points_each=_number(said.get("points_each", "")),
        closed=closed,
        cases_by=tuple(By(one) for one in lists.getlist("cases_by") if By(one) in OF_CASES),
        cases_each=_number(said.get("cases_each", "")),
        counts=counts,
    )


def _days(said: Mapping[str, str], first: str, last: str) -> Days:
    return Days(date.fromisoformat(said.get(first, "")), date.fromisoformat(said.get(last, "")))


def _number(said: str) -> int:
    value = int(said or 0)
    if not 0 <= value <= _EACH_AT_MOST:
        raise ValueError(said)
    return value


@field.post("/field")
@needs(Right.DISPATCH)
@takes(512 * 1024)
def make() -> Any:
    """开始一轮."""
    here = premises()
    now = here.now()
    try:
        with here.story() as session:
            round_ = rounds.make(here.desk(session, now), _plan(request.form), visitor().person_id)
            note(session, now, "field.make", f"round:{round_.id}", round_.title, seed=round_.seed)
            number = round_.id
    except ValueError as error:
        return render_template("field/told.html", told=_told(error)), HTTPStatus.BAD_REQUEST
    return redirect(url_for("console.field.shown", number=number))


@field.get("/field/<int:number>")
@needs(Right.DISPATCH, Right.RANKING)
def shown(number: int) -> Any:
    """一轮: seed and strata, progress, results, and every visit. Who was sent is for few, and noted."""
    return _shown(number)


def _shown(number: int, told: str = "", problems: Sequence[Problem] = ()) -> Any:
    here = premises()
    now = here.now()
    with here.story() as session:
        round_ = session.get(FieldRound, number) or abort(HTTPStatus.NOT_FOUND)
        desk = here.desk(session, now)
        visits = list(
            session.scalars(select(FieldVisit).where(FieldVisit.round_id == number).order_by(FieldVisit.number))
        )
        if visitor().may(Right.REPORTERS):
            note(session, now, "look.assessor", f"round:{number}")
        return render_template(
            "field/round.html",
            round=round_,
            visits=visits,
            results=field_results.by_unit(session, round_, here.score_rules()),
            rules=here.score_rules(),
            assessors=_assessors(session, visits),
            is_as_drawn=rounds.is_as_drawn(desk, round_),
            stratum=lambda key: frame.stratum_name(desk.router.pack, key),
            desk=desk,
            rounded=rounded,
            told=told,
            problems=problems,
            **_checkers(desk, checking.looked_at(session, [number])),
        )


def _assessors(session: Session, visits: Sequence[FieldVisit]) -> dict[int, str]:
    """测评员 by number, {} for whoever may not know them."""
    people = {visit.person_id for visit in visits if visit.person_id}
    if not people or not visitor().may(Right.REPORTERS):
        return {}
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}


@field.post("/field/<int:number>/close")
@needs(Right.DISPATCH)
def close(number: int) -> Any:
    """结束一轮."""
    here = premises()
    now = here.now()
    with here.story() as session:
        round_ = session.get(FieldRound, number, with_for_update=True) or abort(HTTPStatus.NOT_FOUND)
        left = rounds.close(here.desk(session, now), round_)
        note(session, now, "field.close", f"round:{number}", left=left)
    return redirect(url_for("console.field.shown", number=number))


@field.post("/field/<int:number>/visits/<int:visit_id>/<verdict>")
@needs(Right.DISPATCH)
def judge(number: int, visit_id: int, verdict: str) -> Any:
    """认定 of a re-check whose findings are of another kind: once, by whoever has read them."""
    here = premises()
    now = here.now()
    if verdict not in ("solved", "unsolved"):
        abort(HTTPStatus.NOT_FOUND)
    with here.story() as session:
        visit = session.get(FieldVisit, visit_id, with_for_update=True)
        if visit is None or visit.round_id != number or not visit.case_id or visit.result is None:
            abort(HTTPStatus.NOT_FOUND)
        if visit.solved is not None:
            abort(HTTPStatus.BAD_REQUEST)
        told = results.judge(here.desk(session, now), visit, verdict == "solved", visitor().person_id)
        note(session, now, f"field.{verdict}", f"case:{visit.case_id}", said=told)
    return _shown(number, told)


@field.post("/field/<int:number>/import")
@needs(Right.DISPATCH, Right.RANKING)
@takes(BYTES_AT_MOST + 64 * 1024)
def take_in(number: int) -> Any:
    """导入成绩 or 问卷: checked, and only then taken in, whole."""
    here = premises()
    now = here.now()
    upload = request.files.get("file")
    try:
        with here.story() as session:
            round_ = session.get(FieldRound, number) or abort(HTTPStatus.NOT_FOUND)
            desk = here.desk(session, now)
            file = read_file(upload.stream.read(BYTES_AT_MOST + 1) if upload else b"", desk.router.pack)
            wrong = imported.problems(desk, file, round_)
            if not wrong and "check" not in request.form:
                imported.take_in(desk, file, round_, (upload.filename if upload else "") or "", visitor().person_id)
                note(session, now, "field.import", f"round:{number}", rows=len(file.lines))
    except RosterError as error:
        return _shown(number, str(error))
    key = "field.wrong" if wrong else "field.checked" if "check" in request.form else "field.imported"
    return _shown(number, here.texts(key, count=len(file.lines)), wrong)
