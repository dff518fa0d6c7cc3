"""The cast of the WeCom tests: a corp with three people, a group with a bot, and WeCom's API with a token."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
import xmltodict

from simulator.crypto import Envelope, sign
from simulator.server import running
from simulator.settings import Limits, Resident, Settings
from simulator.wecom.settings import Corp, Group
from simulator.wire import to_xml
from tests.simulator.wechat_stage import ACCOUNT, Webhook

CORP = Corp(
    key="work", name="济南创城", corp_id="ww5823bf96d3bd56c7", agent_id=1000002, secret="secret-of-the-app",
    token="QDG6eK", aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", webhook="http://127.0.0.1:9/wecom/work",
)  # fmt: skip
GROUP = Group(
    key="crew", name="历下文明交通群", corp="work", bot="创城督导", bot_id="aibSAMPLE", token="bot-token",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", webhook="http://127.0.0.1:9/group/crew",
    members=("ZhangSan", "LiSi"),
)  # fmt: skip
ZHANG, LI, WANG = "ZhangSan", "LiSi", "wangwu"
CAST = tuple(
    Resident(openid=userid, name=name, account="work")
    for userid, name in ((ZHANG, "张三"), (LI, "李四"), (WANG, "王五"))
)
LIMITS = Limits(push_timeout_seconds=0.5, push_retry_pause_seconds=0, stream_poll_seconds=0, stream_polls=3)
APP, BOT = Envelope(CORP.aes_key, CORP.corp_id), Envelope(GROUP.aes_key, "")
SEND, UPDATE = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card"


@dataclass
class Work:
    """WeCom's API with a token."""

    url: str
    token: str = ""

    def fetch_token(self, secret: str = CORP.secret, corp_id: str = CORP.corp_id) -> dict[str, Any]:
        return self.get("/cgi-bin/gettoken", corpid=corp_id, corpsecret=secret)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        query.setdefault("access_token", self.token)
        return dict(requests.get(self.url + path, params=query, timeout=5).json())

    def post(self, path: str, body: Any, **query: Any) -> dict[str, Any]:
        query.setdefault("access_token", self.token)
        return dict(requests.post(self.url + path, params=query, json=body, timeout=5).json())

    def says(self, text: str, touser: str = ZHANG, **more: Any) -> dict[str, Any]:
        body = {"touser": touser, "agentid": CORP.agent_id, "msgtype": "text", "text": {"content": text}}
        return self.post(SEND, {**body, **more})

    def deals(self, touser: str = f"{ZHANG}|{LI}", task_id: str = "case-1-1", **changes: Any) -> dict[str, Any]:
        card = {**card_of(task_id), **changes}
        body = {"touser": touser, "agentid": CORP.agent_id, "msgtype": "template_card", "template_card": card}
        return self.post(SEND, body)

    def updates(self, code: str, userids: list[str], name: str = "已认领", **more: Any) -> dict[str, Any]:
        body = {"agentid": CORP.agent_id, "response_code": code, "userids": userids, "button": {"replace_name": name}}
        return self.post(UPDATE, {**body, **more})


def card_of(task_id: str = "case-1-1") -> dict[str, Any]:
    return {
        "card_type": "button_interaction", "task_id": task_id,
        "main_title": {"title": "待认领：泉城路路灯不亮", "desc": "历下区"},
        "horizontal_content_list": [{"keyname": "编号", "value": "LX-0001"}],
        "button_list": [{"text": "认领", "key": "claim", "style": 1}, {"text": "退回", "key": "return"}],
    }  # fmt: skip


def work_at(url: str) -> Work:
    work = Work(url)
    work.token = work.fetch_token()["access_token"]
    return work


def app_pushes(webhook: Webhook, n: int) -> list[dict[str, Any]]:
    """Return the fields of the first n pushes to the app; signatures and the CorpID inside must be right."""
    return [_open_app(query, body) for query, body in webhook.wait_for(n)]


def _open_app(query: dict[str, str], body: str) -> dict[str, Any]:
    outer = xmltodict.parse(body)["xml"]
    assert query["msg_signature"] == sign(CORP.token, query["timestamp"], query["nonce"], outer["Encrypt"])
    assert (outer["ToUserName"], outer["AgentID"]) == (CORP.corp_id, str(CORP.agent_id))
    return {name: value or "" for name, value in xmltodict.parse(APP.open(outer["Encrypt"]))["xml"].items()}


def bot_pushes(webhook: Webhook, n: int) -> list[dict[str, Any]]:
    """Return the bodies of the first n pushes to the bot; signatures must be right."""
    return [_open_bot(query, body) for query, body in webhook.wait_for(n)]


def _open_bot(query: dict[str, str], body: str) -> dict[str, Any]:
    sealed = json.loads(body)["encrypt"]
    assert query["msg_signature"] == sign(GROUP.token, query["timestamp"], query["nonce"], sealed)
    return dict(json.loads(BOT.open(sealed)))


def app_reply(own: dict[str, Any], to: str = ZHANG, sender: str = CORP.corp_id, token: str = CORP.token) -> str:
    """Return a sealed passive reply of the app."""
    cipher = APP.seal(to_xml({"ToUserName": to, "FromUserName": sender, "CreateTime": 1, **own}))
    signature = sign(token, "1", "2", cipher)
    return to_xml({"Encrypt": cipher, "MsgSignature": signature, "TimeStamp": 1, "Nonce": "2"})


def bot_reply(own: dict[str, Any], token: str = GROUP.token) -> str:
    """Return a sealed passive reply of the bot."""
    cipher = BOT.seal(json.dumps(own, ensure_ascii=False))
    return json.dumps(
        {"encrypt": cipher, "msgsignature": sign(token, "1", "2", cipher), "timestamp": 1, "nonce": "2"}
    )


def stream(content: str, *, finish: bool = True) -> str:
    return bot_reply({"msgtype": "stream", "stream": {"id": "s1", "finish": finish, "content": content}})


class StartWork:
    """Starts simulators with a corp and a group, and stops them."""

    def __init__(self, webhook: str) -> None:
        self._webhook = webhook
        self._running = ExitStack()

    def __call__(self, limits: Limits = LIMITS, data: Path | None = None, **corp: Any) -> Work:
        work = replace(CORP, **{"webhook": self._webhook, **corp})
        settings = Settings(
            accounts=(replace(ACCOUNT, webhook=self._webhook),), people=CAST, corps=(work,),
            groups=(replace(GROUP, webhook=self._webhook),), limits=limits, data=data,
        )  # fmt: skip
        return work_at(self._running.enter_context(running(settings)).url)

    def stop(self) -> None:
        self._running.close()
