"""Speech in WeCom (企业微信里发消息): what a member does in the app's conversation becomes a line and a push."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulator.people import Person
from simulator.push import Push, Pusher
from simulator.speech import MESSAGES, Speech, SpeechError
from simulator.wecom.cards import Shown
from simulator.wecom.channel import CorpChannel
from simulator.world import World

# WeCom does without these, adds others, and writes its events in small letters.
_NOT_IN_WECOM = {"bizmsgmenuid", "Recognition"}
_EXTRA = {"location": {"AppType": "wxwork"}}
_NOTES = {"click": "[菜单]", "view": "[打开网页]", "enter_agent": "[进入应用]", "subscribe": "[加入可见范围]",
          "unsubscribe": "[移出可见范围]"}  # fmt: skip


class CorpSpeaker:
    """发言: turns what members do into lines and pushes."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self._world = world
        self._pusher = pusher

    def say(self, speech: Speech) -> Push:
        """Do what the member did. Raises SpeechError for what is impossible on a phone."""
        kind = str(speech.words.get("type", "text"))
        if kind == "event":
            return self._event(speech)
        if not speech.person.following:
            raise SpeechError(f"{speech.person.name} 不在应用的可见范围里")
        if kind == "press":
            return self._press(speech)
        if kind == "raw":
            return self._send(speech.person, "raw", str(speech.words.get("raw", "")), speech.now, "[原始报文]")
        if kind not in MESSAGES:
            raise SpeechError(f"unknown type {kind}; known are {', '.join(MESSAGES)}, event, press, raw")
        return self._message(speech, kind)

    def _message(self, speech: Speech, kind: str) -> Push:
        said = MESSAGES[kind](self._world, speech)
        person, msg_id = speech.person, self._world.next_number()
        self._world.conversations.add(
            person.key, "user", kind, said.text, speech.now, picture=said.picture, **said.extra
        )
        own = {name: value for name, value in said.fields.items() if name not in _NOT_IN_WECOM}
        fields = self._fields(person, kind, {**own, **_EXTRA.get(kind, {}), "MsgId": msg_id}, speech.now)
        # Nothing is shown on the phone when an app does not answer.
        return self._pusher.send(self._channel(person), person, kind, fields, msg_id=msg_id, shows_failure=False)

    def _event(self, speech: Speech) -> Push:
        person, event = speech.person, str(speech.words.get("event", ""))
        event = event if event == "LOCATION" else event.lower()
        if event in ("subscribe", "unsubscribe"):
            person.following = event == "subscribe"
        key = str(speech.words.get("key", ""))
        fields = self._fields(person, "event", {"Event": event, "EventKey": key}, speech.now)
        note = f"{_NOTES.get(event, '[事件] ' + event)} {key}".strip()
        return self._send(person, event, fields, speech.now, note)

    def _press(self, speech: Speech) -> Push:
        person, words = speech.person, speech.words
        n = str(words.get("n") or 0)
        shown = self._world.office.cards.find(person.key, task_id=str(words.get("task_id", "")), n=int(n))
        if shown is None:
            raise SpeechError(f"{person.name} 没有这张卡片")
        button = _button(shown, str(words.get("key", "")))
        corp, task_id = person.account, str(shown.card["task_id"])
        told = {
            "Event": "template_card_event", "EventKey": button["key"], "TaskId": task_id,
            "CardType": shown.card["kind"],
            # Every press brings a code of its own, beside the one the sender got.
            "ResponseCode": self._world.office.card_codes.issue(speech.now, corp, task_id),
        }  # fmt: skip
        fields = self._fields(person, "event", told, speech.now)
        return self._send(person, "template_card_event", fields, speech.now, f"[按钮] {button['text']}")

    def _fields(self, person: Person, kind: str, own: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        corp = self._world.corps[person.account]
        # The userid keeps its own case here, whatever case answers of the API use.
        head = {"ToUserName": corp.corp_id, "FromUserName": person.openid, "CreateTime": int(now.timestamp())}
        return {**head, "MsgType": kind, **own, "AgentID": corp.agent_id}

    def _send(self, person: Person, kind: str, fields: Mapping[str, Any] | str, now: datetime, note: str) -> Push:
        self._world.conversations.add(person.key, "user", "event", note, now)
        return self._pusher.send(self._channel(person), person, kind, fields, shows_failure=False)

    def _channel(self, person: Person) -> CorpChannel:
        corp = self._world.corps[person.account]
        if not corp.webhook:
            raise SpeechError(f"{corp.name} 没有设置接收消息的地址")
        return CorpChannel(self._world, corp)


def _button(shown: Shown, wanted: str) -> Mapping[str, Any]:
    if shown.card["state"] != "open":
        raise SpeechError(f"卡片已经更新为“{shown.card['replaced']}”，不能再点")
    for button in shown.card["buttons"]:
        if wanted and wanted in (button["key"], button["text"]):
            return dict(button)
    raise SpeechError(f"卡片上没有按钮 {wanted!r}，有 {[one['text'] for one in shown.card['buttons']]}")
