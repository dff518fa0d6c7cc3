"""App messages (应用消息): /cgi-bin/message/send to members, with everything WeCom does silently."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.people import Person
from simulator.replies import Bubble, picture_address
from simulator.wecom.card_rules import read_card, words_of
from simulator.wecom.directory import check_agent
from simulator.wecom.pacing import Dropped

_TEXT_BYTES = 2048
_MOST_PEOPLE = 1_000
_CHECK = ("enable_duplicate_check", "duplicate_check_interval")
_REPEAT_SECONDS, _LONGEST_REPEAT = 1_800, 4 * 3_600


@dataclass(slots=True)
class _Hearers:
    """Who of those named gets it, and who does not for which reason (lower-case userids)."""

    reached: list[Person] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    unlicensed: list[str] = field(default_factory=list)


def send(call: Call) -> Answer:
    """Send one message to up to 1,000 members; what cannot be shown to somebody comes back with errcode 0."""
    check_agent(call, call.body.get("agentid"))
    hearers = _hearers(call)
    kind = str(call.body.get("msgtype", ""))
    if kind not in _KINDS:
        raise Refused(40008)
    bubble = _KINDS[kind](call, call.part(kind))
    mark, repeats = _mark(call), call.world.office.repeats
    with repeats.lock:
        repeated = repeats.answer(mark, call.now, _interval(call))
        if repeated is not None:
            return dict(repeated)
        if not hearers.reached and not hearers.unlicensed:
            raise Refused(81013)
        answer = _show(call, kind, bubble, hearers)
        if call.body.get("enable_duplicate_check"):
            # Nobody has published whether a send that did not ask for the check counts; played as if it did not.
            repeats.remember(mark, call.now, answer)
    return answer


def _mark(call: Call) -> str:
    # The two settings of the check are no part of the message.
    said = {name: one for name, one in call.body.items() if name not in _CHECK}
    return sha256(f"{call.corp.key} {json.dumps(said, sort_keys=True)}".encode()).hexdigest()


def _interval(call: Call) -> float:
    if not call.body.get("enable_duplicate_check"):
        return 0
    wanted = call.body.get("duplicate_check_interval") or _REPEAT_SECONDS
    if not isinstance(wanted, int):
        raise Refused(40058, "duplicate_check_interval is a number of seconds")
    return min(wanted, _LONGEST_REPEAT)


def _hearers(call: Call) -> _Hearers:
    named = _named(call)
    gone, unlicensed = _hit(call, "member_gone", named), _hit(call, "unlicensed", named)
    hearers = _Hearers()
    for userid in named:
        person = call.world.people.find(call.corp.key, userid)
        if person is None or not person.following or userid in gone:
            hearers.invalid.append(userid)
        elif userid in unlicensed:
            hearers.unlicensed.append(userid)
        else:
            hearers.reached.append(person)
    return hearers


def _named(call: Call) -> list[str]:
    """Return the userids in lower case, each once."""
    touser = str(call.body.get("touser") or "")
    if touser == "@all":
        return [person.openid.lower() for person in call.world.people.of(call.corp.key)]
    named = list(dict.fromkeys(one.strip().lower() for one in touser.split("|") if one.strip()))
    if not named:
        raise Refused(82001)
    if len(named) > _MOST_PEOPLE:
        raise Refused(40058, f"touser holds at most {_MOST_PEOPLE}")
    return named


def _hit(call: Call, name: str, named: Iterable[str]) -> set[str]:
    faults = [fault for fault in call.faults if fault.name == name]
    # A fault for nobody in particular hits everybody.
    return {userid for userid in named if any(fault.openid.lower() in ("", userid) for fault in faults)}


def _text(call: Call, part: Mapping[str, Any]) -> Bubble:
    del call
    content = str(part.get("content", ""))
    if not content:
        raise Refused(44004)
    # Cut without a word, as the documents say; a character cut in the middle is gone as a whole.
    return Bubble(content.encode()[:_TEXT_BYTES].decode(errors="ignore"))


def _image(call: Call, part: Mapping[str, Any]) -> Bubble:
    media = call.world.media.get(call.corp.key, str(part.get("media_id", "")), call.now)
    return Bubble("[图片]", picture_address(media.media_id))


def _card(call: Call, part: Mapping[str, Any]) -> Bubble:
    card = read_card(part)
    if card["buttons"] and not call.corp.webhook:
        raise Refused(43012)
    return Bubble(words_of(card), extra={"card": card})


_KINDS: Mapping[str, Callable[[Call, Mapping[str, Any]], Bubble]] = {
    "text": _text,
    "markdown": _text,
    "image": _image,
    "template_card": _card,
}


def _show(call: Call, kind: str, bubble: Bubble, hearers: _Hearers) -> dict[str, Any]:
    office, corp = call.world.office, call.corp.key
    task_id = bubble.extra.get("card", {}).get("task_id", "")
    if task_id:
        office.cards.reserve(corp, task_id)
    for person in hearers.reached:
        _show_one(call, kind, bubble, person)
    told = {"invaliduser": hearers.invalid, "unlicenseduser": hearers.unlicensed}
    answer: dict[str, Any] = {name: "|".join(userids) for name, userids in told.items() if userids}
    answer["msgid"] = f"MSG{call.world.next_number()}"
    if task_id:
        answer["response_code"] = office.card_codes.issue(call.now, corp, task_id)
    return answer


def _show_one(call: Call, kind: str, bubble: Bubble, person: Person) -> None:
    office = call.world.office
    if not office.pacer.admit(*person.key, call.now):
        office.pacer.drop(
            Dropped(account=person.account, userid=person.openid, msgtype=kind, text=bubble.text, at=str(call.now))
        )
        return
    is_card = kind == "template_card"
    line = call.world.conversations.add(
        person.key, "account", "card" if is_card else kind, bubble.text, call.now,
        way="card" if is_card else "work", picture=bubble.picture, **bubble.extra,
    )  # fmt: skip
    office.cards.note(line)
