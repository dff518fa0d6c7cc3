"""The week's WeChat (微信): the simulator in a process of its own, by the week's clock, and what people do there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from benchmarks.week.cast import CHANNEL, COMPANY, MONDAY, SERVICE
from simulator.conversations import Line
from simulator.people import Person
from simulator.server import Simulator
from simulator.settings import Account, Limits, Settings, Template
from simulator.wecom.settings import Corp

CORP_ID, AGENT_ID, APP_SECRET = "ww-week", 1000002, "week"
TEMPLATE, NOTICE, ONCE = "DUTY-TEMPLATE", "DUTY-NOTICE", "DUTY-ONCE"
FIELDS = {"thing1": "headline", "character_string2": "number", "thing3": "title", "thing4": "place", "time5": "due"}
SECRETS: dict[str, Any] = {"token": "week-token", "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """What it is asked is of no interest."""


class WeChat:
    """微信: everything the week does there and looks at. It ends with its process."""

    def __init__(self) -> None:
        self._now = MONDAY
        # Somebody who says `success` to the delivery reports of 模板消息; nothing in the week goes by them.
        sink = make_server("127.0.0.1", 0, Response("success"), threaded=True, request_handler=_Quiet)
        self._simulator = Simulator(_settings(f"http://127.0.0.1:{sink.port}/"))
        self._world = self._simulator.world
        self._world.clock = lambda: self._now
        for serve in (sink.serve_forever, self._simulator.serve):
            Thread(target=serve, daemon=True).start()

    def url(self) -> str:
        """Where its API answers."""
        return self._simulator.url

    def turn(self, now: datetime) -> None:
        """Turn the clock."""
        self._now = now

    def arrives(self, account: str, openid: str) -> None:
        """Somebody follows an account or enters the company."""
        self._world.people.add(Person(account, openid, openid))

    def spoke(self, account: str, openid: str, at: datetime) -> None:
        """Somebody typed a word: their window opens."""
        self._person(account, openid).spoke(at, self._world.limits)

    def subscribes(self, account: str, openid: str) -> None:
        """One more 订阅通知 is authorised."""
        self._person(account, openid).notices[NOTICE] += 1

    def allows(self, account: str, openid: str, scene: int) -> None:
        """一次性订阅 for a scene."""
        self._person(account, openid).scenes.add(scene)

    def leaves(self, account: str, openid: str) -> None:
        """Somebody unfollows or leaves the company."""
        self._person(account, openid).following = False

    def trouble(self, name: str, times: int, path: str) -> None:
        """Let something go wrong for the next few calls."""
        self._world.faults.add(name, count=times, path=path)

    def lines(self, after: int) -> list[Line]:
        """What stands on all phones, newer than a number."""
        return self._world.conversations.since(after)

    def calls(self, after: int) -> list[dict[str, Any]]:
        """The newest API calls after a number."""
        return self._world.calls.after(after)

    def dropped(self) -> list[dict[str, Any]]:
        """What was accepted and shown to nobody."""
        return self._world.office.pacer.dropped()

    def _person(self, account: str, openid: str) -> Person:
        person = self._world.people.find(account, openid)
        if person is None:
            raise LookupError(f"nobody is {openid} at {account}")
        return person


class _Manager(BaseManager):
    """Starts the process and speaks to it."""


_Manager.register("WeChat", WeChat)


@contextmanager
def wechat() -> Iterator[WeChat]:
    """A WeChat for the time of a `with`. In a process of its own: two programs on two cores, as in a city."""
    with _Manager(ctx=get_context("spawn")) as manager:
        yield manager.WeChat()  # type: ignore[attr-defined]


def _settings(webhook: str) -> Settings:
    templates = {name: Template(fields=tuple(FIELDS), title="案件时限提醒") for name in (TEMPLATE, NOTICE)}
    theirs: dict[str, Any] = {"webhook": webhook, **SECRETS}
    official = [
        Account(key=key, name=key, app_id=f"wx-{key}", app_secret=APP_SECRET, templates=templates, **theirs)
        for key in (SERVICE, CHANNEL)
    ]
    corp = Corp(key=COMPANY, name=COMPANY, corp_id=CORP_ID, agent_id=AGENT_ID, secret=APP_SECRET, **theirs)
    return Settings(accounts=tuple(official), corps=(corp,), limits=Limits())
