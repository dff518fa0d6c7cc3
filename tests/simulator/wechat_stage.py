"""The cast of the simulator's tests: an account, two people, a webhook that answers what it is told, and the API."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import xmltodict
from werkzeug.wrappers import Request, Response

from simulator.crypto import Envelope, sign
from simulator.server import Simulator
from simulator.settings import Account, Limits, Template

ACCOUNT = Account(
    key="jinan", name="泉城督导", app_id="wx5823bf96d3bd56c7", app_secret="secret-of-jinan", token="QDG6eK",
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", mode="safe", webhook="http://127.0.0.1:9/wechat",
    templates={
        "TASK": Template(fields=("thing1", "phrase2"), title="任务提醒", labels={"thing1": "地点"}),
        "CIVIC": Template(fields=("thing1",), title="办理结果", long_term=True),
    },
)  # fmt: skip
LIMITS = Limits(push_timeout_seconds=0.3, push_retry_pause_seconds=0)
LI, WANG = "o-citizen-li", "o-officer-wang"


ENVELOPE = Envelope(ACCOUNT.aes_key, ACCOUNT.app_id)


def _open(query: dict[str, str], body: str) -> dict[str, Any]:
    sealed = xmltodict.parse(body)["xml"]["Encrypt"]
    assert query["msg_signature"] == sign(ACCOUNT.token, query["timestamp"], query["nonce"], sealed)
    return {name: value or "" for name, value in xmltodict.parse(ENVELOPE.open(sealed))["xml"].items()}


@dataclass
class Webhook:
    """The account's own server: keeps every push and answers with `answer`."""

    url: str = ""
    answer: Callable[[Request], Response] = lambda _request: Response("success")
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        body = request.get_data(as_text=True)
        self.got.append((request.args.to_dict(), body))
        return self.answer(request)(environ, start)

    def wait_for(self, n: int) -> list[tuple[dict[str, str], str]]:
        """Return the pushes once there are n of them, or what there is after two seconds."""
        deadline = time.monotonic() + 2
        while len(self.got) < n and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.got

    def opened(self, n: int) -> list[dict[str, Any]]:
        """Return the fields of the first n sealed pushes; their signatures must be right."""
        return [_open(*push) for push in self.wait_for(n)]

    def says(self, *texts: str, status: int = 200) -> None:
        """Answer with these bodies in turn, the last one for ever."""
        left = list(texts)
        self.answer = lambda _request: Response(left.pop(0) if len(left) > 1 else left[0], status)


@dataclass
class Api:
    """WeChat's API with a token."""

    url: str
    token: str = ""

    def fetch_token(self, secret: str = ACCOUNT.app_secret, app_id: str = ACCOUNT.app_id) -> dict[str, Any]:
        query = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
        return dict(requests.get(self.url + "/cgi-bin/token", params=query, timeout=5).json())

    def post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        query.setdefault("access_token", self.token)
        return dict(requests.post(self.url + path, params=query, json=body, timeout=5).json())

    def get(self, path: str, **query: str) -> requests.Response:
        query.setdefault("access_token", self.token)
        return requests.get(self.url + path, params=query, timeout=5)

    def say(self, text: str, openid: str = LI) -> int:
        body = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return int(self.post("/cgi-bin/message/custom/send", body)["errcode"])


def connect(simulator: Simulator) -> Api:
    api = Api(simulator.url)
    api.token = api.fetch_token()["access_token"]
    return api


Start = Callable[..., Simulator]
