"""WeChat as it is on bad days: pushes lost, doubled, swapped and late; an API that is slow, broken or away."""

import pytest
from sqlalchemy import func, select

from models.draft import Draft
from models.people import Identity
from models.photo import Photo
from tests.system.house import House, Story, until
from tests.system.proofs import prove

pytestmark = pytest.mark.slow

# How often each happens to one person. The last delivery of a push always succeeds: else WeChat itself lost it.
PUSH_TROUBLES = {"drop_answer": 2, "duplicate_push": 4, "delay_push": 1, "reorder_pushes": 1}
API_TROUBLES = {
    "api_500": (2, None),
    "api_html": (2, None),
    "api_reset": (2, None),
    "api_timeout": (1, 8),
    "api_answer_lost": (2, None),
    "slow_api": (2, 1500),
    "busy": (2, None),
    "rate": (2, None),
    "token_expired": (2, None),
    "window_closed": (1, None),
    "count_used_up": (1, None),
}


def test_it_makes_one_case_of_one_report_however_it_is_delivered(house: House, story: Story) -> None:
    stories = {name: story if n == 0 else house.story() for n, name in enumerate(PUSH_TROUBLES)}
    for name, times in PUSH_TROUBLES.items():
        house.faults.add(name, count=times, openid=stories[name].citizen_id)

    pushes = [push for one in stories.values() for push in (one.sends_photo(wait=False), one.describes(wait=False))]
    ended = {house.outcome(push) for push in pushes}
    for one in stories.values():
        one.finishes()
        one.is_assigned()

    assert ended == {"answered"}
    assert [pieces(house, one) for one in stories.values()] == [(1, 1)] * len(stories)
    prove(house)


def test_it_tells_every_officer_whatever_the_api_does(house: House, story: Story) -> None:
    officers = {name: house.officer(story.street) for name in API_TROUBLES}
    phones = {name: house.phone(openid) for name, openid in officers.items()}
    for name, (times, value) in API_TROUBLES.items():
        house.faults.add(name, count=times, value=value, openid=officers[name])

    story.reports()

    for name, phone in phones.items():
        if name in ("window_closed", "count_used_up"):
            phone.hears(str(story.number), 20)  # by template, whose 20-character fields hold no sentence
        else:
            story.is_assigned(phone)
        house.tell(f"{name}: heard")
    prove(house)


def test_it_says_everything_once_the_api_is_back(house: House, story: Story) -> None:
    house.tell("the API is away, for everybody and everything")
    house.faults.add("api_reset")
    story.reports()
    until(lambda: len(failed_calls(house)) > 5, "several calls have failed")
    house.faults.clear()
    house.tell("the API is back")

    story.is_assigned()
    prove(house)


def pieces(house: House, story: Story) -> tuple[int, int]:
    """How many photos the story's reports have, and how often the sentence stands in them."""
    mine = select(Draft).join(Identity, Identity.person_id == Draft.person_id)
    with house.glance() as session:
        drafts = list(session.scalars(mine.where(Identity.openid == story.citizen_id)))
        photos = select(func.count()).select_from(Photo).where(Photo.draft_id.in_([draft.id for draft in drafts]))
        sentences = sum(draft.text.count(story.street_name) for draft in drafts)
        return int(session.scalars(photos).one()), sentences


def failed_calls(house: House) -> list[object]:
    return [call for call in house.records.calls() if call["errcode"]]
