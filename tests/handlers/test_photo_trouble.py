"""A picture that does not come through: its sender hears it, and the next one takes its place."""

from sqlalchemy import select

from handlers.photo_trouble import tell_sender
from models.photo import Fetch, Photo
from tests.stage import Actor, Stage


def spoil(stage: Stage, state: Fetch, reason: str) -> None:
    """The last photo turns out to be refused or lost."""
    with stage.installation.database.story() as session:
        photo = session.scalars(select(Photo).order_by(Photo.id.desc())).first()
        assert photo is not None
        photo.state, photo.reason, photo.next_try_at = state, reason, None
        tell_sender(stage.installation.desk(session, stage.now), photo)


def test_it_tells_whoever_sent_a_picture_that_cannot_be_opened(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()

    spoil(stage, Fetch.REFUSED, "animated")

    assert "动图" in citizen.hears()[-1]


def test_it_does_not_count_a_lost_picture_as_there(stage: Stage) -> None:
    citizen = stage.citizen()
    citizen.photo()
    spoil(stage, Fetch.LOST, "gone")

    answer = citizen.place()

    assert "还缺：照片" in answer


def test_it_lets_another_picture_take_the_place_of_a_lost_one_hours_later(stage: Stage) -> None:
    citizen = stage.citizen()
    number = stage.reported_case(citizen)
    spoil(stage, Fetch.LOST, "gone")
    stage.wait(hours=3)

    answer = citizen.photo()

    assert "照片也收到了" in answer
    assert [case.id for case in stage.cases()] == [number]
    assert stage.open_drafts() == []


def test_it_shows_a_dispatcher_that_pictures_are_missing(stage: Stage) -> None:
    dispatcher: Actor = stage.dispatcher()
    number = stage.reported_case()
    spoil(stage, Fetch.LOST, "gone")

    answer = dispatcher.says(f"详情 {number}")

    assert "有1张照片没有收到" in answer
