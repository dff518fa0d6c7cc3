"""门: one way in and out for each account, app and bot of the settings."""

from dataclasses import dataclass, field
from typing import Protocol

import redis

from bot.settings import Account, GroupBot, Settings, WorkApp
from bot.wechat import group_bot, work_app
from bot.wechat.client import Clock
from bot.wechat.codec import Codec
from bot.wechat.entrances import Entrance, GroupEntrance, OfficialEntrance, WorkEntrance
from bot.wechat.oauth import Authorization, WorkAuthorization, official_authorization
from bot.wechat.official_account import OfficialAccount, utc_now
from bot.wechat.token import TokenKeeper, token_redis
from bot.wechat.token_source import official_source, work_source


class Media(Protocol):
    """取媒体: whoever can fetch what people sent."""

    def download(self, media_id: str, max_bytes: int) -> bytes:
        """The file; raises SendError."""


@dataclass(frozen=True, slots=True)
class Door:
    """公众号的门."""

    account: Account
    entrance: OfficialEntrance
    api: OfficialAccount


@dataclass(frozen=True, slots=True)
class WorkDoor:
    """企业微信应用的门."""

    app: WorkApp
    entrance: WorkEntrance
    api: work_app.WorkApp


@dataclass(frozen=True, slots=True)
class GroupDoor:
    """智能机器人的门."""

    bot: GroupBot
    entrance: GroupEntrance
    api: group_bot.GroupBot


@dataclass(frozen=True, slots=True)
class Doors:
    """所有的门, by key. No two share a key, whichever family they are of."""

    official: dict[str, Door]
    work: dict[str, WorkDoor]
    groups: dict[str, GroupDoor]
    # 网页授权: of those accounts and apps where it is set up.
    oauth: dict[str, Authorization] = field(default_factory=dict)

    def entrance(self, key: str) -> Entrance | None:
        """Who opens what is pushed to this key."""
        door = self.official.get(key) or self.work.get(key) or self.groups.get(key)
        return door.entrance if door else None

    def media(self, key: str) -> Media | None:
        """Who fetches pictures that came to this key."""
        door = self.official.get(key) or self.work.get(key) or self.groups.get(key)
        return door.api if door else None


def open_doors(settings: Settings, clock: Clock = utc_now) -> Doors:
    """Everything the settings name. Nothing is asked of WeChat yet. clock: what tokens age by."""
    store = token_redis(settings.redis.get_secret_value())
    work = {app.key: _work(app, store, clock) for app in settings.wecom}
    return Doors(
        {account.key: _official(account, store, clock) for account in settings.accounts},
        work,
        {bot.key: _group(bot) for bot in settings.groups},
        _authorizations(settings, work, clock),
    )


def _authorizations(settings: Settings, work: dict[str, WorkDoor], clock: Clock) -> dict[str, Authorization]:
    official: dict[str, Authorization] = {
        account.key: official_authorization(
            account.app_id, account.app_secret.get_secret_value(), account.api_base_url, clock
        )
        for account in settings.accounts
        if account.oauth
    }
    apps = {
        app.key: WorkAuthorization(app.corp_id, app.agent_id, app.api_base_url, work[app.key].api)
        for app in settings.wecom
        if app.oauth
    }
    return official | apps


def _official(account: Account, store: redis.Redis, clock: Clock) -> Door:
    secret = account.app_secret.get_secret_value()
    aes_key = account.aes_key.get_secret_value() if account.aes_key else None
    codec = Codec(account.token.get_secret_value(), aes_key, account.app_id)
    source = official_source(account.app_id, secret, account.api_base_url, stable=account.stable_token)
    tokens = TokenKeeper(source, store)
    api = OfficialAccount(account.app_id, secret, account.api_base_url, tokens, clock=clock)
    return Door(account, OfficialEntrance(account.key, account.platform, codec), api)


def _work(app: WorkApp, store: redis.Redis, clock: Clock) -> WorkDoor:
    secret = app.secret.get_secret_value()
    codec = Codec(app.token.get_secret_value(), app.aes_key.get_secret_value(), app.corp_id)
    source = work_source(app.corp_id, app.agent_id, secret, app.api_base_url)
    tokens = TokenKeeper(source, store)
    api = work_app.WorkApp(app.corp_id, app.agent_id, secret, app.api_base_url, tokens, clock=clock)
    return WorkDoor(app, WorkEntrance(app.key, app.platform, codec), api)


def _group(bot: GroupBot) -> GroupDoor:
    # A bot belongs to no company in its envelopes: the owner's place in them is empty.
    codec = Codec(bot.token.get_secret_value(), bot.aes_key.get_secret_value(), "")
    api = group_bot.GroupBot(bot.key, codec, bot.api_base_url, bot.media_hosts)
    return GroupDoor(bot, GroupEntrance(bot.key, bot.platform, codec, bot.name, bot.wecom or bot.key), api)
