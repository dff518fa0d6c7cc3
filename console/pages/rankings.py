"""考核页: the three rankings from draft to publication, why each score is so, and what people gave or took."""

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.gate import needs
from console.noting import note
from console.premises import premises
from console.visitor import Right, visitor
from models.people import Role
from models.score import Bonus, Ranking, RankingState, VetoRuling
from scoring import explain, projection, tables
from scoring.rules import TIERS
from scoring.tables import NotNow, Wanted
from scoring.tallies import Period

rankings = Blueprint("rankings", __name__)

# Before a table is out, a unit sees its own row and nobody else's.
_FOR_ALL = (RankingState.PUBLISHED,)
_FOR_UNITS = (RankingState.APPEALS, RankingState.FROZEN)


@rankings.get("/rankings")
@needs(Right.STATISTICS)
def page() -> Any:
    """Every table the visitor may see, and what can be made."""
    here = premises()
    with here.glance() as session:
        listed = [one for one in session.scalars(select(Ranking).order_by(Ranking.id.desc())) if _may_see(one)]
        return render_template(
            "rankings/page.html", tables=listed, tiers=TIERS, month=_last_month(), **_given(session)
        )


@rankings.post("/rankings")
@needs(Right.RANKING)
def make() -> Any:
    """起草 the table of a tier and month."""
    here, tier = premises(), request.form.get("tier", "")
    month = _month(request.form.get("month", ""))
    if tier not in TIERS or month is None:
        abort(HTTPStatus.BAD_REQUEST)
    now = here.now()
    title = here.score_texts("title", year=month.begins_on.year, month=month.begins_on.month, tier=_tier(tier))
    with here.story() as session:
        projection.refresh(session, here.ground(), now)
        wanted = Wanted(tier, title, month, here.score_rules(), visitor().person_id)
        table = tables.make(session, wanted, now)
        session.flush()
        note(session, now, "ranking.draft", f"ranking:{table.id}", title)
        number = table.id
    return redirect(url_for("console.rankings.table", number=number))


@rankings.get("/rankings/<int:number>")
@needs(Right.STATISTICS)
def table(number: int) -> Any:
    """排名表."""
    return _drawn(number)


@rankings.get("/rankings/<int:number>/<unit>")
@needs(Right.STATISTICS)
def unit(number: int, unit: str) -> Any:
    """为什么是这个分, and the cases behind each figure."""
    here = premises()
    with here.glance() as session:
        found = _seen(session, number)
        row = next((one for one in _rows(found) if one["unit"] == unit), None)
        if row is None:
            abort(HTTPStatus.NOT_FOUND)
        figure = request.args.get("figure", "")
        period = Period(found.begins_on, found.ends_on, here.zone)
        behind = explain.behind(session, unit, figure, period, found.tier == "district") if figure else []
        return render_template(
            "rankings/unit.html",
            table=found,
            row=row,
            lines=explain.explained(row, found.rules, here.score_texts),
            figure=figure,
            figures=[name for name in explain.SOURCES if name in row["parts"] or name in row["deductions"]],
            behind=behind[:500],
            objections=[one for one in found.objections if one.unit_code == unit],
            may_object=_may_object(found, unit, here.now()),
            score_words=here.score_texts,
        )


@rankings.post("/rankings/<int:number>/<unit>/objection")
@needs(Right.ACT_FOR_UNIT)
def contest(number: int, unit: str) -> Any:
    """提出排名申诉, by the unit's leader."""
    words = request.form.get("words", "").strip()
    if not words or unit not in visitor().own or Role.LEADER not in visitor().roles:
        abort(HTTPStatus.FORBIDDEN)

    def contested(session: Session, found: Ranking, now: datetime) -> None:
        tables.contest(found, unit, visitor().person_id, words, now)

    told = _step(number, "contest", contested, words)
    return _drawn(number, told)


@rankings.post("/rankings/<int:number>/<step>")
@needs(Right.RANKING)
def act(number: int, step: str) -> Any:
    """起草之后的每一步."""
    if step not in _STEPS:
        abort(HTTPStatus.NOT_FOUND)
    return _drawn(number, _step(number, step, _STEPS[step], request.form.get("words", "").strip()))


def _remade(session: Session, found: Ranking, now: datetime) -> None:
    here = premises()
    projection.refresh(session, here.ground(), now)
    tables.remake(session, found, here.score_rules(), here.zone, now)


def _frozen(session: Session, found: Ranking, now: datetime) -> None:
    projection.refresh(session, premises().ground(), now)
    tables.freeze(session, found, premises().zone, now)


def _ruled(session: Session, found: Ranking, now: datetime) -> None:
    form = request.form
    objection = next((one for one in found.objections if one.id == form.get("objection", type=int)), None)
    words = form.get("words", "").strip()
    if objection is None or not words:
        abort(HTTPStatus.BAD_REQUEST)
    tables.settle(objection, form.get("accepted") == "yes", words, visitor().person_id, now)


def _corrected(session: Session, found: Ranking, now: datetime) -> None:
    form = request.form
    words = form.get("words", "").strip()
    after = {"score": form["score"].strip()} if form.get("score", "").strip() else {}
    if not words:
        abort(HTTPStatus.BAD_REQUEST)
    tables.correct(found, form.get("unit", ""), words, after, visitor().person_id, now)


_STEPS: dict[str, Callable[[Session, Ranking, datetime], None]] = {
    "remake": _remade,
    "appeals": lambda _, found, now: tables.open_appeals(found, now),
    "rule": _ruled,
    "freeze": _frozen,
    "publish": lambda _, found, now: tables.publish(found, visitor().person_id, now),
    "correct": _corrected,
    "drop": lambda _session, found, _now: tables.drop(found),
}


def _step(number: int, name: str, do: Callable[[Session, Ranking, datetime], None], words: str) -> str:
    """One step in a table's life, noted. What is wrong, in words; "" when it was taken."""
    here = premises()
    now = here.now()
    try:
        with here.story() as session:
            found = session.get(Ranking, number, with_for_update=True)
            if found is None:
                abort(HTTPStatus.NOT_FOUND)
            do(session, found, now)
            note(session, now, f"ranking.{name}", f"ranking:{number}", words)
    except NotNow as problem:
        return here.score_texts(f"problem.{problem.key}")
    return ""


def _drawn(number: int, told: str = "") -> Any:
    here = premises()
    with here.glance() as session:
        found = _seen(session, number)
        rows = _rows(found)
        return render_template(
            "rankings/table.html",
            table=found,
            rows=rows,
            indicators=list(rows[0]["parts"]) if rows else [],
            is_whole=tables.is_whole(found) if found.digest else None,
            told=told,
            score_words=here.score_texts,
        )


def _seen(session: Session, number: int) -> Ranking:
    found = session.get(Ranking, number)
    if found is None or not _may_see(found):
        abort(HTTPStatus.NOT_FOUND)
    return found


def _may_see(found: Ranking) -> bool:
    if visitor().units is None:
        return True
    return found.state in _FOR_ALL or (found.state in _FOR_UNITS and bool(_rows(found)))


def _rows(found: Ranking) -> list[dict[str, Any]]:
    """The rows the visitor may see: all of a published table, one's own before."""
    rows: list[dict[str, Any]] = found.rows["rows"]
    if visitor().units is None or found.state in _FOR_ALL:
        return rows
    return [row for row in rows if visitor().sees_unit(row["unit"])]


def _may_object(found: Ranking, unit: str, now: datetime) -> bool:
    is_open = found.state is RankingState.APPEALS and (found.appeals_until is None or now < found.appeals_until)
    return is_open and unit in visitor().own and Role.LEADER in visitor().roles


def _given(session: Session) -> dict[str, Any]:
    """一票否决 and 加分 so far, for the command centre."""
    here = premises()
    if not visitor().may(Right.RANKING):
        return {"score_words": here.score_texts}
    return {
        "score_words": here.score_texts,
        "vetoes": session.scalars(select(VetoRuling).order_by(VetoRuling.id.desc()).limit(50)).all(),
        "bonuses": session.scalars(select(Bonus).order_by(Bonus.id.desc()).limit(50)).all(),
        "units": {code: one.name for code, one in here.desk(session, here.now()).router.pack.units.items()},
        "rules": here.score_rules(),
    }


def _tier(tier: str) -> str:
    return premises().score_texts(f"tier.{tier}")


def _month(words: str) -> Period | None:
    try:
        begins = date.fromisoformat(f"{words}-01")
    except ValueError:
        return None
    ends = date(begins.year + begins.month // 12, begins.month % 12 + 1, 1)
    return Period(begins, ends, premises().zone)


def _last_month() -> str:
    today = premises().now().astimezone(premises().zone).date()
    last = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    return f"{last:%Y-%m}"
