"""请假: somebody who must act says until when they are away, and who stands in is told."""

import re
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from handlers.desk import Desk
from handlers.membership import register
from handlers.people.caller import Caller
from handlers.reading import dates
from handlers.words import trimmed
from models.absence import Absence
from models.people import Membership, Person, Role

_AWAY, _BACK = "请假", ("销假", "回来上班")
_UNTIL = re.compile("[到至~—-]")
_STAFF = (Role.OFFICER, Role.LEADER, Role.VERIFIER)


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 请假 11月24日到11月26日 or 销假; None for everything else."""
    if not caller.holds(*_STAFF):
        return None
    if text in _BACK:
        return _back(desk, caller)
    return _away(desk, caller, trimmed(text.removeprefix(_AWAY))) if text.startswith(_AWAY) else None


def _away(desk: Desk, caller: Caller, words: str) -> str:
    span = _days(desk, words)
    if span is None:
        return desk.texts("absence.how")
    begins, ends = _moment(desk, span[0]), _moment(desk, span[1] + timedelta(days=1))
    desk.session.add(Absence(person_id=caller.person.id, begins_at=max(begins, desk.now), ends_at=ends))
    deputies = _tell_deputies(desk, caller, span)
    key = "absence.noted" if deputies else "absence.nobody"
    return desk.texts(key, last=_day(span[1]), deputies="、".join(deputies))


def _days(desk: Desk, words: str) -> tuple[date, date] | None:
    """The first and the last day; a single one is the last. None for days that cannot be."""
    today = desk.now.astimezone(desk.zone).date()
    first, *rest = (trimmed(part) for part in _UNTIL.split(words, maxsplit=1))
    last = dates.due(rest[0] if rest else first, today)
    begins = dates.due(first, today) if rest and first else today
    if begins is None or last is None or last < begins or last < today:
        return None
    return begins, last


def _moment(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time.min, desk.zone).astimezone(UTC)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _tell_deputies(desk: Desk, caller: Caller, span: tuple[date, date]) -> list[str]:
    """Say to each deputy that they stand in; returns their names."""
    query = (
        select(Person)
        .join(Membership, Membership.deputy_id == Person.id)
        .where(Membership.person_id == caller.person.id, Membership.until.is_(None) | (Membership.until > desk.now))
        .distinct()
    )
    deputies = list(desk.session.scalars(query))
    text = desk.texts("absence.told", name=caller.person.name, first=_day(span[0]), last=_day(span[1]))
    for person in deputies:
        desk.say(person.id, f"absence:{caller.person.id}:{desk.now:%Y%m%d%H%M%S%f}", text, can_wait=True)
    return [person.name for person in deputies]


def _back(desk: Desk, caller: Caller) -> str:
    register.back(desk.session, caller.person.id, desk.now)
    return desk.texts("absence.over")
