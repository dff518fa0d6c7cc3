"""Settings (模拟器设置): what one simulator plays, read strictly from one YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

import yaml

from simulator.strict import SettingsError, build, mapping, read_secret, sequence
from simulator.wecom.settings import Corp, Group, check_wecom, read_wecom

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
    # WeCom: what one member may get from an app, and how often one API may be called.
    member_minute_messages: int = 30
    member_hour_messages: int = 1_000
    minute_seconds: float = 60
    corp_calls_a_minute: int = 10_000
    response_code_seconds: float = 72 * 3600
    oauth_code_seconds: float = 300
    # Group bot: how long pictures and answers wait, how often an unfinished answer is asked for.
    bot_media_seconds: float = 300
    response_url_seconds: float = 3600
    stream_polls: int = 5
    stream_poll_seconds: float = 0.5

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
    # 网页授权域名: without one the account may not ask who opens a page.
    oauth_domain: str = ""

    @property
    def gh_id(self) -> str:
        """原始ID: the account's name in ToUserName."""
        return self.original_id or "gh_" + sha256(self.app_id.encode()).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True, slots=True)
class Resident:
    """人物: a person who holds a phone from the start.

    account: the key of an account or of a corp; `openid` is then the userid.
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
    corps: tuple[Corp, ...] = ()
    groups: tuple[Group, ...] = ()
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
    tree = dict(mapping(raw, "top"))
    tree["accounts"] = tuple(
        _account(one, f"accounts[{n}]", folder) for n, one in enumerate(sequence(tree.get("accounts"), "accounts"))
    )
    tree["people"] = tuple(
        build(Resident, one, f"people[{n}]") for n, one in enumerate(sequence(tree.get("people", []), "people"))
    )
    read_wecom(tree, folder)
    tree["limits"] = build(Limits, tree.get("limits", {}), "limits")
    if tree.get("data"):
        tree["data"] = Path(str(tree["data"]))
    settings: Settings = build(Settings, tree, "top")
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    if not settings.accounts:
        raise SettingsError("accounts: at least one is needed")
    owners: list[Account | Corp] = [*settings.accounts, *settings.corps]
    keys = [one.key for one in owners] + [group.key for group in settings.groups]
    if len(set(keys)) != len(keys):
        raise SettingsError("every key of accounts, corps and groups must differ")
    people: dict[str, set[str]] = {one.key: set() for one in owners}
    _check_people(settings, people)
    check_wecom(settings.corps, settings.groups, people)
    unknown = set(settings.limits.quotas) - set(DAILY_QUOTAS)
    if unknown:
        raise SettingsError(f"limits.quotas: unknown {sorted(unknown)}; known are {sorted(DAILY_QUOTAS)}")


def _check_people(settings: Settings, people: Mapping[str, set[str]]) -> None:
    for person in settings.people:
        if person.account not in people:
            raise SettingsError(f"people: {person.openid} names the account {person.account}, which is not there")
        people[person.account].add(person.openid.lower())


def _account(raw: object, where: str, folder: Path) -> Account:
    tree = dict(mapping(raw, where))
    for name in ("app_secret", "token", "aes_key"):
        read_secret(tree, name, where, folder)
    templates = mapping(tree.get("templates") or {}, f"{where}.templates")
    tree["templates"] = {key: _template(one, f"{where}.templates.{key}") for key, one in templates.items()}
    account: Account = build(Account, tree, where)
    if account.mode not in ("plain", "compatible", "safe") or account.format not in ("xml", "json"):
        raise SettingsError(f"{where}: mode is plain, compatible or safe; format is xml or json")
    if account.mode != "plain" and len(account.aes_key) != 43:
        raise SettingsError(f"{where}.aes_key: 43 characters are needed in {account.mode} mode")
    return account


def _template(raw: object, where: str) -> Template:
    tree = dict(mapping(raw, where))
    tree["fields"] = tuple(str(one) for one in sequence(tree.get("fields"), f"{where}.fields"))
    template: Template = build(Template, tree, where)
    return template
