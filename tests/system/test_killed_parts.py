"""kill -9 of every part, at three moments of one story."""

import pytest
from sqlalchemy import select

from models.outbound import OutboundMessage
from models.people import Identity
from tests.system.house import House, Story, until
from tests.system.proofs import prove

pytestmark = pytest.mark.slow

VICTIMS = [("web",), ("worker-1",), ("worker-2",), ("worker-1", "worker-2"), ("valkey",)]


@pytest.mark.parametrize("victims", VICTIMS, ids="+".join)
def test_it_loses_nothing_when_parts_are_killed(house: House, story: Story, victims: tuple[str, ...]) -> None:
    photo = story.sends_photo(wait=False)
    strike(house, victims)
    arrived = house.outcome(photo)
    story.describes()
    house.faults.add("slow_api", openid=story.officer_id, value=1500, count=1)
    story.finishes()
    until(lambda: on_its_way(house, story.officer_id), "the notice is being sent")
    strike(house, victims)
    story.is_assigned()
    claimed = story.claims()
    strike(house, victims)

    assert arrived in ("accepted", "answered")
    assert "已认领" in claimed
    prove(house)


def test_it_reminds_after_a_standstill(house: House, story: Story) -> None:
    story.reports()
    story.is_assigned()

    house.kill("worker-1", "worker-2")
    house.tell("nobody watches the clock for as long as the first reminder takes")
    until(lambda: story.hours_left() < 3, "the first reminder is three hours late")
    house.revive()

    # Which word it is depends on how long the standstill lasted: only the latest that is due is said.
    assert story.officer.hears(f"编号 {story.number} ·", 20)
    prove(house)


def strike(house: House, victims: tuple[str, ...]) -> None:
    house.kill(*victims)
    house.revive()


def on_its_way(house: House, openid: str) -> bool:
    """Some worker has taken a word to this person and WeChat has not answered yet."""
    query = (
        select(OutboundMessage.id)
        .join(Identity, Identity.person_id == OutboundMessage.person_id)
        .where(Identity.openid == openid, OutboundMessage.attempts > 0)
    )
    with house.glance() as session:
        return session.scalars(query).first() is not None
