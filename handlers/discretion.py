"""保密: what reporters and callers wrote, as a unit may read it. Their names are known, so they are hidden too."""

from collections.abc import Iterable

from sqlalchemy import select

from handlers.desk import Desk
from handlers.reading.privacy import mask
from models.case import Case
from models.hotline import HotlineOrder
from models.people import Person
from models.report import Report

_SHORTEST = 2  # a single character stands in too many other words
# Stands for a star until the phones are found: a number right behind stars is taken for one that is hidden already.
_HIDDEN = "\ue000"


def hidden(words: str, names: Iterable[str]) -> str:
    """脱敏: phones, plates and labelled names with stars in them, and these names wherever they stand."""
    for name in names:
        if len(name) >= _SHORTEST:
            words = words.replace(name, _HIDDEN * len(name))
    return mask(words).replace(_HIDDEN, "*")


def about(desk: Desk, case: Case, words: str, person_id: int) -> str:
    """Words that somebody said about a case: without them, its reporters, and whoever called the hotline for it."""
    reporters = select(Report.person_id).where(Report.case_id == case.id)
    names = select(Person.name).where((Person.id == person_id) | Person.id.in_(reporters))
    callers = select(HotlineOrder.caller).join(Report, Report.id == HotlineOrder.report_id)
    called = desk.session.scalars(callers.where(Report.case_id == case.id))
    return hidden(words, [*desk.session.scalars(names), *called])
