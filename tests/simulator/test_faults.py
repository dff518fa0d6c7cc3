"""故障: each does what its name says, as often and to whom it was told."""

from __future__ import annotations

import time

import pytest
import requests

from simulator.client import Faults, Person, SimulatorError
from simulator.faults import KINDS
from tests.simulator.wechat_stage import LI, WANG, Api, Webhook

CODES = [
    (name, kind.errcode)
    for name, kind in KINDS.items()
    if kind.errcode and kind.family != "wecom" and name != "media_gone"
]


@pytest.mark.parametrize(("name", "errcode"), CODES)
def test_it_answers_with_the_faults_code_once(api: Api, li: Person, name: str, errcode: int) -> None:
    li.says("在吗")
    Faults(api.url).add(name, count=1)

    assert [api.say("答"), api.say("答")] == [errcode, 0]


@pytest.mark.parametrize("errcode", [45015, 48004, 99999])
def test_it_answers_with_whatever_code_is_asked_for(api: Api, li: Person, errcode: int) -> None:
    li.says("在吗")
    Faults(api.url).add("answer", count=1, value=errcode)

    assert [api.say("答"), api.say("答")] == [errcode, 0]


def test_it_answers_with_no_json_at_all(api: Api) -> None:
    faults = Faults(api.url)
    faults.add("api_500", count=1)
    error = api.get("/cgi-bin/getcallbackip")
    faults.add("api_html", count=1)

    page = api.get("/cgi-bin/getcallbackip")

    assert (error.status_code, page.status_code) == (500, 200)
    assert page.text.startswith("<html>")


@pytest.mark.parametrize("name", ["api_reset", "api_answer_lost"])
def test_it_breaks_the_connection_before_or_after_the_work(api: Api, li: Person, name: str) -> None:
    li.says("在吗")
    Faults(api.url).add(name, count=1)

    with pytest.raises(requests.ConnectionError):
        api.say("也许做了")

    assert [line.text for line in li.lines()].count("也许做了") == (name == "api_answer_lost")


def test_it_lets_a_call_wait(api: Api) -> None:
    Faults(api.url).add("api_timeout", value=0.05, count=1)

    with pytest.raises(requests.ConnectionError):
        api.get("/cgi-bin/getcallbackip")


def test_it_slows_calls_until_it_is_cleared(api: Api) -> None:
    faults = Faults(api.url)
    faults.add("slow_api", value=60)
    begin = time.monotonic()
    api.get("/cgi-bin/getcallbackip")
    slow = time.monotonic() - begin

    faults.clear()

    assert slow >= 0.06
    assert requests.get(api.url + "/sim/faults", timeout=5).json()["active"] == []


def test_it_spares_the_token_calls_from_a_bad_token(api: Api) -> None:
    Faults(api.url).add("token_invalid_for_ever")

    assert "access_token" in api.fetch_token()
    assert api.get("/cgi-bin/getcallbackip").json()["errcode"] == 40001


def test_it_hits_only_the_person_it_was_meant_for(api: Api, li: Person) -> None:
    li.says("在吗")
    Person(api.url, "jinan", WANG).says("在吗")
    Faults(api.url).add("blocked", openid=WANG)

    assert (api.say("答", LI), api.say("答", WANG)) == (0, 43004)


def test_it_sends_again_when_the_answer_was_lost(api: Api, li: Person, webhook: Webhook) -> None:
    Faults(api.url).add("drop_answer", count=2)

    outcome = li.says("路灯坏了")

    assert outcome.outcome == "accepted"
    assert len(webhook.got) == 3


def test_it_sends_the_same_push_twice(api: Api, li: Person, webhook: Webhook) -> None:
    Faults(api.url).add("duplicate_push", count=1)

    li.says("路灯坏了")

    assert len(webhook.got) == 2


def test_it_delays_a_push(api: Api, li: Person) -> None:
    Faults(api.url).add("delay_push", value=0.1, count=1)
    begin = time.monotonic()

    li.says("路灯坏了")

    assert time.monotonic() - begin >= 0.1


def test_it_lets_the_second_message_overtake_the_first(api: Api, li: Person, webhook: Webhook) -> None:
    Faults(api.url).add("reorder_pushes", count=1)

    li.says("一", wait=False)
    li.says("二")

    assert [fields["Content"] for fields in webhook.opened(2)] == ["二", "一"]


def test_it_refuses_a_fault_nobody_knows(api: Api) -> None:
    with pytest.raises(SimulatorError, match="unknown fault"):
        Faults(api.url).add("earthquake")
