import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import redis
from werkzeug.wrappers import Request, Response

from bot.wechat.errors import Fate, SendError
from bot.wechat.token import TokenKeeper, token_redis
from bot.wechat.token_source import official_source
from tests.bot.wechat.scripted_api import FakeApi, Valkey, says, sends

NOW = datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
SECRET = "5ecret0fTheAccount"


def keeper_at(api: FakeApi, store: redis.Redis | None = None, *, stable: bool = True) -> TokenKeeper:
    return TokenKeeper(official_source("wx1", SECRET, api.url, stable=stable, timeout=(1, 1)), store)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def at_once(calls: list[Callable[[], str]]) -> list[str]:
    """Run all calls in the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], str]) -> str:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_it_asks_as_the_stable_interface_wants(api: FakeApi) -> None:
    token = keeper_at(api).get(NOW)

    assert token.startswith("T1-")
    assert len(token) > 500
    assert api.calls[0].said == {
        "grant_type": "client_credential",
        "appid": "wx1",
        "secret": SECRET,
        "force_refresh": False,
    }


def test_it_can_use_the_classic_interface(api: FakeApi) -> None:
    keeper_at(api, stable=False).get(NOW)

    assert api.calls[0].path == "token"
    assert api.calls[0].query == {"grant_type": "client_credential", "appid": "wx1", "secret": SECRET}


@pytest.mark.parametrize(
    ("life", "age", "fetches"),
    [(7200, 6899, 1), (7200, 6901, 2), (7200, 7201, 2), (120, 59, 1), (120, 61, 2), (20, 15, 1), (20, 21, 2)],
)
def test_it_renews_a_little_before_the_end(life: int, age: int, fetches: int, api: FakeApi) -> None:
    api.always["stable_token"] = says({"access_token": "T", "expires_in": life})
    keeper = keeper_at(api)
    keeper.get(NOW)

    keeper.get(after(age))

    assert len(api.calls) == fetches


def test_it_fetches_once_for_sixteen_cold_threads(api: FakeApi, valkey: Valkey) -> None:
    keeper = keeper_at(api, valkey.client())

    tokens = at_once([lambda: keeper.get(NOW)] * 16)

    assert len(set(tokens)) == 1
    assert len(api.calls) == 1


def test_it_fetches_once_for_sixteen_cold_processes(api: FakeApi, valkey: Valkey) -> None:
    keepers = [keeper_at(api, valkey.client()) for _ in range(16)]

    tokens = at_once([lambda keeper=keeper: keeper.get(NOW) for keeper in keepers])  # type: ignore[misc]

    assert len(set(tokens)) == 1
    assert len(api.calls) == 1


def test_it_keeps_nobody_waiting_while_the_old_token_still_works(api: FakeApi) -> None:
    keeper = keeper_at(api)
    keeper.get(NOW)
    asked, go_on = threading.Event(), threading.Event()

    def slow(request: Request) -> Response:
        asked.set()
        go_on.wait(5)
        return says({"access_token": "NEW", "expires_in": 7200})(request)

    api.plays("stable_token", slow)
    with ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(keeper.get, after(7000))
        asked.wait(5)
        meanwhile = keeper.get(after(7000))
        go_on.set()
        renewed = renewing.result()

    assert meanwhile.startswith("T1-")
    assert renewed == "NEW"


def test_it_lives_on_the_old_token_while_wechat_is_down(api: FakeApi) -> None:
    keeper = keeper_at(api)
    keeper.get(NOW)
    api.always["stable_token"] = sends(b"", 502)

    token = keeper.get(after(7000))

    assert token.startswith("T1-")


def test_it_works_on_when_redis_is_killed(api: FakeApi, valkey: Valkey) -> None:
    keeper = keeper_at(api, valkey.client())
    keeper.get(NOW)
    valkey.kill()

    later = keeper.get(after(7300))
    replaced = keeper.renew(later, after(7400))

    assert [later[:3], replaced[:3]] == ["T2-", "T3-"]


def test_it_works_without_a_redis_from_the_start(api: FakeApi) -> None:
    keeper = keeper_at(api, token_redis("unix:///nowhere/v.sock"))

    tokens = at_once([lambda: keeper.get(NOW)] * 8)

    assert len(set(tokens)) == 1
    assert len(api.calls) == 1


@pytest.mark.parametrize("kept", [b"nonsense", b"[1]", b'["T", "x", 1]', b"{}", b"\xff", b'["T", 1e99, 1e99]'])
def test_it_does_not_trip_over_what_it_finds_in_redis(kept: bytes, api: FakeApi, valkey: Valkey) -> None:
    valkey.client().set("wechat:token:wx1:stable", kept)

    assert keeper_at(api, valkey.client()).get(NOW).startswith("T1-")


def test_it_takes_a_renewed_token_from_another_process(api: FakeApi, valkey: Valkey) -> None:
    one, two = keeper_at(api, valkey.client()), keeper_at(api, valkey.client())
    old = one.get(NOW)
    two.get(NOW)

    new = one.renew(old, after(60))

    assert two.renew(old, after(61)) == new != old
    assert len(api.calls) == 2


def test_it_renews_once_for_sixteen_threads_with_the_same_refusal(api: FakeApi, valkey: Valkey) -> None:
    keepers = [keeper_at(api, valkey.client()) for _ in range(4)]
    old = {keeper.get(NOW) for keeper in keepers}.pop()
    # The same token again until it is forced: that is what /stable_token does with one it thinks good.
    api.always["stable_token"] = lambda request: says(
        {"access_token": "NEW" if request.get_json()["force_refresh"] else old, "expires_in": 7200}
    )(request)

    tokens = at_once([lambda keeper=keeper: keeper.renew(old, after(60)) for keeper in keepers * 4])  # type: ignore[misc]

    forced = [call for call in api.calls if call.said["force_refresh"]]
    assert set(tokens) == {"NEW"}
    assert len(forced) == 1


def test_it_forces_only_when_asking_politely_brings_the_same_token(api: FakeApi) -> None:
    keeper = keeper_at(api)
    keeper.get(NOW)

    keeper.renew(keeper.get(NOW), after(60))

    assert [call.said["force_refresh"] for call in api.calls] == [False, False]


@pytest.mark.parametrize("stable", [True, False])
def test_it_forces_at_most_once_in_thirty_seconds(stable: bool, api: FakeApi, valkey: Valkey) -> None:
    api.always["stable_token"] = api.always["token"] = says({"access_token": "BAD", "expires_in": 7200})
    keeper = keeper_at(api, valkey.client(), stable=stable)
    keeper.renew(keeper.get(NOW), after(60))
    before = len(api.calls)

    with pytest.raises(SendError) as caught:
        keeper.renew("BAD", after(89))

    assert caught.value.fate is Fate.TOKEN
    assert len(api.calls) == before


def test_it_does_not_hammer_a_server_that_refuses(api: FakeApi) -> None:
    api.always["stable_token"] = says({"errcode": 40164, "errmsg": "invalid ip 1.2.3.4"})
    keeper = keeper_at(api)

    for second in range(29):
        with pytest.raises(SendError, match=r"1\.2\.3\.4"):
            keeper.get(after(second))

    assert len(api.calls) == 1


def test_it_tries_again_when_the_rest_is_over(api: FakeApi) -> None:
    keeper = keeper_at(api)
    api.plays("stable_token", sends(b"", 502))
    with pytest.raises(SendError):
        keeper.get(NOW)

    assert keeper.get(after(3)).startswith("T1-")


@pytest.mark.parametrize(
    "answer", [{}, {"access_token": ""}, {"access_token": 5}, {"access_token": "T", "expires_in": 0}]
)
def test_it_does_not_take_anything_for_a_token(answer: object, api: FakeApi) -> None:
    api.plays("stable_token", says(answer))

    with pytest.raises(SendError, match="access_token") as caught:
        keeper_at(api).get(NOW)

    assert caught.value.fate is Fate.RETRY


def test_it_shows_no_token_and_no_secret(api: FakeApi, valkey: Valkey) -> None:
    keeper = keeper_at(api, valkey.client())
    token = keeper.get(NOW)

    shown = repr(keeper) + repr(keeper._held)

    assert token not in shown
    assert SECRET not in shown
