"""Asking (授权页): WeChat's own pages that tell an account who is there; here one chooses who to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from simulator.oauth import BadLink, Question, read_question, read_scan
from simulator.people import Person
from simulator.world import World

_Read = Callable[[World, Mapping[str, str]], Question]


def make_asking(world: World) -> Blueprint:
    """Return the blueprint with the pages. `as` in the address is somebody's openid or name and asks nobody."""
    asking = Blueprint("asking", __name__)

    @asking.route("/connect/oauth2/authorize", methods=["GET", "POST"])
    def authorize() -> Answer | str | tuple[str, int]:
        return _page(world, read_question, "微信网页授权")

    @asking.route("/wwlogin/sso/login", methods=["GET", "POST"])
    def scan() -> Answer | str | tuple[str, int]:
        return _page(world, read_scan, "企业微信扫码登录")

    return asking


def _page(world: World, read: _Read, title: str) -> Answer | str | tuple[str, int]:
    try:
        question = read(world, request.args)
    except BadLink as wrong:
        return render_template("oauth.html", title=title, wrong=str(wrong)), 400
    people = world.people.of(question.owner.key)
    who = request.values.get("as", "")
    person = next((one for one in people if who and who in (one.openid, one.name)), None)
    if person is None:
        return render_template("oauth.html", title=title, owner=question.owner, people=people)
    return redirect(_told(world, question, person))


def _told(world: World, question: Question, person: Person) -> str:
    """Where the browser goes with its code; whatever stood in the address stays there."""
    code = world.oauth.issue(question.owner.key, person.openid, world.clock())
    parts = urlsplit(question.back)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", question.state)]
    return urlunsplit(parts._replace(query=urlencode(query)))
