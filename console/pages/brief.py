"""日报页: one day on one page of A4."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request

from console.figures.choice import Choice
from console.figures.daily import brief as drawn_up
from console.figures.definitions import RATES
from console.figures.period import Period
from console.figures.wording import TEXTS
from console.gate import needs
from console.premises import premises
from console.visitor import Right, visitor

brief = Blueprint("brief", __name__)


@brief.get("/brief")
@needs(Right.STATISTICS)
def page() -> Any:
    """日报 of a day, today's where none is asked for; a day to come has none."""
    here = premises()
    now = here.now()
    today = now.astimezone(here.zone).date()
    day, is_wrong = _day(request.args.get("day", ""), today)
    with here.glance() as session:
        desk = here.desk(session, now)
        made = drawn_up(session, Choice(period=Period(day, day, here.zone), scope=visitor().units), now)
        return render_template(
            "brief/page.html",
            brief=made,
            day=day,
            today=today,
            yesterday=date.fromordinal(day.toordinal() - 1),
            tomorrow=date.fromordinal(day.toordinal() + 1),
            is_wrong=is_wrong,
            rates=RATES,
            desk=desk,
            name=lambda code: desk.router.pack.units[code].short if code in desk.router.pack.units else code,
            t=TEXTS,
        )


def _day(said: str, today: date) -> tuple[date, bool]:
    """The day asked for, and whether it could not be told."""
    try:
        day = date.fromisoformat(said) if said else today
    except ValueError:
        return today, True
    # Its neighbours, and theirs, must be days as well.
    return (day, False) if date(2000, 1, 1) <= day <= today else (today, True)
