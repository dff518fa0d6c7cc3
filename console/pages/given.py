"""奖惩页: what people give and take beside the figures, each a decision with its reason."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from console.gate import needs
from console.noting import note
from console.premises import premises
from console.visitor import Right, visitor
from models.score import Bonus, VetoRuling
from models.unit import Unit

given = Blueprint("given", __name__)


@given.post("/rankings/given/<kind>")
@needs(Right.RANKING)
def give(kind: str) -> Any:
    """一票否决 and 加分: a person's decision, with its reason."""
    here, form = premises(), request.form
    now = here.now()
    with here.story() as session:
        found = session.get(Unit, form.get("unit", ""))
        why, on = form.get("why", "").strip(), _day(form.get("on", ""))
        if found is None or not why or on is None or kind not in ("veto", "bonus"):
            abort(HTTPStatus.BAD_REQUEST)
        facts = {"unit_code": found.code, "on": on, "why": why, "made_at": now, "person_id": visitor().person_id}
        made = _veto(facts, form.get("veto", ""), form.get("evidence", "")) if kind == "veto" else _bonus(facts)
        session.add(made)
        session.flush()
        note(session, now, f"ranking.{kind}", f"unit:{found.code}", why)
    return redirect(url_for("console.rankings.page"))


@given.post("/rankings/given/veto/<int:number>/lift")
@needs(Right.RANKING)
def lift(number: int) -> Any:
    """撤销否决, as after an appeal."""
    here = premises()
    now, why = here.now(), request.form.get("why", "").strip()
    with here.story() as session:
        found = session.get(VetoRuling, number, with_for_update=True)
        if found is None or not why or found.lifted_at is not None:
            abort(HTTPStatus.BAD_REQUEST)
        found.lifted_at, found.lifted_by, found.lifted_why = now, visitor().person_id, why
        note(session, now, "ranking.lift", f"unit:{found.unit_code}", why)
    return redirect(url_for("console.rankings.page"))


def _veto(facts: dict[str, Any], key: str, evidence: str) -> VetoRuling:
    known = {veto.key for veto in premises().score_rules().vetoes}
    if key not in known or not evidence.strip():
        abort(HTTPStatus.BAD_REQUEST)
    return VetoRuling(veto=key, evidence=evidence.strip(), **facts)


def _bonus(facts: dict[str, Any]) -> Bonus:
    points = request.form.get("points", type=float)
    if points is None or not 0 < points <= premises().score_rules().bonus_most:
        abort(HTTPStatus.BAD_REQUEST)
    return Bonus(points=points, **facts)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
