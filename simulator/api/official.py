"""The Official Account's API (公众号接口): which path is answered by what, and how its tokens are judged."""

from __future__ import annotations

import secrets
from datetime import datetime

from simulator import oauth
from simulator.api import basics, custom, media, notices
from simulator.api.call import Call, Endpoint, Family
from simulator.errors import Refused
from simulator.settings import Account
from simulator.world import World


def _owner(world: World, token: str, now: datetime) -> Account | Refused:
    try:
        return world.accounts[world.tokens.owner(token, now)]
    except Refused as refusal:
        return refusal


def _charge(call: Call, endpoint: Endpoint, path: str) -> None:
    del path  # quotas are by kind of call here, not by path
    if endpoint.needs_token:
        account = call.account
    else:
        account = call.world.account_of(str(call.query.get("appid") or call.body.get("appid") or ""))
    call.world.quotas.spend(account.key, endpoint.quota, call.now)


def _words(refusal: Refused) -> str:
    # WeChat adds such a number to every refusal; whoever compares errmsg as a whole learns it here.
    return f"{refusal.errmsg} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"


OFFICIAL = Family(
    name="official",
    words=_words,
    owner=_owner,
    charge=_charge,
    endpoints={
        "/cgi-bin/token": Endpoint(run=basics.token, bare=True, quota="token", post=False, needs_token=False),
        "/cgi-bin/stable_token": Endpoint(
            run=basics.stable_token, bare=True, quota="stable_token", needs_token=False
        ),
        "/cgi-bin/message/custom/send": Endpoint(run=custom.send, quota="custom"),
        "/cgi-bin/message/template/send": Endpoint(run=notices.send_template, quota="template"),
        "/cgi-bin/message/subscribe/bizsend": Endpoint(run=notices.send_notice, quota="subscribe"),
        "/cgi-bin/message/template/subscribe": Endpoint(run=notices.send_once, quota="subscribe"),
        "/cgi-bin/template/get_all_private_template": Endpoint(run=notices.templates, bare=True, post=False),
        "/wxaapi/newtmpl/gettemplate": Endpoint(run=notices.notice_templates, post=False),
        "/cgi-bin/media/upload": Endpoint(run=media.upload, bare=True, quota="upload"),
        "/cgi-bin/media/get": Endpoint(run=media.get, quota="download", post=False),
        "/cgi-bin/qrcode/create": Endpoint(run=basics.create_qrcode, bare=True, quota="qrcode"),
        "/cgi-bin/user/info": Endpoint(run=basics.user_info, bare=True, quota="user", post=False),
        "/cgi-bin/menu/create": Endpoint(run=basics.create_menu),
        "/cgi-bin/menu/get": Endpoint(run=basics.get_menu, bare=True, post=False),
        "/cgi-bin/menu/delete": Endpoint(run=basics.delete_menu, post=False),
        "/cgi-bin/getcallbackip": Endpoint(run=basics.server_addresses, bare=True, post=False),
        "/cgi-bin/get_api_domain_ip": Endpoint(run=basics.server_addresses, bare=True, post=False),
        "/sns/oauth2/access_token": Endpoint(run=oauth.access_token, bare=True, post=False, needs_token=False),
        "/cgi-bin/clear_quota": Endpoint(run=basics.clear_quota),
    },
)
