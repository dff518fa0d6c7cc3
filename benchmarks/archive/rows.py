"""案件的行 (rows): cases, drafts, reports, assignments and deadlines, made of the lives by the database itself."""

from typing import Any

from sqlalchemy import Connection, String, case, cast, func, literal, null, select
from sqlalchemy.sql.expression import ColumnElement

from benchmarks.archive.scratch import BEHIND, life, lives_table, stories_table, write_rows
from demo.cast import ACCOUNT
from models.assignment import Assignment, Ending, Hand
from models.case import Case
from models.case_words import CaseWords
from models.clock import Clocks, Duty
from models.deadline import Deadline, Outcome
from models.draft import Draft, DraftState
from models.report import Report

n = life.n
_TIMES = ("opened_at", "touched_at", "closed_at")
_COMMON: dict[str, Any] = {"account": ACCOUNT, "chat": "", "state": DraftState.SUBMITTED, "place": "", "extra": {}}


def write_cases(connection: Connection, clocks: Clocks) -> None:
    """What every case has."""
    _drafts(connection)
    _cases(connection)
    # After the cases they belong to: SQLite would look through all of them for each case that comes later.
    _rectifications(connection)
    _reports(connection)
    _assignments(connection, clocks)
    _past_deadlines(connection)
    _live_deadlines(connection, clocks)


def _drafts(connection: Connection) -> None:
    at = dict.fromkeys(_TIMES, life.opened)
    write_rows(
        connection, Draft, lives_table, id=n, person_id=life.reporter, channel=life.channel, text="", **_COMMON, **at
    )


def _rectifications(connection: Connection) -> None:
    solved = select(lives_table).where(life.rectified.is_not(None)).subquery()
    done = dict.fromkeys(_TIMES, solved.c.rectified)
    write_rows(
        connection,
        Draft,
        solved,
        id=solved.c.n + BEHIND,
        person_id=solved.c.officer,
        channel="officer",
        case_id=solved.c.n,
        text="已安排人员处理完毕",
        judged_at=solved.c.rectified,
        **_COMMON,
        **done,
    )


def _cases(connection: Connection) -> None:
    told = lives_table.join(stories_table, stories_table.c.n == life.story)
    story = stories_table.c
    where = {"text": story.text, "place": _place(), "lat": story.lat, "lon": story.lon}
    held = case((life.assigned.is_not(None), story.unit), else_="")
    same = {name: story[name] for name in ("category", "district", "street", "decision")}
    write_rows(
        connection,
        Case,
        told,
        id=n,
        status=life.status,
        channel=life.channel,
        **where,
        **same,
        opened_at=life.opened,
        closed_at=life.closed,
        returns=0,
        version=5,
        exposed=life.exposed,
        recurrence_of=life.recurs,
        unit_code=held,
        due_at=life.due,
        rating=life.rating,
    )
    if connection.dialect.name == "postgresql":  # where the trigger rests, see _FREELY
        words = func.lower(story.text + literal(" ") + _place())
        write_rows(connection, CaseWords, told, case_id=n, words=words)


def _reports(connection: Connection) -> None:
    told = lives_table.join(stories_table, stories_table.c.n == life.story)
    story = stories_table.c
    number = case((life.channel == "hotline_12345", literal("JN") + cast(n + 10_000_000, String)), else_="")
    write_rows(
        connection,
        Report,
        told,
        id=n,
        draft_id=n,
        person_id=life.reporter,
        case_id=n,
        channel=life.channel,
        text=story.text,
        place=_place(),
        lat=story.lat,
        lon=story.lon,
        number=number,
        extra={},
        reported_at=life.opened,
        rating=life.rating,
        rated_at=case((life.rating.is_not(None), life.closed), else_=null()),
    )


def _place() -> ColumnElement[str]:
    return stories_table.c.place + cast(life.house, String) + literal("号楼")


def _assignments(connection: Connection, clocks: Clocks) -> None:
    told = lives_table.join(stories_table, (stories_table.c.n == life.story) & life.assigned.is_not(None))
    is_over = life.closed.is_not(None)
    write_rows(
        connection,
        Assignment,
        told,
        id=n,
        case_id=n,
        unit_code=stories_table.c.unit,
        role=Hand.LEAD,
        forced=False,
        decision={},
        policies={duty.value: clocks.of(duty).as_json() for duty in (Duty.CLAIM, Duty.RECTIFY)},
        assigned_at=life.assigned,
        claim_due_at=life.claim_due,
        claimed_at=life.claimed,
        claimed_by=case((life.claimed.is_not(None), life.officer), else_=null()),
        rectified_at=life.rectified,
        rectification_id=case((life.rectified.is_not(None), n + BEHIND), else_=null()),
        reworks=0,
        on_site=life.on_site,
        ended_at=life.closed,
        ending=case((is_over, Ending.DONE.value), else_=null()),
    )


def _past_deadlines(connection: Connection) -> None:
    """Those that were met or missed."""
    short = {"within": 1, "repeat": 86400, "steps": [[0, ["officers"]]]}
    past = {Duty.CLAIM: ("assigned", "claim_due", "claimed"), Duty.RECTIFY: ("claimed", "rectify_due", "rectified")}
    past[Duty.VERIFY] = ("rectified", "verify_due", "closed")
    for duty, (starts, due, done) in past.items():
        ended = select(lives_table).where(life[done].is_not(None), life[starts].is_not(None)).subquery()
        late = ended.c[done] >= ended.c[due]
        write_rows(
            connection,
            Deadline,
            ended,
            case_id=ended.c.n,
            assignment_id=null() if duty is Duty.VERIFY else ended.c.n,
            duty=duty,
            starts_at=ended.c[starts],
            due_at=ended.c[due],
            policy=short,
            next_step=0,
            breached=late,
            ended_at=ended.c[done],
            outcome=case((late, Outcome.LATE.value), else_=Outcome.MET.value),
            failures=0,
        )


def _live_deadlines(connection: Connection, clocks: Clocks) -> None:
    for duty in (Duty.TRIAGE, Duty.CLAIM, Duty.RECTIFY, Duty.VERIFY):
        live = select(lives_table).where(life.duty == duty.value).subquery()
        of_unit = duty in (Duty.CLAIM, Duty.RECTIFY)
        write_rows(
            connection,
            Deadline,
            live,
            case_id=live.c.n,
            assignment_id=live.c.n if of_unit else null(),
            duty=duty,
            starts_at=live.c.starts,
            due_at=live.c.due,
            policy=clocks.of(duty).as_json(),
            next_step=0,
            next_at=live.c.due,
            breached=False,
            failures=0,
        )
