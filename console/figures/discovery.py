"""视而不见: what units find themselves against what others find for them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.figures import facts
from console.figures.choice import Choice
from console.figures.definitions import Share
from console.figures.gathering import plan


@dataclass(frozen=True, slots=True)
class Discovery:
    """发现: one unit's accepted cases of a period. by_others: how many each platform found for it."""

    unit: str
    itself: int
    by_others: dict[str, int]

    @property
    def finding(self) -> Share:
        """自查发现率 = 本单位自己发现的案件 ÷ 本单位承办的立案案件. 0 means that others saw everything first."""
        return Share(self.itself, self.itself + sum(self.by_others.values()))


def discoveries(session: Session, choice: Choice, now: datetime) -> tuple[Discovery, ...]:
    """视而不见 of each unit, those with most cases found by others first."""
    told = facts.findings(now).subquery()
    query = (
        select(told.c.unit, told.c.channel, func.sum(told.c.found), func.sum(told.c.found_itself))
        .where(*choice.conditions(told))
        .group_by(told.c.unit, told.c.channel)
    )
    plan(session)
    itself: dict[str, int] = defaultdict(int)
    others: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, channel, found, own in session.execute(query):
        itself[unit] += int(own)
        others[unit][channel] = int(found - own)
    made = [Discovery(unit, itself[unit], by) for unit, by in others.items()]
    return tuple(sorted(made, key=lambda one: (-sum(one.by_others.values()), one.unit)))
