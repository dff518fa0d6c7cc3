"""access_token: two ways to get one, three ways for it to be wrong."""

from __future__ import annotations

import time

import pytest
import requests

from simulator.settings import Limits
from tests.simulator.wechat_stage import ACCOUNT, Api, Start, connect

STABLE = {"grant_type": "client_credential", "appid": ACCOUNT.app_id, "secret": ACCOUNT.app_secret}


def test_it_gives_a_long_token_for_two_hours_without_an_errcode(api: Api) -> None:
    answer = api.fetch_token()

    assert set(answer) == {"access_token", "expires_in"}
    assert (len(answer["access_token"]) > 128, answer["expires_in"]) == (True, 7200)


@pytest.mark.parametrize(
    ("secret", "app_id", "errcode"),
    [("wrong", ACCOUNT.app_id, 40125), (ACCOUNT.app_secret, "wx-nobody", 40013)],
)
def test_it_refuses_a_wrong_secret_and_an_unknown_appid(api: Api, secret: str, app_id: str, errcode: int) -> None:
    assert api.fetch_token(secret, app_id)["errcode"] == errcode


def test_it_lets_the_last_token_live_only_for_the_overlap(start: Start) -> None:
    api = connect(start(Limits(token_overlap_seconds=0.2)))
    first = api.token

    api.fetch_token()
    in_time = api.get("/cgi-bin/getcallbackip").json()
    time.sleep(0.25)

    assert "ip_list" in in_time
    assert api.get("/cgi-bin/getcallbackip", access_token=first).json()["errcode"] == 40001


def test_it_keeps_giving_the_same_stable_token_apart_from_the_other(api: Api) -> None:
    first = api.post("/cgi-bin/stable_token", STABLE)["access_token"]

    again = api.post("/cgi-bin/stable_token", STABLE)["access_token"]

    assert again == first
    assert "ip_list" in api.get("/cgi-bin/getcallbackip").json(), "the token of /token stays valid"


def test_it_replaces_the_stable_token_by_force_but_not_twice_in_a_row(api: Api) -> None:
    first = api.post("/cgi-bin/stable_token", STABLE)["access_token"]
    forced = api.post("/cgi-bin/stable_token", {**STABLE, "force_refresh": True})["access_token"]

    hasty = api.post("/cgi-bin/stable_token", {**STABLE, "force_refresh": True})["access_token"]

    assert forced != first
    assert hasty == forced
    assert api.get("/cgi-bin/getcallbackip", access_token=first).json()["errcode"] == 40001


def test_it_tells_missing_invented_and_expired_tokens_apart(start: Start) -> None:
    api = connect(start(Limits(token_seconds=0.1)))

    missing = requests.get(api.url + "/cgi-bin/getcallbackip", timeout=5).json()["errcode"]
    invented = api.get("/cgi-bin/getcallbackip", access_token="invented").json()["errcode"]
    time.sleep(0.15)

    assert (missing, invented) == (41001, 40001)
    assert api.get("/cgi-bin/getcallbackip").json()["errcode"] == 42001
