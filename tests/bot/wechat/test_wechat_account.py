import json
import logging
import pickle
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.wechat.errors import Fate, SendError
from bot.wechat.official_account import OfficialAccount, QrCode
from bot.wechat.token import TokenKeeper
from bot.wechat.token_source import official_source
from tests.bot.wechat.scripted_api import FakeApi, Script, cuts_off, resets, says, sends

NOW = datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
SECRET = "5ecret0fTheAccount"


def account_at(url: str) -> OfficialAccount:
    tokens = TokenKeeper(official_source("wx1", SECRET, url, timeout=(0.25, 0.25)))
    return OfficialAccount("wx1", SECRET, url, tokens, timeout=(0.25, 0.25), clock=lambda: NOW)


@pytest.fixture
def account(api: FakeApi) -> OfficialAccount:
    return account_at(api.url)


# Every method once: the path it calls, a call of it, and what it has to say there.
METHODS: dict[str, tuple[str, Callable[[OfficialAccount], Any], Any]] = {
    "send_text": (
        "message/custom/send",
        lambda oa: oa.send_text("o1", "您好\x00"),
        {"touser": "o1", "msgtype": "text", "text": {"content": "您好"}},
    ),
    "send_image": (
        "message/custom/send",
        lambda oa: oa.send_image("o1", "M"),
        {"touser": "o1", "msgtype": "image", "image": {"media_id": "M"}},
    ),
    "send_menu": (
        "message/custom/send",
        lambda oa: oa.send_menu("o1", "满意吗", [("1", "满意"), ("3", "不满意")], "谢谢"),
        {
            "touser": "o1",
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "满意吗",
                "list": [{"id": "1", "content": "满意"}, {"id": "3", "content": "不满意"}],
                "tail_content": "谢谢",
            },
        },
    ),
    "send_template": (
        "message/template/send",
        lambda oa: oa.send_template("o1", "TPL", {"thing1": "占道"}, "https://x/1"),
        {
            "touser": "o1",
            "template_id": "TPL",
            "url": "https://x/1",
            "data": {"thing1": {"value": "占道"}},
        },
    ),
    "send_subscription": (
        "message/subscribe/bizsend",
        lambda oa: oa.send_subscription("o1", "TPL", {"thing1": "占道"}),
        {"touser": "o1", "template_id": "TPL", "data": {"thing1": {"value": "占道"}}},
    ),
    "send_once": (
        "message/template/subscribe",
        lambda oa: oa.send_once("o1", "TPL", 12, "催办", "还有 2 小时"),
        {
            "touser": "o1",
            "template_id": "TPL",
            "url": "",
            "scene": "12",
            "title": "催办",
            "data": {"content": {"value": "还有 2 小时"}},
        },
    ),
    "create_scene": (
        "qrcode/create",
        lambda oa: oa.create_scene("bind-7", timedelta(days=90)),
        {
            "expire_seconds": 2592000,
            "action_name": "QR_STR_SCENE",
            "action_info": {"scene": {"scene_str": "bind-7"}},
        },
    ),
    "create_menu": ("menu/create", lambda oa: oa.create_menu({"button": []}), {"button": []}),
    "upload_image": ("media/upload", lambda oa: oa.upload_image(b"\xff\xd8", "照片.jpg"), None),
    "download": ("media/get", lambda oa: oa.download("M", 1000), None),
    "callback_ips": ("getcallbackip", lambda oa: oa.callback_ips(), None),
}
every_method = pytest.mark.parametrize("method", METHODS)


def html(_api: FakeApi) -> Script:
    return sends("<html>请登录</html>".encode(), content_type="text/html")


def code(errcode: int, message: str = "rid: 1") -> Callable[[FakeApi], Script]:
    return lambda _api: says({"errcode": errcode, "errmsg": message})


FAILURES: dict[str, tuple[Callable[[FakeApi], Script], Fate, int | None]] = {
    "busy": (code(-1), Fate.RETRY, -1),
    "quota": (code(45009), Fate.RETRY, 45009),
    "too often": (code(45011), Fate.RETRY, 45011),
    "window": (code(45015), Fate.OTHER_WAY, 45015),
    "count": (code(45047), Fate.OTHER_WAY, 45047),
    "subscription": (code(43101), Fate.OTHER_WAY, 43101),
    "not following": (code(43004), Fate.OTHER_WAY, 43004),
    "openid": (code(40003), Fate.BROKEN_BINDING, 40003),
    "address": (code(40164, "invalid ip 1.2.3.4, not in whitelist"), Fate.ALARM, 40164),
    "repeated": (code(45065), Fate.ALREADY_SENT, 45065),
    "bug": (code(47003), Fate.REFUSED, 47003),
    "unheard of": (code(49999), Fate.REFUSED, 49999),
    "new": (code(61023), Fate.RETRY, 61023),
    "words for a code": (lambda _: says({"errcode": "x"}), Fate.RETRY, None),
    "500": (lambda _: sends(b"oops", 500), Fate.RETRY, None),
    "429": (lambda _: sends(b"", 429), Fate.RETRY, None),
    "404": (lambda _: sends(b"", 404), Fate.ALARM, None),
    "redirect": (lambda _: sends(b"", 302, Location="http://127.0.0.1:1/"), Fate.ALARM, None),
    "reset": (lambda _: resets, Fate.RETRY, None),
    "silence": (lambda api: api.hangs, Fate.RETRY, None),
}


def held_by(error: SendError) -> str:
    """Everything that could reach a log, a queue or a person."""
    whole = "".join(traceback.format_exception(error))
    return f"{error!r} {error} {error.__context__!r} {pickle.dumps(error)!r} {whole}"


def failure_of(method: str, account: OfficialAccount) -> SendError:
    with pytest.raises(SendError) as caught:
        METHODS[method][1](account)
    return caught.value


@every_method
@pytest.mark.parametrize("failure", FAILURES)
def test_it_says_what_becomes_of_a_failed_call_and_tells_no_secret(
    method: str, failure: str, api: FakeApi, account: OfficialAccount
) -> None:
    script, fate, errcode = FAILURES[failure]
    api.plays(METHODS[method][0], script(api))

    error = failure_of(method, account)

    assert (error.fate, error.code) == (fate, errcode)
    assert "T1-" not in held_by(error)
    assert SECRET not in held_by(error)


@every_method
def test_it_takes_a_web_page_for_a_passing_fault(method: str, api: FakeApi, account: OfficialAccount) -> None:
    api.plays(METHODS[method][0], html(api))

    assert failure_of(method, account).fate is Fate.RETRY


@every_method
@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_it_renews_a_refused_token_once_and_succeeds(
    method: str, errcode: int, api: FakeApi, account: OfficialAccount
) -> None:
    path, call, _said = METHODS[method]
    api.plays("stable_token", says({"access_token": "OLD", "expires_in": 7200}))
    good = {"errcode": 0, "ip_list": [], "media_id": "M", "url": "U", "ticket": "K"}
    last = sends(b"JPEG") if method == "download" else says(good)
    api.plays(path, says({"errcode": errcode, "errmsg": "token"}), last)

    call(account)

    used = [made.query["access_token"][:3] for made in api.calls if made.path == path]
    assert used == ["OLD", "T1-"]


@every_method
def test_it_does_not_go_on_renewing_for_ever(method: str, api: FakeApi, account: OfficialAccount) -> None:
    api.always[METHODS[method][0]] = says({"errcode": 40001, "errmsg": "invalid credential"})

    fates = {failure_of(method, account).fate for _ in range(3)}

    assert fates == {Fate.TOKEN}
    assert len(api.paths()) <= 10


@every_method
def test_it_raises_an_alarm_for_a_wrong_secret(method: str, api: FakeApi, account: OfficialAccount) -> None:
    api.always["stable_token"] = says({"errcode": 40001, "errmsg": f"invalid secret={SECRET}"})

    error = failure_of(method, account)

    assert error.fate is Fate.ALARM
    assert SECRET not in held_by(error)
    assert api.paths() == ["stable_token"]


def test_it_survives_a_server_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    error = failure_of("send_text", account_at(url))

    assert error.fate is Fate.RETRY
    assert SECRET not in held_by(error)


def test_it_knows_when_the_daily_quota_comes_back(api: FakeApi, account: OfficialAccount) -> None:
    api.plays("message/custom/send", says({"errcode": 45009, "errmsg": ""}))

    error = failure_of("send_text", account)

    assert error.until == datetime(2025, 5, 20, 16, 0, tzinfo=UTC)


def test_it_comes_back_whole_from_a_queue(api: FakeApi, account: OfficialAccount) -> None:
    api.plays("message/custom/send", says({"errcode": 45009, "errmsg": "x"}))
    error = failure_of("send_text", account)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301

    assert (copy.fate, copy.code, copy.reason, copy.until) == (
        error.fate,
        error.code,
        error.reason,
        error.until,
    )


@pytest.mark.parametrize("method", [name for name, row in METHODS.items() if row[2] is not None])
def test_it_says_what_wechat_documents(method: str, api: FakeApi, account: OfficialAccount) -> None:
    path, call, said = METHODS[method]

    call(account)

    assert api.paths() == ["stable_token", path]
    assert api.calls[1].said == said
    assert "您" not in method or "您".encode() in api.calls[1].body


def test_it_writes_chinese_as_it_is(api: FakeApi, account: OfficialAccount) -> None:
    account.send_text("o1", "您好")

    # WeChat shows \u-escapes to the person as they are.
    assert "您好".encode() in api.calls[1].body


def test_it_gives_the_number_of_a_template_message(api: FakeApi, account: OfficialAccount) -> None:
    assert METHODS["send_template"][1](account) == "7"


def test_it_gives_what_a_scene_code_is_drawn_from(api: FakeApi, account: OfficialAccount) -> None:
    assert METHODS["create_scene"][1](account) == QrCode(url="U", ticket="K")


def test_it_gives_the_addresses_of_the_pushes(api: FakeApi, account: OfficialAccount) -> None:
    api.plays("getcallbackip", says({"ip_list": ["1.2.3.4", "5.6.7.0/24"]}))

    assert account.callback_ips() == ["1.2.3.4", "5.6.7.0/24"]


@pytest.mark.parametrize("method", ["create_scene", "upload_image", "callback_ips"])
def test_it_does_not_trip_over_an_empty_answer(method: str, api: FakeApi, account: OfficialAccount) -> None:
    api.plays(METHODS[method][0], says({}))

    assert failure_of(method, account).fate is Fate.RETRY


def test_it_uploads_a_picture_under_a_plain_name(api: FakeApi, account: OfficialAccount) -> None:
    media_id = account.upload_image(b"\xff\xd8picture", "照片 1.png")

    body = api.calls[1].body
    assert media_id == "M"
    assert b'name="media"; filename="image.png"\r\nContent-Type: image/png\r\n\r\n\xff\xd8picture' in body


def test_it_downloads_a_file_as_it_is(api: FakeApi, account: OfficialAccount) -> None:
    api.plays("media/get", sends(b"\xff\xd8" * 500, content_type="image/jpeg"))

    assert account.download("M", 1000) == b"\xff\xd8" * 500
    assert api.calls[1].query["media_id"] == "M"


def test_it_asks_for_files_uncompressed_so_that_the_limit_counts_what_arrives(
    api: FakeApi, account: OfficialAccount
) -> None:
    api.plays("media/get", sends(b"JPEG"))

    account.download("M", 1000)

    assert api.calls[1].headers["Accept-Encoding"] == "identity"


def test_it_carries_no_cookie_from_one_call_to_the_next(api: FakeApi, account: OfficialAccount) -> None:
    api.plays("message/custom/send", sends(b"{}", Set_Cookie="a=b; Path=/"))

    for _ in range(2):
        account.send_text("o1", "x")

    assert "Cookie" not in api.calls[2].headers


@pytest.mark.parametrize(
    ("script", "fate"),
    [
        (sends(b"x" * 1001), Fate.REFUSED),
        (says({"video_url": "http://127.0.0.1:1/v.mp4"}), Fate.REFUSED),
        (says({"errcode": 40007, "errmsg": "invalid media_id"}), Fate.REFUSED),
        (sends(b"{half of an answ"), Fate.RETRY),
        (cuts_off, Fate.RETRY),
    ],
    ids=["too large", "video", "expired", "broken JSON", "cut off"],
)
def test_it_does_not_take_everything_for_a_file(
    script: Script, fate: Fate, api: FakeApi, account: OfficialAccount
) -> None:
    api.plays("media/get", script)

    assert failure_of("download", account).fate is fate


@pytest.mark.parametrize(
    "call",
    [
        lambda oa: oa.send_text("o1", "字" * 683),
        lambda oa: oa.send_text("o1", ""),
        lambda oa: oa.send_once("o1", "TPL", 1, "题" * 16, "x"),
        lambda oa: oa.send_once("o1", "TPL", 1, "x", "文" * 201),
        lambda oa: oa.create_scene("s" * 65, timedelta(days=1)),
    ],
)
def test_it_refuses_what_is_too_long_without_asking(
    call: Callable[[OfficialAccount], Any], api: FakeApi, account: OfficialAccount
) -> None:
    with pytest.raises(SendError) as caught:
        call(account)

    assert caught.value.fate is Fate.REFUSED
    assert api.calls == []


def test_it_serves_many_threads_with_one_token(api: FakeApi, account: OfficialAccount) -> None:
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(lambda number: account.send_text(f"o{number}", "x"), range(200)))

    people = {call.said["touser"] for call in api.calls if call.path == "message/custom/send"}
    assert api.paths().count("stable_token") == 1
    assert len(people) == 200


def test_it_writes_no_token_into_any_log(
    api: FakeApi, account: OfficialAccount, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.plays("message/custom/send", says({"errcode": 40001, "errmsg": "x"}), html(api))

    failure_of("send_text", account)

    assert "T1-" not in caplog.text
    assert SECRET not in caplog.text + repr(account) + json.dumps(repr(vars(account)))
