"""Drawn pictures on their way out: made of what is there when they are sent, and never of an original."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from models.outbound import Delivery
from models.people import Role, Way
from models.photo import Fetch
from photos.layout import WIDTH
from tests.bot.post_office import PostOffice, Recipient
from tests.bot.test_outbox_pictures import keep, photo_of
from tests.photos.drawing import GREEN, RED, SECRETS, jpeg, reopened, talkative_jpeg
from tests.stage import DIANLIU

BEFORE, AFTER = jpeg(Image.new("RGB", (300, 400), RED)), jpeg(Image.new("RGB", (300, 400), GREEN))


def comparison(before: list[int], after: list[int], number: int = 12) -> dict[str, Any]:
    heading = {"title": f"编号 {number}", "details": [["地点", "山大路"]], "tag": "", "footer": "指挥部"}
    sides = {"before": ("整改前", before), "after": ("整改后", after)}
    drawn = {name: {"title": title, "time": "09:10", "photos": photos} for name, (title, photos) in sides.items()}
    return {"kind": "compare", "heading": heading, **drawn}


def card(before: list[int]) -> dict[str, Any]:
    step = {"name": "上报", "at": "09:10", "note": "", "done": True, "late": False}
    return {**comparison(before, []), "kind": "card", "steps": [step], "late": False}


def send(office: PostOffice, who: Recipient, picture: dict[str, Any], **row: Any) -> int:
    after = picture["after"]["photos"]
    (row_id,) = office.say(who, "", picture=picture, photo_id=after[0] if after else None, **row)
    return row_id


def received(office: PostOffice, who: Recipient) -> list[bytes]:
    """The pictures that lie on somebody's phone."""
    world = office.simulator.world
    lines = world.conversations.of(("jinan", who.openid))
    names = [line.picture.rsplit("/", 1)[1] for line in lines if line.type == "image"]
    return [world.media.path(found).read_bytes() for name in names if (found := world.media.look(name))]


def test_it_draws_before_and_after_and_spends_one_message(office: PostOffice) -> None:
    li = office.person()
    send(office, li, comparison([photo_of(office, li, BEFORE)], [photo_of(office, li, AFTER)]))

    office.drain()

    (data,) = received(office, li)
    image = reopened(data)
    assert image.width == WIDTH
    assert image.getpixel((WIDTH // 4, 400)) == pytest.approx(RED, abs=8)
    assert image.getpixel((WIDTH * 3 // 4, 400)) == pytest.approx(GREEN, abs=8)
    assert office.left(li) == 4


def test_it_waits_until_every_photo_it_shows_is_fetched(office: PostOffice) -> None:
    li = office.person()
    awaited = photo_of(office, li)
    row = send(office, li, comparison([awaited], [photo_of(office, li, AFTER)]))
    now = office.now
    office.drain(now)
    waiting = office.row(row)
    keep(office, awaited, BEFORE)

    office.drain(now + timedelta(seconds=2))

    assert (waiting.state, waiting.attempts) == (Delivery.WAITING, 0)
    assert reopened(received(office, li)[0]).getpixel((WIDTH // 4, 400)) == pytest.approx(RED, abs=8)


@pytest.mark.parametrize("state", [Fetch.LOST, Fetch.REFUSED, Fetch.ERASED])
def test_it_leaves_out_what_is_lost(office: PostOffice, state: Fetch) -> None:
    li = office.person()
    lost = photo_of(office, li, state=state)
    send(office, li, comparison([lost], [lost, photo_of(office, li, AFTER)]))

    office.drain()

    (data,) = received(office, li)
    assert reopened(data).getpixel((WIDTH // 2, 400)) == pytest.approx(GREEN, abs=8)


def test_it_drops_a_comparison_whose_after_photos_are_all_lost(office: PostOffice) -> None:
    li = office.person()
    lost = photo_of(office, li, state=Fetch.LOST)
    row = send(office, li, comparison([photo_of(office, li, BEFORE)], [lost]))

    office.drain()

    assert (office.row(row).state, received(office, li)) == (Delivery.VOID, [])


@pytest.mark.parametrize("broken", [BEFORE[:300], b"nonsense"])
def test_it_draws_what_is_left_when_a_photo_cannot_be_shown(
    office: PostOffice, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    li = office.person()
    send(office, li, comparison([photo_of(office, li, broken)], [photo_of(office, li, AFTER)]))

    office.drain()

    assert reopened(received(office, li)[0]).width == WIDTH
    assert hashlib.sha256(broken).hexdigest()[:12] in caplog.text


@pytest.mark.parametrize("broken", [{"kind": "unheard of"}, {"heading": {}}])
def test_it_sends_the_clean_photo_where_nothing_can_be_drawn(office: PostOffice, broken: dict[str, Any]) -> None:
    li = office.person()
    row = send(office, li, comparison([], [photo_of(office, li, talkative_jpeg())]) | broken)

    office.drain()

    (data,) = received(office, li)
    assert office.row(row).state is Delivery.SENT
    assert reopened(data).size == (96, 64)
    assert [secret for secret in SECRETS if secret in data] == []


def test_it_says_nothing_of_the_cameras_in_a_drawing(office: PostOffice) -> None:
    li = office.person()
    photo = photo_of(office, li, talkative_jpeg())
    send(office, li, comparison([photo], [photo]))

    office.drain()

    assert [secret for secret in (*SECRETS, b"Exif") if secret in received(office, li)[0]] == []


def test_it_draws_the_same_when_it_is_tried_again(office: PostOffice) -> None:
    li, wang = office.person(), office.person()
    picture = comparison([photo_of(office, li, BEFORE)], [photo_of(office, li, AFTER)])
    office.faults.add("busy", path="/cgi-bin/message/custom/send", count=1)
    for who in (li, wang):
        send(office, who, picture)

    office.drain()
    office.drain(office.now + timedelta(seconds=60))

    assert received(office, li) == received(office, wang)
    assert len(received(office, li)) == 1


@pytest.mark.parametrize("photos", [0, 1])
def test_it_sends_a_card_with_or_without_photos(office: PostOffice, photos: int) -> None:
    li = office.person()
    row = send(office, li, card([photo_of(office, li, BEFORE) for _ in range(photos)]))

    office.drain()

    assert (office.row(row).state, reopened(received(office, li)[0]).width) == (Delivery.SENT, WIDTH)


def test_it_drops_a_card_where_only_words_can_go_and_troubles_nobody_with_it(office: PostOffice) -> None:
    officer, command = office.staff(Role.OFFICER, DIANLIU, spoke=False), office.staff(Role.DISPATCHER)
    office.buys(officer, Way.ONCE, "7")
    row = send(office, officer, card([]))

    office.drain()

    assert office.row(row).state is Delivery.VOID
    assert office.read_by(officer) == office.read_by(command) == []


def test_it_bundles_no_words_with_a_card(office: PostOffice) -> None:
    li = office.person()
    office.say(li, "一", may_bundle=True)
    send(office, li, card([]), may_bundle=True)
    office.say(li, "二", may_bundle=True)

    office.drain()

    assert office.read_by(li) == ["一", "[图片]", "二"]
