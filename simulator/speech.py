"""Speech (发消息): what a person does on the phone becomes a line and a push with WeChat's own fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from simulator.errors import Refused
from simulator.official import OfficialChannel
from simulator.people import Person
from simulator.push import Push, Pusher
from simulator.replies import picture_address
from simulator.samples import VOICE, draw, shoot
from simulator.world import World


class SpeechError(ValueError):
    """说不出: a request that no phone could make; the text says why."""


@dataclass(frozen=True, slots=True)
class Speech:
    """一次操作: a person, what they do, and the bytes of a photo if they chose one."""

    person: Person
    words: Mapping[str, Any]
    now: datetime
    base_url: str
    photo: bytes = b""


@dataclass(frozen=True, slots=True)
class Said:
    """The push's own fields and what the phone shows for it."""

    fields: Mapping[str, Any]
    text: str
    picture: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Speaker:
    """发言: turns speeches into lines and pushes."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self._world = world
        self._pusher = pusher

    def say(self, speech: Speech) -> Push:
        """Do what the person did. Raises SpeechError for what is impossible on a phone."""
        kind = str(speech.words.get("type", "text"))
        if kind == "event":
            return self._event(speech)
        if not speech.person.following:
            raise SpeechError(f"{speech.person.name} 没有关注公众号，发不了消息")
        if kind == "raw":
            return self._raw(speech)
        if kind not in MESSAGES:
            raise SpeechError(f"unknown type {kind}; known are {', '.join(MESSAGES)}, event, raw")
        return self._message(speech, kind)

    def authorise(self, person: Person, words: Mapping[str, Any], now: datetime) -> Push | None:
        """Record a tap on a subscription link. A notice's popup is told to the webhook, a scene is not."""
        accepted = bool(words.get("accept", True))
        if "scene" in words:
            if accepted:
                person.scenes.add(int(words["scene"]))
            return None
        template = str(words.get("template", ""))
        if template not in self._world.accounts[person.account].templates:
            raise SpeechError(f"unknown template {template!r}")
        # Each tap on 允许 adds one; that is how people come to hold several.
        if accepted:
            person.notices[template] += 1
        return self.push_event(person, "subscribe_msg_popup_event", _popup(template, accepted), now)

    def push_event(self, person: Person, event: str, more: Mapping[str, Any], now: datetime) -> Push:
        """Tell the webhook of something nobody said aloud; a failure is not shown to the person."""
        # Events have no MsgId; receivers know a repeated one by sender, CreateTime, event and key.
        fields = {**self._head(person, now, "event"), "Event": event, **more}
        return self._pusher.send(self._channel(person), person, event, fields, shows_failure=False)

    def _channel(self, person: Person) -> OfficialChannel:
        return OfficialChannel(self._world, self._world.accounts[person.account])

    def _head(self, person: Person, now: datetime, kind: str) -> dict[str, Any]:
        gh_id = self._world.accounts[person.account].gh_id
        stamp = int(now.timestamp())
        return {"ToUserName": gh_id, "FromUserName": person.openid, "CreateTime": stamp, "MsgType": kind}

    def _message(self, speech: Speech, kind: str) -> Push:
        said = MESSAGES[kind](self._world, speech)
        # The line is shown before the push leaves: on a phone one's own words appear at once, answered or not.
        person, msg_id = speech.person, self._world.next_number()
        person.spoke(speech.now, self._world.limits)
        self._world.conversations.add(
            person.key, "user", kind, said.text, speech.now, picture=said.picture, **said.extra
        )
        fields = {**self._head(person, speech.now, kind), **said.fields, "MsgId": msg_id}
        return self._pusher.send(self._channel(person), person, kind, fields, msg_id=msg_id)

    def _raw(self, speech: Speech) -> Push:
        speech.person.spoke(speech.now, self._world.limits)
        raw = str(speech.words.get("raw", ""))
        self._world.conversations.add(speech.person.key, "user", "raw", "[原始报文]", speech.now)
        return self._pusher.send(self._channel(speech.person), speech.person, "raw", raw)

    def _event(self, speech: Speech) -> Push:
        person, event = speech.person, str(speech.words.get("event", ""))
        if event == "SCAN" and not person.following:
            event = "subscribe"  # scanning as a stranger ends in following, with the scene kept
        key = str(speech.words.get("key", ""))
        self._feel(person, event, speech.now)
        note = _EVENT_NOTES.get(event, "[事件] " + event)
        self._world.conversations.add(person.key, "user", "event", f"{note} {key}".strip(), speech.now)
        fields = {**self._head(person, speech.now, "event"), "Event": event, **self._event_fields(speech, event, key)}
        shown = event in _ANSWERED_EVENTS
        return self._pusher.send(self._channel(person), person, event, fields, shows_failure=shown)

    def _event_fields(self, speech: Speech, event: str, key: str) -> dict[str, Any]:
        if event == "LOCATION":
            words = speech.words
            return {"Latitude": _number(words, "lat"), "Longitude": _number(words, "lon"), "Precision": 40.0}
        if event == "subscribe":
            # The prefix stands only here: a follower's SCAN carries the bare scene.
            return {"EventKey": f"qrscene_{key}", **self._ticket(speech, key)} if key else {"EventKey": ""}
        fields: dict[str, Any] = {"EventKey": key}
        return fields | (self._ticket(speech, key) if event == "SCAN" else {})

    def _ticket(self, speech: Speech, scene: str) -> dict[str, str]:
        return {"Ticket": self._world.scenes.get((speech.person.account, scene), "g" + uuid4().hex)}

    def _feel(self, person: Person, event: str, now: datetime) -> None:
        """Keep what the act changes between the person and the account."""
        if event == "unsubscribe":
            person.following = False
            # Whoever comes back has to speak or tap again before the account may.
            person.forget_windows()
        elif event == "subscribe":
            person.following, person.followed_at = True, now
        elif not person.following:
            raise SpeechError(f"{person.name} 没有关注公众号")
        # VIEW is missing on purpose: opening a web page is no interaction in the sense of the windows.
        if event in _TAPS:
            person.tapped(now, self._world.limits)


_TAPS = {"subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"}
# Somebody looks at the phone after these, so a failure is shown as after a message.
_ANSWERED_EVENTS = {"subscribe", "SCAN", "CLICK"}
_EVENT_NOTES = {
    "subscribe": "[关注]",
    "unsubscribe": "[取消关注]",
    "SCAN": "[扫码]",
    "CLICK": "[菜单]",
    "VIEW": "[打开网页]",
    "LOCATION": "[上报位置]",
}


def _popup(template: str, accepted: bool) -> dict[str, Any]:
    status = "accept" if accepted else "reject"
    popup = {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "2"}
    return {"SubscribeMsgPopupEvent": {"List": [popup]}}


_NAMES = {"lat": "纬度", "lon": "经度"}


def _number(words: Mapping[str, Any], name: str) -> float:
    try:
        return float(words[name])
    except (KeyError, TypeError, ValueError) as error:
        raise SpeechError(f"{_NAMES.get(name, name)}要填数字") from error


def _text(world: World, speech: Speech) -> Said:
    del world
    text = str(speech.words.get("text", ""))
    tapped = speech.words.get("bizmsgmenuid")
    return Said({"Content": text} | ({"bizmsgmenuid": str(tapped)} if tapped else {}), text)


def _image(world: World, speech: Speech) -> Said:
    photo = speech.photo or _sample(world, speech)
    media_id = _store(world, speech, photo)
    address = picture_address(media_id)
    return Said({"PicUrl": speech.base_url + address, "MediaId": media_id}, "[图片]", address)


def _sample(world: World, speech: Speech) -> bytes:
    """A sample, photographed anew; with a date it is the original file, with a shot that very photo again."""
    name, taken = str(speech.words.get("sample", "")), str(speech.words.get("taken", ""))
    try:
        if taken:
            return draw(name, datetime.fromisoformat(taken))
        return shoot(name, int(speech.words.get("shot") or world.next_number()))
    except (KeyError, ValueError) as error:
        raise SpeechError(f"no photo given and no such sample or date: {error}") from error


def _store(world: World, speech: Speech, content: bytes) -> str:
    try:
        return world.media.put(speech.person.account, content, speech.now).media_id
    except Refused as error:
        raise SpeechError("这个文件不是微信收得下的图片（JPEG、PNG、GIF、BMP）") from error


def _voice(world: World, speech: Speech) -> Said:
    media_id = _store(world, speech, speech.photo or VOICE)
    # Recognition still comes along but has been empty since WeChat withdrew it.
    return Said({"MediaId": media_id, "Format": "amr", "Recognition": ""}, "[语音] 3″")


def _location(world: World, speech: Speech) -> Said:
    del world
    lat, lon = _number(speech.words, "lat"), _number(speech.words, "lon")
    label = str(speech.words.get("label", ""))
    # X is the latitude and Y the longitude, the other way round than maps have it.
    fields = {"Location_X": lat, "Location_Y": lon, "Scale": 15, "Label": label}
    place = {"lat": lat, "lon": lon, "label": label}
    return Said(fields, f"[位置] {label or f'{lat}, {lon}'}", extra={"place": place})


def _link(world: World, speech: Speech) -> Said:
    del world
    title, url = str(speech.words.get("title", "")), str(speech.words.get("url", ""))
    fields = {"Title": title, "Description": str(speech.words.get("description", "")), "Url": url}
    return Said(fields, f"[链接] {title} {url}".strip())


MESSAGES: Mapping[str, Callable[[World, Speech], Said]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "location": _location,
    "link": _link,
}
