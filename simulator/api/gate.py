"""The gate (入口): every API call is checked for faults, token and quota here, then answered and recorded."""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Request, Response, request

from simulator.api import basics, custom, media, notices
from simulator.api.call import Call, Endpoint
from simulator.errors import Refused
from simulator.faults import Fault
from simulator.settings import Account
from simulator.speech import Speaker
from simulator.world import World

ENDPOINTS: Mapping[str, Endpoint] = {
    "/cgi-bin/token": Endpoint(run=basics.token, bare=True, quota="token", post=False, needs_token=False),
    "/cgi-bin/stable_token": Endpoint(run=basics.stable_token, bare=True, quota="stable_token", needs_token=False),
    "/cgi-bin/message/custom/send": Endpoint(run=custom.send, quota="custom"),
    "/cgi-bin/message/template/send": Endpoint(run=notices.send_template, quota="template"),
    "/cgi-bin/message/subscribe/bizsend": Endpoint(run=notices.send_notice, quota="subscribe"),
    "/cgi-bin/message/template/subscribe": Endpoint(run=notices.send_once, quota="subscribe"),
    "/cgi-bin/media/upload": Endpoint(run=media.upload, bare=True, quota="upload"),
    "/cgi-bin/media/get": Endpoint(run=media.get, quota="download", post=False),
    "/cgi-bin/qrcode/create": Endpoint(run=basics.create_qrcode, bare=True, quota="qrcode"),
    "/cgi-bin/user/info": Endpoint(run=basics.user_info, bare=True, quota="user", post=False),
    "/cgi-bin/menu/create": Endpoint(run=basics.create_menu),
    "/cgi-bin/menu/get": Endpoint(run=basics.get_menu, bare=True, post=False),
    "/cgi-bin/menu/delete": Endpoint(run=basics.delete_menu, post=False),
    "/cgi-bin/getcallbackip": Endpoint(run=basics.server_addresses, bare=True, post=False),
    "/cgi-bin/get_api_domain_ip": Endpoint(run=basics.server_addresses, bare=True, post=False),
    "/cgi-bin/clear_quota": Endpoint(run=basics.clear_quota),
}


class _Broken(Exception):
    """The call ends in something that is no answer of WeChat's."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def make_gate(world: World, speaker: Speaker) -> Blueprint:
    """Return the blueprint that answers everything under /cgi-bin/."""
    gate = Blueprint("gate", __name__)

    @gate.route("/cgi-bin/<path:rest>", methods=["GET", "POST"])
    def call(rest: str) -> Response:
        path = "/cgi-bin/" + rest
        given = _read(world, speaker, request)
        errcode = 0
        try:
            return _serve(given, path)
        except _Broken as broken:
            # No code of WeChat's: in the records it stands for "the caller got no JSON".
            errcode = -2
            return broken.response
        except Refused as refusal:
            errcode = refusal.errcode
            # WeChat adds such a number to every refusal; whoever compares errmsg as a whole learns it here.
            rid = f"rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"
            return _json({"errcode": errcode, "errmsg": f"{refusal.errmsg} {rid}"})
        finally:
            owner = given.owner.key if isinstance(given.owner, Account) else ""
            world.calls.add(path, owner, given.openid, errcode, given.now)

    return gate


def _serve(call: Call, path: str) -> Response:
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        raise Refused(40066)
    # Faults come before every rule: a server that is down does not look at tokens first.
    faults = call.world.faults.take("api", path, call.openid)
    for fault in faults:
        _suffer(fault)
    if endpoint.post and request.method != "POST":
        raise Refused(43002)
    if call.malformed:
        raise Refused(47001)
    _charge(call, endpoint)
    answer = endpoint.run(call)
    if any(fault.name == "api_answer_lost" for fault in faults):
        raise _Broken(_cut())
    if isinstance(answer, Response):
        return answer
    return _json(answer if endpoint.bare else {"errcode": 0, "errmsg": "ok"} | answer)


def _charge(call: Call, endpoint: Endpoint) -> None:
    if endpoint.needs_token:
        account = call.account
    else:
        account = call.world.account_of(str(call.query.get("appid") or call.body.get("appid") or ""))
    call.world.quotas.spend(account.key, endpoint.quota, call.now)


def _read(world: World, speaker: Speaker, request: Request) -> Call:
    now = datetime.now(UTC)
    query, body = request.args.to_dict(), _body(request)
    return Call(
        world=world, speaker=speaker, now=now, base_url=request.host_url.rstrip("/"), query=query,
        body=body or {}, malformed=body is None, files={name: file.read() for name, file in request.files.items()},
        owner=_owner(world, query.get("access_token", ""), now),
    )  # fmt: skip


def _owner(world: World, token: str, now: datetime) -> Account | Refused:
    try:
        return world.accounts[world.tokens.owner(token, now)]
    except Refused as refusal:
        return refusal


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


def _suffer(fault: Fault) -> None:
    if fault.kind.errcode:
        raise Refused(fault.kind.errcode)
    if fault.name in _WOUNDS:
        response = _WOUNDS[fault.name](fault)
        if response is not None:
            raise _Broken(response)


def _slow(fault: Fault) -> None:
    # No lock is held here, so any number of calls can be slow side by side.
    time.sleep(fault.value / 1000)


def _server_error(fault: Fault) -> Response:
    del fault
    return Response("Internal Server Error", 500, content_type="text/plain")


def _web_page(fault: Fault) -> Response:
    del fault
    return Response("<html><body>502 Bad Gateway</body></html>", content_type="text/html")


def _silence(fault: Fault) -> Response:
    time.sleep(fault.value)
    return _cut()


def _reset(fault: Fault) -> Response:
    del fault
    return _cut()


def _cut() -> Response:
    """Break the connection; the response returned here reaches nobody."""
    # shutdown, not close: the server still owns the descriptor and would close a stranger's by number.
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response("")


_WOUNDS: Mapping[str, Callable[[Fault], Response | None]] = {
    "slow_api": _slow,
    "api_500": _server_error,
    "api_html": _web_page,
    "api_timeout": _silence,
    "api_reset": _reset,
}
