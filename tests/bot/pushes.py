"""Pushes (推送) as WeChat posts them, written by the simulator's own code and not by ours."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.settings import Account, Template
from simulator.wire import push_request, read_answer

_FIELDS = Template(fields=("thing1",), title="任务提醒")
# What tests/conftest.py writes into the settings, seen from WeChat's side.
ACCOUNT = Account(
    key="jinan",
    name="泉城督导",
    app_id="wxtest",
    app_secret="test-app-secret",
    token="test-token",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    webhook="/wechat/jinan",
    templates={"T": _FIELDS, "S": _FIELDS, "O": _FIELDS},
)
SUCCESS = "success"
_numbers = count(25_398_047_112_300_000)

Fields = dict[str, Any]


def message(kind: str, sender: str = "o-li", **content: Any) -> Fields:
    """A message's fields, with a MsgId of its own unless one is given."""
    head = {"ToUserName": ACCOUNT.gh_id, "FromUserName": sender, "CreateTime": int(datetime.now(UTC).timestamp())}
    return {**head, "MsgType": kind, **content, "MsgId": content.get("MsgId", next(_numbers))}


def text(words: str, sender: str = "o-li", **more: Any) -> Fields:
    return message("text", sender, Content=words, **more)


def photo(sender: str = "o-li", media_id: str = "media-1") -> Fields:
    return message("image", sender, PicUrl="http://mmbiz.qpic.cn/x", MediaId=media_id)


def place(sender: str = "o-li") -> Fields:
    """甸柳新村, in GCJ-02 degrees."""
    pin = {"Location_X": 36.659, "Location_Y": 117.0665, "Label": "甸柳新村第三小区"}
    return message("location", sender, **pin, Scale=15)


def event(name: str, sender: str = "o-li", **more: Any) -> Fields:
    """An event has no number; only what it says tells it from another."""
    fields = message("event", sender, Event=name, **more)
    del fields["MsgId"]
    return fields


@dataclass
class Postman:
    """Posts to the webhook through the Flask app."""

    client: FlaskClient
    account: Account = field(default_factory=lambda: ACCOUNT)

    def speaking(self, **how: Any) -> "Postman":
        """The same with another mode or format."""
        return Postman(self.client, replace(self.account, **how))

    def send(self, fields: Fields | str, at: datetime | None = None) -> TestResponse:
        """Post one push, signed now or at another time."""
        sender = str(fields.get("FromUserName", "")) if isinstance(fields, dict) else ""
        request = push_request(self.account, sender, fields, at or datetime.now(UTC))
        return self.client.post(request.url, data=request.body, content_type=request.content_type)

    def hears(self, fields: Fields) -> str:
        """The words that come back, read as strictly as WeChat reads them; "" for a bare success."""
        response = self.send(fields)
        assert response.status_code == 200
        answer = read_answer(self.account, str(fields["FromUserName"]), response.text)
        return str(answer["Content"]) if answer else ""
