"""巡访: a round has a start, an end and a summary."""

from sqlalchemy import func, select

from handlers import draft
from handlers.channels import citizen_patrol
from handlers.desk import Desk
from handlers.people.caller import Caller
from models.case import Case
from models.draft import DraftState
from models.patrol import Round
from models.people import Role
from models.report import Report

BEGIN, END = ("开始巡访", "巡访开始"), ("结束巡访", "巡访结束")


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 开始巡访 or 结束巡访 from a patrol member; None for everything else."""
    if not caller.holds(Role.PATROL):
        return None
    for words, act in ((BEGIN, _begin), (END, _end)):
        word = next((word for word in words if text.startswith(word)), None)
        if word is not None:
            return act(desk, caller, text.removeprefix(word).strip(" ：:，,"))
    return None


def _under_way(desk: Desk, caller: Caller) -> Round | None:
    query = select(Round).where(Round.person_id == caller.person.id, Round.ended_at.is_(None))
    return desk.session.scalars(query).one_or_none()


def _begin(desk: Desk, caller: Caller, route: str) -> str:
    running = _under_way(desk, caller)
    if running is not None:
        return desk.texts("patrol.running", since=desk.clock_time(running.started_at))
    desk.session.add(Round(person_id=caller.person.id, route=route[:128], started_at=desk.now))
    return desk.texts("patrol.begun", route=route or desk.texts("patrol.no_route"))


def _end(desk: Desk, caller: Caller, _rest: str) -> str:
    """What is still being written belongs to the round, so it goes out first."""
    running = _under_way(desk, caller)
    if running is None:
        return desk.texts("patrol.none")
    pending = draft.current(desk, caller, citizen_patrol.KEY)
    if pending is None or pending.is_empty:
        return _summed_up(desk, caller, running)
    receipt = draft.finish(desk, caller, desk.router.pack.platforms[citizen_patrol.KEY])
    if pending.state is DraftState.OPEN:  # something is asked first, and 结束巡访 said again is believed
        return receipt
    return f"{receipt}\n{_summed_up(desk, caller, running)}"


def _summed_up(desk: Desk, caller: Caller, running: Round) -> str:
    """The round is over: what it found, by kind."""
    running.ended_at = desk.now
    found = (
        select(Case.category, func.count())
        .join(Report, Report.case_id == Case.id)
        .where(
            Report.person_id == caller.person.id,
            Report.channel == citizen_patrol.KEY,
            Report.reported_at.between(running.started_at, desk.now),
        )
        .group_by(Case.category)
        .order_by(func.count().desc(), Case.category)
    )
    rows = desk.session.execute(found).all()
    lines = [desk.texts("patrol.line", category=_name(desk, key), count=n) for key, n in rows]
    minutes = round((desk.now - running.started_at).total_seconds() / 60)
    return desk.texts("patrol.summary", minutes=minutes, count=sum(n for _, n in rows), lines="\n".join(lines) or "—")


def _name(desk: Desk, category: str) -> str:
    known = desk.router.pack.categories.get(category)
    return known.name if known else desk.texts("case.unknown_category")
