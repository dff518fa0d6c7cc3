"""旁边的行 (beside): events, photos, words, exposures, requests, and what groups told."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    Integer,
    String,
    case,
    cast,
    insert,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.sql.expression import FromClause

from benchmarks.archive.scratch import BEHIND, OPEN, life, lives_table, stories_table, write_rows
from demo.cast import ACCOUNT
from models.base import table_of
from models.candidate import Candidate, CandidateState
from models.clock import Clocks, Duty
from models.deadline import Deadline
from models.draft import Draft, DraftState
from models.event import CaseEvent
from models.exposure import Exposure
from models.outbound import Delivery, OutboundMessage
from models.petition import Petition, Plea, Ruling
from models.photo import Fetch, Photo
from models.workflow import Move, Part, Status

n = life.n


def write_beside(connection: Connection, clocks: Clocks, now: datetime) -> None:
    """What happened to the cases, what was shown and said, and what burns besides."""
    _events(connection)
    _photos(connection)
    _words(connection)
    _exposures(connection, now)
    _petitions(connection, clocks)
    _candidates(connection, now)


def _events(connection: Connection) -> None:
    """In the order of their times, as they would have been written."""
    system, unit, command = Part.SYSTEM.value, Part.OFFICER.value, Part.DISPATCHER.value
    reported, assigned, claimed, rectified = OPEN
    closed, rejected = Status.CLOSED.value, Status.REJECTED.value
    is_confirmed = (life.rating.is_not(None)) & (life.rating < 3)
    rows = [
        (Move.OPEN.value, null(), reported, system, null(), life.opened, life.opened.is_not(None)),
        (Move.ASSIGN.value, reported, assigned, system, null(), life.assigned, life.assigned.is_not(None)),
        (Move.CLAIM.value, assigned, claimed, unit, life.officer, life.claimed, life.claimed.is_not(None)),
        (Move.RECTIFY.value, claimed, rectified, unit, life.officer, life.rectified, life.rectified.is_not(None)),
        (Move.PASS.value, rectified, closed, command, null(), life.closed, (life.status == closed) & ~is_confirmed),
        (
            Move.CONFIRM.value,
            rectified,
            closed,
            Part.REPORTER.value,
            life.reporter,
            life.closed,
            (life.status == closed) & is_confirmed,
        ),
        (Move.REJECT.value, reported, rejected, command, null(), life.closed, life.status == rejected),
    ]
    late = [
        (life.claimed > life.claim_due, life.claim_due, Duty.CLAIM, assigned),
        (life.rectified > life.rectify_due, life.rectify_due, Duty.RECTIFY, claimed),
    ]
    whose = select(stories_table.c.unit).where(stories_table.c.n == life.story).scalar_subquery()
    said = {Move.ASSIGN.value: _as_json("unit", whose)}
    parts = [_event(n, *row, said.get(row[0], literal("{}"))) for row in rows]
    parts += [
        _event(n, Move.BREACH.value, now, now, system, null(), at, which, _as_json("duty", literal(duty.value)))
        for which, at, duty, now in late
    ]
    every = union_all(*parts).subquery()
    data = cast(every.c.data, JSON) if connection.dialect.name == "postgresql" else type_coerce(every.c.data, JSON)
    told = [column for column in every.c if column.name != "data"]
    kept = select(*told, literal("").label("why"), data.label("data")).order_by(every.c.at)
    names = ["case_id", "move", "before", "now", "part", "person_id", "at", "recorded_at", "why", "data"]
    connection.execute(insert(table_of(CaseEvent)).from_select(names, kept))


def _as_json(name: str, value: Any) -> Any:
    """An object of one text, as a text: the two databases make JSON each in its own way."""
    return literal(f'{{"{name}": "') + cast(value, String) + literal('"}')


def _event(n: Any, move: str, before: Any, now: str, part: str, person: Any, at: Any, which: Any, data: Any) -> Any:
    columns = {
        "case_id": n,
        "move": literal(move),
        "before": cast(before, String),
        "now": literal(now),
        "part": literal(part),
        "person_id": cast(person, Integer),
        "at": at,
        "recorded_at": at,
        "data": cast(data, String),
    }
    return select(*(value.label(name) for name, value in columns.items())).where(which)


def _photos(connection: Connection) -> None:
    common = {"account": ACCOUNT, "state": Fetch.KEPT, "reason": "", "attempts": 1, "mime": "image/jpeg"}
    common |= {"width": 1200, "height": 900, "size": 180_000, "looks": {}}
    before = select(lives_table).where(life.channel != "hotline_12345").subquery()
    after = select(lives_table).where(life.rectified.is_not(None)).subquery()
    for rows, draft, at in ((before, before.c.n, "opened"), (after, after.c.n + BEHIND, "rectified")):
        write_rows(
            connection,
            Photo,
            rows,
            draft_id=draft,
            media_id=literal("archive-") + cast(draft, String),
            sha256=literal("archive-") + cast(draft, String),
            arrived_at=rows.c[at],
            expires_at=rows.c[at],
            kept_at=rows.c[at],
            taken_at=rows.c[at],
            **common,
        )


def _exposures(connection: Connection, now: datetime) -> None:
    exposed = select(lives_table).where(life.exposed).subquery()
    write_rows(
        connection,
        Exposure,
        exposed,
        case_id=exposed.c.n,
        report_id=exposed.c.n,
        outlet="济南日报",
        title="背街小巷何时能干净",
        url="",
        column="",
        published_on=literal(now.date(), Date),
        nth=1,
        recorded_at=exposed.c.opened,
    )


def _candidates(connection: Connection, now: datetime) -> None:
    heard = [
        {"person_id": n, "account": ACCOUNT, "state": DraftState.PROPOSED, "text": "路口有一堆垃圾"} for n in _HEARD
    ]
    facts = {"channel": "traffic_volunteer", "chat": "crew", "place": "", "extra": {}}
    at = {"opened_at": now, "touched_at": now}
    ids = {"id": 2 * BEHIND}
    rows = [{**one, **facts, **at, "id": ids["id"] + n} for n, one in enumerate(heard)]
    connection.execute(insert(table_of(Draft)), rows)
    told = {"channel": "traffic_volunteer", "chat": "护学岗群", "registered": True, "state": CandidateState.WAITING}
    said = {"said_when": "", "doubt": "", "reason": "", "imported_at": now - timedelta(hours=2)}
    connection.execute(
        insert(table_of(Candidate)), [{"speaker": "志愿者", "draft_id": row["id"], **told, **said} for row in rows]
    )


_HEARD = range(1, 26)


def _words(connection: Connection) -> None:
    burning = select(lives_table).where(life.status.in_(OPEN)).subquery()
    about = _clock_of()
    rows = burning.outerjoin(about, about.c.case_id == burning.c.n)
    is_dead = burning.c.n % 97 == 0
    write_rows(
        connection,
        OutboundMessage,
        rows,
        key=literal("archive:") + cast(burning.c.n, String),
        person_id=burning.c.officer,
        text=literal("新任务 #") + cast(burning.c.n, String),
        short={},
        picture={},
        case_id=burning.c.n,
        deadline_id=about.c.id,
        chat="",
        may_bundle=False,
        created_at=burning.c.starts,
        state=case((is_dead, Delivery.DEAD.value), else_=Delivery.SENT.value),
        attempts=1,
        way=case((is_dead, literal("")), else_="custom"),
        sent_at=case((is_dead, null()), else_=burning.c.starts),
        history={},
    )


def _clock_of() -> FromClause:
    clocks = table_of(Deadline).c
    return select(clocks.id, clocks.case_id).where(clocks.ended_at.is_(None)).subquery()


def _petitions(connection: Connection, clocks: Clocks) -> None:
    asked = select(lives_table).where(life.status == Status.CLAIMED.value, n % 40 == 0).subquery()
    write_rows(
        connection,
        Petition,
        asked,
        id=asked.c.n,
        case_id=asked.c.n,
        assignment_id=asked.c.n,
        person_id=asked.c.officer,
        plea=Plea.EXTENSION,
        reason="等待配件到货",
        asked_at=asked.c.starts,
        state=Ruling.PENDING,
        ruling="",
    )
    write_rows(
        connection,
        Deadline,
        asked,
        case_id=asked.c.n,
        petition_id=asked.c.n,
        duty=Duty.RULING,
        starts_at=asked.c.starts,
        due_at=asked.c.due,
        policy=clocks.of(Duty.RULING).as_json(),
        next_step=0,
        next_at=asked.c.due,
        breached=False,
        failures=0,
    )
