"""设置: config.yaml read strictly. An unknown key, a missing secret or a wrong value stops the start."""

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    ValidationError,
    model_validator,
)

from models.clock import Audience, Clocks, Duty, Policy, Step, ordered
from models.people import Way

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class BadSettings(Exception):
    """config.yaml cannot be used: says which file, which key and why."""


def duration(words: object) -> timedelta:
    """时长: "12h", "30m", "-2h", "1h30m", "0". Raises ValueError."""
    if isinstance(words, timedelta):
        return words
    text = str(words).strip()
    if not re.fullmatch(r"-?(\d+(\.\d+)?[smhd])+|0", text):
        raise ValueError(f"{words!r} is not a duration; write 12h, 30m, 90s, 1h30m or -2h")
    seconds = sum(float(number) * _UNITS[unit] for number, _, unit in re.findall(r"(\d+(\.\d+)?)([smhd])", text))
    return timedelta(seconds=-seconds if text.startswith("-") else seconds)


def _clock_time(words: object) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", str(words)):
        raise ValueError(f'{words!r} is not a time of day; write "22:00" with quotes')
    return time.fromisoformat(str(words))


def _zone(words: object) -> ZoneInfo:
    return ZoneInfo(str(words))


def _trailing_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} must start with https:// (or http:// for the simulator)")
    return url.rstrip("/") + "/"


Duration = Annotated[timedelta, BeforeValidator(duration)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Url = Annotated[str, AfterValidator(_trailing_slash)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Account(Strict):
    """公众号: one Official Account. Each secret comes as `x` or, better, as `x_file`, never both."""

    key: Annotated[str, AfterValidator(lambda k: _matching(r"[a-z0-9_-]{1,32}", k))]
    platform: str
    app_id: str
    app_secret: SecretStr
    token: SecretStr
    aes_key: SecretStr | None = None
    api_base_url: Url = "https://api.weixin.qq.com/"
    stable_token: bool = True
    template: str = ""
    template_fields: dict[str, str] = {}
    subscription: str = ""
    subscription_fields: dict[str, str] = {}
    once_template: str = ""
    once_scenes: int = 50


def _matching(pattern: str, value: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{value!r} must match {pattern}")
    return value


class Web(Strict):
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    threads: int = 8
    answer_within: Duration = timedelta(seconds=3)
    replay_window: Duration = timedelta(minutes=10)
    public_url: str = ""


class StepSettings(Strict):
    at: Duration
    tell: list[Audience]


class DutyClock(Strict):
    within: Duration
    remind: list[StepSettings]
    repeat: Duration

    @model_validator(mode="after")
    def _has_a_breach(self) -> Self:
        if timedelta(0) not in [step.at for step in self.remind]:
            raise ValueError("remind needs a step `at: 0`: somebody must hear of the breach itself")
        if self.repeat <= timedelta(0) or self.within <= timedelta(0):
            raise ValueError("within and repeat must be longer than nothing")
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
    rework: Duration
    extension: Duration

    def clocks(self) -> Clocks:
        policies = {duty: getattr(self, duty.value).policy() for duty in Duty}
        return Clocks(policies, self.rework, self.extension)


class QuietHours(Strict):
    """免打扰: what can wait is held from `begin` to `end` and said together."""

    begin: ClockTime = time(22, 0)
    end: ClockTime = time(7, 0)


class DraftSettings(Strict):
    quiet: Duration = timedelta(minutes=2)
    grace: Duration = timedelta(seconds=30)
    give_up: Duration = timedelta(hours=2)


class Duplicates(Strict):
    metres: float = 50
    within: Duration = timedelta(days=84)


class Delivery(Strict):
    ladder: list[Way] = [Way.CUSTOM, Way.CUSTOM_BRIEF, Way.ONCE, Way.SUBSCRIPTION, Way.TEMPLATE]
    lease: Duration = timedelta(seconds=90)
    retry: list[Duration] = [timedelta(seconds=s) for s in (5, 30, 120, 600, 1800)]
    batch: int = 200
    threads: int = 32


class Settings(Strict):
    """设置: everything that differs between two installations. Paths are relative to the file."""

    database: SecretStr
    redis: SecretStr
    data: Path
    photos: Path
    timezone: Zone
    web: Web = Web()
    accounts: list[Account]
    sure_from: float = 0.8
    max_returns: int = 2
    reopen_within: Duration = timedelta(hours=72)
    draft: DraftSettings = DraftSettings()
    duplicates: Duplicates = Duplicates()
    quiet_hours: QuietHours | None = QuietHours()
    delivery: Delivery = Delivery()
    clocks: ClockSettings
    lock_patience: Duration = timedelta(seconds=2.5)
    keep_raw: Duration = timedelta(days=180)
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"

    @model_validator(mode="after")
    def _has_accounts(self) -> Self:
        keys = [account.key for account in self.accounts]
        if not keys or len(set(keys)) != len(keys):
            raise ValueError("accounts needs at least one account, each with a key of its own")
        return self

    def account(self, key: str) -> Account | None:
        return next((account for account in self.accounts if account.key == key), None)


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets a later key silently replace an earlier one; settings must not."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            line = node.start_mark.line + 1
            raise yaml.MarkedYAMLError(problem=f"{', '.join(sorted(twice))} stands twice (block at line {line})")
        return super().construct_mapping(node, deep=deep)


def load_settings(path: Path) -> Settings:
    """Read a settings file. Raises BadSettings with file, key and reason; no secret is ever in it."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506  a SafeLoader
    except FileNotFoundError as error:
        raise BadSettings(f"{path}: there is no such file") from error
    except yaml.YAMLError as error:
        raise BadSettings(f"{path}: not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise BadSettings(f"{path}: must hold `key: value` lines")
    known = _rooted(_with_secrets(raw, path), path)
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        lines = [f"{path}: {_where(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False)]
        raise BadSettings("\n".join(lines)) from None


def _where(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "(whole file)"


def _with_secrets(node: Any, path: Path, where: str = "") -> Any:
    """Replace every x_file by x read from that file; refuse both together."""
    if isinstance(node, list):
        return [_with_secrets(item, path, f"{where}.{n}") for n, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    read: dict[Any, Any] = {}
    for key, value in node.items():
        here = f"{where}.{key}".strip(".")
        if isinstance(key, str) and key.endswith("_file"):
            name = key.removesuffix("_file")
            if name in node:
                raise BadSettings(f"{path}: {here}: give {name} or {key}, not both")
            read[name] = _secret_from(path, here, value)
        else:
            read[key] = _with_secrets(value, path, here)
    return read


def _secret_from(path: Path, where: str, value: Any) -> str:
    file = path.parent / str(value)
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"{path}: {where}: cannot read {file}: {error.strerror}") from error
    if not secret:
        raise BadSettings(f"{path}: {where}: {file} is empty")
    return secret


def _rooted(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    """Make the folders and an SQLite file relative to the settings file, wherever the program is started."""
    rooted = dict(raw)
    for key in ("data", "photos"):
        if isinstance(rooted.get(key), str):
            rooted[key] = path.parent / rooted[key]
    database = rooted.get("database")
    if isinstance(database, str) and database.startswith("sqlite:///") and not database.startswith("sqlite:////"):
        rooted["database"] = f"sqlite:///{(path.parent / database.removeprefix('sqlite:///')).resolve()}"
    return rooted
