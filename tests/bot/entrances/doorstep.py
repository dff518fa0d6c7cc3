"""The doorstep (门口): pushes to the app and to a bot as WeCom posts them, without anybody who answers back."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.installation import Installation
from models.inbound import InboundMessage
from simulator.aibot.wire import bot_push, read_bot_answer
from simulator.crypto import Envelope
from simulator.wecom.settings import Corp, Group
from simulator.wecom.wire import corp_push, read_corp_answer, signed
from simulator.wire import Request
from tests.bot.entrances.company import corp, groups

APP: Corp = corp("/")
BOT: Group = groups("/")[0]
Fields = dict[str, Any]


def app_text(words: str, sender: str = "ChenZhiyuan", number: int = 7424895123456780001) -> Fields:
    head = {"ToUserName": APP.corp_id, "FromUserName": sender, "CreateTime": int(datetime.now(UTC).timestamp())}
    return {**head, "MsgType": "text", "Content": words, "MsgId": number, "AgentID": APP.agent_id}


def bot_text(words: str, sender: str = "ChenZhiyuan", number: str = "CAIQ16HMjQYY", **more: Any) -> Fields:
    head = {"msgid": number, "aibotid": BOT.bot_id, "chatid": "wrSAMPLE", "chattype": "group"}
    return {**head, "from": {"userid": sender}, "msgtype": "text", "text": {"content": f"@创城督导 {words}"}, **more}


@dataclass
class Doorstep:
    """Posts to the two webhooks through the Flask app."""

    client: FlaskClient
    installation: Installation

    def post(self, request: Request) -> TestResponse:
        return self.client.post(request.url, data=request.body, content_type=request.content_type)

    def to_app(self, fields: Fields | str, at: datetime | None = None, app: Corp = APP) -> TestResponse:
        return self.post(corp_push(app, fields, at or datetime.now(UTC)))

    def to_bot(self, fields: Fields | str, at: datetime | None = None, bot: Group = BOT) -> TestResponse:
        return self.post(bot_push(bot, fields, at or datetime.now(UTC)))

    def app_hears(self, fields: Fields) -> str:
        """The words that come back, read as strictly as WeCom reads them; "" for none."""
        answer = read_corp_answer(APP, str(fields["FromUserName"]), self.to_app(fields).text)
        return str(answer["Content"]) if answer else ""

    def bot_hears(self, fields: Fields) -> str:
        answer = read_bot_answer(BOT, self.to_bot(fields).text)
        return str(answer["stream"]["content"]) if answer else ""

    def shakes_hands(self, owner: Corp | Group, echo: str = "5927481103", at: datetime | None = None) -> TestResponse:
        """The console's 保存: an encrypted echo, to be sent back decrypted."""
        sealed = Envelope(owner.aes_key, owner.corp_id if isinstance(owner, Corp) else "").seal(echo)
        query = signed(owner.token, sealed, at or datetime.now(UTC))
        return self.client.get(f"{owner.webhook}?{urlencode({**query, 'echostr': sealed})}")

    def kept(self) -> list[InboundMessage]:
        with self.installation.database.glance() as session:
            return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def sealed_json(request: Request) -> str:
    """What is inside the envelope's one element."""
    return str(json.loads(request.body)["encrypt"])
