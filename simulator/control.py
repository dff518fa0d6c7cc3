"""Control API (控制接口) under /sim/: what the chat page and tests use to act as people and to look."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request, send_file

from simulator.faults import Fault
from simulator.people import Person
from simulator.push import Pusher
from simulator.samples import ARTICLES, PLACES, SAMPLES, draw
from simulator.settings import Account
from simulator.speech import Speaker, SpeechError
from simulator.verify import verify
from simulator.voices import Act, Voices, as_json
from simulator.wecom.settings import Corp, Group
from simulator.world import World

_SSE_BEAT = 15.0
_LONGEST_WAIT = 60.0


def make_control(world: World, speaker: Speaker, pusher: Pusher) -> Blueprint:
    """Return the blueprint under /sim/."""
    control = Blueprint("control", __name__, url_prefix="/sim")
    desk = _Desk(world, speaker, pusher)
    # Whatever a caller got wrong here is a bad value; the text is meant for them.
    control.register_error_handler(ValueError, _complain)
    for method, path, view in (
        ("GET", "/state", desk.state),
        ("POST", "/people", desk.add_person),
        ("POST", "/say", desk.say),
        ("GET", "/conversation", desk.conversation),
        ("GET", "/events", desk.events),
        ("GET", "/wait", desk.wait),
        ("GET", "/calls", desk.calls),
        ("GET", "/pushes", desk.pushes),
        ("GET", "/dropped", desk.dropped),
        ("GET", "/cards", desk.cards),
        ("POST", "/authorise", desk.authorise),
        ("POST", "/window", desk.window),
        ("POST", "/verify", desk.verify),
        ("GET", "/media/<media_id>", desk.media),
        ("GET", "/samples/<name>", desk.sample),
        ("GET", "/faults", desk.faults),
        ("POST", "/faults", desk.add_fault),
        ("PUT", "/faults", desk.replace_faults),
        ("DELETE", "/faults", desk.clear_faults),
    ):
        control.add_url_rule(path, f"{method}{path}", view, methods=[method])
    return control


def _complain(error: ValueError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


class _Desk:
    """The views; each reads the request, asks the world and answers JSON."""

    def __init__(self, world: World, speaker: Speaker, pusher: Pusher) -> None:
        self._world = world
        self._speaker = speaker
        self._pusher = pusher
        self._voices = Voices(world, speaker, pusher)

    def state(self) -> Response:
        world = self._world
        accounts: list[Account | Corp] = [*world.accounts.values(), *world.corps.values()]
        return jsonify(
            banner=world.settings.clock_note,
            last=world.conversations.last,
            accounts=[_show_account(one, world.menus.get(one.key)) for one in accounts],
            groups=[_show_group(one, world.members(one)) for one in world.groups.values()],
            people=[show_person(one) for one in world.people],
            samples=[{"name": name, "title": sample.title} for name, sample in SAMPLES.items()],
            places=[asdict(place) for place in PLACES],
            articles=[asdict(article) for article in ARTICLES],
        )

    def add_person(self) -> Response:
        words = _words()
        account = str(words.get("account", ""))
        if account not in self._world.accounts and account not in self._world.corps:
            raise SpeechError(f"unknown account {account!r}")
        openid = str(words.get("openid") or f"o-{uuid4().hex[:24]}")
        person = Person(account, openid, str(words.get("name") or openid), str(words.get("role", "")))
        person.following = bool(words.get("following", True))
        return jsonify(show_person(self._world.people.add(person)))

    def say(self) -> Response:
        """Act as a person. With ?wait=1 the answer comes when the webhook has answered or failed."""
        photos = tuple(file.read() for file in request.files.getlist("file"))
        push = self._voices.say(Act(_words(), photos, self._world.clock(), request.host_url.rstrip("/")))
        # Bounded, so that a webhook that never answers does not hold the caller for ever.
        if push and request.args.get("wait") == "1":
            push.done.wait(_LONGEST_WAIT)
        return jsonify(as_json(push))

    def conversation(self) -> Response:
        lines = self._world.conversations.of(self._voices.conversation(request.args), _after())
        return jsonify([line.as_json() for line in lines])

    def wait(self) -> tuple[Response, int]:
        timeout = min(float(request.args.get("timeout", 10)), _LONGEST_WAIT)
        key = self._voices.conversation(request.args)
        line = self._world.conversations.wait_for(key, _after(), request.args.get("contains", ""), timeout)
        return (jsonify(line.as_json()), 200) if line else (jsonify(error="nothing of that kind was heard"), 404)

    def events(self) -> Response:
        """Stream new lines of all conversations; a browser that reconnects tells the last number it saw."""
        # Without a number the stream begins now: a page has loaded the history already.
        last = request.headers.get("Last-Event-ID") or request.args.get("after") or self._world.conversations.last
        return Response(
            self._stream(int(last)), content_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )

    def _stream(self, last: int) -> Iterator[str]:
        yield ": hello\n\n"
        while True:
            lines = self._world.conversations.wait_since(last, _SSE_BEAT)
            for line in lines:
                last = line.n
                yield f"id: {line.n}\ndata: {json.dumps(line.as_json(), ensure_ascii=False)}\n\n"
            if not lines:
                # A write is the only way to learn that the browser has gone, and its thread with it.
                yield ": still here\n\n"

    def calls(self) -> Response:
        return jsonify(self._world.calls.after(_after()))

    def pushes(self) -> Response:
        return jsonify([push.as_json() for push in list(self._pusher.pushes) if push.id > _after()])

    def dropped(self) -> Response:
        """What WeCom swallowed: the sender was told that all was well."""
        return jsonify(self._world.office.pacer.dropped())

    def cards(self) -> Response:
        """Return one person's cards as they look now, the oldest first."""
        shown = self._world.office.cards.held_by(self._voices.person(request.args).key)
        return jsonify([{"n": one.n, **one.card} for one in shown])

    def authorise(self) -> Response:
        words = _words()
        push = self._speaker.authorise(self._voices.person(words), words, self._world.clock())
        return jsonify(push.as_json() if push else {})

    def window(self) -> Response:
        person = self._voices.person(_words())
        person.forget_windows()
        return jsonify(show_person(person))

    def verify(self) -> Response:
        return jsonify(verify(self._account(request.args.get("account", "")), self._world.clock()))

    def media(self, media_id: str) -> Response | tuple[Response, int]:
        media = self._world.media.look(media_id)
        if media is None:
            return jsonify(error="no such picture"), 404
        return send_file(self._world.media.path(media).resolve(), mimetype=media.content_type)

    def sample(self, name: str) -> Response | tuple[Response, int]:
        if name not in SAMPLES:
            return jsonify(error="no such sample"), 404
        return Response(draw(name, self._world.clock()), content_type="image/jpeg")

    def faults(self) -> Response:
        return jsonify(self._world.faults.as_json())

    def add_fault(self) -> Response:
        return jsonify(asdict(self._switch_on(_words())))

    def replace_faults(self) -> Response:
        wanted = request.get_json()
        self._world.faults.clear()
        return jsonify([asdict(self._switch_on(one)) for one in wanted])

    def clear_faults(self) -> Response:
        # Without an id all go: a test must be able to clean up without knowing what is on.
        chosen = request.args.get("id")
        self._world.faults.clear(int(chosen) if chosen else None)
        return self.faults()

    def _switch_on(self, words: Mapping[str, Any]) -> Fault:
        known = {name: words[name] for name in ("count", "openid", "path", "value") if words.get(name) is not None}
        return self._world.faults.add(str(words.get("name", "")), **known)

    def _account(self, key: str) -> Account | Corp | Group:
        known: dict[str, Account | Corp | Group] = {
            **self._world.accounts, **self._world.corps, **self._world.groups,
        }  # fmt: skip
        if key not in known:
            raise SpeechError(f"unknown account {key!r}")
        return known[key]


def show_person(person: Person) -> dict[str, Any]:
    """Return a person as the page and tests see them."""
    grants = {how: {"until": one.until.isoformat(), "left": one.left} for how, one in person.grants.items()}
    return {
        "account": person.account, "openid": person.openid, "name": person.name, "role": person.role,
        "following": person.following, "windows": grants, "scenes": sorted(person.scenes),
        "notices": dict(person.notices), "group": person.group, "phrases": list(person.phrases),
    }  # fmt: skip


def _show_account(account: Account | Corp, menu: Mapping[str, Any] | None) -> dict[str, Any]:
    templates = account.templates if isinstance(account, Account) else {}
    titles = {key: template.title for key, template in templates.items()}
    return {
        "key": account.key, "name": account.name, "menu": (menu or {}).get("button", []), "templates": titles,
        "family": "official" if isinstance(account, Account) else "wecom",
    }  # fmt: skip


def _show_group(group: Group, members: list[Person]) -> dict[str, Any]:
    held = [{"userid": one.openid, "name": one.name} for one in members]
    return {"key": group.key, "name": group.name, "corp": group.corp, "bot": group.bot, "members": held}


def _words() -> dict[str, Any]:
    """Return what was sent, as JSON or as a form with a file."""
    if request.mimetype == "multipart/form-data":
        return request.form.to_dict()
    words = request.get_json(silent=True)
    if not isinstance(words, dict):
        raise SpeechError("a JSON object is expected")
    return words


def _after() -> int:
    return int(request.args.get("after", 0))
