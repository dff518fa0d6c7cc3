"""The gate (入口): every API call is checked for faults, token and quota here, then answered and recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Request, Response, request

from simulator.api.call import Call, Family
from simulator.api.official import OFFICIAL
from simulator.api.wounds import Broken, cut, suffer
from simulator.errors import Refused
from simulator.speech import Speaker
from simulator.wecom.endpoints import WECOM
from simulator.world import World


def make_gate(world: World, speaker: Speaker) -> Blueprint:
    """Return the blueprint that answers everything under /cgi-bin/, /wxaapi/ and /sns/."""
    gate = Blueprint("gate", __name__)

    @gate.route('/<any("cgi-bin", "wxaapi", "sns"):root>/<path:rest>', methods=["GET", "POST"])
    def call(root: str, rest: str) -> Response:
        path = f"/{root}/{rest}"
        family = _family(world, path, request.args.get("access_token", ""))
        given = _read(world, speaker, family, request)
        errcode = 0
        try:
            return _serve(given, family, path)
        except Broken as broken:
            # No code of WeChat's: in the records it stands for "the caller got no JSON".
            errcode = -2
            return broken.response
        except Refused as refusal:
            errcode = refusal.errcode
            return _json({"errcode": errcode, "errmsg": family.words(refusal)})
        finally:
            world.calls.add(path, given.caller, given.openid, errcode, given.now)

    return gate


def _family(world: World, path: str, token: str) -> Family:
    # Both families have paths like /cgi-bin/menu/create; on one address only the token tells who is meant.
    if path in OFFICIAL.endpoints and path in WECOM.endpoints:
        return WECOM if world.office.tokens.knows(token) else OFFICIAL
    return WECOM if path in WECOM.endpoints else OFFICIAL


def _serve(call: Call, family: Family, path: str) -> Response:
    endpoint = family.endpoints.get(path)
    if endpoint is None:
        raise Refused(40066)
    # Faults come before every rule: a server that is down does not look at tokens first.
    faults = call.world.faults.take("api", path, call.openid, family=family.name)
    suffer(faults)
    if endpoint.post and request.method != "POST":
        raise Refused(43002)
    if call.malformed:
        raise Refused(47001)
    family.charge(call, endpoint, path)
    answer = endpoint.run(replace(call, faults=tuple(faults)))
    if any(fault.name == "api_answer_lost" for fault in faults):
        raise Broken(cut())
    if isinstance(answer, Response):
        return answer
    return _json(answer if endpoint.bare else {"errcode": 0, "errmsg": "ok"} | answer)


def _read(world: World, speaker: Speaker, family: Family, request: Request) -> Call:
    now = world.clock()
    query, body = request.args.to_dict(), _body(request)
    return Call(
        world=world, speaker=speaker, now=now, base_url=request.host_url.rstrip("/"), query=query,
        body=body or {}, malformed=body is None, files={name: file.read() for name, file in request.files.items()},
        owner=family.owner(world, query.get("access_token", ""), now),
    )  # fmt: skip


def _body(request: Request) -> dict[str, Any] | None:
    """Return the JSON object sent, {} when none was, None when it is no JSON object."""
    if request.mimetype == "multipart/form-data" or not request.get_data():
        return {}
    try:
        body = json.loads(request.get_data())
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _json(body: Mapping[str, Any]) -> Response:
    # "encoding" instead of "charset" is how WeChat writes it.
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; encoding=utf-8")
