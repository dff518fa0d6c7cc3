"""两年的案件 (lives): what a million cases were, in plain rows that a database can make everything else of."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from models.clock import Clocks, Duty
from models.workflow import Status
from routing.finding import Finding
from routing.router import Router

_SPAN = timedelta(days=730)
_HOUR = timedelta(hours=1)
# How long a case stays open, roughly; and the few that stay for good.
_FADING, _STUCK = timedelta(days=12), 0.004
_OPEN = {Status.REPORTED: 12, Status.ASSIGNED: 23, Status.CLAIMED: 45, Status.RECTIFIED: 20}
_CHANNELS = {
    "citizen_photo": 46,
    "hotline_12345": 27,
    "citizen_patrol": 14,
    "traffic_volunteer": 7,
    "field_assessment": 4,
    "media_supervision": 2,
}
_RATINGS = {1: 70, 2: 22, 3: 8}
_OWES = {
    Status.REPORTED: Duty.TRIAGE,
    Status.ASSIGNED: Duty.CLAIM,
    Status.CLAIMED: Duty.RECTIFY,
    Status.RECTIFIED: Duty.VERIFY,
}


@dataclass(frozen=True, slots=True)
class Story:
    """一件事: what was seen where, and how routing decided on it."""

    text: str
    place: str
    category: str
    district: str
    street: str
    unit: str
    lat: float
    lon: float
    decision: dict[str, Any]


@dataclass(slots=True)
class Life:
    """一个案件: everything about one case that its rows are made of; times are None where it did not come so far.

    n: its number.  story: which Story.  officer, reporter: persons.  late: how many of its clocks were.
    """

    n: int
    story: int
    house: int
    status: str
    channel: str
    reporter: int
    officer: int
    opened: datetime
    assigned: datetime | None = None
    claim_due: datetime | None = None
    claimed: datetime | None = None
    rectify_due: datetime | None = None
    rectified: datetime | None = None
    verify_due: datetime | None = None
    closed: datetime | None = None
    duty: str = ""
    starts: datetime | None = None
    due: datetime | None = None
    rating: int | None = None
    exposed: bool = False
    on_site: bool = False
    recurs: int | None = None

    @classmethod
    def kinds(cls) -> dict[str, type]:
        """What each column holds; that it may be None as well is left out."""
        hints = get_type_hints(cls)
        return {field.name: (get_args(hints[field.name]) or (hints[field.name],))[0] for field in fields(cls)}


def stories(router: Router, sentences: Path, how_many: int, seed: int) -> list[Story]:
    """What people say in Jinan, at its communities, as the router decides on it."""
    chance = random.Random(seed)
    said = [line.split("\t")[1] for file in sorted(sentences.glob("*.tsv")) for line in _lines(file)]
    streets = [unit for unit in router.pack.units.values() if unit.tier == "street"]
    return [_story(router, chance, chance.choice(said), chance.choice(streets)) for _ in range(how_many)]


def _lines(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "\t" in line and not line.startswith(("none", "#"))]


def _story(router: Router, chance: random.Random, text: str, street: Any) -> Story:
    place = f"{street.name}{chance.choice(('一', '二', '三', '四'))}区"
    decided = router.decide(Finding(text=text, place=place)).as_json()
    unit = decided["unit"] if decided["unit"] != "cmd" else street.code
    # Older decisions are kept short, as they would be after a year: what was weighed is nobody's question any more.
    decision = decided | {"unit": unit, "alternatives": decided["alternatives"][:1], "why": decided["why"][:2]}
    return Story(
        text=text,
        place=place,
        category=decided["category"] or "event:06010",
        district=street.district or street.parent,
        street=street.code,
        unit=unit,
        lat=36.65 + chance.uniform(-0.12, 0.12),
        lon=117.0 + chance.uniform(-0.2, 0.2),
        decision=decision,
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """人数. officers act for units by turns: officer k of unit u is person first + u * each + k."""

    reporters: int
    units: tuple[str, ...]
    each: int
    first: int

    def officer(self, unit: str, k: int) -> int:
        return self.first + self.units.index(unit) * self.each + k % self.each


@dataclass(frozen=True, slots=True)
class Telling:
    """怎么讲: what every life is told by."""

    clocks: Clocks
    cast: Cast
    now: datetime
    seed: int


def lives(how_many: int, told: list[Story], telling: Telling) -> Iterator[Life]:
    """The cases from the oldest to the newest; the same for the same seed."""
    chance = random.Random(telling.seed)
    unit_index = {unit: n for n, unit in enumerate(telling.cast.units)}
    for n in range(1, how_many + 1):
        story = chance.randrange(len(told))
        opened = telling.now - _SPAN * ((how_many - n + chance.random()) / how_many)
        cast = telling.cast
        officer = cast.first + unit_index[told[story].unit] * cast.each + n % cast.each
        channel = chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        life = Life(n, story, chance.randrange(1, 120), "", channel, 1 + n % cast.reporters, officer, opened)
        _live(life, chance, telling)
        yield life


def _live(life: Life, chance: random.Random, telling: Telling) -> None:
    age = telling.now - life.opened
    life.exposed = chance.random() < 0.004
    if life.n > 1000 and chance.random() < 0.012:
        life.recurs = life.n - chance.randrange(200, 1000)
    if chance.random() < _STUCK or chance.random() < 2.718 ** -(age / _FADING):
        _stay_open(life, chance, telling)
    elif chance.random() < 0.03:
        life.status, life.closed = Status.REJECTED.value, life.opened + _HOUR * chance.uniform(0.1, 3)
    else:
        _run_through(life, chance, telling)
        if life.closed and life.closed > telling.now:
            _go_on(life, telling.now)


def _run_through(life: Life, chance: random.Random, telling: Telling) -> None:
    """From the report to 办结, with the delays of people."""
    _hand_over(life, life.opened + _HOUR * chance.uniform(0, 0.5), telling)
    _take_up(life, _after(life.assigned, chance.expovariate(1 / 4.5)), telling)
    life.rectified = _after(life.claimed, chance.expovariate(1 / 11))
    life.verify_due = life.rectified + telling.clocks.of(Duty.VERIFY).within
    life.closed = _after(life.rectified, chance.uniform(0.2, 20))
    life.status = Status.CLOSED.value
    if chance.random() < 0.35:
        life.rating = chance.choices(list(_RATINGS), list(_RATINGS.values()))[0]


def _go_on(life: Life, now: datetime) -> None:
    """What would have ended tomorrow has come as far as it could by now, and owes what follows."""
    past = {name: at for name in ("claimed", "rectified", "closed") if (at := getattr(life, name)) and at <= now}
    steps = ((Status.ASSIGNED, "assigned", "claim_due"), (Status.CLAIMED, "claimed", "rectify_due"))
    status, starts, due = [*steps, (Status.RECTIFIED, "rectified", "verify_due")][len(past)]
    life.status, life.duty, life.rating = status.value, _OWES[status].value, None
    life.starts, life.due = getattr(life, starts), getattr(life, due)
    for name in ("claimed", "rectified", "closed"):
        setattr(life, name, past.get(name))
    life.rectify_due = life.rectify_due if life.claimed else None
    life.verify_due = life.verify_due if life.rectified else None


def _stay_open(life: Life, chance: random.Random, telling: Telling) -> None:
    """One of those that burn: where it stands began in the last day or so."""
    status = chance.choices(list(_OPEN), list(_OPEN.values()))[0]
    within = telling.clocks.of(_OWES[status]).within
    life.starts = max(life.opened, telling.now - within * chance.triangular(0, 1.6, 0.3))
    life.status, life.duty, life.due = status.value, _OWES[status].value, life.starts + within
    if status is not Status.REPORTED:
        _hand_over(life, life.starts if status is Status.ASSIGNED else life.opened, telling)
    if status in (Status.CLAIMED, Status.RECTIFIED):
        _take_up(life, life.starts if status is Status.CLAIMED else life.opened, telling)
    if status is Status.RECTIFIED:
        life.rectified, life.verify_due = life.starts, life.due
        life.on_site = chance.random() < 0.15


def _hand_over(life: Life, at: datetime, telling: Telling) -> None:
    life.assigned, life.claim_due = at, at + telling.clocks.of(Duty.CLAIM).within


def _take_up(life: Life, at: datetime, telling: Telling) -> None:
    life.claimed, life.rectify_due = at, at + telling.clocks.of(Duty.RECTIFY).within


def _after(moment: datetime | None, hours: float) -> datetime:
    if moment is None:
        raise ValueError("what comes after nothing?")
    return moment + _HOUR * hours
