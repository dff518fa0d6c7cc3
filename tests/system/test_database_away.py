"""The database stops or is locked while people write and words are due."""

import pytest
from sqlalchemy import select

from models.inbound import InboundMessage
from tests.system.house import House, Story, until
from tests.system.proofs import prove

pytestmark = pytest.mark.slow


def test_it_never_says_success_for_what_it_could_not_keep(house: House, story: Story) -> None:
    with house.without_database():
        photo = story.sends_photo(wait=False)
        until(lambda: bool(house.statuses(photo)), "the first delivery is answered", 20)
        refused = house.statuses(photo)

    ended = house.outcome(photo)
    story.describes()
    story.finishes()

    assert set(refused) == {503}
    assert ended == "answered"
    assert times_kept(house, photo.msg_id) == 1
    prove(house)


def test_it_opens_one_case_when_the_last_word_met_no_database(house: House, story: Story) -> None:
    story.sends_photo()
    story.describes()

    with house.without_database():
        finish = story.citizen.says("完成", wait=False)
        until(lambda: bool(house.statuses(finish)), "the first delivery is answered", 20)
    ended = house.outcome(finish)
    story.is_accepted(house.reply(finish))

    assert ended == "answered"
    assert times_kept(house, finish.msg_id) == 1
    prove(house)


def test_it_catches_up_when_the_database_was_away_while_words_were_due(house: House, story: Story) -> None:
    story.reports()
    story.is_assigned()

    until(lambda: story.hours_left() < 7, "the first reminder is near")
    with house.without_database():
        until(lambda: story.hours_left() < 4, "the first reminder is two hours late")

    assert story.officer.hears("认领", 15)
    prove(house)


def times_kept(house: House, msg_id: int) -> int:
    with house.glance() as session:
        bodies = session.scalars(select(InboundMessage.body))
        return sum(f"<MsgId>{msg_id}</MsgId>" in body for body in bodies)
