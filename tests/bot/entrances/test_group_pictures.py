"""Pictures out of a group: fetched and opened within their five minutes, from known hosts and nowhere else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.wrappers import Request, Response

from bot import photo_fetch
from bot.wechat.codec import Codec
from bot.wechat.errors import Fate, SendError
from bot.wechat.group_bot import GroupBot
from models.people import Role
from models.photo import Fetch
from simulator.client import Faults
from simulator.crypto import Envelope
from simulator.samples import draw
from simulator.settings import Limits
from tests.bot.entrances.company import CHEN, LIU, Company
from tests.bot.entrances.conftest import OpenCompany
from tests.bot.entrances.doorstep import BOT
from tests.bot.gateway import Gateway, open_gateway

MEDIA = "/aibot/media"
LOST = "陈志愿：您发的照片没能收到，请重新发一次。"
_NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CODEC = Codec(BOT.token, BOT.aes_key, "")


@pytest.fixture
def volunteer(company: Company) -> Company:
    company.volunteer(post="dianliu")
    return company


def states(company: Company) -> list[Fetch]:
    return [photo.state for photo in company.photos()]


def test_it_keeps_the_picture_that_was_sealed(volunteer: Company) -> None:
    volunteer.crew.says(CHEN, "面包车占了盲道", ["pothole"])

    volunteer.fetch()

    (photo,), world = volunteer.photos(), volunteer.simulator.world
    sent = next(iter(world.conversations.of(("crew", "")))).extra["pictures"][0].rpartition("/")[2]
    media = world.media.look(sent)
    assert photo.state is Fetch.KEPT
    assert media
    assert volunteer.installation.vault.original(photo.sha256) == world.media.path(media).read_bytes()


def test_it_fetches_what_goes_first_first(volunteer: Company) -> None:
    for _ in range(photo_fetch.BATCH):
        volunteer.phone(CHEN).sends_photo("pothole")
    volunteer.crew.says(CHEN, "面包车占了盲道", ["pothole"])

    volunteer.fetch()

    assert states(volunteer)[-1] is Fetch.KEPT
    assert states(volunteer).count(Fetch.WAITING) == 1


def test_it_tells_the_sender_in_the_group_that_it_came_too_late(open_company: OpenCompany) -> None:
    company = open_company(Limits(bot_media_seconds=0, stream_poll_seconds=0))
    company.volunteer(post="dianliu")
    company.crew.says(CHEN, "面包车占了盲道", ["pothole"])

    company.fetch()
    company.deliver()

    assert states(company) == [Fetch.LOST]
    assert (company.crew.last().way, company.crew.last().text) == ("group", LOST)


def test_it_lets_the_next_picture_take_the_place_of_a_lost_one(open_company: OpenCompany) -> None:
    company = open_company(Limits(bot_media_seconds=0, stream_poll_seconds=0))
    company.volunteer(post="dianliu")
    company.crew.says(CHEN, "面包车占了盲道", ["pothole"])
    company.fetch()

    company.crew.says(CHEN, photos=["pothole"], mentions=False)
    answer = company.crew.says(CHEN, f"@{BOT.bot}", quote=company.crew.last()).reply

    assert "已归入刚才的上报" in answer
    assert len(company.cases()) == 1


@pytest.mark.parametrize("fault", ["api_500", "api_html", "api_reset"])
def test_it_asks_again_while_there_is_time(volunteer: Company, fault: str) -> None:
    Faults(volunteer.simulator.url).add(fault, path=MEDIA, count=1)
    volunteer.crew.says(CHEN, "面包车占了盲道", ["pothole"])

    volunteer.fetch()
    before = states(volunteer)
    volunteer.fetch(seconds=11)

    assert (before, states(volunteer)) == ([Fetch.WAITING], [Fetch.KEPT])


def test_it_gives_up_within_the_five_minutes_and_tells_the_sender(volunteer: Company) -> None:
    Faults(volunteer.simulator.url).add("api_500", path=MEDIA)
    volunteer.crew.says(CHEN, "面包车占了盲道", ["pothole"])
    arrived = volunteer.photos()[0].arrived_at

    tried = [due - arrived for due in _until_settled(volunteer)]
    volunteer.deliver(minutes=6)

    assert states(volunteer) == [Fetch.LOST]
    assert timedelta(minutes=4) < tried[-1] < timedelta(minutes=5)
    assert volunteer.crew.last().text == LOST


def _until_settled(company: Company) -> Iterator[datetime]:
    while (due := company.photos()[0].next_try_at) is not None:
        photo_fetch.fetch_due(company.installation, due)
        yield due


def test_it_tells_the_sender_that_a_picture_is_too_large(volunteer: Company, tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(draw("pothole", volunteer.now) + bytes(21 * 1024 * 1024))
    volunteer.crew.says(CHEN, "面包车占了盲道", [huge])

    volunteer.fetch()
    volunteer.deliver()

    assert states(volunteer) == [Fetch.REFUSED]
    assert volunteer.crew.last().text.startswith("陈志愿：您发的照片太大")


def test_it_tells_in_private_what_became_of_a_picture_sent_in_private(open_company: OpenCompany) -> None:
    company = open_company(Limits(bot_media_seconds=0, stream_poll_seconds=0))
    company.binds(LIU, Role.PHOTOGRAPHER)
    company.crew.says_alone(LIU, photos=["pothole"])

    company.fetch()
    company.deliver()

    assert company.phone(LIU).last().text == "您发的照片没能收到，请重新发一次。"
    assert company.said_by_bot() == []


@pytest.fixture
def elsewhere() -> Iterator[tuple[Gateway, list[str]]]:
    """A server of somebody's, and what it was asked for."""
    asked: list[str] = []

    @Request.application
    def app(request: Request) -> Response:
        asked.append(request.path)
        return Response(b"secret")

    with open_gateway() as gateway:
        gateway.app = app
        yield gateway, asked


def bot_at(api: str) -> GroupBot:
    return GroupBot("crew", CODEC, api, ["ww-aibot-img-*.cos.*.myqcloud.com", "*.qpic.cn"], timeout=(1, 1))


FOREIGN = [
    "http://{here}/x",
    "https://{here}/x",
    "http://wework.qpic.cn@{here}/x",
    "https://wework.qpic.cn:8443/x",
    "http://wework.qpic.cn/x",
    "https://wework.qpic.cn.evil.example/x",
    "https://a.b.qpic.cn/x",
    "https://qpic.cn/x",
    "https://ww-aibot-img-1.cos.evil.example.myqcloud.com.cn/x",
    "https://localhost\\.qpic.cn/x",
    "https://localhost%2f.qpic.cn/x",
    "https://[::1].qpic.cn/x",
    "https://wework.qpic.cn:port/x",
    "https:/wework.qpic.cn/x",
    "file:///etc/passwd",
    "//{here}/x",
    "",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_it_never_asks_a_host_that_is_not_in_the_settings(elsewhere: tuple[Gateway, list[str]], address: str) -> None:
    gateway, asked = elsewhere
    here = gateway.url.removeprefix("http://").rstrip("/")

    with pytest.raises(SendError) as refused:
        bot_at("https://qyapi.weixin.qq.com/").download(address.format(here=here), 1000)

    assert refused.value.fate is Fate.REFUSED
    assert asked == []


@pytest.mark.parametrize("address", [*FOREIGN, "https://wework.qpic.cn/cgi-bin/aibot/response"])
def test_it_never_answers_to_another_host(elsewhere: tuple[Gateway, list[str]], address: str) -> None:
    gateway, asked = elsewhere
    here = gateway.url.removeprefix("http://").rstrip("/")

    with pytest.raises(SendError) as refused:
        bot_at("https://qyapi.weixin.qq.com/").respond(address.format(here=here), "已受理", _NOW)

    assert refused.value.fate is Fate.REFUSED
    assert asked == []


def test_it_follows_nobody_to_another_host(elsewhere: tuple[Gateway, list[str]]) -> None:
    gateway, asked = elsewhere
    with open_gateway() as known:
        known.app = Response(status=302, headers={"Location": f"{gateway.url}secret"})

        with pytest.raises(SendError):
            bot_at(known.url).download(f"{known.url}x", 1000)

    assert asked == []


def sealed(content: bytes) -> bytes:
    return bytes(Envelope(BOT.aes_key, "").seal_bytes(content))


ANSWERS = {
    "gone": (Response(status=404), Fate.REFUSED),
    "forbidden": (Response(status=403), Fate.REFUSED),
    "out of order": (Response(status=503), Fate.RETRY),
    "too large": (Response(sealed(bytes(2000))), Fate.REFUSED),
    "half of it": (Response(sealed(bytes(500))[:100]), Fate.RETRY),
    "a page": (Response("<html>请登录</html>"), Fate.RETRY),
    "nothing": (Response(b""), Fate.RETRY),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_it_knows_what_follows_from_what_it_is_given(name: str) -> None:
    answer, fate = ANSWERS[name]
    with open_gateway() as known:
        known.app = answer

        with pytest.raises(SendError) as failed:
            bot_at(known.url).download(f"{known.url}x", 1000)

    assert failed.value.fate is fate


@pytest.mark.parametrize("size", [1, 15, 16, 31, 32, 33, 1000])
def test_it_opens_a_picture_of_any_size(size: int) -> None:
    picture = bytes(range(256)) * 4
    with open_gateway() as known:
        known.app = Response(sealed(picture[:size]))

        assert bot_at(known.url).download(f"{known.url}x", 1000) == picture[:size]
