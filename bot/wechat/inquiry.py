"""查询: what WeChat and WeCom tell about an account or app itself, for the self-check."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import redis

from bot.wechat.client import Guarded, GuardedClient, GuardedWorkClient
from bot.wechat.token import TokenKeeper
from bot.wechat.token_source import official_source, work_source

_TIMEOUT = (3.0, 5.0)
_NOTICES = "https://api.weixin.qq.com/wxaapi/newtmpl/gettemplate"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Inquiry:
    """查询: every call raises SendError where it fails."""

    def __init__(self, client: Guarded) -> None:
        self._client = client

    def get_token(self) -> None:
        """Have a token, or hear why there is none."""
        _ = self._client.access_token

    def callback_addresses(self) -> list[str]:
        """推送服务器 IP: where pushes come from."""
        addresses: list[str] = self._client.get("getcallbackip").get("ip_list", [])
        return addresses

    def menu(self) -> dict[str, Any]:
        """自定义菜单 as it is; 46003 when there is none."""
        menu: dict[str, Any] = self._client.get("menu/get").get("menu", {})
        return menu

    def app_menu(self, agent_id: int) -> dict[str, Any]:
        """应用菜单 of WeCom as it is; 46003 when there is none."""
        menu: dict[str, Any] = self._client.get("menu/get", params={"agentid": agent_id})
        return menu

    def agent(self, agent_id: int) -> dict[str, Any]:
        """企业微信应用: what its console shows; 40056 or 301002 when it is another's."""
        agent: dict[str, Any] = self._client.get("agent/get", params={"agentid": agent_id})
        return agent

    def templates(self) -> Mapping[str, str]:
        """模板消息: contents by template id; a field is written {{thing1.DATA}}."""
        listed = self._client.get("template/get_all_private_template").get("template_list", [])
        return {one["template_id"]: one.get("content", "") for one in listed}

    def notice_templates(self) -> Mapping[str, str]:
        """订阅通知: the same for the notices one subscribes to."""
        listed = self._client.get(_NOTICES).get("data", [])
        return {one["priTmplId"]: one.get("content", "") for one in listed}


def ask_official(app_id: str, secret: str, api_base_url: str, shared: redis.Redis | None) -> Inquiry:
    """About an Official Account. shared: None asks for a stable token afresh, for one in Redis may be older than
    the secret; an account with the classic token passes its Redis, since each new one ends the one in use.
    """
    source = official_source(app_id, secret, api_base_url, stable=shared is None)
    keeper = TokenKeeper(source, shared)
    return Inquiry(GuardedClient(app_id, secret, api_base_url, keeper, _TIMEOUT, _utc_now))


def ask_work(corp_id: str, agent_id: int, secret: str, api_base_url: str) -> Inquiry:
    """About a WeCom app, whose token is the same for whoever asks."""
    keeper = TokenKeeper(work_source(corp_id, agent_id, secret, api_base_url))
    return Inquiry(GuardedWorkClient(corp_id, secret, api_base_url, keeper, _TIMEOUT, _utc_now))
