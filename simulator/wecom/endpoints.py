"""WeCom's API (企业微信接口): which path is answered by what, and how its tokens are judged."""

from __future__ import annotations

from datetime import datetime

from simulator import oauth
from simulator.aibot.answers import respond
from simulator.api.call import Call, Endpoint, Family
from simulator.errors import Refused
from simulator.wecom import directory, files
from simulator.wecom.errors import words_of
from simulator.wecom.send import send
from simulator.wecom.settings import Corp
from simulator.wecom.update import update_card
from simulator.world import World


def _owner(world: World, token: str, now: datetime) -> Corp | Refused:
    try:
        return world.corps[world.office.tokens.owner(token, now)]
    except Refused as refusal:
        return refusal


def _charge(call: Call, endpoint: Endpoint, path: str) -> None:
    # Only calls with a token belong to somebody; gettoken looks after itself.
    if endpoint.needs_token:
        call.world.office.pacer.call(call.corp.key, path, call.now)


WECOM = Family(
    name="wecom",
    words=words_of,
    owner=_owner,
    charge=_charge,
    endpoints={
        "/cgi-bin/gettoken": Endpoint(run=directory.token, post=False, needs_token=False),
        "/cgi-bin/message/send": Endpoint(run=send),
        "/cgi-bin/message/update_template_card": Endpoint(run=update_card),
        "/cgi-bin/media/upload": Endpoint(run=files.upload),
        "/cgi-bin/media/get": Endpoint(run=files.get, post=False),
        "/cgi-bin/agent/get": Endpoint(run=directory.agent, post=False),
        "/cgi-bin/department/list": Endpoint(run=directory.departments, post=False),
        "/cgi-bin/user/get": Endpoint(run=directory.user, post=False),
        "/cgi-bin/user/simplelist": Endpoint(run=directory.users, post=False),
        "/cgi-bin/auth/getuserinfo": Endpoint(run=oauth.user_info, post=False),
        "/cgi-bin/menu/create": Endpoint(run=directory.create_menu),
        "/cgi-bin/menu/get": Endpoint(run=directory.get_menu, post=False),
        "/cgi-bin/menu/delete": Endpoint(run=directory.delete_menu, post=False),
        "/cgi-bin/getcallbackip": Endpoint(run=directory.server_addresses, post=False),
        "/cgi-bin/get_api_domain_ip": Endpoint(run=directory.server_addresses, post=False),
        # A response_url carries its own code; no token is asked for.
        "/cgi-bin/aibot/response": Endpoint(run=respond, needs_token=False),
    },
)
