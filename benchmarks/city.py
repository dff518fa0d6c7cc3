"""A whole city at once (全城): staff with open windows, and cases whose clocks run. The database fills itself in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    case,
    cast,
    insert,
    literal,
    null,
    select,
    text,
)
from sqlalchemy.sql.expression import CTE, ColumnElement, FromClause

from bot.database import open_engine
from demo.cast import ACCOUNT
from models.assignment import Assignment, Hand
from models.base import Base, UtcDateTime, table_of
from models.case import Case
from models.clock import Clocks, Duty
from models.deadline import Deadline
from models.people import Allowance, Identity, Membership, Person, Role, Way
from models.unit import Unit
from models.workflow import Status

_PATIENCE = timedelta(minutes=10)
_WINDOW, _MESSAGES = timedelta(hours=48), 5

# What a city's database does by itself before long. Right after a million rows have been poured in, each reading of
# a page would write it again, and a checkpoint would run through everything that is measured.
_TIDYING = {"sqlite": ("ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"), "postgresql": ("VACUUM ANALYZE", "CHECKPOINT")}

_scratch = MetaData()
_posts = Table("bench_posts", _scratch, Column("n", Integer, primary_key=True), Column("code", String))
_clocks = Table(
    "bench_clocks",
    _scratch,
    Column("n", Integer, primary_key=True),
    Column("duty", String),
    Column("status", String),
    Column("claimed", Boolean),
    Column("policy", JSON),
    Column("starts_at", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("next_at", UtcDateTime),
    Column("next_step", Integer),
    Column("breached", Boolean),
)


@dataclass(frozen=True, slots=True)
class Running:
    """走着的时限: the only live deadline of a case."""

    duty: Duty
    status: Status
    claimed: bool
    policy: dict[str, Any]
    starts_at: datetime
    due_at: datetime
    next_at: datetime
    next_step: int
    breached: bool


def running(clocks: Clocks, duty: Duty, step: int, next_at: datetime) -> Running:
    """A clock whose word number `step` is due at that moment. Who has claimed owes the 整改; 认领 nobody has done."""
    policy, claimed = clocks.of(duty), duty is Duty.RECTIFY
    due_at = next_at - policy.step(step).offset
    return Running(
        duty=duty,
        status=Status.CLAIMED if claimed else Status.ASSIGNED,
        claimed=claimed,
        policy=policy.as_json(),
        starts_at=due_at - policy.within,
        due_at=due_at,
        next_at=next_at,
        next_step=step,
        breached=next_at > due_at,
    )


@dataclass(frozen=True, slots=True)
class Population:
    """人口: officers spread over all units, each unit with a leader, and open cases spread over the officers.

    soon: the clocks that matter, each of one case, scattered over all.  calm: those of the others, taken in turn.
    """

    officers: int
    cases: int
    soon: Sequence[Running]
    calm: Sequence[Running] = ()


def openid(person: int) -> str:
    """The name by which the simulator and our tables know person number n."""
    return f"{_OPENID}{person}"


_OPENID = "o-bench-"


def settle(url: str, population: Population, clocks: Clocks, now: datetime) -> int:
    """Fill an empty database and return how many people there are. Each spoke just now: five words may go to each."""
    engine = open_engine(url, _PATIENCE)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # A million references that we have just written ourselves need no looking up.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        _scratch.create_all(connection)
        connection.execute(insert(_clocks), _numbered_clocks(population))
        units = _number_units(connection)
        _hire(connection, population.officers, units, now)
        _open_cases(connection, population, units, clocks)
        _scratch.drop_all(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for command in _TIDYING[engine.dialect.name]:
            connection.execute(text(command))
    engine.dispose()
    return population.officers + units


def _numbered_clocks(population: Population) -> list[dict[str, Any]]:
    return [{"n": n, **asdict(clock)} for n, clock in enumerate((*population.soon, *population.calm))]


def _number_units(connection: Connection) -> int:
    codes = connection.scalars(select(Unit.code).order_by(Unit.code)).all()
    connection.execute(insert(_posts), [{"n": n, "code": code} for n, code in enumerate(codes)])
    return len(codes)


def _hire(connection: Connection, officers: int, units: int, now: datetime) -> None:
    """Person n is an officer; after the officers come the leaders, one for each unit."""
    people = _numbers(officers + units)
    n = people.c.n
    _fill(connection, Person, people, id=n, created_at=now)
    _fill(
        connection,
        Identity,
        people,
        id=n,
        account=ACCOUNT,
        openid=literal(_OPENID) + cast(n, String),
        person_id=n,
        last_heard_at=now,
    )
    _fill(connection, Allowance, people, identity_id=n, way=Way.CUSTOM, left=_MESSAGES, until=now + _WINDOW)
    role = case((n <= officers, Role.OFFICER.value), else_=Role.LEADER.value)
    posted = people.join(_posts, _posts.c.n == n % units)
    _fill(connection, Membership, posted, person_id=n, role=role, unit_code=_posts.c.code, since=now)


def _open_cases(connection: Connection, population: Population, units: int, clocks: Clocks) -> None:
    numbers = _numbers(population.cases)
    n, clock = numbers.c.n, _clocks.c
    officer = n % population.officers + 1
    rows = numbers.join(_clocks, clock.n == _clock_of(n, population)).join(_posts, _posts.c.n == officer % units)
    where = {
        "district": "370102",
        "street": _posts.c.code,
        "place": "甸柳新村第三小区",
        "lat": 36.659,
        "lon": 117.0665,
    }
    _fill(
        connection,
        Case,
        rows,
        id=n,
        status=clock.status,
        channel="citizen_photo",
        category="event:06010",
        text="垃圾桶满了没人清",
        opened_at=clock.starts_at,
        **where,
    )
    _fill(
        connection,
        Assignment,
        rows,
        id=n,
        case_id=n,
        unit_code=_posts.c.code,
        role=Hand.LEAD,
        policies={duty.value: clocks.of(duty).as_json() for duty in (Duty.CLAIM, Duty.RECTIFY)},
        assigned_at=clock.starts_at,
        claim_due_at=case((clock.claimed, clock.starts_at), else_=clock.due_at),
        claimed_at=case((clock.claimed, clock.starts_at), else_=null()),
        claimed_by=case((clock.claimed, officer), else_=null()),
    )
    copied = ("duty", "starts_at", "due_at", "policy", "next_step", "next_at", "breached")
    _fill(connection, Deadline, rows, case_id=n, assignment_id=n, **{name: clock[name] for name in copied})


def _clock_of(n: ColumnElement[int], population: Population) -> ColumnElement[int]:
    soon, calm = len(population.soon), len(population.calm)
    every = population.cases // soon
    mattering = (n % every == 0) & (n // every <= soon)
    return case((mattering, n // every - 1), else_=soon + n % max(calm, 1))


def _numbers(how_many: int) -> CTE:
    """1 to how_many, counted by the database: sending a million rows would take it longer than writing them."""
    first = select(literal(1).label("n")).cte("numbers", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < how_many))


def _fill(connection: Connection, model: type[Base], rows: FromClause, **values: Any) -> None:
    table = table_of(model)
    columns = [v if isinstance(v, ColumnElement) else literal(v, table.c[name].type) for name, v in values.items()]
    connection.execute(insert(table).from_select(list(values), select(*columns).select_from(rows)))
