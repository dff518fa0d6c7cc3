"""钉在图上: cases at given places, as rows alone; the map asks nothing else of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.installation import Installation
from models.case import Case
from models.workflow import OPEN_STATUSES, Status
from tests.stage import DIANLIU, LIXIA, MORNING

HOME = (36.6585, 117.0603)
FACTS = {
    "status": Status.ASSIGNED,
    "channel": "citizen_photo",
    "category": "event:06010",
    "district": LIXIA,
    "street": DIANLIU,
    "unit_code": DIANLIU,
    "text": "垃圾桶满了",
    "place": "甸柳新村第三小区",
}


class Pins:
    """图钉: puts cases on the map and says their numbers."""

    def __init__(self, installation: Installation, now: datetime = MORNING) -> None:
        self.installation, self.now = installation, now

    def put(
        self, lat: float | None = HOME[0], lon: float | None = HOME[1], due: float | None = 6, **facts: Any
    ) -> int:
        """One case; due: in how many hours, None for nothing owed."""
        return self.many([(lat, lon)], due, **facts)[0]

    def many(self, places: list[Any], due: float | None = 6, **facts: Any) -> list[int]:
        """Several cases that differ in nothing but their places."""
        with self.installation.database.story() as session:
            cases = [pinned(lat, lon, due, self.now, **facts) for lat, lon in places]
            session.add_all(cases)
            session.flush()
            return [case.id for case in cases]


def pinned(lat: float | None, lon: float | None, due: float | None, now: datetime = MORNING, **facts: Any) -> Case:
    """A row, not yet in a database."""
    told = {"opened_at": now - timedelta(hours=3), **FACTS, **facts}
    is_open = told["status"] in OPEN_STATUSES
    due_at = now + timedelta(hours=due) if is_open and due is not None else None
    return Case(lat=lat, lon=lon, due_at=due_at, closed_at=None if is_open else told["opened_at"], **told)


def around(count: int, step: float = 0.002) -> Iterator[tuple[float, float]]:
    """Places in rows of ten, from the middle of the street on."""
    for n in range(count):
        yield HOME[0] + n // 10 * step, HOME[1] + n % 10 * step
