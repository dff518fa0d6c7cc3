"""Who hears of what happened to a case (通知). Words that come by the clock are in reminders/."""

from sqlalchemy import func, select

from handlers.desk import Desk
from models.actor import SYSTEM
from models.assignment import Assignment
from models.case import Case
from models.clock import Duty
from models.deadline import Deadline
from models.people import Role, serving
from models.photo import BAD, Fetch, Photo
from models.report import Report
from models.unit import Unit
from models.workflow import Move

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
    for person in {report.person_id for report in reporters(desk, case)}:
        desk.say(person, f"{case.cause}:reporter", text, case=case, can_wait=can_wait)


def tell_command(desk: Desk, case: Case, text: str, can_wait: bool = True) -> None:
    """指挥部: a word to every dispatcher."""
    for person in serving(desk.session, desk.now, Role.DISPATCHER):
        desk.say(person, f"{case.cause}:command", text, case=case, can_wait=can_wait)


def tell_unit(desk: Desk, case: Case, text: str, deadline: Deadline | None = None) -> int:
    """A word to everybody who acts for the unit that holds the case. Returns how many people that is."""
    lead = case.lead
    if lead is None:
        return 0
    people = unit_people(desk, lead.unit_code)
    for person in people:
        desk.say(person, f"{case.cause}:unit", text, case=case, deadline=deadline, can_wait=True)
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
    )
    if tell_unit(desk, case, text, clock):
        return
    unit = desk.unit_name(lead.unit_code)
    case.move(Move.UNREACHED, SYSTEM, desk.now, desk.texts("task.nobody", unit=unit), unit=lead.unit_code)
    note = desk.texts("task.nobody_above", unit=unit, summary=describe(desk, case), number=case.id)
    for person in _above(desk, lead.unit_code):
        desk.say(person, f"{case.cause}:above", note, case=case, can_wait=True)
    tell_command(desk, case, note)


def _above(desk: Desk, code: str) -> list[int]:
    """The people of the nearest unit above that has any, the command centre excepted: it hears anyway."""
    unit = desk.session.get(Unit, code)
    while unit is not None and unit.parent_code:
        people = unit_people(desk, unit.parent_code)
        if people:
            return people
        unit = desk.session.get(Unit, unit.parent_code)
    return []


def photos_before(desk: Desk, case: Case) -> list[Photo]:
    """整改前照片: what the reporters sent, as far as it is fetched or still expected."""
    query = (
        select(Photo)
        .join(Report, Report.draft_id == Photo.draft_id)
        .where(Report.case_id == case.id, Photo.state.in_((Fetch.KEPT, Fetch.WAITING)))
        .order_by(Photo.id)
    )
    return list(desk.session.scalars(query))


def photos_missing(desk: Desk, case: Case) -> int:
    """How many pictures of the reporters did not come through."""
    query = select(func.count()).select_from(Photo).join(Report, Report.draft_id == Photo.draft_id)
    return desk.session.scalars(query.where(Report.case_id == case.id, Photo.state.in_(BAD))).one()


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
