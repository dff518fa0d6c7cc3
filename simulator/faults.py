"""Faults (故障): what can be made to go wrong, by name, for tests and for people who want to see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count as counter
from threading import Lock
from typing import Any, Literal

Side = Literal["push", "api"]
MESSAGES = "/cgi-bin/message/"
TOKENS = ("/cgi-bin/token", "/cgi-bin/stable_token", "/cgi-bin/gettoken")
_ANSWER = "/cgi-bin/aibot/response"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """故障种类: `title` is shown to people; `value` and `path` are used when a fault gives none.

    family: official or wecom where only one of them knows the code, "" for both.
    """

    side: Side
    title: str
    errcode: int = 0
    value: float = 0
    unit: str = ""
    path: str = ""
    spares_tokens: bool = False
    family: str = ""


KINDS: Mapping[str, Kind] = {
    "drop_answer": Kind(side="push", title="回复丢失（推送已到，应答当作没收到）"),
    "delay_push": Kind(side="push", title="推送迟到", value=3, unit="秒"),
    "duplicate_push": Kind(side="push", title="同一推送发两次"),
    "reorder_pushes": Kind(side="push", title="一条推送等下一条先走", value=2, unit="秒"),
    "api_500": Kind(side="api", title="接口返回 HTTP 500"),
    "api_html": Kind(side="api", title="接口返回网页而不是 JSON"),
    "api_timeout": Kind(side="api", title="接口不应答", value=30, unit="秒"),
    "api_reset": Kind(side="api", title="接口连接被掐断（没有做）"),
    "api_answer_lost": Kind(side="api", title="接口做了，但应答丢失", path=MESSAGES),
    "slow_api": Kind(side="api", title="接口变慢", value=50, unit="毫秒"),
    "answer": Kind(side="api", title="接口回答给定的返回码", value=-1, unit="返回码", spares_tokens=True),
    "token_expired": Kind(side="api", title="令牌过期 42001", errcode=42001, spares_tokens=True),
    "token_invalid_for_ever": Kind(
        side="api", title="令牌总是无效 40001", errcode=40001, spares_tokens=True, family="official"
    ),
    "quota": Kind(side="api", title="当日次数用完 45009", errcode=45009, spares_tokens=True),
    "rate": Kind(side="api", title="每分钟太频繁 45011", errcode=45011, spares_tokens=True, family="official"),
    "busy": Kind(side="api", title="系统繁忙 -1", errcode=-1),
    "ip_not_listed": Kind(side="api", title="IP 不在白名单 40164", errcode=40164, family="official"),
    "window_closed": Kind(
        side="api", title="超出 48 小时 45015", errcode=45015, path=MESSAGES + "custom/", family="official"
    ),
    "count_used_up": Kind(
        side="api", title="条数用完 45047", errcode=45047, path=MESSAGES + "custom/", family="official"
    ),
    "blocked": Kind(side="api", title="用户没有关注 43004", errcode=43004, path=MESSAGES, family="official"),
    "media_gone": Kind(side="api", title="素材失效 40007", errcode=40007, path="/cgi-bin/media/get"),
    "wecom_token_invalid": Kind(
        side="api", title="企业微信：令牌无效 40014", errcode=40014, spares_tokens=True, family="wecom"
    ),
    "wecom_rate": Kind(
        side="api", title="企业微信：并发太高 45033", errcode=45033, spares_tokens=True, family="wecom"
    ),
    "ip_not_trusted": Kind(side="api", title="企业微信：不在可信 IP 60020", errcode=60020, family="wecom"),
    "app_no_right": Kind(
        side="api", title="企业微信：应用无权限 301002", errcode=301002, family="wecom", path=MESSAGES
    ),
    "member_no_right": Kind(side="api", title="企业微信：无权访问成员 60011", errcode=60011, family="wecom"),
    "member_gone": Kind(side="api", title="企业微信：成员无效 invaliduser", family="wecom", path=MESSAGES + "send"),
    "unlicensed": Kind(side="api", title="企业微信：成员无许可", family="wecom", path=MESSAGES + "send"),
    "card_code_dead": Kind(
        side="api",
        title="企业微信：卡片凭据失效 42022",
        errcode=42022,
        family="wecom",
        path=MESSAGES + "update_template_card",
    ),
    "answer_url_dead": Kind(
        side="api", title="群机器人：回复地址失效 42022", errcode=42022, family="wecom", path=_ANSWER
    ),
    "bot_media_gone": Kind(side="api", title="群机器人：图片已过期", family="wecom", path="/aibot/media"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """故障: one that is switched on. `count` None means until it is switched off."""

    id: int
    name: str
    count: int | None = None
    openid: str = ""
    path: str = ""
    value: float = 0

    @property
    def kind(self) -> Kind:
        """The row of the table it is of."""
        return KINDS[self.name]

    def hits(self, side: Side, path: str, openid: str, family: str) -> bool:
        """Tell whether it concerns this push or call; `openid` may be several, joined by "|"."""
        named = openid.lower().split("|")
        if self.kind.side != side or (self.openid and self.openid.lower() not in named):
            return False
        if self.kind.family and self.kind.family != family:
            return False
        # These codes are about a token or a quota already in use; fetching a token must still work, or the
        # fault would hide behind a different one.
        if self.kind.spares_tokens and path in TOKENS:
            return False
        return path.startswith(self.path)


class Faults:
    """故障板: the faults switched on now."""

    def __init__(self) -> None:
        self._active: dict[int, Fault] = {}
        self._ids = counter(1)
        self._lock = Lock()

    def add(
        self, name: str, *, count: int | None = None, openid: str = "", path: str = "", value: float | None = None
    ) -> Fault:
        """Switch one on. Raises ValueError for a name that is not in the table or a count below 1."""
        if name not in KINDS:
            raise ValueError(f"unknown fault {name}; known are {', '.join(KINDS)}")
        if count is not None and count < 1:
            raise ValueError("count is 1 or more, or left out")
        kind = KINDS[name]
        fault = Fault(
            id=next(self._ids), name=name, count=count, openid=openid, path=path or kind.path,
            value=kind.value if value is None else float(value),
        )  # fmt: skip
        with self._lock:
            self._active[fault.id] = fault
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Switch one off, or all."""
        with self._lock:
            if fault_id is None:
                self._active.clear()
            else:
                self._active.pop(fault_id, None)

    def take(self, side: Side, path: str, openid: str, only: str = "", family: str = "") -> list[Fault]:
        """Return the faults that hit, oldest first, and count them down."""
        if not self._active:  # the hot path of a benchmark takes no lock
            return []

        def wanted(fault: Fault) -> bool:
            return fault.hits(side, path, openid, family) and (not only or fault.name == only)

        with self._lock:
            return self._count_down(wanted)

    def _count_down(self, wanted: Callable[[Fault], bool]) -> list[Fault]:
        hit = [fault for fault in self._active.values() if wanted(fault)]
        for fault in hit:
            # Counted down under the lock: of two calls at once only one meets a fault that was asked for once.
            if fault.count == 1:
                del self._active[fault.id]
            elif fault.count is not None:
                self._active[fault.id] = replace(fault, count=fault.count - 1)
        return hit

    def as_json(self) -> dict[str, Any]:
        """Return what is on and what could be."""
        return {
            "active": [asdict(fault) for fault in list(self._active.values())],
            "known": {name: asdict(kind) for name, kind in KINDS.items()},
        }
