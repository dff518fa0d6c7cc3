"""联机自检: what can only be told by asking WeChat, and by being WeChat for a moment."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.callback_checks import check_callbacks
from bot.check_line import Line
from bot.installation import Installation, utc_now
from bot.menu import FILE, WORK_FILE, BadMenu, read_menu
from bot.settings import Account, WorkApp
from bot.template_checks import check_templates
from bot.wechat.errors import SendError
from bot.wechat.inquiry import Inquiry, ask_official, ask_work
from bot.wechat.probe import NoAnswer, look
from bot.wechat.token import token_redis

CLOCK_MAY_DIFFER = timedelta(seconds=30)
_PATIENCE = 5.0
_NO_MENU = 46003
_IP = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}")

Clock = Callable[[], datetime]
# What to do about a code: one table for each family, since they share numbers but not consoles.
_OFFICIAL_ADVICE: Mapping[int, str] = {
    40164: "add {ip} to the IP whitelist (IP白名单) under 设置与开发 → 基本配置",
    40013: "app_id is no account's: copy it (开发者ID) from 设置与开发 → 基本配置",
    40125: "app_secret is wrong: WeChat does not show it again, so reset it under 设置与开发 → 基本配置",
    40001: "app_secret is another account's or an old one: reset it under 设置与开发 → 基本配置",
    48001: "the account lacks this right: it must be a verified (认证) account; see 设置与开发 → 接口权限",
    50002: "the account is restricted: look at 通知中心 in its console",
}
_WORK_ADVICE: Mapping[int, str] = {
    60020: "add {ip} to 企业可信IP of the app, under 应用管理 → 自建 → the app",
    40013: "corp_id is no company's: copy it (企业ID) from 我的企业 → 企业信息",
    40001: "secret is wrong: look it up under 应用管理 → 自建 → the app → Secret",
    40056: "agent_id is no app's: copy it (AgentId) from 应用管理 → 自建 → the app",
    301002: "agent_id is another app's than secret: copy both from 应用管理 → 自建 → the app",
}


class Family(NamedTuple):
    """接口: what the lines about one account need."""

    name: str
    advice: Mapping[int, str]


OFFICIAL, WORK = Family("WeChat", _OFFICIAL_ADVICE), Family("WeCom", _WORK_ADVICE)


def check_online(installation: Installation, clock: Clock = utc_now) -> Iterator[Line]:
    """Everything WeChat can tell us. clock: ours, aware UTC."""
    for account in installation.settings.accounts:
        yield from _official(installation, account, clock)
    for app in installation.settings.wecom:
        yield from _work(installation, app, clock)
    yield from check_callbacks(installation, clock())


def _official(installation: Installation, account: Account, clock: Clock) -> Iterator[Line]:
    yield check_clock(account.key, account.api_base_url, clock)
    inquiry = _inquiry(installation, account)
    token = _token(account.key, OFFICIAL, inquiry)
    yield token
    if token.ok:  # otherwise nothing else could be asked
        yield _addresses(account.key, OFFICIAL, inquiry)
        yield _menu(installation, account.key, FILE, inquiry.menu)
        yield from _templates(account, inquiry)


def _inquiry(installation: Installation, account: Account) -> Inquiry:
    shared = None if account.stable_token else token_redis(installation.settings.redis.get_secret_value())
    return ask_official(account.app_id, account.app_secret.get_secret_value(), account.api_base_url, shared)


def _work(installation: Installation, app: WorkApp, clock: Clock) -> Iterator[Line]:
    yield check_clock(app.key, app.api_base_url, clock)
    inquiry = ask_work(app.corp_id, app.agent_id, app.secret.get_secret_value(), app.api_base_url)
    token = _token(app.key, WORK, inquiry)
    yield token
    if token.ok:
        yield _addresses(app.key, WORK, inquiry)
        yield _agent(app, inquiry)
        yield _menu(installation, app.key, WORK_FILE, lambda: inquiry.app_menu(app.agent_id))


def _agent(app: WorkApp, inquiry: Inquiry) -> Line:
    what = f"app of {app.key}"
    try:
        agent = inquiry.agent(app.agent_id)
    except SendError as error:
        return Line(False, what, explain(error, _WORK_ADVICE))
    trouble = app_trouble(agent)
    return Line(not trouble, what, trouble or f"{agent.get('name', '')} is on, and members see it")


def app_trouble(agent: Mapping[str, Any]) -> str:
    """Why members would hear nothing of an app, "" where they would. agent: as agent/get tells it."""
    if agent.get("close"):
        return "it is switched off (停用): switch it on under 应用管理 → 自建 → the app"
    allowed = ((agent.get(name) or {}).get(one) for name, one in _VISIBLE_TO)
    return "" if any(allowed) else "nobody sees it: set 可见范围 under 应用管理 → 自建 → the app"


_VISIBLE_TO = (("allow_userinfos", "user"), ("allow_partys", "partyid"), ("allow_tags", "tagid"))


def check_clock(key: str, api_base_url: str, clock: Clock) -> Line:
    """时钟: ours against the Date in WeChat's answer; signatures and deadlines both hang on it."""
    what = f"clock for {key}"
    try:
        theirs = look(api_base_url, _PATIENCE).at
    except NoAnswer as error:
        return Line(False, what, f"{api_base_url} does not answer ({error.words}): may this machine reach it?")
    if theirs is None:
        return Line(True, what, "WeChat's answer tells no time")
    differs = clock() - theirs
    words = f"{abs(differs).total_seconds():.0f} s {'ahead of' if differs > timedelta(0) else 'behind'} WeChat's"
    is_right = abs(differs) <= CLOCK_MAY_DIFFER
    return Line(is_right, what, words if is_right else f"{words}: set it by NTP")


def explain(error: SendError, advice: Mapping[int, str]) -> str:
    """A refusal of WeChat's and what to do about it, with the address it names."""
    todo = advice.get(error.code) if error.code is not None else None
    if todo is None:
        return str(error)
    ip = _IP.search(error.reason)
    return f"{error}: {todo.format(ip=ip[0] if ip else 'the address of this machine')}"


def _told(what: str, family: Family, ask: Callable[[], str]) -> Line:
    try:
        return Line(True, what, ask())
    except SendError as error:
        return Line(False, what, explain(error, family.advice))


def _token(key: str, family: Family, inquiry: Inquiry) -> Line:
    def ask() -> str:
        inquiry.get_token()
        return f"{family.name} gives one"

    return _told(f"token of {key}", family, ask)


def _addresses(key: str, family: Family, inquiry: Inquiry) -> Line:
    def ask() -> str:
        return f"takes the token, and pushes from {len(inquiry.callback_addresses())} address(es)"

    return _told(f"{family.name} for {key}", family, ask)


def _menu(installation: Installation, key: str, file: str, ask: Callable[[], dict[str, Any]]) -> Line:
    what, put = f"menu of {key}", f"run `run.py menu {key}`"
    try:
        wanted, there = _entries(read_menu(installation.settings.data, file)), _entries(ask())
    except BadMenu as error:
        return Line(False, what, str(error))
    except SendError as error:
        words = f"there is none: {put}" if error.code == _NO_MENU else explain(error, _OFFICIAL_ADVICE)
        return Line(False, what, words)
    same = there == wanted
    return Line(same, what, f"as in {file}" if same else f"another than in {file}: {put}")


def _entries(menu: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """A menu as plain rows: WeChat adds empty fields of its own to what it was given."""
    buttons = menu.get("button", [])
    rows = [[("", one), *((one["name"], below) for below in one.get("sub_button") or [])] for one in buttons]
    parts = ("name", "type", "key", "url")
    return [(above, *(str(one.get(part) or "") for part in parts)) for row in rows for above, one in row]


def _templates(account: Account, inquiry: Inquiry) -> Iterator[Line]:
    try:
        templates = inquiry.templates() if account.template else {}
        notices = inquiry.notice_templates() if account.subscription else {}
    except SendError as error:
        yield Line(False, f"templates WeChat has for {account.key}", explain(error, _OFFICIAL_ADVICE))
        return
    yield from check_templates(account, templates, notices)
