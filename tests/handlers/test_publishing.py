"""公开照片 in chat: who is given links, for which pictures, and what 撤回公开 ends at once."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update

from bot.publishing_links import Grant
from handlers import publishing
from models.deletion import Deletion, Destroyed
from models.people import Identity
from models.photo import Fetch, Photo
from models.publication import Publication
from tests.stage import Actor, Stage

PUBLIC = "https://chuangcheng.example.cn/"
BOXES = {"boxes": [[0.1, 0.1, 0.2, 0.2]]}


@pytest.fixture
def town(stage: Stage) -> Stage:
    """A stage that people can reach."""
    pages = replace(stage.installation.photo_pages, public_url=PUBLIC)
    stage.installation = replace(stage.installation, photo_pages=pages)
    return stage


def kept(stage: Stage) -> None:
    """Every picture there is has been fetched."""
    with stage.installation.database.story() as session:
        session.execute(update(Photo).values(state=Fetch.KEPT, sha256="ab" * 32))


def become(stage: Stage, state: Fetch) -> None:
    """Every picture has come to that state; where it is destroyed, the deletion log says so."""
    with stage.installation.database.story() as session:
        session.execute(update(Photo).values(state=state))
        if state is Fetch.ERASED:
            entry = {"kind": Destroyed.PHOTO, "size": 1, "why": "retention", "deleted_at": stage.now}
            session.add_all([Deletion(name=f"photo {photo.id}", **entry) for photo in session.scalars(select(Photo))])


def rectified(stage: Stage) -> int:
    """A case with one picture before and one after."""
    officer, number = stage.officer(), stage.reported_case()
    stage.solve(number, officer)
    kept(stage)
    return number


def person(stage: Stage, who: Actor) -> int:
    with stage.installation.database.glance() as session:
        return session.scalars(select(Identity.person_id).where(Identity.openid == who.openid)).one()


def photos(stage: Stage) -> list[int]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Photo.id).order_by(Photo.id)))


def grants(stage: Stage, answer: str, at: datetime | None = None) -> list[Grant | None]:
    tokens = re.findall(rf'href="{PUBLIC}publish/([^"]+)"', answer)
    return [stage.installation.photo_pages.read(token, at or stage.now) for token in tokens]


def published(stage: Stage, case: int, photo: int, by: int | None, sha256: str = "cd" * 32) -> int:
    with stage.installation.database.story() as session:
        desk = stage.installation.desk(session, stage.now)
        row = publishing.publish(desk, case, photo, by, sha256, BOXES)
        session.flush()
        return row.id


def publications(stage: Stage) -> list[Publication]:
    with stage.installation.database.glance() as session:
        return list(session.scalars(select(Publication).order_by(Publication.id)))


def shown(stage: Stage, sha256: str) -> bool:
    with stage.installation.database.glance() as session:
        return publishing.is_public(session, sha256)


@pytest.mark.spelling
@pytest.mark.parametrize("form", ["公开 {}", "公开照片 {}", "公开{}", "{} 公开", "请公开编号{}"])
def test_it_gives_a_dispatcher_a_link_for_each_picture(town: Stage, form: str) -> None:
    dispatcher, number = town.dispatcher(), rectified(town)
    before, after = photos(town)

    answer = dispatcher.says(form.format(number))

    assert ">整改前1</a>" in answer
    assert ">整改后1</a>" in answer
    asked = [(g.case_id, g.photo_id, g.person_id) for g in grants(town, answer) if g]
    assert asked == [(number, before, person(town, dispatcher)), (number, after, person(town, dispatcher))]


def test_it_gives_links_that_are_good_for_half_an_hour(town: Stage) -> None:
    answer = town.dispatcher().says(f"公开 {rectified(town)}")

    assert all(grants(town, answer, town.now + publishing.LINK_GOOD_FOR * 0.99))
    assert not any(grants(town, answer, town.now + publishing.LINK_GOOD_FOR))


def test_it_believes_no_link_that_somebody_has_changed(town: Stage) -> None:
    pages = town.installation.photo_pages
    token = pages.sign(Grant(1, 2, 3, town.now + publishing.LINK_GOOD_FOR))

    assert pages.read(token, town.now) is not None
    for place in range(len(token)):
        other = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        assert pages.read(other, town.now) is None


def test_it_believes_no_link_of_another_installation(town: Stage) -> None:
    grant = Grant(1, 2, 3, town.now + publishing.LINK_GOOD_FOR)
    token = replace(town.installation.photo_pages, key=b"another").sign(grant)

    assert town.installation.photo_pages.read(token, town.now) is None


def test_it_says_what_must_be_set_where_nobody_can_reach_us(stage: Stage) -> None:
    dispatcher, number = stage.dispatcher(), rectified(stage)

    assert "web.public_url" in dispatcher.says(f"公开 {number}")


def test_it_offers_nothing_of_what_has_not_come_through(town: Stage) -> None:
    dispatcher, number = town.dispatcher(), town.reported_case()

    assert dispatcher.says(f"公开 {number}") == f"编号 {number} 没有可以公开的照片。"


def test_it_shows_five_pictures_and_then_the_rest(town: Stage) -> None:
    dispatcher, citizen = town.dispatcher(), town.citizen()
    for _ in range(6):
        citizen.photo()
    number = town.reported_case(citizen)
    kept(town)

    first, second, third = (dispatcher.says(f"公开 {number}{page}") for page in ("", " 2", " 3"))

    assert len(grants(town, first)) == 5
    assert f"还有2张，回复“公开 {number} 2”" in first
    assert ">整改前7</a>" in second
    assert third == f"编号 {number} 一共7张照片，没有更多了。"
    assert len(first.encode()) < 2048


def test_it_gives_links_to_nobody_else(town: Stage) -> None:
    number = rectified(town)

    for somebody in (town.officer("别人"), town.leader(), town.verifier(), town.citizen()):
        assert PUBLIC not in (somebody.says(f"公开 {number}") or "")


def test_it_lets_the_public_see_one_copy_of_a_photo_at_a_time(town: Stage) -> None:
    dispatcher, number = town.dispatcher(), rectified(town)
    by = person(town, dispatcher)

    published(town, number, photos(town)[0], by, "11" * 32)
    published(town, number, photos(town)[0], by, "22" * 32)

    first, second = publications(town)
    assert (first.withdrawn_by, first.why, second.withdrawn_at) == (by, "重新公开", None)
    assert [shown(town, sha) for sha in ("11" * 32, "22" * 32)] == [False, True]


def test_it_withdraws_everything_of_a_case_at_once(town: Stage) -> None:
    dispatcher, number = town.dispatcher(), rectified(town)
    for photo in photos(town):
        published(town, number, photo, None)

    answer = dispatcher.says(f"撤回公开 {number} 有群众要求")

    assert answer == f"编号 {number} 的2张照片已撤回，不再公开。"
    assert {(one.withdrawn_by, one.why) for one in publications(town)} == {(person(town, dispatcher), "有群众要求")}
    assert not shown(town, "cd" * 32)
    assert dispatcher.says(f"撤回公开 {number}") == f"编号 {number} 没有公开的照片。"


def test_it_says_which_pictures_are_public(town: Stage) -> None:
    dispatcher, number = town.dispatcher(), rectified(town)
    published(town, number, photos(town)[1], None)

    answer = dispatcher.says(f"公开 {number}")

    assert "整改前1</a>\n" in answer
    assert "整改后1</a>（已公开）" in answer


def test_it_publishes_for_dispatchers_only_and_asks_again_each_time(town: Stage) -> None:
    dispatcher, officer, number = town.dispatcher(), town.officer("别人"), rectified(town)
    town.leave(dispatcher)
    town.wait(minutes=1)

    for somebody in (dispatcher, officer):
        with pytest.raises(publishing.NotPublishable, match="only dispatchers"):
            published(town, number, photos(town)[0], person(town, somebody))


def test_it_publishes_a_photo_for_its_own_case_only(town: Stage) -> None:
    number = rectified(town)
    town.wait(minutes=1)
    other = town.reported_case(words="墙上贴满小广告")
    kept(town)

    with pytest.raises(publishing.NotPublishable, match="no such photo"):
        published(town, other, photos(town)[0], None)
    assert published(town, number, photos(town)[0], None)


@pytest.mark.parametrize("state", [state for state in Fetch if state is not Fetch.KEPT])
def test_it_publishes_only_what_is_kept(town: Stage, state: Fetch) -> None:
    number = rectified(town)
    become(town, state)

    with pytest.raises(publishing.NotPublishable, match=str(state)):
        published(town, number, photos(town)[0], None)


def test_it_shows_nothing_of_a_photo_that_was_erased(town: Stage) -> None:
    number = rectified(town)
    published(town, number, photos(town)[0], None)

    become(town, Fetch.ERASED)

    assert not shown(town, "cd" * 32)
