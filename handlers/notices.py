"""Who hears of what happened to a case (通知). Words that come by the clock are in reminders/."""

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from sqlalchemy import Select, func, select

from handlers import evidence
from handlers.case_pages import Side
from handlers.desk import Desk
from models.actor import SYSTEM
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.exposure import Exposure
from models.people import Identity, Role, serving
from models.photo import BAD, Fetch, Photo
from models.report import Report, is_shown
from models.unit import Unit
from models.workflow import Move

T = TypeVar("T")
WORDS_SHOWN = 300  # a message has 2048 bytes, a Chinese character three


def describe(desk: Desk, case: Case) -> str:
    """案件概要: number, kind, place and words. Never a reporter."""
    place = case.place or desk.unit_name(case.street) or desk.unit_name(case.district)
    return desk.texts(
        "case.summary",
        number=case.id,
        category=desk.category_name(case),
        place=place or desk.texts("case.unknown_place"),
        text=shortened(case.text) or desk.texts("case.no_words"),
    )


def shortened(words: str) -> str:
    """What fits into one WeChat message together with the lines that say what to do about it."""
    return words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"


def reporters(desk: Desk, case: Case) -> list[Report]:
    """Everybody who reported the problem; all stay subscribed."""
    return list(desk.session.scalars(select(Report).where(Report.case_id == case.id).order_by(Report.id)))


def tell_reporters(desk: Desk, case: Case, text: str, can_wait: bool = True) -> None:
    """One word to each person who reported the problem."""
    for person in subscribers(desk, reporters(desk, case)):
        desk.say(person, f"{case.cause}:reporter", text, case=case, can_wait=can_wait, side=Side.REPORTER)


def subscribers(desk: Desk, reports: list[Report]) -> list[int]:
    """The people behind reports who can be spoken to, each once. The hotline's own system fetches outcomes."""
    people = dict.fromkeys(report.person_id for report in reports)
    reached = select(Identity.person_id).where(Identity.person_id.in_(people))
    known = set(desk.session.scalars(reached)) if people else set()
    return [person for person in people if person in known]


def tell_command(desk: Desk, case: Case, text: str, can_wait: bool = True, deadline: Deadline | None = None) -> None:
    """指挥部: a word to every dispatcher. deadline: by when it asks them to act; not said once that has ended."""
    for person in serving(desk.session, desk.now, Role.DISPATCHER):
        desk.say(person, f"{case.cause}:command", text, case=case, deadline=deadline, can_wait=can_wait)


def tell_verifiers(desk: Desk, case: Case, text: str) -> None:
    """核查: a word to everybody who may verify."""
    verifiers = serving(desk.session, desk.now, Role.VERIFIER)
    clock = next(iter(case.live(Duty.VERIFY)), None)
    for person in sorted({*verifiers, *serving(desk.session, desk.now, Role.DISPATCHER)}):
        desk.say(person, f"{case.cause}:command", text, case=case, deadline=clock, can_wait=True)


def tell_unit(desk: Desk, case: Case, text: str, deadline: Deadline | None = None) -> int:
    """A word to everybody who acts for the unit that holds the case. Returns how many people that is."""
    lead = case.lead
    if lead is None:
        return 0
    people = unit_people(desk, lead.unit_code)
    for person in people:
        desk.say(person, f"{case.cause}:unit", text, case=case, deadline=deadline, can_wait=True, side=Side.OFFICER)
    return len(people)


def unit_people(desk: Desk, unit: str) -> list[int]:
    """经办人 and 负责人 of one unit."""
    officers = serving(desk.session, desk.now, Role.OFFICER, [unit])
    return sorted({*officers, *serving(desk.session, desk.now, Role.LEADER, [unit])})


def tell_assigned(desk: Desk, case: Case, lead: Assignment) -> None:
    """派单通知; when the unit has nobody bound, the levels above and the command centre hear it at once."""
    clock = case.live(Duty.CLAIM)[0]
    text = desk.texts(
        "task.assigned",
        summary=describe(desk, case),
        due=desk.clock_time(lead.claim_due_at),
        photos=len(photos_before(desk, case)),
        number=case.id,
        forced=desk.texts("task.forced") if lead.forced else "",
        marks="".join(f"\n{mark}" for mark in _marks(desk, case)),
        evidence=evidence.beforehand(desk, case),
    )
    if tell_unit(desk, case, text, clock):
        return
    unit = desk.unit_name(lead.unit_code)
    case.move(Move.UNREACHED, SYSTEM, desk.now, desk.texts("task.nobody", unit=unit), unit=lead.unit_code)
    note = desk.texts("task.nobody_above", unit=unit, summary=describe(desk, case), number=case.id)
    for person in _above(desk, lead.unit_code):
        desk.say(person, f"{case.cause}:above", note, case=case, deadline=clock, can_wait=True)
    tell_command(desk, case, note, deadline=clock)


def _marks(desk: Desk, case: Case) -> Iterator[str]:
    """Who assists, and what makes a case weigh more for its unit: it came back, or a medium published it."""
    co_units = "、".join(desk.unit_name(helper.unit_code) for helper in case.helping)
    if co_units:
        yield desk.texts("task.co", units=co_units)
    if case.recurrence_of:
        yield desk.texts("task.recurrence", before=case.recurrence_of)
    for clock in case.live(Duty.PLEDGE):
        yield desk.texts("pledge.owed", number=case.id, due=desk.clock_time(clock.due_at))


def marked(desk: Desk, case: Case) -> str:
    """For the command centre: by which platforms a case came, whether it came back, how often it was published."""
    platforms = desk.router.pack.platforms
    counted = Counter(platforms[report.channel].name for report in reporters(desk, case))
    marks = [desk.texts("dispatch.sources", sources="、".join(f"{name}{n}" for name, n in counted.items()))]
    if case.recurrence_of:
        marks.append(desk.texts("task.recurrence", before=case.recurrence_of))
    nth = desk.session.scalars(select(func.max(Exposure.nth)).where(Exposure.case_id == case.id)).one()
    if nth:
        marks.append(desk.texts("dispatch.exposed", nth=nth))
    for further in case.decision.get("further", []):
        known = desk.router.pack.categories.get(further["category"])
        if known:  # a case may be older than the categories are
            marks.append(desk.texts("dispatch.further", name=known.name, words=further["text"], number=case.id))
    return "\n".join(marks)


def _above(desk: Desk, code: str) -> list[int]:
    """The people of the nearest unit above that has any, the command centre excepted: it hears anyway."""
    unit = desk.session.get(Unit, code)
    while unit is not None and unit.parent_code:
        people = unit_people(desk, unit.parent_code)
        if people:
            return people
        unit = desk.session.get(Unit, unit.parent_code)
    return []


def photos_before(desk: Desk, case: Case, person_id: int | None = None) -> list[Photo]:
    """整改前照片: what the reporters, or one of them, sent, as far as it is fetched or still expected."""
    shown = _reported(select(Photo.id), case).where(Photo.state.in_((Fetch.KEPT, Fetch.WAITING)))
    if person_id is not None:
        shown = shown.where(Report.person_id == person_id)
    return list(desk.session.scalars(select(Photo).where(Photo.id.in_(shown)).order_by(Photo.id)))


def photos_missing(desk: Desk, case: Case) -> int:
    """How many pictures of the reporters did not come through."""
    query = _reported(select(func.count(Photo.id.distinct())), case)
    return desk.session.scalars(query.where(Photo.state.in_(BAD))).one()


def _reported(query: Select[T], case: Case) -> Select[T]:
    return query.join(Report, is_shown()).where(Report.case_id == case.id)


def photos_after(desk: Desk, case: Case) -> list[Photo]:
    """整改后照片: those of the latest rectification."""
    done = next((a.rectification_id for a in reversed(case.assignments) if a.rectification_id), None)
    if done is None:
        return []
    query = select(Photo).where(Photo.draft_id == done, Photo.state.in_((Fetch.KEPT, Fetch.WAITING)))
    return list(desk.session.scalars(query.order_by(Photo.id)))


def send_photos(
    desk: Desk, person_id: int, key: str, photos: list[Photo], case: Case, most: int = 2, can_wait: bool = False
) -> None:
    """Pictures, cleaned of everything a camera wrote into them, after the words and no sooner than these."""
    for photo in photos[:most]:
        desk.say(person_id, f"{key}:photo:{photo.id}", "", case=case, photo=photo, can_wait=can_wait)
