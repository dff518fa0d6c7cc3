"""Settings (模拟器设置): what one simulator plays, read strictly from one YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import yaml

Mode = Literal["plain", "compatible", "safe"]
Format = Literal["xml", "json"]

# Daily numbers of a verified account, as WeChat's page of call limits gives them.
DAILY_QUOTAS: Mapping[str, int] = {
    "token": 2_000,
    "stable_token": 500_000,
    "custom": 500_000,
    "template": 100_000,
    "subscribe": 100_000,
    "upload": 100_000,
    "download": 200_000,
    "qrcode": 100_000,
    "user": 5_000_000,
    "other": 100_000,
}


class SettingsError(ValueError):
    """设置有误: the file cannot be used; the text names file, key and reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """限制: WeChat's lengths and numbers. Seconds are real seconds; tests make them short."""

    token_seconds: float = 7200
    token_overlap_seconds: float = 300
    force_refresh_pause_seconds: float = 30
    window_seconds: float = 48 * 3600
    window_messages: int = 5
    tap_window_seconds: float = 60
    tap_messages: int = 3
    media_seconds: float = 3 * 24 * 3600
    media_bytes: int = 10 * 1024 * 1024
    push_timeout_seconds: float = 5
    push_retries: int = 3
    push_retry_pause_seconds: float = 0.3
    # The documents promise a retry only after silence. One access log in public (an account that answered
    # 201) shows the same push four times within two seconds, so any answer but a good one is tried again.
    retry_on_error: bool = True
    # The same log shows one timestamp, nonce and signature on all four, so a retry is not signed afresh.
    sign_retries_afresh: bool = False
    quotas: Mapping[str, int] = field(default_factory=dict)

    def quota(self, name: str) -> int:
        """Return the calls a day allowed for one family of APIs."""
        return self.quotas.get(name, DAILY_QUOTAS[name])


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """模板: a template message or subscription notice the account may send."""

    fields: tuple[str, ...]
    title: str = "服务通知"
    # People read these on the card; the API only knows the field names.
    labels: Mapping[str, str] = field(default_factory=dict)
    # 政务民生 accounts may be granted these: one authorisation then lasts for every later notice.
    long_term: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """公众号: one account and the address its messages are pushed to. Secrets never print."""

    key: str
    name: str
    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    webhook: str
    aes_key: str = field(default="", repr=False)
    mode: Mode = "safe"
    format: Format = "xml"
    # Only needed when an existing configuration expects a certain one; otherwise made from the AppID.
    original_id: str = ""
    templates: Mapping[str, Template] = field(default_factory=dict)

    @property
    def gh_id(self) -> str:
        """原始ID: the account's name in ToUserName."""
        return self.original_id or "gh_" + sha256(self.app_id.encode()).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """人物: a person who holds a phone from the start.

    group: the heading the page lists them under.  phrases: what the page offers them to say.
    """

    openid: str
    name: str
    account: str
    role: str = ""
    following: bool = True
    group: str = ""
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """设置: everything one simulator needs. `data` None keeps nothing on disk but pictures in a temp folder."""

    accounts: tuple[Account, ...]
    people: tuple[Resident, ...] = ()
    data: Path | None = None
    clock_note: str = ""
    public_url: str = ""
    limits: Limits = field(default_factory=Limits)


def load(path: Path) -> Settings:
    """Read a settings file.

    Raises SettingsError with file, key and reason for anything unknown, missing or contradictory.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return parse(raw, folder=path.parent)
    except (OSError, yaml.YAMLError, SettingsError) as error:
        raise SettingsError(f"{path}: {error}") from error


def parse(raw: object, folder: Path) -> Settings:
    """Turn plain values into Settings; files named for secrets are looked up from `folder`."""
    tree = dict(_mapping(raw, "top"))
    tree["accounts"] = tuple(
        _account(one, f"accounts[{n}]", folder) for n, one in enumerate(_list(tree.get("accounts"), "accounts"))
    )
    tree["people"] = tuple(
        _build(Resident, one, f"people[{n}]") for n, one in enumerate(_list(tree.get("people", []), "people"))
    )
    tree["limits"] = _build(Limits, tree.get("limits", {}), "limits")
    if tree.get("data"):
        tree["data"] = Path(str(tree["data"]))
    settings: Settings = _build(Settings, tree, "top")
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    keys = [account.key for account in settings.accounts]
    if not keys or len(set(keys)) != len(keys):
        raise SettingsError("accounts: at least one is needed and every key must differ")
    for person in settings.people:
        if person.account not in keys:
            raise SettingsError(f"people: {person.openid} names the account {person.account}, which is not there")
    unknown = set(settings.limits.quotas) - set(DAILY_QUOTAS)
    if unknown:
        raise SettingsError(f"limits.quotas: unknown {sorted(unknown)}; known are {sorted(DAILY_QUOTAS)}")


def _account(raw: object, where: str, folder: Path) -> Account:
    tree = dict(_mapping(raw, where))
    for name in ("app_secret", "token", "aes_key"):
        _read_secret(tree, name, where, folder)
    templates = _mapping(tree.get("templates") or {}, f"{where}.templates")
    tree["templates"] = {key: _template(one, f"{where}.templates.{key}") for key, one in templates.items()}
    account: Account = _build(Account, tree, where)
    if account.mode not in ("plain", "compatible", "safe") or account.format not in ("xml", "json"):
        raise SettingsError(f"{where}: mode is plain, compatible or safe; format is xml or json")
    if account.mode != "plain" and len(account.aes_key) != 43:
        raise SettingsError(f"{where}.aes_key: 43 characters are needed in {account.mode} mode")
    return account


def _template(raw: object, where: str) -> Template:
    tree = dict(_mapping(raw, where))
    tree["fields"] = tuple(str(one) for one in _list(tree.get("fields"), f"{where}.fields"))
    template: Template = _build(Template, tree, where)
    return template


def _read_secret(tree: dict[str, Any], name: str, where: str, folder: Path) -> None:
    file = tree.pop(f"{name}_file", None)
    if file is None:
        return
    # Two values for one secret would leave open which of them is in force.
    if name in tree:
        raise SettingsError(f"{where}: give {name} or {name}_file, not both")
    tree[name] = (folder / str(file)).read_text(encoding="utf-8").strip()


def _build(kind: Any, raw: object, where: str) -> Any:
    tree = _mapping(raw, where)
    known = {one.name: one for one in fields(kind)}
    # A misspelt key that is silently ignored would be looked for in the wrong place for hours.
    unknown = set(tree) - set(known)
    if unknown:
        raise SettingsError(f"{where}: unknown key {sorted(unknown)}; known are {sorted(known)}")
    needed = {n for n, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if needed - set(tree):
        raise SettingsError(f"{where}: missing {sorted(needed - set(tree))}")
    return kind(**tree)


def _mapping(raw: object, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{where}: a mapping is expected")
    return raw


def _list(raw: object, where: str) -> list[Any]:
    if not isinstance(raw, list | tuple):
        raise SettingsError(f"{where}: a list is expected")
    return list(raw)
