"""Tokens, users, menus, QR codes and the rest (基础接口)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.settings import Account

_QR_LIFE = 30 * 24 * 3600


def token(call: Call) -> Answer:
    """获取 access_token: every call makes a new one and lets the last one live a little longer."""
    account = _login(call, call.query)
    text, seconds = call.world.tokens.classic(account.key, call.now)
    return {"access_token": text, "expires_in": seconds}


def stable_token(call: Call) -> Answer:
    """获取稳定版 access_token: the same one until it nears its end."""
    account = _login(call, call.body)
    force = call.body.get("force_refresh") is True
    text, seconds = call.world.tokens.stable(account.key, call.now, force=force)
    return {"access_token": text, "expires_in": seconds}


def _login(call: Call, given: Any) -> Account:
    if given.get("grant_type") != "client_credential":
        raise Refused(40002)
    account = call.world.account_of(str(given.get("appid", "")))
    # Compared as bytes: compare_digest refuses text that is not ASCII.
    if not secrets.compare_digest(str(given.get("secret", "")).encode(), account.app_secret.encode()):
        raise Refused(40125)
    return account


def user_info(call: Call) -> Answer:
    """用户信息: whether and since when; no nickname and no picture, as since December 2021."""
    person = call.receiver()
    # For a stranger WeChat says only that, and no more.
    if not person.following:
        return {"subscribe": 0, "openid": person.openid}
    since = int(person.followed_at.timestamp()) if person.followed_at else 0
    return {
        "subscribe": 1, "openid": person.openid, "language": "zh_CN", "subscribe_time": since,
        "remark": "", "groupid": 0, "tagid_list": [], "subscribe_scene": "ADD_SCENE_QR_CODE",
    }  # fmt: skip


def create_qrcode(call: Call) -> Answer:
    """生成带参数的二维码: a ticket for a scene; the simulator's page and pushes know it afterwards."""
    action = str(call.body.get("action_name", ""))
    if action not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"):
        raise Refused(47001, "action_name")
    scene = _scene(call, "scene_str" if "STR" in action else "scene_id")
    # The newest ticket of a scene wins: a scan cannot tell which of two printed codes was meant.
    ticket = "gQ" + secrets.token_urlsafe(60)
    call.world.scenes[call.account.key, scene] = ticket
    answer: dict[str, Any] = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{quote(ticket[:24])}"}
    if "LIMIT" not in action:
        answer["expire_seconds"] = min(int(call.body.get("expire_seconds", 60)), _QR_LIFE)
    return answer


def _scene(call: Call, name: str) -> str:
    info = call.part("action_info").get("scene")
    # Numbers and strings are kept alike, since the event carries text in both cases.
    scene = str(dict(info).get(name, "")) if isinstance(info, dict) else ""
    if not 1 <= len(scene) <= 64:
        raise Refused(47001, name)
    return scene


def create_menu(call: Call) -> Answer:
    """创建菜单: at most 3 buttons with at most 5 below each."""
    buttons = call.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refused(47001, "button")
    if any(len(one.get("sub_button") or []) > 5 for one in buttons):
        raise Refused(47001, "sub_button")
    call.world.menus[call.account.key] = dict(call.body)
    return {}


def get_menu(call: Call) -> Answer:
    """查询菜单: 46003 when there is none."""
    menu = call.world.menus.get(call.account.key)
    if menu is None:
        raise Refused(46003)
    return {"menu": menu}


def delete_menu(call: Call) -> Answer:
    """删除菜单."""
    call.world.menus.pop(call.account.key, None)
    return {}


def server_addresses(call: Call) -> Answer:
    """微信服务器 IP: this machine's loopback."""
    del call
    return {"ip_list": ["127.0.0.1"]}


def clear_quota(call: Call) -> Answer:
    """清空调用次数: 48006 after ten times a month."""
    if str(call.body.get("appid", "")) != call.account.app_id:
        raise Refused(40013)
    call.world.quotas.clear(call.account.key, call.now)
    return {}
