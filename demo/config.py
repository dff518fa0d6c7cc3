"""演示设置: config.yaml with short clocks and a simulated WeChat, written where everybody can look at it."""

import os
import secrets
import socket
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.settings import duration
from demo import company
from demo.cast import ACCOUNT, CAST

ROOT = Path(__file__).resolve().parent.parent
HOUR = timedelta(hours=1)

_TEMPLATE, _NOTICE, _ONCE = "TEMPLATE-DUTY", "NOTICE-DUTY", "ONCE-DUTY"
_FIELDS = {"thing1": "headline", "character_string2": "number", "thing3": "title", "thing4": "place", "time5": "due"}
_LABELS = {
    "thing1": "提醒",
    "character_string2": "编号",
    "thing3": "事项",
    "thing4": "地点",
    "time5": "截止时间",
}
# Who hears has no length, and 缓办 is asked for by days of the calendar, which nobody makes shorter.
_NOT_SCALED = ("tell", "longest_deferral")
_ALPHANUMERIC = string.ascii_letters + string.digits


class NotStarted(RuntimeError):
    """没有起来: the system or a part of it; says which and why, for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the demo's parts are: folder, ports and the socket of its Valkey."""

    folder: Path
    web_port: int
    simulator_port: int
    socket: Path
    database: str = "sqlite:///supervision.db"

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def simulator_config(self) -> Path:
        return self.folder / "simulator.yaml"

    @property
    def web_url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"


def choose_places(folder: Path, web_port: int) -> Places:
    """The wanted ports, or the next free ones.

    The socket lies in the temp folder, because a socket's path must be short. Each start has one of its own: a
    Valkey still ending from the last start would take the new one's socket with it.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    name = sha256(str(folder).encode()).hexdigest()[:12]
    first = free_port(web_port)
    return Places(
        folder, first, free_port(max(first + 1, 8089)), Path(gettempdir()) / f"supervision-{name}-{os.getpid()}.sock"
    )


def free_port(wanted: int) -> int:
    """The wanted port, or the next one nobody listens on. Raises NotStarted."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotStarted(f"{wanted} 到 {wanted + 200} 之间没有空闲端口")


@dataclass(frozen=True, slots=True)
class Extras:
    """另加设置: what somebody who starts a system of his own adds to the two settings files, section by section."""

    ours: dict[str, dict[str, Any]] = field(default_factory=dict)
    simulators: dict[str, dict[str, Any]] = field(default_factory=dict)


def write_configs(places: Places, hour: timedelta, extras: Extras) -> None:
    """Write the demo's two settings files; secrets are made once and kept."""
    keys = {name: _secret(places.folder / "secrets" / name, length) for name, length in _SECRETS.items()}
    base = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    _write(places.config, _with(_ours(base, places, hour), extras.ours))
    _write(places.simulator_config, _with(_simulators(places, hour, keys), extras.simulators))


def _with(settings: dict[str, Any], extra: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return settings | {name: {**settings.get(name, {}), **section} for name, section in extra.items()}


def running_places(folder: Path) -> Places:
    """Where the system is whose settings lie in the folder. Raises FileNotFoundError."""
    settings, theirs = (yaml.safe_load((folder / n).read_text("utf-8")) for n in ("config.yaml", "simulator.yaml"))
    urls = theirs["accounts"][0]["webhook"], settings["accounts"][0]["api_base_url"]
    web, simulator = (urlsplit(url).port or 80 for url in urls)
    listens = Path(settings["redis"].removeprefix("unix://"))
    return Places(folder.resolve(), web, simulator, listens, settings["database"])


# WeCom's own limits of words to one member (facts: §3.2).
_MEMBER_LIMITS = {"member_minute_messages": 30, "member_hour_messages": 1000}
_SECRETS = {
    "app-secret": 32,
    "token": 24,
    "aes-key": 43,
    "work-secret": 43,
    "work-token": 24,
    "work-aes-key": 43,
    "crew-token": 24,
    "crew-aes-key": 43,
}


def _secret(file: Path, length: int) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # The last character of an AES key carries two spare bits, which must be zero: "A" always is.
        made = "".join(secrets.choice(_ALPHANUMERIC) for _ in range(length - 1)) + "A"
        file.touch(mode=0o600)
        file.write_text(made, encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _ours(base: dict[str, Any], places: Places, hour: timedelta) -> dict[str, Any]:
    account = {
        "key": ACCOUNT,
        "platform": "citizen_photo",
        "app_id": "wxdemo0000000000",
        "app_secret_file": "secrets/app-secret",
        "token_file": "secrets/token",
        "aes_key_file": "secrets/aes-key",
        "api_base_url": places.simulator_url,
        "template": _TEMPLATE,
        "template_fields": _FIELDS,
        "subscription": _NOTICE,
        "subscription_fields": _FIELDS,
        "once_template": _ONCE,
    }
    return base | {
        "database": places.database,
        "redis": f"unix://{places.socket}",
        "data": str(ROOT / "data" / "jinan"),
        "photos": "photos",
        "accounts": [account],
        **company.ours(places.simulator_url),
        "web": base["web"] | {"port": places.web_port, "public_url": places.web_url},
        "console": base["console"] | {"demo": True},
        "quiet_hours": None,  # a demo shown at night must speak at night
        "digest": None,  # its clocks are short, and only a real Monday would bring one
        "draft": base["draft"] | {"quiet": "60s"},
        "clocks": _scaled(base["clocks"], hour / HOUR),
        "delivery": base["delivery"] | {"pace": _as_many(base["delivery"]["pace"], hour)},
    }


def _as_many(pace: Mapping[str, int], hour: timedelta) -> dict[str, int]:
    """Two days of reminders that come in a minute are as many words as ever, so more of them fit into it."""
    return {span: max(most, round(most * (HOUR / hour))) for span, most in pace.items()}


def _scaled(node: Any, factor: float) -> Any:
    """Every duration of the clocks, shortened."""
    if isinstance(node, dict):
        return {key: value if key in _NOT_SCALED else _scaled(value, factor) for key, value in node.items()}
    if isinstance(node, list):
        return [_scaled(item, factor) for item in node]
    seconds = duration(node).total_seconds() * factor
    return f"{seconds:.3f}s" if seconds else 0


def _simulators(places: Places, hour: timedelta, keys: dict[str, str]) -> dict[str, Any]:
    names = tuple(_FIELDS)
    template = {"fields": names, "title": "案件时限提醒", "labels": _LABELS}
    account = {
        "key": ACCOUNT,
        "name": "泉城创城督导",
        "app_id": "wxdemo0000000000",
        "app_secret": keys["app-secret"],
        "token": keys["token"],
        "aes_key": keys["aes-key"],
        "mode": "safe",
        "webhook": f"{places.web_url}/wechat/{ACCOUNT}",
        "templates": {name: {**template, "fields": list(names)} for name in (_TEMPLATE, _NOTICE, _ONCE)},
    }
    people = [
        {
            "openid": p.openid,
            "name": p.name,
            "role": p.title,
            "account": p.account,
            "group": p.side.value,
            "phrases": list(p.tries),
        }
        for p in CAST
    ]
    note = f"演示时钟：1 小时 = {span(hour)}。12 小时认领 = {span(hour * 12)}，24 小时整改 = {span(hour * 24)}。"
    folder = str(places.folder / "simulator")
    plays = {"accounts": [account], **company.simulators(places.web_url, keys), "people": people}
    return {"data": folder, "clock_note": note, "limits": _as_many(_MEMBER_LIMITS, hour), **plays}


def span(length: timedelta) -> str:
    """A length as people say it."""
    seconds = length.total_seconds()
    return f"{seconds / 60:g} 分钟" if seconds >= 60 else f"{seconds:g} 秒"


def _write(file: Path, content: dict[str, Any]) -> None:
    head = "# Written by the demo at each start; changes made here are lost.\n"
    file.write_text(head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    file.chmod(0o600)
