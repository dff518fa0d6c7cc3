"""Tokens, members, menus (企业微信基础接口)."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.people import Person

_ROOT = 1  # every corp has one department here


def token(call: Call) -> Answer:
    """获取 access_token: the same one while it is valid. 40013 for the corp, 40001 for the secret."""
    corp = call.world.corp_of(call.query.get("corpid", ""))
    # Compared as bytes: compare_digest refuses text that is not ASCII.
    if not secrets.compare_digest(call.query.get("corpsecret", "").encode(), corp.secret.encode()):
        raise Refused(40001)
    text, seconds = call.world.office.tokens.issue(corp.key, call.now)
    return {"access_token": text, "expires_in": seconds}


def check_agent(call: Call, given: object) -> None:
    """Refuse another app: 40056 when nobody has such a number, 301002 when another corp's app has it."""
    try:
        agent = int(str(given))
    except ValueError as error:
        raise Refused(40056) from error
    if agent == call.corp.agent_id:
        return
    known = {corp.agent_id for corp in call.world.corps.values()}
    raise Refused(301002 if agent in known else 40056)


def agent(call: Call) -> Answer:
    """获取应用: what the console shows of it; everybody in the corp may see it."""
    check_agent(call, call.query.get("agentid"))
    visible = {"user": [{"userid": person.openid} for person in call.world.people.of(call.corp.key)]}
    return {
        "agentid": call.corp.agent_id, "name": call.corp.name, "close": 0, "allow_userinfos": visible,
        "allow_partys": {"partyid": [_ROOT]}, "allow_tags": {"tagid": []},
    }  # fmt: skip


def departments(call: Call) -> Answer:
    """获取部门列表: one department."""
    return {"department": [{"id": _ROOT, "name": call.corp.name, "parentid": 0, "order": 1}]}


def user(call: Call) -> Answer:
    """读取成员: 60111 for a userid nobody has."""
    person = call.world.people.find(call.corp.key, call.query.get("userid", ""))
    if person is None:
        raise Refused(60111)
    return {**_short(person), "status": 1 if person.following else 5, "position": person.role}


def users(call: Call) -> Answer:
    """获取部门成员."""
    return {"userlist": [_short(person) for person in call.world.people.of(call.corp.key)]}


def _short(person: Person) -> dict[str, Any]:
    return {"userid": person.openid, "name": person.name, "department": [_ROOT]}


def create_menu(call: Call) -> Answer:
    """创建菜单: at most 3 buttons with at most 5 below each."""
    check_agent(call, call.query.get("agentid"))
    buttons = call.body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise Refused(40016)
    if any(len(one.get("sub_button") or []) > 5 for one in buttons):
        raise Refused(40016, "sub_button")
    call.world.menus[call.corp.key] = dict(call.body)
    return {}


def get_menu(call: Call) -> Answer:
    """获取菜单: 46003 when there is none."""
    check_agent(call, call.query.get("agentid"))
    menu = call.world.menus.get(call.corp.key)
    if menu is None:
        raise Refused(46003)
    return dict(menu)


def delete_menu(call: Call) -> Answer:
    """删除菜单."""
    check_agent(call, call.query.get("agentid"))
    call.world.menus.pop(call.corp.key, None)
    return {}


def server_addresses(call: Call) -> Answer:
    """企业微信服务器 IP: this machine's loopback; asking takes a token all the same."""
    del call
    return {"ip_list": ["127.0.0.1"]}
