"""Template messages, subscription notices, one-time subscriptions (模板消息、订阅通知、一次性订阅)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.api.call import Answer, Call, once_only
from simulator.errors import Refused
from simulator.people import Person
from simulator.settings import Template

_CUT = 20
_TITLE, _CONTENT = 15, 200
# Longest value by the kind of field, which is its name without the number; others are not checked here.
_LENGTHS = {
    "thing": 20,
    "phrase": 5,
    "name": 10,
    "letter": 32,
    "number": 32,
    "character_string": 32,
    "const": 20,
    "symbol": 5,
    "car_number": 8,
    "phone_number": 17,
}
_NO_LONGER_SHOWN = {"first", "remark"}
# Roughly the pictographs; WeChat's own list is not published.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


def send_template(call: Call) -> Answer:
    """模板消息: needs a follower, no window. Long fields are cut without a word, emoji become □."""
    person = call.receiver()
    if not person.following:
        raise Refused(43004)
    template = _template(call)
    values = _values(call, template)
    once_only(call, "client_msg_id")
    # Success is answered although the words are changed: the sender has to keep them short by itself.
    shown = {name: _EMOJI.sub("□", value)[: _longest(name, cut=True)] for name, value in values.items()}
    msg_id = call.world.next_number()
    _show(call, person, "template", template, shown)
    report = {"MsgID": msg_id, "Status": "success"}
    call.speaker.push_event(person, "TEMPLATESENDJOBFINISH", report, call.now)
    return {"msgid": msg_id}


def send_notice(call: Call) -> Answer:
    """订阅通知: no follow needed, one authorisation each. A long field is refused, not cut."""
    person = call.receiver()
    template = _template(call)
    values = _values(call, template)
    for name, value in values.items():
        if len(value) > _longest(name, cut=False):
            raise Refused(47003, f"data.{name}.value is too long")
    template_id = str(call.body["template_id"])
    person.spend_notice(template_id, long_term=template.long_term)
    _show(call, person, "bizsend", template, values)
    _report_notice(call, person, template_id)
    return {}


def send_once(call: Call) -> Answer:
    """一次性订阅: one message for one authorisation of one scene, title and content only."""
    person = call.receiver()
    title = str(call.body.get("title", ""))
    content = str(dict(call.part("data").get("content") or {}).get("value", ""))
    if not title or len(title) > _TITLE or not content or len(content) > _CONTENT:
        raise Refused(47003, f"title holds 1 to {_TITLE}, content 1 to {_CONTENT} characters")
    person.spend_scene(_scene(call.body.get("scene")))
    card = {"title": title, "fields": [{"name": "", "value": content}], "url": str(call.body.get("url", ""))}
    call.world.conversations.add(
        person.key, "account", "card", f"{title}\n{content}", call.now, way="subscribe", card=card
    )
    return {}


def templates(call: Call) -> Answer:
    """获取模板列表: all templates with their fields as {{name.DATA}}, as the self-check of a sender reads them."""
    rows = call.account.templates.items()
    return {
        "template_list": [
            {"template_id": key, "title": one.title, "content": _content(one), "example": ""} for key, one in rows
        ]
    }


def notice_templates(call: Call) -> Answer:
    """获取订阅通知模板: the same templates in the other list's words; 2 is one-time, 3 long-term."""
    rows = call.account.templates.items()
    return {
        "data": [
            {"priTmplId": key, "title": one.title, "content": _content(one), "type": 3 if one.long_term else 2}
            for key, one in rows
        ]
    }


def _content(template: Template) -> str:
    names = template.fields
    return "".join(f"{template.labels.get(name, name)}:{{{{{name}.DATA}}}}\n" for name in names)


def _scene(raw: object) -> int:
    text = str(raw)
    if not text.isdigit() or int(text) > 10_000:
        raise Refused(47003, "scene is a number from 0 to 10000")
    return int(text)


def _template(call: Call) -> Template:
    template = call.account.templates.get(str(call.body.get("template_id", "")))
    if template is None:
        raise Refused(40037)
    return template


def _values(call: Call, template: Template) -> dict[str, str]:
    given = {name: one for name, one in call.part("data").items() if name not in _NO_LONGER_SHOWN}
    for name in template.fields:
        if name not in given or not isinstance(given[name], Mapping) or not str(given[name].get("value", "")):
            raise Refused(47003, f"data.{name}.value is empty")
    # first and remark are swallowed since 2023; any other stray field is an error.
    wrong = set(given) - set(template.fields)
    if wrong:
        raise Refused(47003, f"data.{min(wrong)} is not a field of the template")
    return {name: str(given[name]["value"]) for name in template.fields}


def _longest(name: str, *, cut: bool) -> int:
    kind = name.rstrip("0123456789")
    return min(_CUT, _LENGTHS.get(kind, _CUT)) if cut else _LENGTHS.get(kind, 200)


def _show(call: Call, person: Person, way: str, template: Template, values: Mapping[str, str]) -> None:
    fields: list[dict[str, Any]] = [
        {"key": name, "name": template.labels.get(name, name), "value": value} for name, value in values.items()
    ]
    link = str(call.body.get("url") or call.body.get("page") or "")
    card = {"title": template.title, "fields": fields, "url": link}
    text = "\n".join([template.title, *(f"{one['name']}：{one['value']}" for one in fields)])
    call.world.conversations.add(person.key, "account", "card", text, call.now, way=way, card=card)


def _report_notice(call: Call, person: Person, template_id: str) -> None:
    sent = {"TemplateId": template_id, "MsgID": call.world.next_number(), "ErrorCode": 0, "ErrorStatus": "success"}
    report = {"SubscribeMsgSentEvent": {"List": [sent]}}
    call.speaker.push_event(person, "subscribe_msg_sent_event", report, call.now)
