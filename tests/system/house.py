"""A whole running system, the people who play in it, and the axe."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

import redis
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.database import Database, open_engine
from demo.cast import ACCOUNT, DISPATCHER
from demo.config import ROOT, Extras
from demo.processes import Part, answers, redis_answers
from demo.system import System
from handlers.membership.invitations import invite
from models.clock import Duty
from models.deadline import Deadline
from models.inbound import InboundMessage, Intake
from models.outbound import OutboundMessage
from models.people import Role
from models.photo import Photo
from routing.finding import Finding
from routing.pack import load as load_pack
from routing.router import Router
from simulator.client import Faults, Outcome, Person, Records
from tests.system.databases import Server

HOUR = timedelta(seconds=1)
# A retry comes within seconds here; in a city it takes longer and nothing else differs.
# WeChat tries again after five seconds, the simulator after three: long enough for a web process to come back
# on a machine that has other things to do.
EXTRAS = Extras(
    ours={"delivery": {"retry": ["1s", "1s", "2s"]}},
    simulators={"limits": {"push_retry_pause_seconds": 3}},
)
TROUBLE = "垃圾桶满了好几天没人清"

Tell = Callable[[str], None]


class House:
    """One running system. tell: where to say what is being done to it."""

    def __init__(self, system: System, server: Server, tell: Tell) -> None:
        self.system, self.server, self._tell = system, server, tell
        self.faults = Faults(system.places.simulator_url)
        self.records = Records(system.places.simulator_url)
        self.database = Database(open_engine(server.url))
        self.reported: set[tuple[str, int]] = set()
        self._numbers = count(1)
        self._streets = _streets()

    def tell(self, words: str) -> None:
        self._tell(f"{self.server.name}: {words}")

    @contextmanager
    def glance(self) -> Iterator[Session]:
        with self.database.glance() as session:
            yield session

    def story(self) -> "Story":
        """A citizen and an officer at a street of their own, so that no story disturbs another."""
        street, name = next(self._streets)
        n = next(self._numbers)
        self.records.add_person(ACCOUNT, f"市民{n}", f"o-citizen-{n}")
        return Story(self, street, name, f"o-citizen-{n}", self.officer(street))

    def officer(self, street: str) -> str:
        """Bind another officer to a street; returns the openid."""
        openid = f"o-officer-{next(self._numbers)}"
        self.records.add_person(ACCOUNT, openid, openid)
        with self.database.story() as session:
            code = invite(session, Role.OFFICER, street, openid, datetime.now(UTC), timedelta(days=1)).code
        self.phone(openid).scans(code)
        self.phone(openid).says("帮助")
        return openid

    def phone(self, openid: str) -> Person:
        return Person(self.system.places.simulator_url, ACCOUNT, openid)

    def kill(self, *names: str) -> None:
        """kill -9, until `revive`."""
        self.tell(f"kill -9 {' '.join(names)}")
        for part in self._parts(names):
            part.kill()

    def revive(self) -> None:
        """What the demo's watchman does every second, and a supervisor in a city."""
        self.system.revive()
        places = self.system.places
        until(lambda: redis_answers(places) and answers(f"{places.web_url}/healthz"), "the dead parts are back")
        self._end_leases()

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """A block in which nothing can be written."""
        with self.server.away():
            self.tell("the database is away")
            yield
        self.tell("the database is back")
        self._end_leases()

    def _end_leases(self) -> None:
        """What was begun and never recorded is due again, as it is when its minute or two is over."""
        now = datetime.now(UTC)
        with self.database.story() as session:
            for table in (OutboundMessage, Photo):
                leased = table.next_try_at > now + timedelta(seconds=3)
                session.execute(update(table).where(leased).values(next_try_at=now))

    def flush(self) -> None:
        self.tell("FLUSHALL")
        with redis.Redis(unix_socket_path=str(self.system.places.socket)) as connection:
            connection.flushall()

    def outcome(self, push: Outcome) -> str:
        """How a push ended that was not waited for, all of WeChat's retries included."""
        until(lambda: self._push(push)["outcome"] != "waiting", f"push {push.push_id} has an outcome", 40)
        return str(self._push(push)["outcome"])

    def has_understood_all(self) -> bool:
        with self.glance() as session:
            return (
                session.scalars(select(InboundMessage.id).where(InboundMessage.state == Intake.KEPT)).first() is None
            )

    def reply(self, push: Outcome) -> str:
        return str(self._push(push)["reply"])

    def statuses(self, push: Outcome) -> list[int]:
        """What our webhook answered to each delivery of a push so far."""
        return [attempt["status"] for attempt in self._push(push)["attempts"] if "ms" in attempt]

    def _push(self, push: Outcome) -> dict[str, Any]:
        return next(one for one in self.records.pushes() if one["push_id"] == push.push_id)

    def _parts(self, names: tuple[str, ...]) -> list[Part]:
        return [part for part in self.system.parts if part.name in names]


@dataclass
class Story:
    """故事: one report at one street, step by step as people take them."""

    house: House
    street: str
    street_name: str
    citizen_id: str
    officer_id: str
    number: int = 0
    citizen: Person = field(init=False)
    officer: Person = field(init=False)

    def __post_init__(self) -> None:
        self.citizen, self.officer = self.house.phone(self.citizen_id), self.house.phone(self.officer_id)

    def sends_photo(self, *, wait: bool = True) -> Outcome:
        return self.citizen.sends_photo("overflowing_bin", wait=wait)

    def describes(self, *, wait: bool = True) -> Outcome:
        return self.citizen.says(f"{self.street_name}{TROUBLE}", wait=wait)

    def finishes(self) -> None:
        """完成, said by somebody who has waited until everything before it was understood."""
        until(self.house.has_understood_all, "everything kept is taken in", 20)
        self.is_accepted(self.citizen.says("完成").reply)

    def is_accepted(self, reply: str) -> None:
        answer = reply or self.citizen.hears("已受理", 20).text
        self.number = int(re.findall(r"编号 (\d+)", answer)[0])
        self.house.reported.add((self.citizen_id, self.number))
        self.house.tell(f"{self.street_name}: case {self.number}")

    def reports(self) -> None:
        self.sends_photo()
        self.describes()
        self.finishes()

    def is_assigned(self, officer: Person | None = None) -> None:
        (officer or self.officer).hears(f"“认领 {self.number}”", 20)

    @cached_property
    def due_at(self) -> datetime:
        """When the case must be claimed. Asked once, so that it is known while the database is away."""
        with self.house.glance() as session:
            mine = select(Deadline.due_at).where(Deadline.case_id == self.number, Deadline.duty == Duty.CLAIM)
            return session.scalars(mine).one()

    def hours_left(self) -> float:
        return (self.due_at - datetime.now(UTC)) / HOUR

    def claims(self) -> str:
        return self.officer.says(f"认领 {self.number}").reply

    def rectifies(self) -> str:
        self.officer.sends_photo("overflowing_bin_clean")
        return self.officer.says(f"整改 {self.number} 已清运").reply

    def is_verified(self) -> str:
        """核查通过, by the dispatcher of the cast."""
        return self.house.phone(DISPATCHER).says(f"通过 {self.number}").reply


def until(is_so: Callable[[], bool], what: str, patience: float = 60) -> None:
    """Wait for something to become so. Raises AssertionError."""
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience:g} s: {what}")
        time.sleep(0.05)


def _streets() -> Iterator[tuple[str, str]]:
    """Streets to which a report with their name goes without a dispatcher."""
    pack = load_pack(ROOT / "data" / "jinan")
    router = Router(pack)
    for code, unit in pack.units.items():
        decision = router.decide(Finding(text=f"{unit.name}{TROUBLE}", platform="citizen_photo"))
        if decision.unit == code and decision.confidence >= 0.9:
            yield code, unit.name
