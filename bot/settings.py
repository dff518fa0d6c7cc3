"""设置: config.yaml read strictly. An unknown key, a missing secret or a wrong value stops the start."""

from collections import Counter
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from bot.console_settings import Console
from bot.setting_values import (
    STRICT,
    AccountKey,
    AesKey,
    BrokerUrl,
    ClockTime,
    Count,
    DatabaseUrl,
    Duration,
    PublicUrl,
    Secret,
    ShortValue,
    Span,
    Url,
    Zone,
    duration,
)
from bot.settings_file import BadSettings, read_settings
from bot.storage_settings import IN_BUCKET, IN_FOLDER, PhotoPlace, Retention
from handlers.channels import CHANNELS
from models.clock import Audience, Clocks, Duty, Policy, Step, ordered
from models.people import Way

__all__ = ["Account", "BadSettings", "Settings", "duration", "load_settings"]

# What WeChat waits for an answer, and the longest a single parcel may take (see bot/delivery.py).
_WECHAT_WAITS = timedelta(seconds=5)
_SHORTEST_LEASE = timedelta(seconds=60)


def _platform(key: str) -> str:
    if key not in CHANNELS:
        raise ValueError(f"{key!r} is no platform; there are {', '.join(sorted(CHANNELS))}")
    return key


class Strict(BaseModel):
    model_config = STRICT


class Account(Strict):
    """公众号: one Official Account. Each secret comes as `x` or, better, as `x_file`, never both.

    oauth: web.public_url's host is the account's 网页授权域名, so that WeChat can tell who opens a page.
    """

    key: AccountKey
    platform: Annotated[str, AfterValidator(_platform)]
    app_id: Annotated[str, Field(min_length=1)]
    app_secret: Secret
    token: Secret
    aes_key: AesKey | None = None
    api_base_url: Url = "https://api.weixin.qq.com/"
    stable_token: bool = True
    template: str = ""
    template_fields: dict[str, ShortValue] = {}
    subscription: str = ""
    subscription_fields: dict[str, ShortValue] = {}
    once_template: str = ""
    oauth: bool = False


class WorkApp(Strict):
    """企业微信自建应用: where officers get cards. Its members are one company's, so they are known by userid.

    oauth: web.public_url's host is the app's 可信域名 and the 授权回调域 of its 企业微信授权登录.
    """

    key: AccountKey
    platform: Annotated[str, AfterValidator(_platform)]
    corp_id: Annotated[str, Field(min_length=1)]
    agent_id: Count
    secret: Secret
    token: Secret
    aes_key: AesKey
    api_base_url: Url = "https://qyapi.weixin.qq.com/"
    oauth: bool = False


class GroupBot(Strict):
    """智能机器人: one bot in one or more groups. wecom: key of the app whose members speak there, "" for others.

    name: what people @.  media_hosts: where pictures may be fetched from; "*" stands for any part of one name.
    """

    key: AccountKey
    platform: Annotated[str, AfterValidator(_platform)]
    name: Annotated[str, Field(min_length=1)]
    wecom: str = ""
    token: Secret
    aes_key: AesKey
    api_base_url: Url = "https://qyapi.weixin.qq.com/"
    media_hosts: list[str] = ["ww-aibot-img-*.cos.*.myqcloud.com", "*.qpic.cn", "wework.qpic.cn"]


class Web(Strict):
    """网页服务. public_url: as people and WeChat reach it, "" when unknown.

    proxies: how many reverse proxies stand before it; what they say of the asker's address is believed.
    """

    public_url: PublicUrl = ""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, strict=True)] = 8000
    processes: Count = 2
    threads: Count = 8
    proxies: Annotated[int, Field(ge=0, le=9, strict=True)] = 0
    answer_within: Span = timedelta(seconds=3)
    replay_window: Span = timedelta(minutes=10)

    @model_validator(mode="after")
    def _inside_wechats_time(self) -> Self:
        if self.answer_within >= _WECHAT_WAITS:
            raise ValueError("answer_within must be less than the 5 s WeChat waits; 3s leaves room for the network")
        return self


class StepSettings(Strict):
    at: Duration
    tell: Annotated[list[Audience], Field(min_length=1)]


class DutyClock(Strict):
    within: Span
    remind: list[StepSettings]
    repeat: Span

    @model_validator(mode="after")
    def _has_a_breach(self) -> Self:
        if timedelta(0) not in [step.at for step in self.remind]:
            raise ValueError("remind needs a step `at: 0`: somebody must hear of the breach itself")
        return self

    def policy(self) -> Policy:
        steps = ordered(Step(step.at, tuple(step.tell)) for step in self.remind)
        return Policy(self.within, steps, self.repeat)


class ClockSettings(Strict):
    triage: DutyClock
    claim: DutyClock
    rectify: DutyClock
    verify: DutyClock
    ruling: DutyClock
    pledge: DutyClock
    rework: Span
    extension: Span
    longest_deferral: Span = timedelta(days=90)

    def clocks(self) -> Clocks:
        policies = {duty: getattr(self, duty.value).policy() for duty in Duty}
        return Clocks(policies, self.rework, self.extension, self.longest_deferral)


class QuietHours(Strict):
    """免打扰: what can wait is held from `begin` to `end` and said together."""

    begin: ClockTime = time(22, 0)
    end: ClockTime = time(7, 0)


class DigestTime(Strict):
    """简报: when units hear how they stand. weekday: 1 Monday … 7 Sunday."""

    weekday: Annotated[int, Field(ge=1, le=7, strict=True)] = 1
    at: ClockTime = time(8, 30)


class DraftSettings(Strict):
    quiet: Span = timedelta(minutes=2)
    grace: Span = timedelta(seconds=30)
    give_up: Span = timedelta(hours=2)


class Duplicates(Strict):
    metres: Annotated[float, Field(ge=0)] = 50
    within: Span = timedelta(days=84)
    recurs_within: Span = timedelta(days=30)


class Pace(Strict):
    """节奏: the most words one member of a company is given; WeCom allows 30 and 1,000, see bot/pacing.py."""

    minute: Count = 10
    hour: Count = 330


class Delivery(Strict):
    ladder: Annotated[list[Way], Field(min_length=1)] = [
        Way.GROUP,
        Way.CARD,
        Way.WORK,
        Way.CUSTOM,
        Way.CUSTOM_BRIEF,
        Way.ONCE,
        Way.SUBSCRIPTION,
        Way.TEMPLATE,
    ]
    lease: Span = timedelta(seconds=90)
    retry: Annotated[list[Span], Field(min_length=1)] = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800)]
    batch: Count = 200
    threads: Count = 32
    pace: Pace = Pace()

    @model_validator(mode="after")
    def _outlasts_a_call(self) -> Self:
        if self.lease < _SHORTEST_LEASE:
            raise ValueError("lease must be 60s or more: what is still being sent when it ends is sent twice")
        return self


class Settings(Strict):
    """设置: everything that differs between two installations. Paths are relative to the file."""

    database: DatabaseUrl
    redis: BrokerUrl
    data: Path
    photos: PhotoPlace
    timezone: Zone
    web: Web = Web()
    console: Console = Console()
    accounts: list[Account]
    wecom: list[WorkApp] = []
    groups: list[GroupBot] = []
    sure_from: Annotated[float, Field(ge=0, le=1)] = 0.68
    max_returns: Count = 2
    reopen_within: Span = timedelta(hours=72)
    appeal_within: Span = timedelta(days=7)
    draft: DraftSettings = DraftSettings()
    duplicates: Duplicates = Duplicates()
    quiet_hours: QuietHours | None = QuietHours()
    digest: DigestTime | None = DigestTime()
    delivery: Delivery = Delivery()
    retention: Retention = Retention()
    clocks: ClockSettings
    lock_patience: Span = timedelta(seconds=2.5)
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"

    @model_validator(mode="after")
    def _has_accounts(self) -> Self:
        for field in ("key", "app_id"):
            known = [getattr(account, field) for account in self.accounts]
            if not known or len(set(known)) != len(known):
                raise ValueError(f"accounts needs at least one account, each with its own {field}")
        return self

    @model_validator(mode="after")
    def _keeps_what_may_be_reopened(self) -> Self:
        if self.retention.photos is not None and self.retention.photos <= self.reopen_within:
            raise ValueError("retention.photos must be longer than reopen_within: a reopened case needs its photos")
        return self

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        keys = Counter([a.key for a in self.accounts] + [a.key for a in self.wecom] + [b.key for b in self.groups])
        twice = [key for key, count in keys.items() if count > 1]
        if twice:
            raise ValueError(f"accounts, wecom and groups share one list of keys; {twice} stands there twice")
        apps = {app.key for app in self.wecom}
        for bot in self.groups:
            if bot.wecom and bot.wecom not in apps:
                raise ValueError(f"groups: {bot.key}: wecom names {bot.wecom!r}, and there is no such app")
        return self


def load_settings(path: Path) -> Settings:
    """Read a settings file. Raises BadSettings with file, key and reason; no secret is ever in it."""
    known = read_settings(path)
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        lines = [f"{path}: {_where(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False)]
    # Raised out here: the library's own error would travel along as the context.
    raise BadSettings("\n".join(lines))


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if part not in (IN_FOLDER, IN_BUCKET)) or "(whole file)"
