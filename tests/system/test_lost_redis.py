"""Valkey is only ever a nudge: emptied at any moment, or away for good, it costs a few seconds and nothing else."""

import pytest

from tests.system.house import House, Story
from tests.system.proofs import prove

pytestmark = pytest.mark.slow


def test_it_loses_nothing_when_redis_is_emptied_at_every_step(house: House, story: Story) -> None:
    story.sends_photo()
    house.flush()
    story.describes()
    house.flush()
    story.finishes()
    house.flush()
    story.is_assigned()
    house.flush()
    claimed = story.claims()
    house.flush()

    assert "已认领" in claimed
    prove(house)


def test_it_does_everything_without_redis(house: House, story: Story) -> None:
    house.kill("valkey")

    story.reports()
    story.is_assigned()
    reminded = story.officer.hears("认领提醒", 15).text
    story.claims()
    story.rectifies()
    story.citizen.hears("满意吗", 15)
    closed = story.is_verified()
    thanks = story.citizen.says("1").reply

    assert f"认领 {story.number}" in reminded
    assert "办结" in closed
    assert "谢谢" in thanks
    prove(house)
    house.revive()
