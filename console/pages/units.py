"""单位页: the tree of units with officers, open and overdue cases, and who cannot be reached."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, render_template, request

from console.gate import needs
from console.noting import note
from console.premises import premises
from console.staff import register, tree
from console.visitor import Right, visitor
from models.unit import Unit
from routing.units import Tier

units = Blueprint("units", __name__)


@units.get("/units")
@needs(Right.STAFF, Right.PEOPLE)
def page() -> Any:
    """The tree, as far as the visitor may see it; with ?q= only the units that are called so."""
    here, words = premises(), request.args.get("q", "").strip()
    with here.glance() as session:
        found = tree.tree(here.desk(session, here.now()), visitor())
        if words:
            found = {tier: [one for one in branches if _is_called(one, words)] for tier, branches in found.items()}
        return render_template("units/page.html", tiers=found, Tier=Tier, q=words)


def _is_called(branch: tree.Branch, words: str) -> bool:
    own = words in branch.unit.name or words in branch.unit.short or words == branch.unit.code
    return own or any(_is_called(one, words) for one in branch.below)


@units.get("/units/<code>")
@needs(Right.STAFF, Right.PEOPLE)
def unit(code: str) -> Any:
    """One unit: its people, what it holds, and the units right below it. People are looked at, so it is noted."""
    here, who = premises(), visitor()
    now = here.now()
    with here.story() as session:
        desk = here.desk(session, now)
        found = session.get(Unit, code)
        if found is None or not who.sees_unit(code):
            abort(HTTPStatus.NOT_FOUND)
        note(session, now, "look.people", f"unit:{code}")
        above = session.get(Unit, found.parent_code) if found.parent_code else None
        return render_template(
            "units/unit.html",
            branch=tree.branch(desk, who, found),
            above=above,
            people=register.of_units(desk, who, [code]),
            roles=desk.router.pack.roles,
            known=desk.router.pack.units.get(code),
        )
