"""Showing (示图): who is sent before and after in one picture, and the answer to 对比 and 案件卡."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from handlers import depicting, notices
from handlers.desk import Desk
from handlers.reachability import Family
from models.base import JsonDict
from models.case import Case
from models.clock import Duty
from models.people import Identity, Role, serving
from models.photo import Photo

Depict = Callable[[Desk, Case, list[Photo], list[Photo]], JsonDict]


def to_reporter(desk: Desk, case: Case, person_id: int, event: str) -> None:
    """Somebody else's picture of the problem may show plates and faces; their own they have seen."""
    _compare(desk, case, person_id, event, notices.photos_before(desk, case, person_id))


def to_verifiers(desk: Desk, case: Case) -> None:
    """核查: everybody who may verify sees what there is to verify, as long as it waits for that."""
    people = {*serving(desk.session, desk.now, Role.VERIFIER), *serving(desk.session, desk.now, Role.DISPATCHER)}
    before = notices.photos_before(desk, case)
    for person in _unlimited(desk, people):
        _compare(desk, case, person, f"{case.cause}:command", before, Duty.VERIFY)


def to_unit(desk: Desk, case: Case) -> None:
    """办结: the unit sees what it has achieved."""
    before = notices.photos_before(desk, case)
    for person in _unlimited(desk, notices.unit_people(desk, case.assignments[-1].unit_code)):
        _compare(desk, case, person, f"{case.cause}:unit", before)


def _unlimited(desk: Desk, people: Iterable[int]) -> list[int]:
    """Who can be written to at any time: a picture nobody asked for must not use up one of five messages."""
    accounts = [key for key, family in desk.families.items() if family is Family.WORK]
    query = select(Identity.person_id).where(
        Identity.person_id.in_(set(people)), Identity.account.in_(accounts), Identity.broken_at.is_(None)
    )
    return sorted(set(desk.session.scalars(query)))


def _compare(
    desk: Desk, case: Case, person_id: int, event: str, before: list[Photo], duty: Duty | None = None
) -> None:
    """One picture, after the words and no sooner than these; nothing where a 整改 came without photos."""
    after = notices.photos_after(desk, case)
    if not after:
        return
    clock = next(iter(case.live(duty)), None) if duty else None
    picture = depicting.comparison(desk, case, before, after)
    desk.say(
        person_id, f"{event}:compare", "", case=case, photo=after[0], picture=picture, deadline=clock, can_wait=True
    )


def compare(desk: Desk, case: Case, person_id: int) -> str:
    """对比 12."""
    return _asked(desk, case, person_id, "compare", depicting.comparison)


def card(desk: Desk, case: Case, person_id: int) -> str:
    """案件卡 12."""
    return _asked(desk, case, person_id, "card", depicting.card)


def _asked(desk: Desk, case: Case, person_id: int, kind: str, depict: Depict) -> str:
    before, after = notices.photos_before(desk, case), notices.photos_after(desk, case)
    shown = [*after, *before]
    if not shown and kind == "compare":
        return desk.texts("picture.none", number=case.id)
    moment = f"{kind}:{case.id}:{desk.now:%Y%m%d%H%M%S%f}"
    photo = shown[0] if shown else None
    desk.say(person_id, moment, "", case=case, photo=photo, picture=depict(desk, case, before, after))
    return desk.texts("picture.coming", number=case.id, name=desk.texts(f"picture.name.{kind}"))
