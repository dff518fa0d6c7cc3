"""A simulator and a webhook, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from simulator.client import Group, Person
from simulator.server import Simulator, running
from simulator.settings import Limits, Resident, Settings
from tests.simulator.wechat_stage import ACCOUNT, LI, LIMITS, WANG, Api, Start, Webhook, connect
from tests.simulator.wecom_stage import ZHANG, StartWork, Work


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    hook = Webhook()
    server = make_server("127.0.0.1", 0, hook, threaded=True)
    hook.url = f"http://127.0.0.1:{server.port}/wechat"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield hook
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def start(webhook: Webhook) -> Iterator[Start]:
    """Start a simulator; account fields and limits can be given."""
    stack = []

    def begin(limits: Limits = LIMITS, data: Any = None, **account: Any) -> Simulator:
        jinan = replace(ACCOUNT, **{"webhook": webhook.url, **account})
        people = (
            Resident(openid=LI, name="李群众", role="市民", account="jinan"),
            Resident(openid=WANG, name="王经办", role="经办人", account="jinan"),
        )
        context = running(Settings(accounts=(jinan,), people=people, limits=limits, data=data))
        stack.append(context)
        return context.__enter__()

    yield begin
    for context in reversed(stack):
        context.__exit__(None, None, None)


@pytest.fixture
def start_work(webhook: Webhook) -> Iterator[StartWork]:
    """Start a simulator with a corp and a group; their webhook answers nothing unless told."""
    webhook.says("")
    starter = StartWork(webhook.url)
    yield starter
    starter.stop()


@pytest.fixture
def work(start_work: StartWork) -> Work:
    return start_work()


@pytest.fixture
def zhang(work: Work) -> Person:
    return Person(work.url, "work", ZHANG)


@pytest.fixture
def crew(work: Work) -> Group:
    return Group(work.url, "crew")


@pytest.fixture
def simulator(start: Start) -> Simulator:
    return start()


@pytest.fixture
def li(simulator: Simulator) -> Person:
    return Person(simulator.url, "jinan", LI)


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return connect(simulator)
