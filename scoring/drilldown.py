"""下钻: the cases behind all figures of a table, read at once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.score import ScoreItem
from models.unit import Unit
from scoring.explain import SOURCES, Because, because
from scoring.notice import Table
from scoring.tallies import Period

# unit, figure → what it was counted from, the oldest first.
Behind = Mapping[tuple[str, str], list[Because]]


def behind_all(session: Session, table: Table, zone: ZoneInfo) -> Behind:
    """依据 of every figure of every unit of a table, as the items are now, at the city's times; a 区县's streets
    count for it.
    """
    period = Period(table.begins_on, table.ends_on, zone)
    answers = _answers(session, table)
    figures = defaultdict(list)
    for figure, kinds in SOURCES.items():
        for kind in kinds:
            figures[kind.value].append(figure)
    query = (
        select(ScoreItem)
        .where(ScoreItem.at >= period.begins_at, ScoreItem.at < period.ends_at)
        .where(ScoreItem.unit_code.in_(sorted(answers)), ScoreItem.kind.in_(sorted(figures)))
        .order_by(ScoreItem.at, ScoreItem.case_id, ScoreItem.id)
    )
    found: dict[tuple[str, str], list[Because]] = defaultdict(list)
    for item in session.scalars(query):
        for figure in figures[item.kind]:
            one = replace(because(item), at=item.at.astimezone(zone))
            found[answers[item.unit_code], figure].append(one)
    return found


def _answers(session: Session, table: Table) -> dict[str, str]:
    """Which row of the table a unit's items stand in."""
    own = {line.unit: line.unit for line in table.lines}
    if table.tier != "district":
        return own
    query = select(Unit.code, Unit.parent_code).where(Unit.tier == "street", Unit.parent_code.in_(sorted(own)))
    below = {str(code): str(parent) for code, parent in session.execute(query)}
    return {**below, **own}
