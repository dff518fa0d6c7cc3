"""简报: once a week each unit hears its own figures, its rank and what is due, through the outbox like every word."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.installation import ROOT, Installation
from handlers import notices
from handlers.desk import Desk
from models.case import Case
from models.people import Role, serving
from models.score import Digest
from models.unit import Unit
from models.wording import Texts
from models.workflow import OPEN_STATUSES
from scoring import projection, tables
from scoring.composite import Count, Tally
from scoring.projection import ground_of
from scoring.rules import load_rules
from scoring.tallies import Period, all_tallies

WORDS = Texts(ROOT / "scoring" / "texts.yaml")
# What was due longer ago is no news any more; after a long standstill nobody hears of last Monday on Friday.
_STILL_NEWS = timedelta(hours=12)
_SOON = timedelta(hours=24)


def due_since(here: Installation, session: Session, now: datetime) -> datetime | None:
    """When the round was due that is still to be written; None when there is none."""
    due = _last_due(here, now)
    if due is None or now - due > _STILL_NEWS:
        return None
    written = session.scalars(select(Digest.id).where(Digest.due_at == due)).first()
    return due if written is None else None


def _last_due(here: Installation, now: datetime) -> datetime | None:
    wanted = here.settings.digest
    if wanted is None:
        return None
    local = now.astimezone(here.settings.timezone)
    day = local.date() - timedelta(days=(local.isoweekday() - wanted.weekday) % 7)
    due = datetime.combine(day, wanted.at, here.settings.timezone)
    return (due if due <= local else due - timedelta(days=7)).astimezone(now.tzinfo)


def write_due(here: Installation, now: datetime) -> int:
    """Write the round that is due, once, whoever else tries. Returns how many people hear it."""
    try:
        with here.database.story() as session:
            due = due_since(here, session, now)
            if due is None:
                return 0
            round_ = Digest(due_at=due, made_at=now, told=0)
            session.add(round_)
            session.flush()  # of two workers the second one fails here
            projection.refresh(session, ground_of(here.router.pack), now)
            round_.told = _write(here, here.desk(session, now), due)
            return round_.told
    except IntegrityError:
        return 0


def _write(here: Installation, desk: Desk, due: datetime) -> int:
    last_day = due.astimezone(desk.zone).date()
    period = Period(last_day - timedelta(days=7), last_day, desk.zone)
    rules, now = load_rules(here.settings.data), desk.now
    standing = _standing(desk, now)
    told = 0
    for tier, counted in all_tallies(desk.session, period, rules).items():
        ranks = _ranks(desk, tier)
        for unit, tally in counted.items():
            text = _text(desk, unit, period, tally, standing.get(unit, (0, 0, 0)), ranks.get(unit, ""))
            for person in _hearers(desk, unit):
                desk.say(person, f"digest:{due:%Y%m%d}:{unit}", text, can_wait=True)
                told += 1
    return told


def _hearers(desk: Desk, unit: str) -> list[int]:
    """The unit's leaders; where there is none, its officers."""
    return serving(desk.session, desk.now, Role.LEADER, [unit]) or notices.unit_people(desk, unit)


def _standing(desk: Desk, now: datetime) -> Mapping[str, tuple[int, int, int]]:
    """在办, 逾期, 24小时内到期 of every unit."""
    late = func.count().filter(Case.due_at <= now)
    soon = func.count().filter(Case.due_at > now, Case.due_at <= now + _SOON)
    query = select(Case.unit_code, func.count(), late, soon).where(Case.status.in_(OPEN_STATUSES))
    rows = desk.session.execute(query.group_by(Case.unit_code))
    return {unit: (held, overdue, due) for unit, held, overdue, due in rows}


def _ranks(desk: Desk, tier: str) -> dict[str, str]:
    """What the latest published table of the tier says of each unit."""
    latest = next(iter(tables.published(desk.session, tier)), None)
    if latest is None:
        return {}
    rows = (row for row in latest.rows["rows"] if row["rank"] is not None)
    return {
        row["unit"]: WORDS("digest.ranked", title=latest.title, rank=row["rank"], score=row["score"]) for row in rows
    }


def _text(desk: Desk, unit: str, period: Period, tally: Tally, standing: tuple[int, int, int], rank: str) -> str:
    held, late, soon = standing
    return WORDS(
        "digest.unit",
        unit=desk.session.get_one(Unit, unit).name,
        begins=_day(period.begins_on),
        ends=_day(period.ends_on - timedelta(days=1)),
        claim=_share(tally.counts.get("claim", Count())),
        rectify=_share(tally.counts.get("rectify", Count())),
        rework=len(tally.penalties.get("failed_check", ())),
        rating=_rating(tally.counts.get("satisfaction", Count())),
        open=held,
        late=late,
        soon=soon,
        rank=rank or WORDS("digest.unranked"),
    )


def _share(count: Count) -> str:
    if count.rate is None:
        return WORDS("digest.nothing")
    return WORDS("digest.share", good=f"{count.good:g}", all=f"{count.all:g}", rate=f"{count.rate:.0%}")


def _rating(count: Count) -> str:
    if count.rate is None:
        return WORDS("digest.unrated")
    return WORDS("digest.rated", good=f"{count.rate * 100:.0f}", count=f"{count.all:g}")


def _day(day: date) -> str:
    return f"{day.month}-{day.day}"
